//! Cargo, called from inside `cargo run`.

use super::process;
use crate::workspace::{Build, Workspace};
use anyhow::Result;
use std::process::Command;

/// The cargo that runs this driver, without what it tells this driver about itself.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        // Build scripts watch these: passing them on would rebuild crates for nothing.
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME" {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// Cargo at the root of the workspace.
pub fn cargo_at(workspace: &Workspace) -> Command {
    let mut command = cargo();
    command.current_dir(&workspace.root);
    command
}

/// Cargo for the browser: its own target folder, the flags of `.cargo/config.toml`, and the profile of the bundle.
/// Lints and tests use the same profile, so that the code generators which run on this machine are built once.
pub fn cargo_for_wasm(workspace: &Workspace, verb: &str, build: Build) -> Command {
    let mut command = cargo_at(workspace);
    // RUSTFLAGS would replace the flags of `.cargo/config.toml`, without which there are no random numbers in wasm.
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command.args([verb, "--target", super::wasm::TARGET, "--profile", super::wasm::profile(build)]);
    command.arg("--target-dir").arg(workspace.wasm_target());
    command
}

/// Builds the server for development; it reads the site from a folder.
pub fn build_server(workspace: &Workspace) -> Result<()> {
    process::run(cargo_at(workspace).args(["build", "--package", "server"]))
}

/// Builds the one binary that carries the release site.
pub fn build_release_server(workspace: &Workspace) -> Result<()> {
    let mut cargo = cargo_at(workspace);
    cargo.env("ROUNDS_SITE_DIR", workspace.site(Build::Release));
    process::run(cargo.args(["build", "--release", "--package", "server"]))
}
