//! The files of a folder, and which of them mean something.

use super::{encoding, table::Table};
use encoding_rs::Encoding;
use std::{io, path::Path};

const ACCOUNTS: &str = "accounts.csv";
const TEAMS: &str = "sales_teams.csv";
const PIPELINE: &str = "sales_pipeline.csv";
const PRODUCTS: &str = "products.csv";

/// A folder's tables, decoded.
#[derive(Debug, Default)]
pub struct Folder {
    /// The folder's own name: the company's, where none is given.
    pub name: String,
    pub teams: Option<Table>,
    pub accounts: Option<Table>,
    pub pipeline: Option<Table>,
    /// (file, what is done with it), by name.
    pub files: Vec<(String, String)>,
}

impl Folder {
    /// Reads a folder. Files of other names are listed, not opened.
    ///
    /// # Errors
    /// The folder or a file of it cannot be read.
    pub fn read(path: &Path, named: Option<&'static Encoding>) -> io::Result<Folder> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_type()?.is_file() || entry.path().is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        let is_read = |name: &str| [ACCOUNTS, TEAMS, PIPELINE].contains(&name.to_lowercase().as_str());
        let bytes = |name: &String| if is_read(name) { std::fs::read(path.join(name)) } else { Ok(Vec::new()) };
        let files = names.iter().map(|name| Ok((name.clone(), bytes(name)?))).collect::<io::Result<Vec<_>>>()?;
        let own_name = path.canonicalize()?.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Folder { name: own_name.unwrap_or_default(), ..Folder::of(&files, named) })
    }

    /// The same from files in memory, as (name, bytes).
    pub fn of(files: &[(String, Vec<u8>)], named: Option<&'static Encoding>) -> Folder {
        let mut folder = Folder::default();
        for (name, bytes) in files {
            let read = |purpose: &str| {
                let (text, encoding) = encoding::decode(bytes, named);
                let table = Table::parse(name, &text);
                let done = format!("{} lines, {encoding}{purpose}", table.lines.len() + table.troubles.len());
                (Some(table), done)
            };
            let done;
            match name.to_lowercase().as_str() {
                TEAMS => (folder.teams, done) = read(""),
                ACCOUNTS => (folder.accounts, done) = read(""),
                PIPELINE => (folder.pipeline, done) = read(", used only to find the owners of accounts"),
                PRODUCTS => done = "not taken: Rounds has no products".to_owned(),
                _ => done = "not taken: no file of this name is known".to_owned(),
            }
            folder.files.push((name.clone(), done));
        }
        folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_said_to_be_taken_or_not() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let folder =
            Folder::of(&[file("Accounts.CSV", "account\nAcme\n"), file("notes.txt", ""), file("products.csv", "")], None);
        assert_eq!(folder.accounts.map(|table| table.lines.len()), Some(1));
        let done: Vec<_> = folder.files.iter().map(|(_, done)| done.as_str()).collect();
        assert_eq!(done, ["1 lines, UTF-8", "not taken: no file of this name is known", "not taken: Rounds has no products"]);
    }
}
