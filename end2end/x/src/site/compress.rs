//! Brotli beside every file that shrinks, and how much a phone downloads.

use crate::tools::process;
use crate::tools::stamp::files_below;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What all wasm together may weigh on the wire, in bytes.
pub const WASM_BUDGET: u64 = 500_000;

const SHRINKS: [&str; 9] = ["bin", "css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Writes a `.br` beside every file that shrinks and prints a table of sizes.
pub fn compress(workspace: &Workspace, site: &Path) -> Result<()> {
    let files: Vec<_> = files_below(site)?.into_iter().filter(|file| shrinks(file)).collect();
    // Node.js brings brotli: compiling one for this program would take longer than everything else here.
    let script = workspace.end2end().join("support/brotli.mjs");
    process::run(workspace.command("node").arg(script).args(&files))?;
    println!("\n{:>10} {:>10}  file", "bytes", "brotli");
    for file in files {
        let name = file.strip_prefix(site)?.display();
        println!("{:>10} {:>10}  {name}", size(&file)?, size(&compressed(&file))?);
    }
    println!("\nwasm on the wire: {} of {WASM_BUDGET} bytes", wasm_transfer_size(site)?);
    Ok(())
}

/// The bytes of all compressed wasm of a release site.
pub fn wasm_transfer_size(site: &Path) -> Result<u64> {
    let files = files_below(site)?;
    files.iter().filter(|file| file.to_string_lossy().ends_with(".wasm.br")).map(|file| size(file)).sum()
}

fn size(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?.len())
}

fn compressed(file: &Path) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn shrinks(file: &Path) -> bool {
    file.extension().is_some_and(|extension| SHRINKS.iter().any(|one| extension == *one))
}
