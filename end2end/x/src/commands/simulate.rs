//! `cargo x simulate`.

use crate::tools::{cargo, process};
use crate::workspace::Workspace;
use anyhow::Result;

pub const HELP: &str = "Simulate many devices with a bad network and see that they agree

Usage: cargo x simulate [--seeds N] [--minutes T] [--steps M] [--devices D] [--seed S]

  --seeds N    how many histories to try
  --minutes T  begin none after this time; without --seeds, as many as it allows
  --steps M    how many actions each has
  --devices D  how many devices take part
  --seed S     where to begin, or the one history to repeat

The first history that fails is shrunk to the steps that matter, told, and kept in app/sync/tests/regressions, which
`cargo x test` repeats.";

/// Passes its arguments on: the simulation itself (app/sync/examples/simulate.rs) checks them.
pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    let mut simulation = cargo::cargo_at(workspace);
    simulation.args(["run", "--release", "--quiet", "--package", "sync", "--example", "simulate", "--"]);
    process::run(simulation.args(arguments.raw_args()?))
}
