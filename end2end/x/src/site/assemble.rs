//! Puts the site together.

use super::compress;
use super::tokens::Tokens;
use crate::tools::stamp::{Fingerprint, files_below, hex};
use crate::tools::{cargo, npm, process, split, wasm};
use crate::workspace::{Build, Workspace};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of `public/` whose tokens are replaced; all others are copied as they are.
const TEMPLATES: [&str; 3] = ["boot.js", "index.html", "sw.js"];
/// Raised when this program makes a different site of the same sources.
const RECIPE: &str = "5";

/// Builds the site unless it is there already.
pub fn build(workspace: &Workspace, build: Build) -> Result<()> {
    npm::install(workspace)?;
    let frontend = wasm::build(workspace, build, &[&["--package", "frontend"][..], &split::LINK_ARGS].concat(), "frontend.wasm")?;
    let site = workspace.site(build);
    let stamp_file = site.with_extension("stamp");
    let stamp = Fingerprint::new()
        .text(RECIPE)
        .metadata(&frontend)?
        .folder(&workspace.root.join("style"))?
        .folder(&workspace.root.join("public"))?
        .folder(&workspace.root.join("app/han"))?
        .folder(&workspace.locales())?
        .content(&workspace.end2end().join("package-lock.json"))?
        .finish();
    if !site.join("index.html").exists() || !stamp.is_at(&stamp_file) {
        // Made beside the old one, so that a failure leaves a whole site.
        let fresh = Site::new(workspace, site.with_extension("new"))?;
        fresh.assemble(&frontend, build)?;
        let _ = fs::remove_dir_all(&site);
        fs::rename(&fresh.folder, &site)?;
        stamp.write(&stamp_file)?;
    }
    Ok(())
}

struct Site<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl<'a> Site<'a> {
    fn new(workspace: &'a Workspace, folder: PathBuf) -> Result<Self> {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("pkg"))?;
        Ok(Self { workspace, folder })
    }

    fn assemble(&self, frontend: &Path, build: Build) -> Result<()> {
        let scratch = self.folder.with_extension("scratch");
        let _ = fs::remove_dir_all(&scratch);
        let split = split::split(frontend, &scratch)?;
        wasm::bindgen(&split.main, "rounds", &scratch)?;
        let (js, wasm) = (scratch.join("rounds.js"), scratch.join("rounds_bg.wasm"));
        fs::write(&js, split.with_loader(&fs::read_to_string(&js)?)?)?;
        if build == Build::Release {
            wasm::optimise(self.workspace, &wasm, Some(&js))?;
            wasm::optimise(self.workspace, &split.part, None)?;
        }
        let part = self.add("part", "wasm", &fs::read(&split.part)?)?;
        let js = fs::read_to_string(js)?.replace(split::PART, &part);
        let public = self.workspace.root.join("public");
        let mut tokens = Tokens {
            css: self.add("rounds", "css", &self.stylesheet(&scratch)?)?,
            js: self.add("rounds", "js", js.as_bytes())?,
            wasm: self.add("rounds", "wasm", &fs::read(wasm)?)?,
            han: self.add("han", "bin", &self.characters(&scratch)?)?,
            words: self.words()?,
            ..Tokens::default()
        };
        self.copy(&scratch.join("snippets"), "pkg/snippets", &[])?;
        self.copy(&public, "", &TEMPLATES)?;
        tokens.version = Fingerprint::new().folder(&self.folder)?.folder(&public)?.finish().short().to_owned();
        let template = |file: &str, tokens: &Tokens| {
            let source = fs::read_to_string(public.join(file)).with_context(|| format!("public/{file}"))?;
            tokens.replace(file, &source)
        };
        tokens.boot = Some(self.add("boot", "js", template("boot.js", &tokens)?.as_bytes())?);
        fs::write(self.folder.join("index.html"), template("index.html", &tokens)?)?;
        tokens.files = Some(self.kept_files()?);
        fs::write(self.folder.join("sw.js"), template("sw.js", &tokens)?)?;
        if build == Build::Release {
            compress::compress(self.workspace, &self.folder)?;
        }
        Ok(fs::remove_dir_all(scratch)?)
    }

    /// Adds the catalogue of each language: a person needs one of them, so they are no part of the wasm.
    fn words(&self) -> Result<BTreeMap<String, String>> {
        let files = files_below(&self.workspace.locales())?;
        let words = files.iter().map(|file| {
            let lang = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // Without the line breaks and indents of the source.
            let words: serde_json::Value = serde_json::from_slice(&fs::read(file)?)?;
            let path = self.add(&lang, "json", words.to_string().as_bytes())?;
            anyhow::Ok((lang, path))
        });
        words.collect()
    }

    /// One minified file of everything that `style/main.css` imports.
    fn stylesheet(&self, scratch: &Path) -> Result<Vec<u8>> {
        let file = scratch.join("rounds.css");
        let mut lightningcss = npm::tool(self.workspace, "lightningcss");
        lightningcss.args(["--bundle", "--minify", "style/main.css", "--output-file"]);
        process::run(lightningcss.arg(&file))?;
        Ok(fs::read(file)?)
    }

    /// The table of Chinese characters, which the app loads after its start.
    fn characters(&self, scratch: &Path) -> Result<Vec<u8>> {
        let file = scratch.join("han.bin");
        let mut cargo = cargo::cargo_at(self.workspace);
        process::run(cargo.args(["run", "--quiet", "--package", "han", "--"]).arg(&file))?;
        Ok(fs::read(file)?)
    }

    /// Adds a file whose name says what is in it, and returns its path on the site.
    fn add(&self, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
        let path = hashed_path(stem, extension, content);
        fs::write(self.folder.join(path.trim_start_matches('/')), content)?;
        Ok(path)
    }

    fn copy(&self, from: &Path, to: &str, without: &[&str]) -> Result<()> {
        for file in files_below(from)? {
            let name = file.strip_prefix(from)?;
            if !without.iter().any(|excluded| name == Path::new(excluded)) {
                let target = self.folder.join(to).join(name);
                target.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::copy(&file, target)?;
            }
        }
        Ok(())
    }

    /// What the app needs to start offline: everything but the worker itself and the pictures for installers.
    fn kept_files(&self) -> Result<Vec<String>> {
        let mut kept = vec!["/".to_owned()];
        for file in files_below(&self.folder)? {
            let name = file.strip_prefix(&self.folder)?.to_string_lossy().into_owned();
            if name != "index.html" && name != "sw.js" && !name.starts_with("screenshots/") {
                kept.push(format!("/{name}"));
            }
        }
        Ok(kept)
    }
}

/// A path that changes with the content, so that it may be kept for ever.
fn hashed_path(stem: &str, extension: &str, content: &[u8]) -> String {
    format!("/pkg/{stem}.{}.{extension}", &hex(content)[..8])
}

#[cfg(test)]
mod tests {
    use super::hashed_path;

    #[test]
    fn a_name_follows_the_content() {
        assert_eq!(hashed_path("rounds", "css", b"a{}"), hashed_path("rounds", "css", b"a{}"));
        assert_ne!(hashed_path("rounds", "css", b"a{}"), hashed_path("rounds", "css", b"b{}"));
        assert_eq!(hashed_path("boot", "js", b""), "/pkg/boot.e3b0c442.js");
    }
}
