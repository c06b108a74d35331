//! Brotli beside every file that shrinks, and how much a phone downloads.

use crate::tools::process;
use crate::tools::stamp::files_below;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// What each wasm may weigh on the wire, in bytes: the one that every start waits for, and the part that comes behind it.
const WASM_BUDGETS: [(&str, u64); 2] = [("rounds", 500_000), ("part", 360_000)];

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
    for (name, size, budget) in wasm_transfer_sizes(site)? {
        println!("wasm on the wire, {name}: {size} of {budget} bytes");
    }
    Ok(())
}

/// The name of each wasm of a release site, as far as one is made, the bytes of it compressed, and how many it may have.
pub fn wasm_transfer_sizes(site: &Path) -> Result<Vec<(&'static str, u64, u64)>> {
    let files = files_below(&site.join("pkg"))?;
    let of = |(name, budget)| {
        let is_it = |file: &&PathBuf| {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(&format!("{name}.")) && file.ends_with(".wasm.br")
        };
        files.iter().find(is_it).map(|file| Ok((name, size(file)?, budget)))
    };
    WASM_BUDGETS.into_iter().filter_map(of).collect()
}

fn size(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?.len())
}

fn compressed(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn shrinks(file: &Path) -> bool {
    file.extension().is_some_and(|extension| SHRINKS.iter().any(|one| extension == *one))
}
