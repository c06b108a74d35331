//! Lists of living rows by kind and by what they refer to, kept true change by change: a territory has too many rows to look
//! at all of them after each.

use crate::View;
use domain::{
    Id, Row, Value,
    merging::{survivor, target},
};
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

/// Accounts that gave way to another: they are in no list, and what hangs under them hangs under their survivor.
#[derive(Debug, Default)]
struct Merged {
    /// What stands for each of them.
    survivors: HashMap<Id, Arc<Row>>,
    /// The accounts given way to that are here and living, and those that are not.
    here: BTreeSet<Id>,
    elsewhere: BTreeSet<Id>,
}

fn is_living(view: &View, id: Id) -> bool {
    view.row(id).is_some_and(|row| row.is_alive())
}

fn survivor_in(view: &View, id: Id) -> Id {
    survivor(id, &|id| view.row(id).map(AsRef::as_ref))
}

impl Merged {
    fn of(view: &View, gave_way: &[Id]) -> Merged {
        let mut merged = Merged::default();
        for id in gave_way {
            if let Some(stands) = view.row(survivor_in(view, *id)).filter(|stands| stands.id != *id) {
                merged.survivors.insert(*id, stands.clone());
            }
            merged.note(view, *id);
        }
        merged
    }

    /// Watches the account that this one gave way to.
    fn note(&mut self, view: &View, id: Id) {
        if let Some(into) = view.row(id).and_then(|row| target(row)) {
            let place = if is_living(view, into) { &mut self.here } else { &mut self.elsewhere };
            place.insert(into);
        }
    }

    fn survivor(&self, id: Id) -> Id {
        self.survivors.get(&id).map_or(id, |stands| stands.id)
    }

    /// Whether a record that was touched changes what stands for what.
    fn is_outdated_by(&self, view: &View, id: Id) -> bool {
        let moved = if is_living(view, id) { &self.elsewhere } else { &self.here };
        moved.contains(&id) || survivor_in(view, id) != self.survivor(id)
    }

    /// The row with its account's survivor for its account.
    fn resolved(&self, row: &Arc<Row>) -> Arc<Row> {
        let account = || row.reference("account").and_then(|account| self.survivors.get(&account));
        match Some(account).filter(|_| !self.survivors.is_empty()).and_then(|account| account()) {
            None => row.clone(),
            Some(stands) => {
                let mut row = Row::clone(row);
                row.cells.entry("account".to_owned()).and_modify(|cell| cell.value = Value::String(stands.id.to_string()));
                Arc::new(row)
            }
        }
    }

    /// What lists show of a row of this kind.
    fn shown(&self, row: &Arc<Row>, kind: &str) -> Option<Arc<Row>> {
        let is_shown = row.kind == kind && row.is_alive() && !self.survivors.contains_key(&row.id);
        is_shown.then(|| self.resolved(row))
    }
}

impl Index {
    pub(crate) fn over(living: Living) -> Index {
        Index { living: Some(living), ..Index::default() }
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
            *self = Index::default();
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
mod tests {
    use super::*;
    use domain::{
        Clock,
        row::Deleted,
        testing::{Random, id, row},
    };
    use serde_json::json;

    /// Accounts have the first ids: some give way to each other, and some are deleted.
    fn any_row(random: &mut Random) -> Row {
        let number = random.below(12) as u128;
        let account = json!(id(random.below(4) as u128));
        let mut row = match number {
            0..5 if random.chance(40) => row("account", id(number), &[("merged_into", account)]),
            0..5 => row("account", id(number), &[]),
            _ => row("contact", id(number), &[("account", account)]),
        };
        if random.chance(20) {
            row.deleted = Some(Deleted { seen: row.clocks(), clock: Clock::ZERO, by: Id::nil() });
        }
        row.seq = random.draw();
        row
    }

    fn sorted(rows: &Rows) -> Vec<(Id, u64, Option<Id>)> {
        let mut found: Vec<_> = rows.iter().map(|row| (row.id, row.seq, row.reference("account"))).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn what_hangs_under_a_merged_account_is_listed_under_its_survivor_until_that_is_undone() {
        let account = |n, into: Option<u128>| row("account", id(n), &[("merged_into", json!(into.map(id)))]);
        let contact = row("contact", id(9), &[("account", json!(id(1)))]);
        let (mut view, mut index) = (View::new([account(1, None), account(2, None), contact], []), Index::default());
        let of = |index: &mut Index, view: &View, n| index.referring(view, "contact", "account", id(n)).len();
        assert_eq!([of(&mut index, &view, 1), of(&mut index, &view, 2)], [1, 0]);
        for (into, accounts, counts) in [(Some(2), 1, [0, 1]), (None, 2, [1, 0]), (Some(7), 2, [1, 0])] {
            let touched = view.pulled(vec![account(1, into)], &[], []);
            assert_eq!(index.touch(&view, &touched), into != Some(7), "what is not here stands for nobody");
            assert_eq!(index.rows(&view, "account").len(), accounts);
            assert_eq!([of(&mut index, &view, 1), of(&mut index, &view, 2)], counts);
        }
        let touched = view.pulled(vec![account(7, None)], &[], []);
        assert!(index.touch(&view, &touched), "until it comes");
        assert_eq!([index.survivor(&view, id(1)), index.survivor(&view, id(2))], [id(7), id(2)]);
        assert_eq!(index.merged_into(&view, id(7)).len(), 1);
        let raw = view.row(id(9)).unwrap();
        assert_eq!(raw.reference("account"), Some(id(1)), "the record itself is as it was");
        assert_eq!(index.resolved(&view, raw).reference("account"), Some(id(7)));
    }

    #[test]
    fn lists_kept_true_are_those_made_anew() {
        for seed in 0..100 {
            let mut random = Random::new(seed);
            let (mut view, mut kept) = (View::default(), Index::default());
            for _ in 0..60 {
                let changed: Vec<Row> = (0..random.below(3)).map(|_| any_row(&mut random)).collect();
                let removed: Vec<Id> = (0..random.below(2)).map(|_| id(random.below(12) as u128)).collect();
                let touched = view.pulled(changed, &removed, []);
                kept.touch(&view, &touched);
                let mut fresh = Index::default();
                for kind in ["account", "contact"] {
                    assert_eq!(sorted(&kept.rows(&view, kind)), sorted(&fresh.rows(&view, kind)), "seed {seed}");
                    for to in 0..5 {
                        let of = |index: &mut Index| sorted(&index.referring(&view, kind, "account", id(to)));
                        assert_eq!(of(&mut kept), of(&mut fresh), "seed {seed}");
                    }
                }
            }
        }
    }
}
