use super::{Reason, key::Key};
use crate::{Id, fold::fold};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Records by what people call them: those a company has, and those an import brings beside them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    called: HashMap<(String, String), BTreeMap<Id, Called>>,
    /// Every record the company has, the deleted too.
    stored: BTreeSet<Id>,
}

#[derive(Clone, Copy, Debug)]
struct Called {
    root: Option<Id>,
    is_stored: bool,
}

impl Names {
    /// A record that the company has; without names when it is gone.
    pub fn store<'a>(&mut self, kind: &str, id: Id, root: Option<Id>, names: impl IntoIterator<Item = &'a str>) {
        self.stored.insert(id);
        names.into_iter().for_each(|name| self.put(kind, id, root, name, true));
    }

    /// A record that an import brings, or one of the company's by another name. `root` is the record it belongs to.
    pub fn add(&mut self, kind: &str, id: Id, root: Option<Id>, name: &str) {
        self.put(kind, id, root, name, false);
    }

    fn put(&mut self, kind: &str, id: Id, root: Option<Id>, name: &str, is_stored: bool) {
        let name = fold(name);
        if !name.is_empty() {
            self.called.entry((kind.to_owned(), name)).or_default().entry(id).or_insert(Called { root, is_stored });
        }
    }

    /// Takes back what an import brought under this name.
    pub fn remove(&mut self, kind: &str, id: Id, name: &str) {
        if let Some(called) = self.called.get_mut(&(kind.to_owned(), fold(name))) {
            called.retain(|other, called| *other != id || called.is_stored);
        }
    }

    /// The record that somebody means who belongs to `root` himself: of several, the one that belongs there too.
    pub fn find(&self, kind: &str, name: &str, root: Option<Id>) -> Result<Id, Reason> {
        let called = self.called.get(&(kind.to_owned(), fold(name))).into_iter().flatten();
        let all: Vec<(Id, Option<Id>)> = called.map(|(id, called)| (*id, called.root)).collect();
        let near: Vec<Id> = all.iter().filter(|(_, other)| *other == root).map(|(id, _)| *id).collect();
        match (near.as_slice(), all.as_slice()) {
            ([one], _) | ([], [(one, _)]) => Ok(*one),
            (_, []) => Err(Reason::Unknown { name: name.to_owned() }),
            _ => Err(Reason::Ambiguous { name: name.to_owned() }),
        }
    }

    /// The id under which an import writes a record: what an earlier import made, else the company's only record of this
    /// title at this place, else a new one.
    pub fn id_for(&self, company: Id, key: &Key) -> Id {
        let own = key.id(company);
        if self.stored.contains(&own) || !key.marks.is_empty() {
            return own;
        }
        let called = self.called.get(&(key.kind.clone(), key.title.clone())).into_iter().flatten();
        let mut alike = called.filter(|(_, called)| called.is_stored && called.root == key.root).map(|(id, _)| *id);
        match (alike.next(), alike.next()) {
            (Some(only), None) => only,
            _ => own,
        }
    }
}
