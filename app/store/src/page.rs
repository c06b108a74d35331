//! The base as it is stored: pages of rows, a new one for every change, the later ones above the earlier (a log-structured
//! merge tree; O'Neil et al., 1996). What IndexedDB costs is per record, not per byte (architecture.md, "Storage").
//!
//! A page is the text of [`domain::row::packed`], whose rows are parsed when somebody looks. Small pages at the end are merged
//! with what comes, so that there are about as many as the rows fill, and a few.

use crate::backend::{Change, Found, Read, Table, value};
use domain::{
    Id, Row,
    json::{self, FromJson},
    reads,
    row::packed::{self, Entry},
    sorting::SharedSort,
};
use serde::Serialize;
use std::collections::HashSet;

mod earlier;

/// How many rows a page holds at most.
const ROWS: usize = 1_000;
/// The beginning of the keys of pages.
const KEY: char = 'p';
/// The key in [`Table::Meta`] of the list of pages.
const PAGES: &str = "pages";

/// Rows in the order of their ids, as they are after some pages; `None` for what was removed.
pub(crate) type Rows = Vec<Entry>;

/// Which pages there are: number and entries of each, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Pages(Vec<(u64, usize)>);

reads!(Pages, |value| FromJson::from_json(value).map(Pages));

impl Pages {
    pub fn asked() -> Read {
        Read::get(Table::Meta, PAGES)
    }

    pub fn read(found: &Found) -> Pages {
        value(found).and_then(json::parse).unwrap_or_default()
    }

    /// The pages at the end that are merged with `entries` new ones: small ones, so that each row is rewritten only about as
    /// often as the number of rows has digits in binary.
    pub fn tail(&self, mut entries: usize) -> Read {
        let mut from = self.0.last().map_or(0, |(number, _)| number + 1);
        for (number, held) in self.0.iter().rev() {
            if *held > entries || held + entries > ROWS {
                break;
            }
            (from, entries) = (*number, entries + held);
        }
        self.since(from)
    }

    /// The last `count` pages.
    pub fn last(&self, count: usize) -> Read {
        self.since(self.0.get(self.0.len().saturating_sub(count)).map_or(0, |(number, _)| *number))
    }

    /// The whole table, in pieces of `every` pages.
    pub fn ranges(&self, every: usize) -> Vec<Read> {
        let starts: Vec<Option<String>> = self.0.iter().step_by(every).skip(1).map(|(number, _)| Some(key(*number))).collect();
        let (from, to) = ([None].into_iter().chain(starts.clone()), starts.into_iter().chain([None]));
        from.zip(to).map(|(from, to)| Read::Range { table: Table::Base, from, to, limit: None }).collect()
    }

    fn since(&self, number: u64) -> Read {
        Read::Range { table: Table::Base, from: Some(key(number)), to: None, limit: None }
    }

    /// How many entries all pages hold, those of one record in several pages counted each.
    pub fn entries(&self) -> usize {
        self.0.iter().map(|(_, entries)| entries).sum()
    }

    /// Puts rows and removals above what is there, merged with the pages of [`Pages::tail`] where `tail` brings them. Damaged
    /// pages stay as they are: until what is missing in them is mended, they tell of it.
    pub fn append(&mut self, tail: &Found, rows: &[Row], removed: &[Id]) -> Vec<Change> {
        if rows.is_empty() && removed.is_empty() {
            return Vec::new();
        }
        let (none, whole) = (Found::new(), |(page, text): &(String, String)| {
            let listed = self.listed().find(|(key, _)| key == page).map_or(0, |(_, listed)| listed);
            entries(text.clone()).len() >= listed
        });
        let tail = if tail.iter().all(whole) { tail } else { &none };
        let before = folded(tail);
        let before = before.iter().map(|(id, row)| (*id, row.as_ref()));
        let rows = rows.iter().map(|row| (row.id, Some(row)));
        let all: Vec<_> = before.chain(rows).chain(removed.iter().map(|id| (*id, None))).collect();
        let mut known = HashSet::with_capacity(all.len());
        // Many rows come in pages of the server's, which are stored as they are unless they have to be put in order.
        let merged = if all.iter().all(|(id, _)| known.insert(*id)) { all } else { latest(all) };
        let mut changes: Vec<Change> = tail.iter().map(|(key, _)| Change::delete(Table::Base, key.clone())).collect();
        let next = self.0.last().map_or(0, |(number, _)| number + 1);
        self.0.retain(|(number, _)| !tail.iter().any(|(merged, _)| *merged == key(*number)));
        for (entries, number) in merged.chunks(ROWS).zip(next..) {
            changes.push(Change::put(Table::Base, key(number), packed::pack(entries)));
            self.0.push((number, entries.len()));
        }
        changes.push(self.write());
        changes
    }

    /// Puts rows in the place of everything that is there.
    pub fn replace(&mut self, rows: &[Row]) -> Vec<Change> {
        self.0.clear();
        let mut changes = vec![Change::Clear { table: Table::Base }, self.write()];
        changes.extend(self.append(&Found::new(), rows, &[]));
        changes
    }

    /// Writes a page anew with what can be read of it: in the form of today, without what is damaged.
    pub fn renew(&mut self, page: &str, found: &Found) -> Vec<Change> {
        let Some(at) = self.0.iter().position(|(number, _)| key(*number) == page) else { return Vec::new() };
        let text = value(found).unwrap_or_default();
        let entries = entries(text.to_owned());
        if packed::is_page(text) && entries.len() == self.0[at].1 {
            return Vec::new();
        }
        let change = match entries.len() {
            0 => {
                self.0.remove(at);
                Change::delete(Table::Base, page)
            }
            held => {
                self.0[at].1 = held;
                let entries: Vec<_> = entries.iter().map(|(id, row)| (*id, row.as_ref())).collect();
                Change::put(Table::Base, page, packed::pack(&entries))
            }
        };
        vec![change, self.write()]
    }

    /// The keys of the pages, and how many entries each should hold.
    pub fn listed(&self) -> impl Iterator<Item = (String, usize)> {
        self.0.iter().map(|(number, entries)| (key(*number), *entries))
    }

    fn write(&self) -> Change {
        Change::put(Table::Meta, PAGES, serde_json::to_string(self).unwrap_or_default())
    }
}

/// What pages say together, the later ones above the earlier.
pub(crate) fn folded(pages: &Found) -> Rows {
    latest(pages.iter().flat_map(|(_, text)| entries(text.clone())).collect())
}

/// The last of the entries of each id.
fn latest<T>(mut entries: Vec<(Id, T)>) -> Vec<(Id, T)> {
    entries.shared_sort_by_key(|(id, _)| *id);
    entries.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
    entries
}

/// The entry of an id.
pub(crate) fn entry(rows: &Rows, id: Id) -> Option<&Option<Row>> {
    rows.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| &rows[at].1)
}

/// The rows of all pages, in no particular order.
pub(crate) fn rows(pages: Found) -> Vec<Row> {
    let (mut rows, mut known) = (Vec::new(), HashSet::new());
    for (_, text) in pages.into_iter().rev() {
        rows.extend(entries(text).into_iter().filter(|(id, _)| known.insert(*id)).filter_map(|(_, row)| row));
    }
    rows
}

/// The rows as they would come from the disk.
pub(crate) fn packed(rows: &[Row]) -> Vec<Row> {
    let text = packed::pack(&rows.iter().map(|row| (row.id, Some(row))).collect::<Vec<_>>());
    packed::unpack(text).into_iter().filter_map(|(_, row)| row).collect()
}

/// Whether it is a page, and of an earlier form.
pub(crate) fn is_earlier(key: &str, text: &str) -> bool {
    key.starts_with(KEY) && !packed::is_page(text)
}

/// Sorts after the ids under which an earlier format kept single rows, so that pages count more.
fn key(number: u64) -> String {
    format!("{KEY}{number:012}")
}

/// The entries of a page, or of what earlier formats kept.
pub(crate) fn entries(text: String) -> Vec<Entry> {
    if packed::is_page(&text) { packed::unpack(text) } else { earlier::entries(&text) }
}

#[cfg(test)]
mod tests;
