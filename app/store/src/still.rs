//! The still: Today as it was drawn last, for the next start to show while it reads the rows.
//!
//! It is kept beside what it shows and goes with it: whatever changes the base, the outbox or what needs attention takes it
//! away in the same transaction.

use crate::{
    backend::{Backend, Change, Found, Read, Table, value},
    error::{Refusal, StoreError},
    local::{Local, text_of},
};
use domain::Id;
use serde::Serialize;

/// boot.js, which shows it before the app is here, reads it under this key.
const KEY: &str = "still";
/// Under this one stands which drawing is being made.
const DRAWING: &str = "drawing";

/// What it is drawn from.
const SHOWN: [Table; 3] = [Table::Base, Table::Outbox, Table::Attention];

/// A picture of Today, and when it is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Still {
    /// The version of the site that drew it.
    pub site: String,
    pub lang: String,
    /// Of the day that it shows, from ≤ device time < until, UTC milliseconds.
    pub from: i64,
    pub until: i64,
    pub html: String,
}

impl<B: Backend> Local<B> {
    /// Before one is drawn; `drawing` is a new id.
    pub async fn begin_still(&self, drawing: Id) -> Result<(), StoreError> {
        self.backend().transact(&[], |_| Ok((vec![Change::put(Table::Meta, DRAWING, text_of(&drawing))], ()))).await
    }

    /// Keeps what was drawn since [`Local::begin_still`]; `false` where something happened meanwhile.
    pub async fn keep_still(&self, drawing: Id, still: &Still) -> Result<bool, StoreError> {
        let decide = |found: &[Found]| match value(&found[0]) == Some(text_of(&drawing).as_str()) {
            true => Ok((vec![Change::put(Table::Meta, KEY, text_of(still)), Change::delete(Table::Meta, DRAWING)], true)),
            false => Ok((Vec::new(), false)),
        };
        self.backend().transact(&[Read::get(Table::Meta, DRAWING)], decide).await
    }

    /// [`Backend::transact`] for what may change what the user sees: then there is no still of it any more.
    pub(crate) async fn transact<T>(
        &self,
        reads: &[Read],
        mut decide: impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    ) -> Result<T, StoreError> {
        let decide = |found: &[Found]| decide(found).map(|(changes, decided)| (without_still(changes), decided));
        self.backend().transact(reads, decide).await
    }
}

fn without_still(mut changes: Vec<Change>) -> Vec<Change> {
    if changes.iter().any(|change| SHOWN.contains(&change.table())) {
        changes.extend([KEY, DRAWING].map(|key| Change::delete(Table::Meta, key)));
    }
    changes
}

#[cfg(test)]
mod tests;
