//! The system's package manager, where it can be used without asking anybody anything.

use super::{in_path, process};
use anyhow::{Result, bail};
use std::process::Command;
use std::sync::Once;

/// Something a package manager can bring, by each manager's name for it; an empty name: it has none.
pub struct Package {
    /// As a person calls it.
    pub what: &'static str,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    apk: &'static str,
    brew: &'static str,
}

pub const POSTGRES: Package = Package {
    what: "PostgreSQL",
    apt: "postgresql",
    dnf: "postgresql-server",
    pacman: "postgresql",
    apk: "postgresql",
    brew: "postgresql@17",
};

pub const CHROMIUM: Package =
    Package { what: "Chromium", apt: "chromium", dnf: "chromium", pacman: "chromium", apk: "chromium", brew: "" };

/// Under apt the long-term release: Ubuntu's plain `firefox` is a snap, which may not read a profile in a temporary folder.
pub const FIREFOX: Package =
    Package { what: "Firefox", apt: "firefox-esr", dnf: "firefox", pacman: "firefox", apk: "firefox", brew: "" };

pub const NODE: Package =
    Package { what: "Node.js", apt: "nodejs npm", dnf: "nodejs", pacman: "nodejs npm", apk: "nodejs npm", brew: "node" };

pub const OPENSSL: Package =
    Package { what: "OpenSSL", apt: "openssl", dnf: "openssl", pacman: "openssl", apk: "openssl", brew: "openssl" };

/// Installs a package or says in one sentence what the person has to do.
pub fn install(package: &Package) -> Result<()> {
    let what = package.what;
    let Some(manager) = MANAGERS.iter().find(|manager| in_path(manager.program).is_some()) else {
        bail!("{what} is not installed and no package manager was found to install it; please install {what}");
    };
    let names = (manager.names)(package);
    let Some(prefix) = manager.privilege().filter(|_| !names.is_empty()) else {
        bail!("{what} is not installed; please install it, for example with `{}`", manager.by_hand(names));
    };
    println!("Installing {what} with {}", manager.program);
    if !manager.update.is_empty() {
        static UPDATED: Once = Once::new();
        // A stale list may still do, so a failure here is for the installation to report.
        UPDATED.call_once(|| drop(process::run_for_status(&mut manager.command(&prefix, manager.update))));
    }
    let installed = process::run_for_status(manager.command(&prefix, manager.install).args(names.split(' ')))?;
    if installed.success() {
        return Ok(());
    }
    bail!("{what} could not be installed; please install it, for example with `{}`", manager.by_hand(names));
}

struct Manager {
    program: &'static str,
    update: &'static [&'static str],
    install: &'static [&'static str],
    needs_root: bool,
    names: fn(&Package) -> &'static str,
}

const MANAGERS: [Manager; 5] = [
    Manager {
        program: "apt-get",
        update: &["update", "-q"],
        install: &["install", "-q", "-y", "--no-install-recommends"],
        needs_root: true,
        names: |package| package.apt,
    },
    Manager { program: "dnf", update: &[], install: &["install", "-y"], needs_root: true, names: |package| package.dnf },
    Manager {
        program: "pacman",
        update: &[],
        install: &["-S", "--noconfirm", "--needed"],
        needs_root: true,
        names: |package| package.pacman,
    },
    Manager { program: "apk", update: &[], install: &["add"], needs_root: true, names: |package| package.apk },
    Manager { program: "brew", update: &[], install: &["install"], needs_root: false, names: |package| package.brew },
];

impl Manager {
    /// What to put before the command, or nothing when this user may not install.
    fn privilege(&self) -> Option<Vec<&'static str>> {
        if !self.needs_root || nix::unistd::geteuid().is_root() {
            return Some(Vec::new());
        }
        let unasked = in_path("sudo").is_some()
            && process::output(Command::new("sudo").args(["-n", "true"]).stderr(std::process::Stdio::null())).is_ok();
        unasked.then(|| vec!["sudo", "-n"])
    }

    fn command(&self, prefix: &[&str], verb: &[&str]) -> Command {
        let words = [prefix, &[self.program], verb].concat();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    fn by_hand(&self, names: &str) -> String {
        let sudo = if self.needs_root { "sudo " } else { "" };
        format!("{sudo}{} {} {names}", self.program, self.install[0])
    }
}
