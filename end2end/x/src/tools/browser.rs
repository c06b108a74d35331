//! The browsers that the tests drive.

use super::in_path;
use super::packages::{self, Package};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// A browser, how it is found and how it is installed.
pub struct Browser {
    /// The variable with the path of its program, for the tests and from the person.
    pub variable: &'static str,
    names: &'static [&'static str],
    mac: &'static str,
    package: &'static Package,
}

pub const BROWSERS: [Browser; 2] = [
    Browser {
        variable: "ROUNDS_CHROMIUM",
        names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        mac: "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        package: &packages::CHROMIUM,
    },
    Browser {
        variable: "ROUNDS_FIREFOX",
        names: &["firefox-esr", "firefox"],
        mac: "/Applications/Firefox.app/Contents/MacOS/firefox",
        package: &packages::FIREFOX,
    },
];

impl Browser {
    /// What the person's variable names, a browser of this machine, or one installed now.
    pub fn program(&self) -> Result<PathBuf> {
        if let Some(program) = self.find() {
            return Ok(program);
        }
        packages::install(self.package)?;
        let Self { variable, package: Package { what, .. }, .. } = self;
        self.find().with_context(|| format!("{what} was installed but is not in PATH; set {variable} to its path"))
    }

    fn find(&self) -> Option<PathBuf> {
        let given = std::env::var_os(self.variable).map(PathBuf::from);
        let mac = Some(PathBuf::from(self.mac)).filter(|path| path.exists());
        given.or_else(|| self.names.iter().find_map(|name| in_path(name))).or(mac)
    }
}
