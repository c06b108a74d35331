//! Tests that Playwright runs in real browsers.

use super::Context;
use crate::site;
use crate::tools::{cargo, playwright, process, wasm};
use crate::total::Total;
use crate::workspace::{Build, Workspace};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

const CONFORMANCE: &str = "conformance.spec.ts";

/// The store's conformance suite on IndexedDB.
pub fn conformance(context: &Context) -> Result<Total> {
    let workspace = context.workspace;
    let example = ["--package", "store", "--features", "testing", "--example", "conformance"];
    let built = wasm::build(workspace, Build::Dev, &example, "examples/conformance.wasm")?;
    let folder = workspace.target.join("conformance");
    wasm::bindgen(&built, "conformance", &folder)?;
    let mut playwright = playwright(context)?;
    playwright.env("ROUNDS_CONFORMANCE_DIR", folder).arg(CONFORMANCE);
    report(context, playwright)
}

/// The stories, on the development build.
pub fn stories(context: &Context) -> Result<Total> {
    let workspace = context.workspace;
    site::build(workspace, Build::Dev)?;
    cargo::build_server(workspace)?;
    let mut playwright = playwright(context)?;
    playwright.env("ROUNDS_SERVER_BIN", workspace.server(Build::Dev));
    playwright.env("ROUNDS_SITE_DIR", workspace.site(Build::Dev));
    report(context, playwright)
}

fn playwright(context: &Context) -> Result<Command> {
    let mut playwright = playwright::test(context.workspace, context.database)?;
    playwright.arg("--pass-with-no-tests");
    if let Some(filter) = context.filter {
        playwright.args(["--grep", &literal(filter)]);
    }
    Ok(playwright)
}

fn report(context: &Context, mut playwright: Command) -> Result<Total> {
    let report = report_file(context.workspace);
    let _ = std::fs::remove_file(&report);
    let status = process::run_for_status(&mut playwright)?;
    match std::fs::read_to_string(report) {
        Ok(json) => {
            let total = Total::from_playwright(&json)?;
            Ok(if status.success() || total.failed > 0 { total } else { total + Total::BROKEN })
        }
        Err(_) => Ok(Total::BROKEN),
    }
}

/// `playwright.config.ts` has it written there.
fn report_file(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join("results/report.json")
}

/// A regular expression that matches just this text.
fn literal(text: &str) -> String {
    text.chars().flat_map(|character| (!character.is_alphanumeric()).then_some('\\').into_iter().chain([character])).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_filter_is_plain_text() {
        assert_eq!(super::literal("a visit (offline)"), r"a\ visit\ \(offline\)");
    }
}
