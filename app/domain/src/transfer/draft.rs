//! A record as a file describes it, and how it meets what the company has.

use crate::{
    Clock, Id, Row, Schema, Value, ids,
    row::{Cell, Created, Element},
};
use std::collections::{BTreeMap, BTreeSet};

/// The field that keeps what no other field takes.
pub const IMPORTED: &str = "imported";

/// A record out of a file, every value in canonical form.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub kind: String,
    pub id: Id,
    pub values: BTreeMap<String, Value>,
}

/// What becomes of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Merged {
    Added(Row),
    Changed(Row),
    /// Nothing to write.
    Unchanged,
    /// Somebody deleted it: it stays so.
    Deleted,
}

impl Draft {
    pub fn new(kind: &str, id: Id) -> Draft {
        Draft { kind: kind.to_owned(), id, values: BTreeMap::new() }
    }

    pub fn put(&mut self, field: &str, value: impl Into<Value>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// Keeps a cell that no field takes under its column's header.
    pub fn keep(&mut self, column: &str, text: &str) {
        let kept = self.values.entry(IMPORTED.to_owned()).or_insert_with(|| Value::Object(Default::default()));
        if let Value::Object(columns) = kept {
            columns.insert(column.to_owned(), Value::from(text));
        }
    }

    /// The row to write at `now`, beside how many of its values give way to what people entered since: a field is set where
    /// it has never been, or where it was last set by an import (an edit without actor).
    pub fn merge(&self, stored: Option<&Row>, schema: &Schema, now: i64) -> (Merged, usize) {
        let clock = Clock { ms: now, counter: 0, device: Id::nil() };
        let Some(stored) = stored else {
            let mut row = Row::new(self.kind.clone(), self.id);
            row.created = Some(Created { first: clock, by: Id::nil(), last: clock });
            self.values.iter().for_each(|(field, value)| self.set(&mut row, field, value, clock, schema));
            return (Merged::Added(row), 0);
        };
        if !stored.is_alive() {
            return (Merged::Deleted, 0);
        }
        let mut row = stored.clone();
        let mut left = 0;
        for (field, value) in &self.values {
            match stored.cells.get(field) {
                Some(cell) if cell.value == *value => {}
                Some(cell) if !cell.actor.is_nil() => left += 1,
                Some(cell) => self.set(&mut row, field, value, cell.clock.next(now, Id::nil()), schema),
                None => self.set(&mut row, field, value, clock, schema),
            }
        }
        (if row == *stored { Merged::Unchanged } else { Merged::Changed(row) }, left)
    }

    fn set(&self, row: &mut Row, field: &str, value: &Value, clock: Clock, schema: &Schema) {
        if !schema.field(&self.kind, field).is_some_and(|spec| spec.is_set()) {
            row.cells.insert(field.to_owned(), Cell { value: value.clone(), clock, actor: Id::nil(), seq: 0 });
            return;
        }
        let set = row.sets.entry(field.to_owned()).or_default();
        for element in value.as_array().into_iter().flatten() {
            // An element that was ever there, even one taken out since, was decided by people.
            set.entry(element.to_string()).or_insert_with(|| {
                let addition = ids::derived(self.id, &format!("import:{field}:{element}"));
                Element { value: element.clone(), added: BTreeMap::from([(addition, clock)]), removed: BTreeSet::new() }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records;
    use serde_json::json;

    fn draft() -> Draft {
        let mut draft = Draft::new("account", Id::from_u128(7));
        draft.put("name", "Acme");
        draft.put("tags", json!(["old", "vip"]));
        draft.keep("fax", "123");
        draft
    }

    fn added(draft: &Draft) -> Row {
        let (Merged::Added(row), 0) = draft.merge(None, &records::schema(), 1000) else { panic!() };
        row
    }

    #[test]
    fn a_second_import_writes_nothing() {
        let row = added(&draft());
        assert_eq!(row.value("tags"), json!(["old", "vip"]));
        assert_eq!(row.value("imported"), json!({ "fax": "123" }));
        assert_eq!(draft().merge(Some(&row), &records::schema(), 2000), (Merged::Unchanged, 0));
    }

    #[test]
    fn what_people_entered_stays_and_what_an_import_entered_follows_the_file() {
        let mut row = added(&draft());
        let edit = Cell {
            value: json!("Acme Ltd"),
            clock: Clock { ms: 1500, counter: 0, device: Id::from_u128(1) },
            actor: Id::from_u128(2),
            seq: 3,
        };
        row.cells.insert("name".into(), edit.clone());
        let mut next = draft();
        next.put("industry", "retail");
        next.keep("fax", "456");
        let (Merged::Changed(merged), 1) = next.merge(Some(&row), &records::schema(), 900) else { panic!() };
        assert_eq!(merged.cells["name"], edit);
        assert_eq!(merged.text("industry"), "retail");
        assert_eq!(merged.value("imported"), json!({ "fax": "456" }));
        assert!(merged.cells["imported"].clock > row.cells["imported"].clock, "later even when the server's clock went back");
    }

    #[test]
    fn the_deleted_stays_deleted_and_a_removed_element_removed() {
        let mut row = added(&draft());
        let set = row.sets.get_mut("tags").unwrap().get_mut("\"old\"").unwrap();
        set.removed.extend(set.added.keys().copied().collect::<Vec<_>>());
        assert_eq!(draft().merge(Some(&row), &records::schema(), 2000).0, Merged::Unchanged);
        let clock = Clock { ms: 3000, counter: 0, device: Id::from_u128(1) };
        row.deleted = Some(crate::row::Deleted { seen: row.clocks(), clock, by: Id::from_u128(2) });
        assert_eq!(draft().merge(Some(&row), &records::schema(), 4000).0, Merged::Deleted);
    }
}
