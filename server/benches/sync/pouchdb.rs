//! The same rows by PouchDB, which replicates them with a PouchDB server in another process on this machine.

use domain::Row;
use serde_json::Value;
use std::{env, fs, path::Path, process::Command};

/// `folder` has PouchDB installed and `measure.mjs` beside it.
pub fn measure(folder: &str, rows: &[Row]) -> Value {
    let file = env::temp_dir().join(format!("rounds-bench-{}.json", std::process::id()));
    fs::write(&file, serde_json::to_string(rows).unwrap()).unwrap();
    let mut node = Command::new("node");
    let output = node.arg(Path::new(folder).join("measure.mjs")).arg(&file).current_dir(folder).output().expect("Node");
    fs::remove_file(file).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}
