//! What users were told is saved, and what became of it when a device was given up.

use domain::{
    Id, Value,
    change::{Act, Op},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Journal {
    pub ops: BTreeMap<Id, Entry>,
    /// Accounts and follow-ups that one op made together, until somebody deletes one.
    pub pairs: BTreeMap<Id, Id>,
}

pub struct Entry {
    pub op: Op,
    /// The database it was saved in.
    pub chain: usize,
    /// Its place among all that was saved.
    pub order: usize,
    pub fate: Option<Fate>,
}

/// Why an op need not reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was in a database that the browser removed; the user was told how many were.
    Evicted,
    /// It was handed in when its device was revoked.
    HandedIn,
    /// The server lost it with its disk, and nobody has it any more who could send it again.
    LostTwice,
}

impl Fate {
    /// Under what the total counts it.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Evicted => "op lost by eviction, and said so",
            Fate::HandedIn => "op handed in at revocation",
            Fate::LostTwice => "op lost with the server's disk and its device",
        }
    }
}

impl Journal {
    pub fn write(&mut self, op: Op, chain: usize) {
        let made: BTreeSet<Id> =
            op.writes.iter().filter(|write| matches!(write.act, Act::Create { .. })).map(|write| write.id).collect();
        if let [one, other] = made.into_iter().collect::<Vec<_>>()[..] {
            self.pairs.insert(one, other);
        }
        for write in op.writes.iter().filter(|write| matches!(write.act, Act::Delete { .. })) {
            self.pairs.retain(|one, other| ![*one, *other].contains(&write.id));
        }
        let order = self.ops.len();
        self.ops.insert(op.op_id, Entry { op, chain, order, fate: None });
    }

    pub fn fate(&mut self, ops: impl IntoIterator<Item = Id>, fate: Fate) -> usize {
        ops.into_iter().filter_map(|op| self.ops.get_mut(&op).map(|entry| entry.fate = Some(fate))).count()
    }
}

/// The value a write sets, if it sets one.
pub fn value_of(act: &Act) -> Option<(&str, &Value)> {
    match act {
        Act::Set { field, value, .. } | Act::Text { field, value, .. } => Some((field, value)),
        _ => None,
    }
}
