//! Lists of living rows by kind and by what they refer to, kept true change by change: a territory has too many rows to look
//! at all of them after each.

use crate::View;
use domain::{Id, Row, Value, sorting::set};
use std::{
    collections::{BTreeSet, HashMap},
    mem,
    sync::Arc,
};

/// Rows in no particular order.
pub type Rows = Arc<Vec<Arc<Row>>>;

/// More changes than this at once cost less as a new list.
const MANY: usize = 200;

/// Lists of a [`View`], each made when first asked for.
#[derive(Debug, Default)]
pub struct Index {
    kinds: HashMap<String, Rows>,
    /// By kind and field, then by the record referred to.
    references: HashMap<(String, String), HashMap<Id, Rows>>,
}

impl Index {
    /// The living rows of a kind.
    pub fn rows(&mut self, view: &View, kind: &str) -> Rows {
        if let Some(rows) = self.kinds.get(kind) {
            return rows.clone();
        }
        let rows: Rows = Arc::new(view.rows().filter(|row| row.kind == kind && row.is_alive()).cloned().collect());
        self.kinds.insert(kind.to_owned(), rows.clone());
        rows
    }

    /// The living rows of a kind whose reference, or set of references, `field` names `to`.
    pub fn referring(&mut self, view: &View, kind: &str, field: &str, to: Id) -> Rows {
        let key = (kind.to_owned(), field.to_owned());
        if let Some(index) = self.references.get(&key) {
            return index.get(&to).cloned().unwrap_or_default();
        }
        let mut index = HashMap::new();
        for row in self.rows(view, kind).iter() {
            put(&mut index, field, row);
        }
        self.references.entry(key).or_insert(index).get(&to).cloned().unwrap_or_default()
    }

    /// Takes note that these records may have changed, come or gone.
    pub fn touch(&mut self, view: &View, touched: &BTreeSet<Id>) {
        if touched.len() > MANY {
            *self = Index::default();
        }
        for (kind, rows) in &mut self.kinds {
            let mut references: Vec<_> = self.references.iter_mut().filter(|((of, _), _)| of == kind).collect();
            for id in touched {
                let now = view.row(*id).filter(|row| row.kind == *kind && row.is_alive()).cloned();
                let before = replace(rows, *id, now.clone());
                for ((_, field), index) in &mut references {
                    before.iter().for_each(|row| take(index, field, row));
                    now.iter().for_each(|row| put(index, field, row));
                }
            }
        }
    }
}

/// Puts a row in the place of the one with its id, and returns that.
fn replace(rows: &mut Rows, id: Id, now: Option<Arc<Row>>) -> Option<Arc<Row>> {
    let at = rows.iter().position(|row| row.id == id);
    if at.is_none() && now.is_none() {
        return None;
    }
    let rows = Arc::make_mut(rows);
    match (at, now) {
        (Some(at), Some(now)) => Some(mem::replace(&mut rows[at], now)),
        (Some(at), None) => Some(rows.swap_remove(at)),
        (None, now) => {
            rows.extend(now);
            None
        }
    }
}

fn put(index: &mut HashMap<Id, Rows>, field: &str, row: &Arc<Row>) {
    for target in targets(row, field) {
        Arc::make_mut(index.entry(target).or_default()).push(row.clone());
    }
}

fn take(index: &mut HashMap<Id, Rows>, field: &str, row: &Row) {
    for target in targets(row, field) {
        if let Some(rows) = index.get_mut(&target) {
            Arc::make_mut(rows).retain(|other| other.id != row.id);
        }
    }
}

fn targets(row: &Row, field: &str) -> BTreeSet<Id> {
    let id = |value: &Value| value.as_str().and_then(|text| Id::try_parse(text).ok());
    set(row.get(field).into_iter().chain(row.elements(field)).filter_map(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{Random, id, row};
    use serde_json::json;

    fn any_row(random: &mut Random) -> Row {
        let kind = ["account", "contact"][random.below(2)];
        let account = id(random.below(4) as u128).to_string();
        let mut row = row(kind, id(random.below(12) as u128), &[("account", json!(account))]);
        row.seq = random.draw();
        row
    }

    fn sorted(rows: &Rows) -> Vec<(Id, u64)> {
        let mut found: Vec<_> = rows.iter().map(|row| (row.id, row.seq)).collect();
        found.sort_unstable();
        found
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
                    for to in 0..4 {
                        let of = |index: &mut Index| sorted(&index.referring(&view, kind, "account", id(to)));
                        assert_eq!(of(&mut kept), of(&mut fresh), "seed {seed}");
                    }
                }
            }
        }
    }
}
