//! `cargo x bench`.

mod chart;
mod device;
mod readme;
mod sync;

use super::bundle;
use crate::tools::{playwright, postgres, process};
use crate::workspace::{Build, Workspace};
use anyhow::{Result, bail};
use std::env;
use std::ffi::OsString;

pub const HELP: &str = "Measure the release build, print a table and write JSON to end2end/results

Usage: cargo x bench [NAME]

  propagation  from Save on one device until another shows it, over lines with 0, 300 and 600 ms there and back
  device       a rep with 5,000 accounts and one with 50,000 (ROUNDS_BENCH_ACCOUNTS=5000,50000): first load, start, search,
               timeline, save, report, memory, tasks that hold up the page, interactions, Lighthouse; and IndexedDB, Dexie,
               RxDB and PouchDB on the same rows. A whole run puts its table and chart into README.md
  sync         the server: pushes, bytes, first load, propagation, ROUNDS_BENCH_DEVICES (500) connected devices for
               ROUNDS_BENCH_MINUTES (10), and PouchDB on the same rows; also puts its table into README.md

The first two build the release, or take the server that ROUNDS_SERVER_BIN names.";

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    let named: Vec<OsString> = arguments.raw_args()?.collect();
    if named == ["sync"] {
        return sync::run(workspace);
    }
    let is_device = named.is_empty() || named.iter().any(|name| name == "device");
    if is_device {
        device::prepare(workspace)?;
    }
    let built = env::var_os("ROUNDS_SERVER_BIN");
    if built.is_none() {
        bundle::release(workspace)?;
    }
    let database = postgres::start_throw_away()?;
    let mut playwright = playwright::test(workspace, &database.url)?;
    playwright.args(["--config", "bench"]).args(named);
    if built.is_none() {
        // The site is in the binary.
        playwright.env("ROUNDS_SERVER_BIN", workspace.server(Build::Release)).env_remove("ROUNDS_SITE_DIR");
    }
    let is_whole = process::run_for_status(&mut playwright)?.success();
    if is_device {
        device::tell(workspace, is_whole && env::var_os("ROUNDS_BENCH_ACCOUNTS").is_none())?;
    }
    if is_whole { Ok(()) } else { bail!("not everything was measured; what was is in end2end/results") }
}
