//! Skipping work whose inputs have not changed: a hash of the inputs is kept in a stamp file beside the result.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Collects the inputs of a piece of work.
pub struct Fingerprint(Sha256);

/// The hash of all inputs, as hexadecimal digits.
#[derive(Debug, PartialEq, Eq)]
pub struct Stamp(String);

impl Fingerprint {
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    /// A value, such as a version or an option.
    pub fn text(mut self, text: &str) -> Self {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
        self
    }

    /// A file by its content; one that is missing is an input, too.
    pub fn content(self, file: &Path) -> Result<Self> {
        let content = match std::fs::read(file) {
            Ok(content) => hex(&content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "missing".to_owned(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        Ok(self.text(&content))
    }

    /// A big file by its size and time of change: cargo leaves both alone when nothing changed.
    pub fn metadata(self, file: &Path) -> Result<Self> {
        let found = std::fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?;
        Ok(self.text(&format!("{} {:?}", found.len(), found.modified()?)))
    }

    /// Every file of a folder by name and content.
    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for file in files_below(folder)? {
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
            self = self.text(&name).content(&file)?;
        }
        Ok(self)
    }

    pub fn finish(self) -> Stamp {
        Stamp(digits(&self.0.finalize()))
    }
}

impl Stamp {
    /// Whether the stamp file says that the work was done for these very inputs.
    pub fn is_at(&self, file: &Path) -> bool {
        std::fs::read_to_string(file).is_ok_and(|found| found == self.0)
    }

    /// To be called when the work is done.
    pub fn write(&self, file: &Path) -> Result<()> {
        std::fs::write(file, &self.0).with_context(|| format!("cannot write {}", file.display()))
    }

    /// A hash short enough for a file name.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

/// SHA-256 as hexadecimal digits.
pub fn hex(content: &[u8]) -> String {
    digits(&Sha256::digest(content))
}

/// All files in a folder and its folders, sorted; none when there is no such folder.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Bytes as hexadecimal digits.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("rounds-x-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        folder
    }

    #[test]
    fn a_stamp_is_fresh_until_an_input_changes() {
        let folder = scratch("fresh");
        let stamp_file = folder.with_extension("stamp");
        let stamp = || Fingerprint::new().folder(&folder).unwrap().text("v1").finish();
        std::fs::write(folder.join("inner/a.css"), "a{}").unwrap();
        assert!(!stamp().is_at(&stamp_file), "nothing was done yet");
        stamp().write(&stamp_file).unwrap();
        assert!(stamp().is_at(&stamp_file));
        std::fs::write(folder.join("inner/a.css"), "b{}").unwrap();
        assert!(!stamp().is_at(&stamp_file), "a changed file");
        std::fs::write(folder.join("inner/a.css"), "a{}").unwrap();
        std::fs::rename(folder.join("inner/a.css"), folder.join("inner/b.css")).unwrap();
        assert!(!stamp().is_at(&stamp_file), "a renamed file");
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::remove_file(&stamp_file).unwrap();
    }

    #[test]
    fn neighbouring_inputs_do_not_run_together() {
        let joined = Fingerprint::new().text("ab").text("c").finish();
        let split = Fingerprint::new().text("a").text("bc").finish();
        assert_ne!(joined, split);
    }
}
