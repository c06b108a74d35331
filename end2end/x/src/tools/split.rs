//! The app's module cut in two: what every start needs, and the part that `app/src/part.rs` fetches later.

use anyhow::{Context, Result, anyhow, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::{Options, transform};

/// Told to cargo behind what is to be compiled: has the linker note what uses what, by which the module is cut.
pub const LINK_ARGS: [&str; 2] = ["--", "-Clink-arg=--emit-relocs"];
/// How the script names the part's file, before it has a name that says what is in it.
pub const PART: &str = "./split_part.wasm";
/// Where the main module imports the function from that loads the part.
const LOADER: &str = "./loader.js";
const LOAD: &str = "__wasm_split_load_part";

/// What a module was cut into.
pub struct Split {
    /// For wasm-bindgen, which the part does without: it calls the browser by way of the main module.
    pub main: PathBuf,
    pub part: PathBuf,
    loader: String,
}

/// Cuts what was linked with [`LINK_ARGS`], into files in `folder`.
pub fn split(linked: &Path, folder: &Path) -> Result<Split> {
    let main = folder.join("main.wasm");
    let linked = fs::read(linked)?;
    let mut options = Options::new(&linked);
    (options.output_dir, options.main_out_path, options.link_name) = (folder, &main, LOADER);
    let parts = transform(options).map_err(|error| anyhow!("the module cannot be cut: {error:#}"))?.split_modules;
    let part = folder.join(PART);
    ensure!(parts == [part.as_path()], "the module was to have one part, but has {parts:?}");
    Ok(Split { main, part, loader: fs::read_to_string(folder.join(LOADER))? })
}

impl Split {
    /// wasm-bindgen's script with the loader in it: as a file of its own, it and the script would each have to be named first,
    /// because the names say what is in them and each imports the other.
    pub fn with_loader(&self, script: &str) -> Result<String> {
        let import = format!(" from \"{LOADER}\"");
        let (before, after) = script.split_once(&import).context("the script does not import the loader")?;
        let (before, name) = before.rsplit_once("import * as ").context("the script imports the loader in another way")?;
        // The app says what could not be fetched; a page that is left before it is here has nobody to tell.
        let is_kept = |line: &&str| !line.starts_with("import ") && line.trim() != "console.error(e);";
        let lines = self.loader.lines().filter(is_kept);
        let loader: String = lines.map(|line| format!("{}\n", line.trim_start_matches("export "))).collect();
        Ok(format!("{before}{after}\n{loader}const {name} = {{ {LOAD} }};\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_the_loader_in_the_place_of_its_import() {
        let loader =
            "import { initSync } from \"./main.js\";\nlet shared;\n    console.error(e);\nexport const __wasm_split_load_part = f;\n".to_owned();
        let split = Split { main: PathBuf::new(), part: PathBuf::new(), loader };
        let script = "import * as import1 from \"./loader.js\"\nimports = { \"./loader.js\": import1 };\n";
        let expected = "\nimports = { \"./loader.js\": import1 };\n\nlet shared;\nconst __wasm_split_load_part = f;\n\
                        const import1 = { __wasm_split_load_part };\n";
        assert_eq!(split.with_loader(script).unwrap(), expected);
        assert!(split.with_loader("imports = {};").is_err());
    }
}
