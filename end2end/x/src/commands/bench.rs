//! `cargo x bench`.

use crate::tools::{npm, process};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::PathBuf;

pub const HELP: &str = "Run the benchmarks, print a table and write JSON

Usage: cargo x bench [ARGUMENTS FOR end2end/bench/run.mjs]";

/// The script that does the work.
pub fn script(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join("bench/run.mjs")
}

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    npm::install(workspace)?;
    let mut node = workspace.command("node");
    node.arg(script(workspace)).args(arguments.raw_args()?);
    process::run(&mut node)
}
