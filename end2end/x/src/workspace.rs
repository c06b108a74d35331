//! Where things are in this workspace.

use crate::tools::process;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the site is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Build {
    /// Quick to make: no link-time optimisation, nothing compressed.
    Dev,
    /// What people download.
    Release,
}

/// The folders of the workspace; every path is absolute.
pub struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder for native builds.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and cargo's own settings count.
    pub fn find() -> Result<Self> {
        let mut cargo = crate::tools::cargo::cargo();
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
        if let Some(own_folder) = std::env::var_os("CARGO_MANIFEST_DIR") {
            cargo.arg("--manifest-path").arg(Path::new(&own_folder).join("Cargo.toml"));
        }
        let metadata: serde_json::Value = serde_json::from_str(&process::output(&mut cargo)?)?;
        let folder = |key: &str| {
            let path = metadata[key].as_str().with_context(|| format!("cargo metadata has no {key}"))?;
            anyhow::Ok(PathBuf::from(path))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// Cargo's target folder for wasm: apart from the native one, so that neither locks nor rebuilds the other.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The catalogues of the interface's words, one file per language.
    pub fn locales(&self) -> PathBuf {
        self.root.join("app/locales")
    }

    /// The folder that the server serves as the site.
    pub fn site(&self, build: Build) -> PathBuf {
        self.target.join(match build {
            Build::Dev => "site-dev",
            Build::Release => "site",
        })
    }

    /// The server's binary.
    pub fn server(&self, build: Build) -> PathBuf {
        self.target.join(match build {
            Build::Dev => "debug/rounds-server",
            Build::Release => "release/rounds-server",
        })
    }

    /// The npm project: browser tests and the bundle's tools.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// What `cargo x run` keeps between runs; ignored by git.
    pub fn state(&self) -> PathBuf {
        self.root.join(".rounds")
    }

    /// A command that runs at the root.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}
