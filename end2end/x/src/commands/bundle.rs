//! `cargo x bundle`.

use crate::site::{self, wasm_transfer_sizes};
use crate::tools::cargo;
use crate::workspace::{Build, Workspace};
use anyhow::{Result, bail};
use lexopt::prelude::*;

pub const HELP: &str = "Make the release: the site as people download it, in a server that carries it

Usage: cargo x bundle [--dev]

Writes target/site and target/release/rounds-server, prints every file's size raw and compressed, and fails when a wasm is
over its budget.

  --dev  only the development site (target/site-dev): quick, unoptimised, uncompressed";

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    let mut wanted = Build::Release;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dev") => wanted = Build::Dev,
            other => return Err(other.unexpected().into()),
        }
    }
    match wanted {
        Build::Dev => site::build(workspace, Build::Dev)?,
        Build::Release => release(workspace)?,
    }
    println!("The site is in {}", workspace.site(wanted).display());
    if wanted == Build::Release { check_budget(workspace) } else { Ok(()) }
}

/// The release site and the one binary that carries it.
pub fn release(workspace: &Workspace) -> Result<()> {
    site::build(workspace, Build::Release)?;
    cargo::build_release_server(workspace)
}

/// Fails when a wasm of the release site is over its budget.
pub fn check_budget(workspace: &Workspace) -> Result<()> {
    for (name, size, budget) in wasm_transfer_sizes(&workspace.site(Build::Release))? {
        if size > budget {
            bail!("the wasm named {name} is {size} bytes on the wire; its budget is {budget}");
        }
    }
    Ok(())
}
