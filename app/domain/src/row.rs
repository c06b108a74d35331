//! A record as it is stored and sent: per field a value and the clock of its edit, so that edits merge in any order.
//!
//! Registers, sets and deletes are commutative, associative and idempotent; `tests/merge_laws.rs` proves it over all
//! permutations. Long text merges by paragraph, and a claim goes by who comes first: both depend on the order the server
//! takes edits in.

use crate::{
    Clock, Id, Value,
    change::{Act, Op},
    paragraphs, reads, sorting,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One record. Fields this build does not know are kept and passed on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub id: Id,
    pub kind: String,
    /// The feed's sequence number of the last change; 0 while only this device knows the record.
    pub seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Created>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub cells: BTreeMap<String, Cell>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, BTreeMap<String, Element>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deleted>,
}

reads!(Row { id, kind, seq or default, created, cells or default, sets or default, deleted });

/// When and by whom the record came into being (the earliest creation), and when it was last brought back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Created {
    pub first: Clock,
    pub by: Id,
    pub last: Clock,
}

reads!(Created { first, by, last });

/// The value of a register and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    #[serde(rename = "v")]
    pub value: Value,
    #[serde(rename = "c")]
    pub clock: Clock,
    /// The member who wrote it.
    #[serde(rename = "a")]
    pub actor: Id,
    /// The feed's sequence number at which the server took it: what was after a device's base_seq, its user had not seen.
    #[serde(rename = "s")]
    pub seq: u64,
}

reads!(Cell { value as "v", clock as "c", actor as "a", seq as "s" or default });

/// One element of a set: present while an addition is not among the removed ones (an OR-set, Shapiro et al. 2011).
/// Additions go by the op's id, which survives a clock's shift and a device's fork.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Element {
    #[serde(rename = "v")]
    pub value: Value,
    #[serde(rename = "add")]
    pub added: BTreeMap<Id, Clock>,
    #[serde(rename = "rem", skip_serializing_if = "BTreeSet::is_empty")]
    pub removed: BTreeSet<Id>,
}

reads!(Element { value as "v", added as "add" or default, removed as "rem" or default });

impl Element {
    fn is_present(&self) -> bool {
        self.added.keys().any(|op| !self.removed.contains(op))
    }
}

fn present(set: &BTreeMap<String, Element>) -> impl Iterator<Item = &Value> {
    set.values().filter(|element| element.is_present()).map(|element| &element.value)
}

/// What the deleting users had seen: the record lives as soon as some field's clock is later (sync.md, item 11).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deleted {
    pub seen: BTreeMap<String, Clock>,
    pub clock: Clock,
    pub by: Id,
}

reads!(Deleted { seen, clock, by });

/// What a write did to the row.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// It was there already.
    Unchanged,
    /// It is what the field (or record) now is; `replaced` is what a register was before.
    Won { replaced: Option<Cell> },
    /// What the field has is later; `kept` is that, `lost` what the write would have set.
    Lost { kept: Cell, lost: Cell },
    /// Somebody else has what was claimed: `kept`.
    TooLate { kept: Cell },
    /// Both texts are in the field now.
    Combined { replaced: Cell },
}

/// The name under which a record's existence has a clock among those of its fields.
pub const EXISTENCE: &str = "$created";

impl Row {
    pub fn new(kind: impl Into<String>, id: Id) -> Row {
        Row { id, kind: kind.into(), seq: 0, created: None, cells: BTreeMap::new(), sets: BTreeMap::new(), deleted: None }
    }

    /// A register's value; `None` for `null` and for sets, whose elements [`Row::elements`] gives.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.cells.get(field).map(|cell| &cell.value).filter(|value| !value.is_null())
    }

    /// A register's value or a set's elements as an array; `null` when there is none.
    pub fn value(&self, field: &str) -> Value {
        match self.sets.get(field) {
            Some(_) => Some(self.elements(field))
                .filter(|found| !found.is_empty())
                .map_or(Value::Null, |found| Value::Array(found.into_iter().cloned().collect())),
            None => self.get(field).cloned().unwrap_or(Value::Null),
        }
    }

    pub fn text(&self, field: &str) -> &str {
        self.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn reference(&self, field: &str) -> Option<Id> {
        Id::try_parse(self.text(field)).ok()
    }

    /// The present elements of a set, ordered by their JSON text.
    pub fn elements(&self, field: &str) -> Vec<&Value> {
        self.sets.get(field).into_iter().flat_map(present).collect()
    }

    /// What [`Row::value`] gives as an array, one by one; a single value is one element.
    pub fn each(&self, field: &str) -> impl Iterator<Item = &Value> {
        let set = self.sets.get(field);
        let cell = if set.is_some() { None } else { self.get(field) };
        let (items, one) = match cell {
            Some(Value::Array(items)) => (items.as_slice(), None),
            one => (&[][..], one),
        };
        set.into_iter().flat_map(present).chain(items).chain(one)
    }

    /// The ids of the additions that make an element present: what a removal has seen.
    pub fn additions(&self, field: &str, element: &Value) -> Vec<Id> {
        let found = self.sets.get(field).and_then(|set| set.get(&element.to_string()));
        found
            .map(|element| element.added.keys().filter(|op| !element.removed.contains(op)).copied().collect())
            .unwrap_or_default()
    }

    /// The clock of every field: what a deletion has seen.
    pub fn clocks(&self) -> BTreeMap<String, Clock> {
        let created = self.created.iter().map(|created| (EXISTENCE.to_owned(), created.last));
        let cells = self.cells.iter().map(|(field, cell)| (field.clone(), cell.clock));
        let latest = |set: &BTreeMap<String, Element>| set.values().flat_map(|element| element.added.values()).max().copied();
        let sets = self.sets.iter().filter_map(|(field, set)| Some((field.clone(), latest(set)?)));
        sorting::map(created.chain(cells).chain(sets))
    }

    pub fn is_alive(&self) -> bool {
        let unseen = |deleted: &Deleted| {
            self.clocks().iter().any(|(field, clock)| deleted.seen.get(field).is_none_or(|seen| clock > seen))
        };
        (self.created.is_some() || !self.cells.is_empty() || !self.sets.is_empty()) && self.deleted.as_ref().is_none_or(unseen)
    }

    /// The plain values of all fields, without merge state: what SQL, reports and exports read.
    pub fn body(&self) -> serde_json::Map<String, Value> {
        let fields = self.cells.keys().chain(self.sets.keys());
        fields.map(|field| (field.clone(), self.value(field))).filter(|(_, value)| !value.is_null()).collect()
    }

    /// Applies one write of `op`; `seq` is what its cells are stamped with. The order of writes does not matter, but for
    /// [`Act::Text`] and [`Act::Claim`], and doing it twice is doing it once.
    pub fn apply(&mut self, op: &Op, act: &Act, seq: u64) -> Effect {
        match act {
            Act::Create { clock } => self.create(*clock, op.actor),
            Act::Set { field, value, clock } => {
                self.set(field, Cell { value: value.clone(), clock: *clock, actor: op.actor, seq })
            }
            Act::Text { field, base, value, clock } => {
                self.text_edit(field, base, Cell { value: value.clone(), clock: *clock, actor: op.actor, seq }, op)
            }
            Act::Add { field, element, clock } => {
                let added = self.element(field, element).added.insert(op.op_id, *clock);
                if added.is_some() { Effect::Unchanged } else { Effect::Won { replaced: None } }
            }
            Act::Remove { field, element, seen, .. } => {
                let removed = &mut self.element(field, element).removed;
                let before = removed.len();
                removed.extend(seen);
                if removed.len() == before { Effect::Unchanged } else { Effect::Won { replaced: None } }
            }
            Act::Claim { field, clock } => {
                self.claim(field, Cell { value: Value::from(op.actor.to_string()), clock: *clock, actor: op.actor, seq })
            }
            Act::Delete { clock, seen } => self.delete(*clock, seen, op.actor),
        }
    }

    fn create(&mut self, clock: Clock, by: Id) -> Effect {
        let Some(created) = &mut self.created else {
            self.created = Some(Created { first: clock, by, last: clock });
            return Effect::Won { replaced: None };
        };
        let before = created.clone();
        if clock < created.first {
            (created.first, created.by) = (clock, by);
        }
        created.last = created.last.max(clock);
        if *created == before { Effect::Unchanged } else { Effect::Won { replaced: None } }
    }

    fn set(&mut self, field: &str, incoming: Cell) -> Effect {
        let Some(current) = self.cells.get_mut(field) else {
            self.cells.insert(field.to_owned(), incoming);
            return Effect::Won { replaced: None };
        };
        // Equal clocks of different values come only from a cloned profile; the values' text decides alike everywhere.
        let rank = |cell: &Cell| (cell.clock, cell.value.to_string());
        match rank(&incoming).cmp(&rank(current)) {
            std::cmp::Ordering::Equal => Effect::Unchanged,
            std::cmp::Ordering::Greater => Effect::Won { replaced: Some(std::mem::replace(current, incoming)) },
            std::cmp::Ordering::Less => Effect::Lost { kept: current.clone(), lost: incoming },
        }
    }

    /// Order decides, not clocks: the cell is later than whatever emptied it, and earlier than all that its author does after
    /// he has seen that.
    fn claim(&mut self, field: &str, incoming: Cell) -> Effect {
        match self.cells.get(field) {
            Some(held) if held.value == incoming.value => Effect::Unchanged,
            Some(held) if !held.value.is_null() => Effect::TooLate { kept: held.clone() },
            before => {
                let after = before.map_or(Clock::ZERO, |before| Clock { device: Id::max(), ..before.clock });
                let clock = after.max(incoming.clock);
                self.cells.insert(field.to_owned(), Cell { clock, ..incoming });
                Effect::Won { replaced: None }
            }
        }
    }

    fn text_edit(&mut self, field: &str, base: &Value, incoming: Cell, op: &Op) -> Effect {
        let Some(current) = self.cells.get_mut(field) else { return self.set(field, incoming) };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let seen = current.value == *base || op.is_own(current.clock);
        if seen || current.value == incoming.value {
            return self.set(field, incoming);
        }
        match paragraphs::merge(&text(base), &text(&current.value), &text(&incoming.value)) {
            Some(merged) => {
                let clock = current.clock.max(incoming.clock);
                Effect::Combined { replaced: std::mem::replace(current, Cell { value: Value::from(merged), clock, ..incoming }) }
            }
            None => self.set(field, incoming),
        }
    }

    fn element(&mut self, field: &str, value: &Value) -> &mut Element {
        let set = self.sets.entry(field.to_owned()).or_default();
        set.entry(value.to_string()).or_insert_with(|| Element {
            value: value.clone(),
            added: BTreeMap::new(),
            removed: BTreeSet::new(),
        })
    }

    fn delete(&mut self, clock: Clock, seen: &BTreeMap<String, Clock>, by: Id) -> Effect {
        let Some(deleted) = &mut self.deleted else {
            self.deleted = Some(Deleted { seen: seen.clone(), clock, by });
            return Effect::Won { replaced: None };
        };
        let before = deleted.clone();
        for (field, clock) in seen {
            let known = deleted.seen.entry(field.clone()).or_insert(*clock);
            *known = (*known).max(*clock);
        }
        if (clock, by) > (deleted.clock, deleted.by) {
            (deleted.clock, deleted.by) = (clock, by);
        }
        if *deleted == before { Effect::Unchanged } else { Effect::Won { replaced: None } }
    }
}
