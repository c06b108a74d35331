//! In what order a list shows accounts, kept true account by account: pure, over rows.

use crate::agenda::AccountFacts;
use domain::{FieldSpec, Id, KindSpec, Row, Value, spec::Place};
use std::{cmp::Ordering, collections::HashMap, sync::Arc};

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    NextFollowUp,
    LastContact,
    Name,
    /// An indexed field.
    Field(&'static str),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub by: By,
    /// What has nothing to be sorted by comes last all the same.
    pub reversed: bool,
}

/// The fields that a list of a kind can be sorted by, besides its title.
pub fn sortable(kind: &KindSpec) -> impl Iterator<Item = &FieldSpec> {
    kind.fields.iter().filter(|field| field.indexed && field.place != Place::Hidden && field.name != kind.title)
}

/// An account of a list: what it is sorted by, and the rank of its name, which decides among equals.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub row: Arc<Row>,
    pub key: Value,
    pub rank: u64,
}

/// An order of accounts, with what it asks of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ordered {
    pub order: Order,
    /// The field, where it is one that is sorted by.
    field: Option<&'static FieldSpec>,
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Ordered) -> bool {
        self.order == other.order
    }
}

impl Ordered {
    pub fn new(order: Order, kind: &'static KindSpec) -> Ordered {
        let field = if let By::Field(name) = order.by { kind.field(name) } else { None };
        Ordered { order, field }
    }

    /// The kind that the sorted field refers to, whose titles are what is sorted by.
    pub fn refers_to(self) -> Option<&'static str> {
        self.field.and_then(|field| field.ty.refers_to())
    }

    /// What an account is sorted by, `null` where it has none of it; `title_of` is what a record is called.
    pub fn key(self, row: &Row, facts: Option<&AccountFacts>, title_of: &dyn Fn(Id) -> String) -> Value {
        let text = |text: String| if text.is_empty() { Value::Null } else { Value::String(text) };
        match self.order.by {
            // What is planned for no day has a key, which comes behind all days.
            By::NextFollowUp => facts.and_then(AccountFacts::next_due).map_or(Value::Null, Value::from),
            By::LastContact => facts.and_then(AccountFacts::last_contact).map_or(Value::Null, Value::from),
            By::Name => Value::Null,
            By::Field(name) if self.refers_to().is_some() => text(row.reference(name).map(title_of).unwrap_or_default()),
            By::Field(name) => row.value(name),
        }
    }

    pub fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let directed = |ordering: Ordering| if self.order.reversed { ordering.reverse() } else { ordering };
        let keys = match self.order.by {
            By::Name => return directed(a.rank.cmp(&b.rank)).then_with(|| a.row.id.cmp(&b.row.id)),
            By::LastContact => b.key.as_i64().cmp(&a.key.as_i64()),
            By::Field(_) if self.refers_to().is_none() => {
                self.field.map_or(Ordering::Equal, |field| field.ty.rules().compare(&a.key, &b.key))
            }
            By::NextFollowUp | By::Field(_) => a.key.as_str().cmp(&b.key.as_str()),
        };
        let last = |entry: &Entry| (entry.key.is_null(), entry.key.as_str() == Some(""));
        last(a).cmp(&last(b)).then_with(|| directed(keys)).then_with(|| (a.rank, a.row.id).cmp(&(b.rank, b.row.id)))
    }
}

/// Accounts in an order.
#[derive(Debug, Default)]
pub struct Arranged {
    pub ordered: Ordered,
    entries: Vec<Arc<Entry>>,
    of: HashMap<Id, Arc<Entry>>,
}

impl Arranged {
    /// Without any, and with room for so many.
    pub fn with_capacity(ordered: Ordered, entries: usize) -> Arranged {
        Arranged { ordered, entries: Vec::with_capacity(entries), of: HashMap::with_capacity(entries) }
    }

    /// Puts an account that comes behind all others.
    pub fn push(&mut self, entry: Arc<Entry>) {
        self.of.insert(entry.row.id, entry.clone());
        self.entries.push(entry);
    }

    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// Puts an account where it belongs, or away.
    pub fn put(&mut self, id: Id, entry: Option<Entry>) {
        let place =
            |entries: &[Arc<Entry>], entry: &Entry| entries.partition_point(|other| self.ordered.compare(other, entry).is_lt());
        if let Some(before) = self.of.remove(&id) {
            self.entries.remove(place(&self.entries, &before));
        }
        if let Some(entry) = entry.map(Arc::new) {
            self.entries.insert(place(&self.entries, &entry), entry.clone());
            self.of.insert(id, entry);
        }
    }
}

/// When something is due, for the heading it stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Overdue,
    Today,
    /// In the seven days from today.
    Soon,
    Later,
    Undated,
    Never,
}

/// Under which heading an account stands by its next follow-up, which is its key; `days_from_today` reads a day.
pub fn when(key: &Value, days_from_today: &dyn Fn(&str) -> Option<i64>) -> When {
    let Some(due) = key.as_str() else { return When::Never };
    match days_from_today(due) {
        None => When::Undated,
        Some(..0) => When::Overdue,
        Some(0) => When::Today,
        Some(1..7) => When::Soon,
        Some(_) => When::Later,
    }
}

/// Where each run of equal headings starts; none at all where there would be more headings than a list is easier to read with.
pub fn groups<L: PartialEq>(of: impl Iterator<Item = L>) -> Vec<(usize, L)> {
    let (mut groups, mut count) = (Vec::<(usize, L)>::new(), 0);
    for (at, label) in of.enumerate() {
        count = at + 1;
        if groups.last().is_none_or(|(_, last)| *last != label) {
            groups.push((at, label));
        }
    }
    if groups.len() < 2 || groups.len() * 2 > count { Vec::new() } else { groups }
}

#[cfg(test)]
mod tests;
