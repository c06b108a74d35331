//! The files of a folder, and which of them mean something.

use super::{encoding, table::Table};
use domain::{
    KindSpec,
    records::{self, Account},
    transfer::kind_of,
};
use encoding_rs::Encoding;
use std::{io, path::Path};

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
    /// Records of other kinds, at most one file of each.
    pub others: Vec<(KindSpec, Table)>,
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
        let schema = records::schema();
        let is_read = |name: &str| [TEAMS, PIPELINE].contains(&name.to_lowercase().as_str()) || kind_of(&schema, name).is_some();
        let bytes = |name: &String| if is_read(name) { std::fs::read(path.join(name)) } else { Ok(Vec::new()) };
        let files = names.iter().map(|name| Ok((name.clone(), bytes(name)?))).collect::<io::Result<Vec<_>>>()?;
        let own_name = path.canonicalize()?.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Folder { name: own_name.unwrap_or_default(), ..Folder::of(&files, named) })
    }

    /// The same from files in memory, as (name, bytes).
    pub fn of(files: &[(String, Vec<u8>)], named: Option<&'static Encoding>) -> Folder {
        let mut folder = Folder::default();
        let schema = records::schema();
        for (name, bytes) in files {
            let done = match (name.to_lowercase().as_str(), kind_of(&schema, name)) {
                (TEAMS, _) => read(name, bytes, named, &mut folder.teams),
                (PIPELINE, _) => read(name, bytes, named, &mut folder.pipeline) + ", used only to find the owners of accounts",
                (_, Some(kind)) if folder.holds(kind) => format!("not taken: another file holds the {} records", kind.name),
                (_, Some(kind)) if kind.name == Account::KIND => read(name, bytes, named, &mut folder.accounts),
                (_, Some(kind)) => {
                    let mut table = None;
                    let done = read(name, bytes, named, &mut table);
                    folder.others.extend(table.map(|table| (kind.clone(), table)));
                    done
                }
                (PRODUCTS, None) => "not taken: Rounds has no products".to_owned(),
                (_, None) => "not taken: no file of this name is known".to_owned(),
            };
            folder.files.push((name.clone(), done));
        }
        folder
    }

    /// Whether nothing in it can be imported.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_none() && self.teams.is_none() && self.others.is_empty()
    }

    fn holds(&self, kind: &KindSpec) -> bool {
        let has_accounts = kind.name == Account::KIND && self.accounts.is_some();
        has_accounts || self.others.iter().any(|(other, _)| other.name == kind.name)
    }
}

/// Decodes a file into its table; says how.
fn read(name: &str, bytes: &[u8], named: Option<&'static Encoding>, table: &mut Option<Table>) -> String {
    let (text, encoding) = encoding::decode(bytes, named);
    let table = table.insert(Table::parse(name, &text));
    format!("{} lines, {encoding}", table.lines.len() + table.troubles.len())
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

    #[test]
    fn a_file_named_after_a_kind_in_any_language_is_taken_once() {
        let names = ["contacts.csv", "跟进.CSV", "FOLLOW-UPS.csv", "客戶.csv", "members.csv", "contacts.txt"];
        let folder = Folder::of(&names.map(|name| (name.to_owned(), b"a\n".to_vec())), None);
        let kinds: Vec<_> = folder.others.iter().map(|(kind, table)| (kind.name.as_ref(), table.file.as_str())).collect();
        assert_eq!(kinds, [("contact", "contacts.csv"), ("follow_up", "跟进.CSV")]);
        assert!(folder.accounts.is_some());
        let left: Vec<_> = folder.files.iter().filter(|(_, done)| done.starts_with("not taken")).map(|(name, _)| name).collect();
        assert_eq!(left, ["FOLLOW-UPS.csv", "members.csv", "contacts.txt"]);
    }
}
