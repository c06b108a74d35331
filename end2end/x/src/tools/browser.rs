//! The Chromium that the browser tests drive.

use super::{in_path, packages};
use anyhow::{Context, Result};
use std::path::PathBuf;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// `ROUNDS_CHROMIUM`, a browser of this machine, or one installed now.
pub fn chromium() -> Result<PathBuf> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    packages::install(&packages::CHROMIUM)?;
    find().context("Chromium was installed but is not in PATH; set ROUNDS_CHROMIUM to its path")
}

fn find() -> Option<PathBuf> {
    let given = std::env::var_os("ROUNDS_CHROMIUM").map(PathBuf::from);
    let mac = Some(PathBuf::from(MAC)).filter(|path| path.exists());
    given.or_else(|| NAMES.iter().find_map(|name| in_path(name))).or(mac)
}
