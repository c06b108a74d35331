//! Lists of living rows by kind and by what they refer to, kept true change by change: a territory has too many rows to look
//! at all of them after each.

mod merged;
mod past;

use crate::View;
use domain::{Id, Row, merging::target};
use merged::Merged;
use past::Past;
pub use past::{RowChange, Seen};
use std::{
    collections::{BTreeSet, HashMap},
    mem,
    sync::Arc,
};

/// Rows in no particular order.
pub type Rows = Arc<Vec<Arc<Row>>>;

/// Lists of a [`View`], each made when first asked for.
#[derive(Debug, Default)]
pub struct Index {
    /// What is not listed yet; `None` while nobody has looked through the view.
    living: Option<Living>,
    kinds: HashMap<String, Listed>,
    /// By kind and field.
    references: HashMap<(String, String), References>,
    merged: Option<Merged>,
    past: Past,
}

/// The living rows of a view by kind, and its accounts that gave way to another, living or not.
#[derive(Debug, Default)]
pub(crate) struct Living {
    kinds: HashMap<String, Vec<Arc<Row>>>,
    merged: Vec<Id>,
}

impl Living {
    pub fn add(&mut self, row: &Arc<Row>) {
        if target(row).is_some() {
            self.merged.push(row.id);
        }
        if !row.is_alive() {
            return;
        }
        match self.kinds.get_mut(&row.kind) {
            Some(rows) => rows.push(row.clone()),
            None => _ = self.kinds.insert(row.kind.clone(), vec![row.clone()]),
        }
    }

    fn of(view: &View) -> Living {
        let mut living = Living::default();
        view.rows().for_each(|row| living.add(row));
        living
    }
}

/// The rows of a kind.
#[derive(Debug, Default)]
struct Listed {
    rows: Rows,
    /// Where they are; made when the first of them changes.
    places: Option<HashMap<Id, usize>>,
}

impl Listed {
    /// Puts a row in the place of the one with its id, and returns that.
    fn replace(&mut self, id: Id, now: Option<Arc<Row>>) -> Option<Arc<Row>> {
        let numbered = || self.rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let places = self.places.get_or_insert_with(numbered);
        let at = places.get(&id).copied();
        if at.is_none() && now.is_none() {
            return None;
        }
        let rows = Arc::make_mut(&mut self.rows);
        match (at, now) {
            (Some(at), Some(now)) => Some(mem::replace(&mut rows[at], now)),
            (Some(at), None) => {
                places.remove(&id);
                let before = rows.swap_remove(at);
                rows.get(at).into_iter().for_each(|moved| _ = places.insert(moved.id, at));
                Some(before)
            }
            (None, now) => {
                places.insert(id, rows.len());
                rows.extend(now);
                None
            }
        }
    }
}

/// The rows of a kind by the record that a field refers to.
#[derive(Debug, Default)]
struct References {
    of: HashMap<Id, Rows>,
    /// How many of the kind's rows are in it, the first in their list.
    read: usize,
}

impl References {
    /// Reads at most so many more; whether all are read now.
    fn read(&mut self, rows: &Rows, field: &str, most: usize) -> bool {
        let until = rows.len().min(self.read.saturating_add(most));
        rows[self.read..until].iter().for_each(|row| self.put(field, row));
        self.read = until;
        until == rows.len()
    }

    fn put(&mut self, field: &str, row: &Arc<Row>) {
        for target in targets(row, field) {
            Arc::make_mut(self.of.entry(target).or_default()).push(row.clone());
        }
    }

    fn take(&mut self, field: &str, row: &Row) {
        for target in targets(row, field) {
            if let Some(rows) = self.of.get_mut(&target) {
                Arc::make_mut(rows).retain(|other| other.id != row.id);
            }
        }
    }
}

impl Index {
    pub(crate) fn over(living: Living) -> Index {
        Index { living: Some(living), ..Index::default() }
    }

    /// These lists in the place of others.
    pub fn in_place_of(self, others: &Index) -> Index {
        Index { past: others.past.of_others(), ..self }
    }

    /// How much has happened until now; who works something out from the lists asks before.
    pub fn seen(&self) -> Seen {
        self.past.seen()
    }

    /// What happened to the lists since, the oldest first; `None` where that is not known any more: everything may be different.
    pub fn since(&self, seen: Seen) -> Option<Vec<RowChange>> {
        self.past.since(seen)
    }

    fn living(&mut self, view: &View) -> &mut Living {
        self.living.get_or_insert_with(|| Living::of(view))
    }

    fn merged(&mut self, view: &View) -> &Merged {
        if self.merged.is_none() {
            self.merged = Some(Merged::of(view, &self.living(view).merged));
        }
        self.merged.get_or_insert_default()
    }

    /// The account that stands for this one; every other record stands for itself.
    pub fn survivor(&mut self, view: &View, id: Id) -> Id {
        self.merged(view).survivor(id)
    }

    /// The row with the account that stands for its account.
    pub fn resolved(&mut self, view: &View, row: &Arc<Row>) -> Arc<Row> {
        self.merged(view).resolved(row)
    }

    /// The accounts for which this one stands besides itself.
    pub fn merged_into(&mut self, view: &View, id: Id) -> Vec<Arc<Row>> {
        let merged = self.merged(view).survivors.iter().filter(|(_, stands)| stands.id == id);
        merged.filter_map(|(merged, _)| view.row(*merged).cloned()).collect()
    }

    /// All accounts that gave way to another, each with the one that stands for it.
    pub fn gave_way(&mut self, view: &View) -> Vec<(Id, Id)> {
        self.merged(view).survivors.iter().map(|(merged, stands)| (*merged, stands.id)).collect()
    }

    /// The living rows of a kind, without accounts that gave way to another.
    pub fn rows(&mut self, view: &View, kind: &str) -> Rows {
        if let Some(listed) = self.kinds.get(kind) {
            return listed.rows.clone();
        }
        let living = self.living(view).kinds.remove(kind).unwrap_or_default();
        let merged = self.merged(view);
        let rows: Rows = Arc::new(match merged.survivors.is_empty() {
            true => living,
            false => living.iter().filter_map(|row| merged.shown(row, kind)).collect(),
        });
        self.kinds.insert(kind.to_owned(), Listed { rows: rows.clone(), places: None });
        rows
    }

    /// A row as [`Index::rows`] lists it.
    pub fn listed(&mut self, view: &View, kind: &str, id: Id) -> Option<Arc<Row>> {
        self.merged(view).shown(view.row(id)?, kind)
    }

    /// The living rows of a kind whose reference, or set of references, `field` names `to`.
    pub fn referring(&mut self, view: &View, kind: &str, field: &str, to: Id) -> Rows {
        self.prepare(view, kind, field, usize::MAX);
        let references = self.references.get(&(kind.to_owned(), field.to_owned()));
        references.and_then(|references| references.of.get(&to)).cloned().unwrap_or_default()
    }

    /// Prepares for [`Index::referring`] with at most so many rows; whether it is prepared now.
    pub fn prepare(&mut self, view: &View, kind: &str, field: &str, most: usize) -> bool {
        let rows = self.rows(view, kind);
        self.references.entry((kind.to_owned(), field.to_owned())).or_default().read(&rows, field, most)
    }

    /// Takes note that these records may have changed, come or gone. Says whether other accounts stand for others now, by
    /// which rows look otherwise that were not touched.
    pub fn touch(&mut self, view: &View, touched: &BTreeSet<Id>) -> bool {
        if self.living.is_none() {
            return false;
        }
        self.merged(view);
        if self.merged.as_ref().is_some_and(|merged| touched.iter().any(|id| merged.is_outdated_by(view, *id))) {
            *self = Index::default().in_place_of(self);
            return true;
        }
        let unlisted: Vec<String> = self.living(view).kinds.keys().cloned().collect();
        unlisted.iter().for_each(|kind| drop(self.rows(view, kind)));
        // Rows change places: who had read a part of them begins anew.
        let kinds = &self.kinds;
        self.references
            .retain(|(kind, _), references| kinds.get(kind).is_some_and(|listed| listed.rows.len() == references.read));
        let merged = self.merged.get_or_insert_default();
        touched.iter().for_each(|id| merged.note(view, *id));
        for id in touched {
            // A record that is not here any more may have been of any kind.
            let now = view.row(*id);
            if let Some(row) = now.filter(|row| !self.kinds.contains_key(&row.kind)) {
                self.kinds.insert(row.kind.clone(), Listed::default());
            }
            for (kind, listed) in self.kinds.iter_mut().filter(|(kind, _)| now.is_none_or(|row| row.kind == **kind)) {
                let now = now.and_then(|row| merged.shown(row, kind));
                let before = listed.replace(*id, now.clone());
                for ((_, field), references) in self.references.iter_mut().filter(|((of, _), _)| of == kind) {
                    before.iter().for_each(|row| references.take(field, row));
                    now.iter().for_each(|row| references.put(field, row));
                    references.read = listed.rows.len();
                }
                if before.is_some() || now.is_some() {
                    self.past.note(RowChange { before, now });
                }
            }
        }
        false
    }
}

fn targets(row: &Row, field: &str) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    match row.reference(field) {
        Some(id) => _ = found.insert(id),
        None => row.visit(field, &mut |value| found.extend(value.as_str().and_then(|text| Id::try_parse(text).ok()))),
    }
    found
}

#[cfg(test)]
mod tests;
