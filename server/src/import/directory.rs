//! Who and what a company has already, as far as an import needs it to find records by name.

use domain::{Id, fold::fold, transfer, wire::Role};
use std::collections::HashMap;

/// A record in short.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    pub kind: String,
    pub id: Id,
    /// The record it belongs to.
    pub root: Option<Id>,
    /// Its title.
    pub name: String,
    pub email: Option<String>,
    /// Of a member.
    pub role: Option<Role>,
    /// Of an account.
    pub owner: Option<Id>,
    /// It was deleted, or the member left.
    pub is_gone: bool,
}

/// The company's entries, found by id or name.
#[derive(Debug, Default)]
pub struct Directory {
    entries: HashMap<Id, Entry>,
    by_name: HashMap<(String, String), Id>,
}

impl Directory {
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Directory {
        let mut directory = Directory::default();
        for entry in entries {
            for name in [Some(&entry.name), entry.email.as_ref()].into_iter().flatten().filter(|_| !entry.is_gone) {
                let known = directory.by_name.entry((entry.kind.clone(), fold(name))).or_insert(entry.id);
                // The same whatever the order in which the database gives them.
                *known = entry.id.min(*known);
            }
            directory.entries.insert(entry.id, entry);
        }
        directory
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub fn get(&self, id: Id) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The record of this name or e-mail address that is not gone.
    pub fn named(&self, kind: &str, name: &str) -> Option<&Entry> {
        self.get(*self.by_name.get(&(kind.to_owned(), fold(name)))?)
    }

    /// Members who are still there.
    pub fn members(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(|entry| entry.kind == "member" && !entry.is_gone)
    }

    /// The id under which an import writes a record of this name: what an earlier import made, else whatever is called so,
    /// else the one that every import of it derives.
    pub fn id_for(&self, company: Id, kind: &str, name: &str) -> Id {
        let own = imported_id(company, kind, name);
        match self.named(kind, name) {
            Some(entry) if !self.entries.contains_key(&own) => entry.id,
            _ => own,
        }
    }
}

/// The id of a record that came from a file: the same for the same company, kind and name, so that a second import meets it.
pub fn imported_id(company: Id, kind: &str, name: &str) -> Id {
    transfer::imported_id(company, kind, &fold(name))
}
