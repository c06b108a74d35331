//! `cargo x bench`.

mod sync;

use super::bundle;
use crate::tools::{playwright, postgres, process};
use crate::workspace::{Build, Workspace};
use anyhow::Result;
use std::ffi::OsString;

pub const HELP: &str = "Measure the release build, print a table and write JSON to end2end/results

Usage: cargo x bench [NAME]

  propagation  from Save on one device until another shows it, over lines with 0, 300 and 600 ms there and back
  territory    first load, start, search and save of a rep with ROUNDS_BENCH_ACCOUNTS (5,000) accounts, the network gone
  sync         the server: pushes, bytes, first load, propagation, ROUNDS_BENCH_DEVICES (500) connected devices for
               ROUNDS_BENCH_MINUTES (10), and PouchDB on the same rows; also puts its table into README.md";

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    let named: Vec<OsString> = arguments.raw_args()?.collect();
    if named == ["sync"] {
        return sync::run(workspace);
    }
    bundle::release(workspace)?;
    let database = postgres::start_throw_away()?;
    let mut playwright = playwright::test(workspace, &database.url)?;
    playwright.args(["--config", "bench"]).args(named);
    // The site is in the binary.
    playwright.env("ROUNDS_SERVER_BIN", workspace.server(Build::Release)).env_remove("ROUNDS_SITE_DIR");
    process::run(&mut playwright)
}
