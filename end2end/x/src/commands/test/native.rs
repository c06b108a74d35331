//! Tests that cargo builds for this machine.

use super::Context;
use crate::tools::{cargo, in_path, process};
use crate::total::Total;
use anyhow::Result;
use std::process::Command;

/// The driver is tested apart from the others: together with them its libraries would be built a second time, with the
/// features that the others want.
const PARTS: [&[&str]; 2] = [&["--workspace", "--exclude", "x"], &["--package", "x"]];

/// The exit code of nextest when no test matched the filter.
const NEXTEST_FOUND_NO_TEST: i32 = 4;

pub fn run(context: &Context) -> Result<Total> {
    let with_nextest = in_path("cargo-nextest").is_some();
    let one = if with_nextest { nextest } else { cargo_test };
    let mut total = Total::default();
    for part in PARTS {
        total = total + one(context, part)?;
    }
    if with_nextest {
        // nextest leaves the examples in doc comments to cargo.
        total = total + cargo_test(context, &["--doc", "--package", "domain", "--package", "store", "--package", "sync"])?;
    }
    Ok(total)
}

fn nextest(context: &Context, part: &[&str]) -> Result<Total> {
    // `.config/nextest.toml` has it write this file; nextest keeps to `target` wherever cargo's target folder is.
    let report = context.workspace.root.join("target/nextest/default/junit.xml");
    let _ = std::fs::remove_file(&report);
    let mut nextest = prepared(context);
    nextest.args(["nextest", "run", "--no-tests=fail", "--no-fail-fast"]).args(part).args(context.filter);
    let status = process::run_for_status(&mut nextest)?;
    match std::fs::read_to_string(report) {
        Ok(xml) => Total::from_junit(&xml),
        Err(_) if status.code() == Some(NEXTEST_FOUND_NO_TEST) => Ok(Total::default()),
        Err(_) => Ok(Total::BROKEN),
    }
}

fn cargo_test(context: &Context, part: &[&str]) -> Result<Total> {
    let mut test = prepared(context);
    test.args(["test", "--quiet", "--no-fail-fast"]).args(part).args(context.filter);
    let (status, text) = process::output_and_status(&mut test)?;
    print!("{text}");
    let total = Total::from_cargo_test(&text);
    // A crate that does not compile prints no result.
    Ok(if status.success() || total.failed > 0 { total } else { total + Total::BROKEN })
}

fn prepared(context: &Context) -> Command {
    let mut command = cargo::cargo_at(context.workspace);
    command.env("ROUNDS_TEST_DATABASE_URL", context.database);
    command
}
