//! Other people's tools, one file per concern: how each is found, installed and called.

pub mod browser;
pub mod cargo;
pub mod imports;
pub mod npm;
pub mod order;
pub mod packages;
pub mod playwright;
pub mod postgres;
pub mod process;
pub mod split;
pub mod stamp;
pub mod tls;
pub mod wasm;

use std::path::PathBuf;

/// The program's path when it is in one of the folders of `PATH`.
pub fn in_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}
