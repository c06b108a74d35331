//! What happened to the lists lately: what somebody worked out from all rows of a kind stays true with what changed since.

use domain::{Id, Row};
use std::{collections::VecDeque, sync::Arc};

/// A row of a list as it was and as it is, `None` while it is not in it.
#[derive(Clone, Debug)]
pub struct RowChange {
    pub before: Option<Arc<Row>>,
    pub now: Option<Arc<Row>>,
}

impl RowChange {
    /// The row as it was, and as it is.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.before.iter().chain(&self.now)
    }

    pub fn is_of(&self, kind: &str) -> bool {
        self.rows().any(|row| row.kind == kind)
    }

    pub fn id(&self) -> Option<Id> {
        self.rows().next().map(|row| row.id)
    }
}

/// How much of what happened somebody has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen(u64);

/// So many changes are kept: who has missed more looks at the rows again.
const KEPT: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Past {
    /// The number of the first change that is kept.
    first: u64,
    changes: VecDeque<RowChange>,
}

impl Past {
    /// Of lists that stand in the place of these: whoever saw these has to look at the rows again.
    pub fn of_others(&self) -> Past {
        Past { first: self.seen().0 + 1, changes: VecDeque::new() }
    }

    pub fn note(&mut self, change: RowChange) {
        if self.changes.len() == KEPT {
            self.changes.pop_front();
            self.first += 1;
        }
        self.changes.push_back(change);
    }

    pub fn seen(&self) -> Seen {
        Seen(self.first + self.changes.len() as u64)
    }

    /// Oldest first; `None` where some of them are not known any more.
    pub fn since(&self, seen: Seen) -> Option<Vec<RowChange>> {
        let skipped = usize::try_from(seen.0.checked_sub(self.first)?).ok()?;
        (skipped <= self.changes.len()).then(|| self.changes.range(skipped..).cloned().collect())
    }
}
