//! Builds a row as its maker would have made it.

use domain::{
    Clock, Id, Row, Value, ids,
    row::{Cell, Created, Element},
};
use std::collections::{BTreeMap, BTreeSet};

/// A row under construction: everything in it is of one moment and one member.
pub struct Maker {
    row: Row,
    clock: Clock,
    actor: Id,
}

impl Maker {
    /// A record that `actor` made at `at` (UTC milliseconds).
    pub fn new(kind: &str, id: Id, at: i64, actor: Id) -> Maker {
        let clock = Clock { ms: at, counter: 0, device: Id::nil() };
        let mut row = Row::new(kind, id);
        row.created = Some(Created { first: clock, by: actor, last: clock });
        Maker { row, clock, actor }
    }

    /// Sets a register to a canonical value; nothing and empty text leave it unset.
    pub fn put(mut self, field: &str, value: impl Into<Value>) -> Maker {
        let value = value.into();
        if !value.is_null() && value != "" {
            self.row.cells.insert(field.to_owned(), Cell { value, clock: self.clock, actor: self.actor, seq: 0 });
        }
        self
    }

    /// Adds the elements of a set.
    pub fn set(mut self, field: &str, elements: impl IntoIterator<Item = Value>) -> Maker {
        for value in elements {
            let addition = ids::derived(self.row.id, &format!("{field}:{value}"));
            let element = Element { value, added: BTreeMap::from([(addition, self.clock)]), removed: BTreeSet::new() };
            self.row.sets.entry(field.to_owned()).or_default().insert(element.value.to_string(), element);
        }
        self
    }

    pub fn row(self) -> Row {
        self.row
    }
}
