//! The wasm target, wasm-bindgen and wasm-opt.

use super::{cargo, in_path, npm, process};
use crate::workspace::{Build, Workspace};
use anyhow::{Context, Result, bail};
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
    process::run(cargo::cargo_for_wasm(workspace, "build", build).args(artefact))?;
    Ok(workspace.wasm_target().join(TARGET).join(profile(build)).join(file))
}

/// Writes `NAME.js`, `NAME_bg.wasm` and perhaps `snippets/` into a folder.
pub fn bindgen(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false).omit_default_module_path(true);
    bindgen.keep_debug(false).remove_producers_section(true);
    bindgen.web(true)?.generate(folder).with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))
}

/// Makes a wasm file smaller in place. Functions of one name are alike, so side by side they compress better.
pub fn optimise(workspace: &Workspace, wasm: &Path) -> Result<()> {
    let mut wasm_opt = npm::tool(workspace, "wasm-opt");
    wasm_opt.args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-reference-types"]);
    wasm_opt.arg("--reorder-functions-by-name");
    process::run(wasm_opt.arg(wasm).arg("-o").arg(wasm))
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
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = process::output(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(folder.trim()).is_dir())
}
