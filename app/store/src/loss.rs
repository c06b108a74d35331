//! What a pull may take away (sync.md, promise 7): nothing because it is absent from an answer, and nothing that no event
//! of the server's explains. The rest is kept back, readable as before, until the user lets it go or it comes again.

use crate::{
    backend::{Backend, Change, Found, Read, Table, value},
    error::StoreError,
    local::{Local, Pulled},
    page::{Pages, Rows, entry},
};
use domain::{
    Id, Row, json, reads,
    sorting::{map, set},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The key in [`Table::Meta`] of what is kept back.
const WITHHELD: &str = "withheld";
/// A base that is loaded anew may lack this many records, or [`PART`] of them, without anybody being asked.
const FEW: usize = 20;
const PART: usize = 4;

/// The records that a pull would have taken away and nothing explains.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Withheld(BTreeSet<Id>);

reads!(Withheld, |value| Vec::from_json(value).map(|ids: Vec<Id>| Withheld(set(ids))));

impl Withheld {
    pub fn asked() -> Read {
        Read::get(Table::Meta, WITHHELD)
    }

    pub fn read(found: &Found) -> Withheld {
        value(found).and_then(json::parse).unwrap_or_default()
    }

    pub fn write(&self) -> Change {
        match self.0.is_empty() {
            true => Change::delete(Table::Meta, WITHHELD),
            false => Change::put(Table::Meta, WITHHELD, serde_json::to_string(self).unwrap_or_default()),
        }
    }

    /// What the server spoke of again is in question no more.
    pub fn without(&self, rows: &[Row], removed: &[Id]) -> Withheld {
        let mut left = self.clone();
        for id in rows.iter().map(|row| row.id).chain(removed.iter().copied()) {
            left.0.remove(&id);
        }
        left
    }

    /// What of `pulled` may be taken over into the base whose rows are `base`, or with `replaces` in its place, and what is
    /// kept back then.
    pub fn review(&self, mut pulled: Pulled, base: &Rows, replaces: bool) -> (Pulled, Withheld) {
        let came: BTreeMap<Id, bool> = map(pulled.rows.iter().map(|row| (row.id, row.is_alive())));
        let lives = |id: &Id| match came.get(id) {
            Some(alive) => *alive,
            None => matches!(entry(base, *id), Some(Some(row)) if row.is_alive()),
        };
        let mut withheld = if replaces { Withheld::default() } else { self.without(&pulled.rows, &pulled.removed) };
        if has_unexplained(&pulled) {
            // Tombstones show nothing to anybody and may go.
            let (kept, gone): (Vec<Id>, Vec<Id>) = std::mem::take(&mut pulled.removed).into_iter().partition(lives);
            withheld.0.extend(kept);
            pulled.removed = gone;
        }
        if replaces {
            let went: BTreeSet<Id> = set(std::mem::take(&mut pulled.removed));
            pulled.rows.retain(|row| !went.contains(&row.id));
            let held = || base.iter().filter_map(|(_, row)| row.as_ref()).filter(|row| row.is_alive());
            let gone: Vec<&Row> = held().filter(|row| !came.contains_key(&row.id)).collect();
            if is_too_much(gone.len(), held().count()) {
                withheld.0.extend(gone.iter().map(|row| row.id));
                pulled.rows.extend(gone.into_iter().cloned());
            }
        }
        (pulled, withheld)
    }
}

/// Whether the server leaves a removal unexplained. It counts what it explains, so all of them are in question.
pub(crate) fn has_unexplained(pulled: &Pulled) -> bool {
    pulled.removed.len() as u64 > pulled.explained
}

/// Whether a base without `gone` of its `held` records needs its user's word. Loading anew follows upon events that were
/// forgotten or lost with a backup, so none can explain what is missing afterwards: its size is all there is to go by.
fn is_too_much(gone: usize, held: usize) -> bool {
    gone > FEW && gone * PART > held
}

impl<B: Backend> Local<B> {
    /// How many records are kept back until the user decides.
    pub async fn withheld(&self) -> Result<usize, StoreError> {
        Ok(Withheld::read(&self.backend().read(&[Withheld::asked()]).await?[0]).0.len())
    }

    /// The user lets go of what was kept back: it leaves the base, as the server wanted. Returns what it was.
    pub async fn let_go(&self) -> Result<Vec<Id>, StoreError> {
        let reads = [Pages::asked(), Withheld::asked()];
        self.transact(&reads, |found| {
            let removed: Vec<Id> = Withheld::read(&found[1]).0.into_iter().collect();
            let mut changes = Pages::read(&found[0]).append(&Found::new(), &[], &removed);
            changes.push(Withheld::default().write());
            Ok((changes, removed))
        })
        .await
    }
}
