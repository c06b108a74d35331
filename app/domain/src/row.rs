//! A record as it is stored and sent: per field a value and the clock of its edit, so that edits merge in any order.
//!
//! A row from a device's disk is parsed when somebody looks at more of it than [`Row::text`] and its like can tell from its
//! packed form ([`packed`]): a territory has too many rows to parse all of them at every start, and parsed they are too large.
//!
//! Registers, sets and deletes are commutative, associative and idempotent; `tests/merge_laws.rs` proves it over all
//! permutations. Long text merges by paragraph, and a claim goes by who comes first: both depend on the order the server
//! takes edits in.

use crate::{
    Clock, Id, Value,
    change::{Act, Op},
    json::{field, field_or_default, object},
    paragraphs, reads, sorting,
};
use packed::Line;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ops::{Deref, DerefMut},
    sync::OnceLock,
};

pub mod packed;

/// One record. Fields this build does not know are kept and passed on.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: Id,
    pub kind: String,
    /// The feed's sequence number of the last change; 0 while only this device knows the record.
    pub seq: u64,
    /// Where the fields are written while nobody has changed them.
    line: Option<Line>,
    fields: OnceLock<Box<Fields>>,
}

/// What a row holds: it is parsed when it is first asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    pub created: Option<Created>,
    pub cells: BTreeMap<String, Cell>,
    pub sets: BTreeMap<String, BTreeMap<String, Element>>,
    pub deleted: Option<Deleted>,
}

impl Deref for Row {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        self.fields.get_or_init(|| Box::new(self.line.as_ref().and_then(Line::fields).unwrap_or_default()))
    }
}

impl DerefMut for Row {
    fn deref_mut(&mut self) -> &mut Fields {
        let _parsed: &Fields = self;
        self.line = None;
        self.fields.get_mut().expect("fields that were parsed above")
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        (self.id, &self.kind, self.seq, &**self) == (other.id, &other.kind, other.seq, &**other)
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fields { created, cells, sets, deleted } = &**self;
        let mut row = serializer.serialize_struct("Row", 7)?;
        row.serialize_field("id", &self.id)?;
        row.serialize_field("kind", &self.kind)?;
        row.serialize_field("seq", &self.seq)?;
        created.iter().try_for_each(|created| row.serialize_field("created", created))?;
        Some(cells).filter(|cells| !cells.is_empty()).iter().try_for_each(|cells| row.serialize_field("cells", cells))?;
        Some(sets).filter(|sets| !sets.is_empty()).iter().try_for_each(|sets| row.serialize_field("sets", sets))?;
        deleted.iter().try_for_each(|deleted| row.serialize_field("deleted", deleted))?;
        row.end()
    }
}

reads!(Row, |value| {
    object(value)?;
    let fields = Fields {
        created: field(value, "created")?,
        cells: field_or_default(value, "cells")?,
        sets: field_or_default(value, "sets")?,
        deleted: field(value, "deleted")?,
    };
    let (id, kind, seq) = (field(value, "id")?, field(value, "kind")?, field_or_default(value, "seq")?);
    Ok(Row { id, kind, seq, line: None, fields: OnceLock::from(Box::new(fields)) })
});

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

/// `null` for none.
fn listed(elements: Vec<&Value>) -> Value {
    if elements.is_empty() { Value::Null } else { Value::Array(elements.into_iter().cloned().collect()) }
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

impl Fields {
    /// A register's value; `None` for `null` and for sets, whose elements [`Fields::elements`] gives. A packed row is
    /// parsed for good: who passes over many asks [`Row::glance`].
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.cells.get(field).map(|cell| &cell.value).filter(|value| !value.is_null())
    }

    fn value(&self, field: &str) -> Value {
        if !self.sets.contains_key(field) {
            return self.get(field).cloned().unwrap_or_default();
        }
        listed(self.elements(field))
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

    /// The latest clock of all, that of a deletion included.
    fn latest(&self) -> Option<Clock> {
        let created = self.created.iter().map(|created| created.last);
        let sets = self.sets.values().flat_map(BTreeMap::values).flat_map(|element| element.added.values().copied());
        let cells = self.cells.values().map(|cell| cell.clock);
        created.chain(cells).chain(sets).chain(self.deleted.iter().map(|deleted| deleted.clock)).max()
    }

    fn is_alive(&self) -> bool {
        let unseen = |deleted: &Deleted| {
            self.clocks().iter().any(|(field, clock)| deleted.seen.get(field).is_none_or(|seen| clock > seen))
        };
        (self.created.is_some() || !self.cells.is_empty() || !self.sets.is_empty()) && self.deleted.as_ref().is_none_or(unseen)
    }
}

impl Row {
    pub fn new(kind: impl Into<String>, id: Id) -> Row {
        Row { id, kind: kind.into(), seq: 0, line: None, fields: OnceLock::from(Box::default()) }
    }

    /// Whether it is in its packed form, nothing of it parsed.
    pub fn is_packed(&self) -> bool {
        self.packed().is_some()
    }

    /// The packed form, while nothing of it was parsed.
    fn packed(&self) -> Option<&Line> {
        self.line.as_ref().filter(|_| self.fields.get().is_none())
    }

    /// What [`Fields::get`] gives, and nothing else is parsed.
    pub fn glance(&self, field: &str) -> Option<Cow<'_, Value>> {
        match self.packed() {
            Some(line) => line.value(field).filter(|value| !value.is_null()).map(Cow::Owned),
            None => self.get(field).map(Cow::Borrowed),
        }
    }

    /// A register's value or a set's elements as an array; `null` when there is none. Nothing is parsed for good.
    pub fn value(&self, field: &str) -> Value {
        match self.packed() {
            Some(line) => match line.set(field) {
                Some(set) => listed(present(&set).collect()),
                None => self.glance(field).map_or(Value::Null, Cow::into_owned),
            },
            None => Fields::value(self, field),
        }
    }

    /// A register's text, empty where it has none.
    pub fn text(&self, field: &str) -> &str {
        let packed = self.packed().and_then(|line| line.text(field));
        packed.unwrap_or_else(|| self.get(field).and_then(Value::as_str).unwrap_or_default())
    }

    /// A register's whole number.
    pub fn integer(&self, field: &str) -> Option<i64> {
        match self.packed() {
            Some(line) => line.json(field)?.parse().ok(),
            None => self.get(field)?.as_i64(),
        }
    }

    /// Whether a register has a value.
    pub fn has(&self, field: &str) -> bool {
        match self.packed() {
            Some(line) => line.json(field).is_some_and(|json| json != "null"),
            None => self.get(field).is_some(),
        }
    }

    /// [`Fields::created`], and nothing else is parsed.
    pub fn creation(&self) -> Option<Cow<'_, Created>> {
        match self.packed() {
            Some(line) => line.created().map(Cow::Owned),
            None => self.created.as_ref().map(Cow::Borrowed),
        }
    }

    /// [`Fields::latest`], and nothing is parsed for good.
    pub fn latest(&self) -> Option<Clock> {
        match self.packed() {
            Some(line) => line.latest().or_else(|| line.fields()?.latest()),
            None => Fields::latest(self),
        }
    }

    pub fn reference(&self, field: &str) -> Option<Id> {
        Id::try_parse(self.text(field)).ok()
    }

    /// What [`Fields::each`] gives, and nothing is parsed for good.
    pub fn visit(&self, field: &str, visit: &mut dyn FnMut(&Value)) {
        match self.packed() {
            Some(line) => match line.set(field) {
                Some(set) => present(&set).for_each(visit),
                None => match self.glance(field).as_deref() {
                    Some(Value::Array(items)) => items.iter().for_each(visit),
                    one => one.into_iter().for_each(visit),
                },
            },
            None => self.each(field).for_each(visit),
        }
    }

    pub fn is_alive(&self) -> bool {
        match self.packed() {
            Some(line) => line.is_alive().unwrap_or_else(|| line.fields().is_some_and(|fields| fields.is_alive())),
            None => Fields::is_alive(self),
        }
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
