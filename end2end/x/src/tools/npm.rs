//! The npm project in `end2end/`: browser tests and the bundle's tools.

use super::stamp::Fingerprint;
use super::{in_path, packages, process};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// The oldest Node.js that runs everything in `end2end/`.
const OLDEST_NODE: u32 = 20;

/// Installs the tools, unless they are there.
pub fn install(workspace: &Workspace) -> Result<()> {
    install_in(&workspace.end2end())
}

/// Installs exactly what the folder's `package-lock.json` says, unless that is what is there.
pub fn install_in(folder: &Path) -> Result<()> {
    check_node()?;
    let stamp = folder.join("node_modules/.rounds-installed");
    let wanted = Fingerprint::new().content(&folder.join("package-lock.json"))?.finish();
    if wanted.is_at(&stamp) {
        return Ok(());
    }
    println!("Installing npm tools");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    process::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")).with_context(|| {
        format!("npm could not install what {} asks for; is the network there?", folder.join("package-lock.json").display())
    })?;
    wanted.write(&stamp)
}

/// A program that an npm package brings.
pub fn tool(workspace: &Workspace, name: &str) -> Command {
    workspace.command(workspace.end2end().join("node_modules/.bin").join(name))
}

/// Makes sure of Node.js; its version is never changed for the person.
fn check_node() -> Result<()> {
    if in_path("node").is_none() || in_path("npm").is_none() {
        packages::install(&packages::NODE)?;
    }
    let version = process::output(Command::new("node").arg("--version"))?;
    match major(&version) {
        Some(found) if found >= OLDEST_NODE => Ok(()),
        _ => bail!("Node.js {OLDEST_NODE} or later is needed; here is {}", version.trim()),
    }
}

/// 20 of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_major_version_of_node() {
        assert_eq!(super::major("v20.20.2\n"), Some(20));
        assert_eq!(super::major("garbage"), None);
    }
}
