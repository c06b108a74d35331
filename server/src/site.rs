//! The site: the shell, the service worker and the hashed files, carried by the binary or read from a folder.

use crate::{
    db::{self, Pool},
    error::ApiError,
    now::now_ms,
    secret::hex,
};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, io, path::Path};

/// Files of this many builds stay in the database, this one included.
const BUILDS_KEPT: i64 = 3;

/// (name, bytes) of every file the binary carries; see `build.rs`.
const CARRIED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The files of one build, in memory, by the path they are asked for.
#[derive(Default)]
pub struct Site {
    files: HashMap<String, SiteFile>,
}

/// One file; its compressed form is a file of its own, ending in `.br`.
#[derive(Clone)]
pub struct SiteFile {
    pub body: axum::body::Bytes,
    pub content_type: String,
    /// A strong validator, quotes included.
    pub etag: String,
}

impl Site {
    /// The site the binary was built with: inside a release binary, in its folder for a debug one. Without a bundle there is
    /// none, and the instance answers the API alone.
    pub fn built_in() -> Self {
        if cfg!(debug_assertions) {
            Site::from_folder(Path::new(env!("ROUNDS_BUILT_SITE"))).unwrap_or_default()
        } else {
            Site::from_files(CARRIED.iter().map(|(name, body)| ((*name).to_owned(), body.to_vec())))
        }
    }

    /// The site in a folder, as it is now.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(folder, "", &mut files)?;
        Ok(Site::from_files(files))
    }

    /// A site of (name, bytes), the names without a leading slash.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(name, body)| {
            let etag = format!("\"{}\"", hex(&Sha256::digest(&body)[..8]));
            (format!("/{name}"), SiteFile { content_type: content_type(&name), body: body.into(), etag })
        });
        Site { files: files.collect() }
    }

    /// A file by the path it is asked for, such as `/sw.js`.
    pub fn get(&self, path: &str) -> Option<&SiteFile> {
        self.files.get(path)
    }

    /// Puts this build's hashed files where every instance finds them, and forgets builds older than the last three.
    ///
    /// # Errors
    /// The database's.
    pub async fn publish(&self, pool: &Pool) -> Result<(), ApiError> {
        let mut files: Vec<_> = self.files.iter().filter(|(path, _)| path.starts_with("/pkg/")).collect();
        if files.is_empty() {
            return Ok(());
        }
        files.sort_by_key(|(path, _)| *path);
        // The names carry hashes of the contents, so the names name the build.
        let names = files.iter().fold(Sha256::new(), |hash, (path, _)| hash.chain_update(path).chain_update([0]));
        let build = hex(&names.finalize()[..8]);
        let files: Vec<db::site_file::SiteFile> =
            files.iter().map(|(path, file)| (path.as_str(), file.content_type.as_str(), file.body.as_ref())).collect();
        Ok(db::site_file::publish(pool, &build, &files, BUILDS_KEPT, now_ms()).await?)
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// By the name without `.br`: that ending says how a file is packed, not what it is.
fn content_type(name: &str) -> String {
    let plain = name.strip_suffix(".br").unwrap_or(name);
    if plain.ends_with(".webmanifest") {
        return "application/manifest+json".into();
    }
    let kind = mime_guess::from_path(plain).first_or_octet_stream();
    if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}
