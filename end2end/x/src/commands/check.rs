//! `cargo x check`.

use super::bundle;
use crate::tools::{cargo, in_path, npm, process, wasm};
use crate::workspace::{Build, Workspace};
use crate::{layering, licences};
use anyhow::{Result, bail};
use std::process::Command;

pub const HELP: &str = "Check what needs no running program: formatting, lints, layering, licences, sizes

Usage: cargo x check

  formatting  cargo fmt
  lints       clippy for this machine with all tests, and for the browser; the types of the browser tests
  layering    which crate uses which; `domain` reads no clock, file or network; nothing new at the top of the tree
  licences    cargo-deny where it is installed, else the list in .deny.toml against every library's own word
  sizes       the budget of the wasm, when `cargo x bundle` has made one

Migrations up and down, and every SQL statement prepared against a migrated database, are tests of the server: they need a
PostgreSQL, which `cargo x test` starts.";

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        println!("== {name}");
        if let Err(error) = check(workspace) {
            eprintln!("{name}: {error:#}");
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("to be mended: {}", failed.join(", ")) }
}

type Check = fn(&Workspace) -> Result<()>;

const CHECKS: [(&str, Check); 8] = [
    ("formatting", |workspace| process::run(cargo::cargo_at(workspace).args(["fmt", "--all", "--check"]))),
    ("layering", check_layering),
    ("licences", check_licences),
    ("lints", |workspace| {
        let mut clippy = cargo::cargo_at(workspace);
        lint(clippy.args(["clippy", "--workspace", "--all-targets"]))
    }),
    ("lints for the browser", |workspace| {
        wasm::add_target()?;
        lint(cargo::cargo_for_wasm(workspace, "clippy", Build::Dev).args(["--package", "frontend"]))
    }),
    ("lints of the store in the browser", |workspace| {
        wasm::add_target()?;
        let mut clippy = cargo::cargo_for_wasm(workspace, "clippy", Build::Dev);
        lint(clippy.args(["--package", "store", "--features", "testing", "--example", "conformance"]))
    }),
    ("types of the browser tests", |workspace| {
        npm::install(workspace)?;
        process::run(npm::tool(workspace, "tsc").args(["--project", "end2end"]))
    }),
    ("sizes", bundle::check_budget),
];

fn lint(clippy: &mut Command) -> Result<()> {
    process::run(clippy.args(["--quiet", "--", "-D", "warnings"]))
}

fn check_layering(workspace: &Workspace) -> Result<()> {
    let mut wrong = layering::forbidden_dependencies(&metadata(workspace)?)?;
    wrong.extend(layering::reached_from_afar(|crate_name| tree(workspace, crate_name))?);
    wrong.extend(layering::impure_lines(&workspace.root.join("app/domain/src"))?);
    let top = std::fs::read_dir(&workspace.root)?.flatten();
    wrong.extend(layering::strangers_at_the_top(top.filter_map(|entry| entry.file_name().into_string().ok())));
    none(&wrong)
}

fn check_licences(workspace: &Workspace) -> Result<()> {
    if in_path("cargo-deny").is_some() {
        // Advisories are not asked for here: they need the network and change without us.
        return process::run(cargo::cargo_at(workspace).args(["deny", "--all-features", "check", "bans", "licenses", "sources"]));
    }
    let allowed = licences::allowed(&std::fs::read_to_string(workspace.root.join(".deny.toml"))?)?;
    none(&licences::refused(&metadata(workspace)?, &allowed)?)
}

fn metadata(workspace: &Workspace) -> Result<serde_json::Value> {
    let mut cargo = cargo::cargo_at(workspace);
    Ok(serde_json::from_str(&process::output(cargo.args(["metadata", "--format-version", "1"]))?)?)
}

/// The names of all crates that a crate of ours is built from, with the features it has when built alone.
fn tree(workspace: &Workspace, crate_name: &str) -> Result<Vec<String>> {
    let mut cargo = cargo::cargo_at(workspace);
    cargo.args(["tree", "--package", crate_name, "--edges", "normal", "--target", "all", "--prefix", "none", "--format", "{p}"]);
    let listing = process::output(&mut cargo)?;
    Ok(listing.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

fn none(wrong: &[String]) -> Result<()> {
    if wrong.is_empty() { Ok(()) } else { bail!("\n  {}", wrong.join("\n  ")) }
}
