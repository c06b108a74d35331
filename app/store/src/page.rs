//! The base as it is stored: pages of rows, a new one for every change, the later ones above the earlier (a log-structured
//! merge tree; O'Neil et al., 1996). What IndexedDB costs is per record, not per byte (architecture.md, "Storage").
//!
//! A page is JSON with a table of the names, clocks and members in it, which otherwise are most of a row. Small pages at
//! the end are merged with what comes, so that there are about as many as the rows fill, and a few.

use crate::backend::{Change, Found, Read, Table, value};
use domain::{
    Clock, Id, Row, Value,
    json::{self, FromJson},
    reads,
    row::{Cell, Created, Deleted, Element},
    sorting::{SharedSort, map},
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// How many rows a page holds at most.
const ROWS: usize = 1_000;
/// The key in [`Table::Meta`] of the list of pages.
const PAGES: &str = "pages";

/// Rows in the order of their ids, as they are after some pages; `None` for what was removed.
pub(crate) type Rows = Vec<(Id, Option<Row>)>;

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

    fn since(&self, number: u64) -> Read {
        Read::Range { table: Table::Base, from: Some(key(number)), to: None, limit: None }
    }

    /// How many entries all pages hold, those of one record in several pages counted each.
    pub fn entries(&self) -> usize {
        self.0.iter().map(|(_, entries)| entries).sum()
    }

    /// Puts rows and removals above what is there, merged with the pages of [`Pages::tail`] where `tail` brings them.
    pub fn append(&mut self, tail: &Found, rows: &[Row], removed: &[Id]) -> Vec<Change> {
        if rows.is_empty() && removed.is_empty() {
            return Vec::new();
        }
        let mut merged = folded(tail);
        merged.extend(rows.iter().map(|row| (row.id, Some(row.clone()))));
        merged.extend(removed.iter().map(|id| (*id, None)));
        let merged = latest(merged);
        let mut changes: Vec<Change> = tail.iter().map(|(key, _)| Change::delete(Table::Base, key.clone())).collect();
        let next = self.0.last().map_or(0, |(number, _)| number + 1);
        self.0.retain(|(number, _)| !tail.iter().any(|(merged, _)| *merged == key(*number)));
        for (entries, number) in merged.chunks(ROWS).zip(next..) {
            changes.push(Change::put(Table::Base, key(number), packed(entries)));
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

    fn write(&self) -> Change {
        Change::put(Table::Meta, PAGES, serde_json::to_string(self).unwrap_or_default())
    }
}

/// What pages say together, the later ones above the earlier.
pub(crate) fn folded(pages: &Found) -> Rows {
    latest(pages.iter().flat_map(|(_, text)| unpacked(text)).collect())
}

/// The last of the entries of each id.
fn latest(mut entries: Rows) -> Rows {
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

/// The rows of all pages.
pub(crate) fn rows(pages: &Found) -> Vec<Row> {
    folded(pages).into_iter().filter_map(|(_, row)| row).collect()
}

/// Sorts after the ids under which an earlier format kept single rows, so that pages count more.
fn key(number: u64) -> String {
    format!("p{number:012}")
}

#[derive(Default, Serialize)]
struct Page {
    names: Vec<String>,
    clocks: Vec<Clock>,
    members: Vec<Id>,
    rows: Vec<PackedRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Id>,
}

reads!(Page { names, clocks, members, rows, removed or default });

/// Numbers are places in the page's tables.
#[derive(Serialize)]
struct PackedRow {
    #[serde(rename = "i")]
    id: Id,
    #[serde(rename = "k")]
    kind: usize,
    #[serde(rename = "s")]
    seq: u64,
    /// First clock, member, last clock.
    #[serde(rename = "+", skip_serializing_if = "Option::is_none")]
    created: Option<(usize, usize, usize)>,
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty")]
    cells: Vec<PackedCell>,
    #[serde(rename = "e", skip_serializing_if = "BTreeMap::is_empty")]
    sets: BTreeMap<String, BTreeMap<String, Element>>,
    #[serde(rename = "-", skip_serializing_if = "Option::is_none")]
    deleted: Option<Deleted>,
}

reads!(PackedRow {
    id as "i",
    kind as "k",
    seq as "s",
    created as "+",
    cells as "c" or default,
    sets as "e" or default,
    deleted as "-",
});

/// Name, value, clock, member, sequence number.
type PackedCell = (usize, Value, usize, usize, u64);

/// A table in the making: each entry once, by its place.
struct Places<T>(HashMap<T, usize>, Vec<T>);

impl<T: Clone + Eq + std::hash::Hash> Places<T> {
    fn new() -> Self {
        Places(HashMap::new(), Vec::new())
    }

    fn of(&mut self, one: &T) -> usize {
        if let Some(place) = self.0.get(one) {
            return *place;
        }
        self.1.push(one.clone());
        self.0.insert(one.clone(), self.1.len() - 1);
        self.1.len() - 1
    }
}

fn packed(entries: &[(Id, Option<Row>)]) -> String {
    let (mut names, mut clocks, mut members) = (Places::new(), Places::new(), Places::new());
    let mut page = Page::default();
    for (id, row) in entries {
        let Some(row) = row else {
            page.removed.push(*id);
            continue;
        };
        let created = row.created.as_ref();
        page.rows.push(PackedRow {
            id: *id,
            kind: names.of(&row.kind),
            seq: row.seq,
            created: created.map(|made| (clocks.of(&made.first), members.of(&made.by), clocks.of(&made.last))),
            cells: row
                .cells
                .iter()
                .map(|(name, cell)| {
                    (names.of(name), cell.value.clone(), clocks.of(&cell.clock), members.of(&cell.actor), cell.seq)
                })
                .collect(),
            sets: row.sets.clone(),
            deleted: row.deleted.clone(),
        });
    }
    (page.names, page.clocks, page.members) = (names.1, clocks.1, members.1);
    serde_json::to_string(&page).unwrap_or_default()
}

/// The entries of a page, or of what an earlier format kept: one row.
fn unpacked(text: &str) -> Rows {
    match json::parse::<Page>(text) {
        Some(page) => page.entries(),
        None => json::parse::<Row>(text).map(|row| (row.id, Some(row))).into_iter().collect(),
    }
}

impl Page {
    fn entries(self) -> Rows {
        let Page { names, clocks, members, rows, removed } = self;
        let name = |place: usize| names.get(place).cloned();
        let cell = |(field, value, clock, actor, seq): PackedCell| {
            let (clock, actor) = (*clocks.get(clock)?, *members.get(actor)?);
            Some((name(field)?, Cell { value, clock, actor, seq }))
        };
        let row = |packed: PackedRow| {
            let created = match packed.created {
                None => None,
                Some((first, by, last)) => {
                    Some(Created { first: *clocks.get(first)?, by: *members.get(by)?, last: *clocks.get(last)? })
                }
            };
            let cells = map(packed.cells.into_iter().map(cell).collect::<Option<Vec<_>>>()?);
            let PackedRow { id, kind, seq, sets, deleted, .. } = packed;
            Some(Row { id, kind: name(kind)?, seq, created, cells, sets, deleted })
        };
        // Here a damaged row is one that is missing: a comparison with the server finds it and mends it.
        let rows = rows.into_iter().filter_map(row).map(|row| (row.id, Some(row)));
        removed.iter().map(|id| (*id, None)).chain(rows).collect()
    }
}

#[cfg(test)]
mod tests;
