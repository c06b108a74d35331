//! The commands: one file each, listed here.

pub mod bench;
pub mod bundle;
pub mod check;
pub mod new_record;
pub mod run;
pub mod simulate;
pub mod test;

use crate::workspace::Workspace;
use anyhow::Result;

/// One command of `cargo x`.
pub struct Command {
    pub name: &'static str,
    /// What `cargo x NAME --help` prints; its first line is what `cargo x help` shows.
    pub help: &'static str,
    pub run: fn(&Workspace, lexopt::Parser) -> Result<()>,
}

/// The commands, in the order in which one meets them.
pub const COMMANDS: [Command; 7] = [
    Command { name: "run", help: run::HELP, run: run::run },
    Command { name: "test", help: test::HELP, run: test::run },
    Command { name: "check", help: check::HELP, run: check::run },
    Command { name: "bundle", help: bundle::HELP, run: bundle::run },
    Command { name: "new-record", help: new_record::HELP, run: new_record::run },
    Command { name: "simulate", help: simulate::HELP, run: simulate::run },
    Command { name: "bench", help: bench::HELP, run: bench::run },
];

/// The text of `cargo x help`.
pub fn overview() -> String {
    let mut text = String::from("Usage: cargo x COMMAND [OPTIONS]\n\n");
    for Command { name, help, .. } in COMMANDS {
        let summary = help.lines().next().unwrap_or_default();
        text.push_str(&format!("  {name:<12}{summary}\n"));
    }
    text.push_str("\n`cargo x COMMAND --help` says more.\n");
    text
}
