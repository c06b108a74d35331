//! Accounts that gave way to another.

use crate::View;
use domain::{
    Id, Row, Value,
    merging::{survivor, target},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Accounts that gave way to another: they are in no list, and what hangs under them hangs under their survivor.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// What stands for each of them.
    pub survivors: HashMap<Id, Arc<Row>>,
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
    pub fn of(view: &View, gave_way: &[Id]) -> Merged {
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
    pub fn note(&mut self, view: &View, id: Id) {
        if let Some(into) = view.row(id).and_then(|row| target(row)) {
            let place = if is_living(view, into) { &mut self.here } else { &mut self.elsewhere };
            place.insert(into);
        }
    }

    pub fn survivor(&self, id: Id) -> Id {
        self.survivors.get(&id).map_or(id, |stands| stands.id)
    }

    /// Whether a record that was touched changes what stands for what.
    pub fn is_outdated_by(&self, view: &View, id: Id) -> bool {
        let moved = if is_living(view, id) { &self.elsewhere } else { &self.here };
        moved.contains(&id) || survivor_in(view, id) != self.survivor(id)
    }

    /// The row with its account's survivor for its account.
    pub fn resolved(&self, row: &Arc<Row>) -> Arc<Row> {
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
    pub fn shown(&self, row: &Arc<Row>, kind: &str) -> Option<Arc<Row>> {
        let is_shown = row.kind == kind && row.is_alive() && !self.survivors.contains_key(&row.id);
        is_shown.then(|| self.resolved(row))
    }
}
