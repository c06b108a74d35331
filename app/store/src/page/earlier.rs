//! What earlier formats kept in the place of pages: pages of JSON, and before them single rows. Both are only read.

use domain::{
    Clock, Id, Row, Value, json, reads,
    row::{Cell, Created, Deleted, Element, packed::Entry},
};
use std::collections::BTreeMap;

struct Page {
    names: Vec<String>,
    clocks: Vec<Clock>,
    members: Vec<Id>,
    rows: Vec<PackedRow>,
    removed: Vec<Id>,
}

reads!(Page { names, clocks, members, rows, removed or default });

/// Numbers are places in the page's tables.
struct PackedRow {
    id: Id,
    kind: usize,
    seq: u64,
    /// First clock, member, last clock.
    created: Option<(usize, usize, usize)>,
    cells: Vec<PackedCell>,
    sets: BTreeMap<String, BTreeMap<String, Element>>,
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

pub(super) fn entries(text: &str) -> Vec<Entry> {
    let Some(page) = json::parse::<Page>(text) else {
        return json::parse::<Row>(text).map(|row| (row.id, Some(row))).into_iter().collect();
    };
    // Here a damaged row is one that is missing: a comparison with the server finds it and mends it.
    let rows = page.rows.iter().filter_map(|packed| page.row(packed)).map(|row| (row.id, Some(row)));
    page.removed.iter().map(|id| (*id, None)).chain(rows).collect()
}

impl Page {
    fn row(&self, packed: &PackedRow) -> Option<Row> {
        let mut row = Row::new(self.names.get(packed.kind)?.as_str(), packed.id);
        row.seq = packed.seq;
        if let Some((first, by, last)) = packed.created {
            let (first, last) = (*self.clocks.get(first)?, *self.clocks.get(last)?);
            row.created = Some(Created { first, by: *self.members.get(by)?, last });
        }
        for (name, value, clock, actor, seq) in &packed.cells {
            let (clock, actor) = (*self.clocks.get(*clock)?, *self.members.get(*actor)?);
            row.cells.insert(self.names.get(*name)?.clone(), Cell { value: value.clone(), clock, actor, seq: *seq });
        }
        (row.sets, row.deleted) = (packed.sets.clone(), packed.deleted.clone());
        Some(row)
    }
}
