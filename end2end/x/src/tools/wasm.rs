//! The wasm target, wasm-bindgen and wasm-opt.

use super::{cargo, imports, in_path, npm, order, process};
use crate::workspace::{Build, Workspace};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The cargo profile (root `Cargo.toml`) of a wasm build.
pub fn profile(build: Build) -> &'static str {
    match build {
        Build::Dev => "wasm-dev",
        Build::Release => "wasm-release",
    }
}

/// Builds one artefact for the browser and returns the path of its wasm file.
/// `artefact` is what cargo is told, such as `["--package", "frontend"]`.
pub fn build(workspace: &Workspace, build: Build, artefact: &[&str], file: &str) -> Result<PathBuf> {
    add_target()?;
    let mut cargo = cargo::cargo_for_wasm(workspace, "rustc", build);
    if build == Build::Release && add_library_sources()? {
        build_library_for_size(&mut cargo);
    }
    process::run(cargo.args(artefact))?;
    Ok(workspace.wasm_target().join(TARGET).join(profile(build)).join(file))
}

/// Writes `NAME.js`, `NAME_bg.wasm` and perhaps `snippets/` into a folder.
pub fn bindgen(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false).omit_default_module_path(true);
    // The linker's exports are kept for the table of functions, by which a module and its part call each other.
    bindgen.keep_debug(false).remove_producers_section(true).keep_lld_exports(true);
    bindgen.web(true)?.generate(folder).with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))
}

/// Makes a wasm file and its script, where it has one, smaller in place, raw and compressed.
pub fn optimise(workspace: &Workspace, wasm: &Path, script: Option<&Path>) -> Result<()> {
    let wasm_opt = |passes: &[&str]| {
        let mut wasm_opt = npm::tool(workspace, "wasm-opt");
        wasm_opt.args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-reference-types"]);
        process::run(wasm_opt.args(passes).arg(wasm).arg("-o").arg(wasm))
    };
    // Rust's stack lies at the bottom of memory and its data above the first megabyte: nothing is kept in the first kilobyte.
    wasm_opt(&["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz"])?;
    let mut module = fs::read(wasm)?;
    if let Some(script) = script {
        let names;
        (module, names) = imports::shortened(&module, &fs::read_to_string(script)?)?;
        fs::write(script, names)?;
    }
    fs::write(wasm, order::named_by_body(&module)?)?;
    // What is written without optimising loses what was gained on the stack's own form of the code.
    wasm_opt(&["--reorder-functions-by-name", "-Oz"])
}

/// Has cargo compile the standard library too: for size, and without the texts of panics, which end the app with or without
/// them. It was a fourteenth less to download. Until cargo's `build-std` is stable, the compiler must be told to allow it.
fn build_library_for_size(cargo: &mut Command) {
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    let flags = format!(r#"target.{TARGET}.rustflags=["-Zunstable-options","-Cpanic=immediate-abort"]"#);
    cargo.arg("--config").arg(flags);
}

/// Whether the sources of the standard library are here; adds them through rustup where there is one.
fn add_library_sources() -> Result<bool> {
    let sysroot = PathBuf::from(process::output(rustc().args(["--print", "sysroot"]))?.trim());
    let there = || sysroot.join("lib/rustlib/src/rust/library/std").is_dir();
    if !there() && in_path("rustup").is_some() {
        println!("Adding the sources of Rust's standard library");
        process::run_for_status(Command::new("rustup").args(["component", "add", "rust-src"]))?;
    }
    if !there() {
        println!("Without Rust's component rust-src the wasm is about a fourteenth larger than it could be.");
    }
    Ok(there())
}

/// Adds the standard library for wasm through rustup when the compiler has none.
pub fn add_target() -> Result<()> {
    if has_target()? {
        return Ok(());
    }
    let by_hand = "see stack.md, \"Toolchain\", or your system's package of Rust for wasm (Debian: rustc-web)";
    if in_path("rustup").is_none() {
        bail!("this Rust cannot build for {TARGET} and there is no rustup to add it: {by_hand}");
    }
    println!("Adding Rust's {TARGET} target");
    if !process::run_for_status(Command::new("rustup").args(["target", "add", TARGET]))?.success() || !has_target()? {
        bail!("rustup would not add {TARGET}; is the network there? Otherwise {by_hand}");
    }
    Ok(())
}

fn has_target() -> Result<bool> {
    let folder = process::output(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}
