//! What the user sees, in memory: the base with the outbox replayed on it (sync.md, item 2).

use domain::{Id, Row, change::Op, sorting::set};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Rows by id, kept as base plus waiting ops, so that a pull or a failed save costs only the records it touches.
#[derive(Debug, Default)]
pub struct View {
    base: HashMap<Id, Arc<Row>>,
    ops: BTreeMap<u64, Op>,
    /// Which waiting ops touch a record.
    waiting: HashMap<Id, BTreeSet<u64>>,
    /// The records with waiting ops, these replayed on the base.
    shown: HashMap<Id, Arc<Row>>,
    revision: u64,
}

/// Nobody makes more room than for so many records before they are there.
const MOST_EXPECTED: u64 = 1_000_000;

/// Ops shown before their transaction is durable are numbered from here.
const PROVISIONAL: u64 = 1 << 60;

impl View {
    pub fn new(base: impl IntoIterator<Item = Row>, ops: impl IntoIterator<Item = Op>) -> View {
        View::over(base.into_iter().map(|row| (row.id, Arc::new(row))).collect(), ops)
    }

    pub(crate) fn over(base: HashMap<Id, Arc<Row>>, ops: impl IntoIterator<Item = Op>) -> View {
        let mut view = View { base, ..View::default() };
        for op in ops {
            view.add(op);
        }
        view
    }

    /// Differs after every change: what was read from the store meanwhile is old where this is another one than before.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Shows what another view does instead, read from the store, and still what is not yet durable: the records of that are
    /// returned.
    pub fn take_over(&mut self, other: View) -> BTreeSet<Id> {
        let provisional = self.ops.split_off(&PROVISIONAL);
        *self = View { revision: self.revision + 1, ..other };
        provisional.into_values().flat_map(|op| self.add(op)).collect()
    }

    /// Shows what the whole store holds instead, and still what is not yet durable.
    pub fn replace(&mut self, base: impl IntoIterator<Item = Row>, ops: impl IntoIterator<Item = Op>) {
        self.take_over(View::new(base, ops));
    }

    /// Makes room for so many records in all, of what a server says: where they come one by one, making room takes longer each
    /// time.
    pub fn expect(&mut self, records: u64) {
        let more = records.min(MOST_EXPECTED).saturating_sub(self.base.len() as u64);
        self.base.reserve(more as usize);
    }

    /// A record as the user sees it, deleted ones included.
    pub fn row(&self, id: Id) -> Option<&Arc<Row>> {
        self.shown.get(&id).or_else(|| self.base.get(&id))
    }

    /// How many records the base holds.
    pub fn len(&self) -> usize {
        self.base.len()
    }

    pub fn is_empty(&self) -> bool {
        self.base.is_empty()
    }

    pub fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        let untouched = self.base.iter().filter(|(id, _)| !self.shown.contains_key(id)).map(|(_, row)| row);
        untouched.chain(self.shown.values())
    }

    /// The ids of [`View::rows`], without a look at any of them.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.base.keys().filter(|id| !self.shown.contains_key(id)).chain(self.shown.keys()).copied()
    }

    /// How many ops wait, those not yet durable included.
    pub fn waiting(&self) -> usize {
        self.ops.len()
    }

    pub fn ops(&self) -> impl Iterator<Item = &Op> {
        self.ops.values()
    }

    /// Whether a record has an op that waits to be sent or seen, and whether one of them is not even durable.
    pub fn is_waiting(&self, id: Id) -> (bool, bool) {
        let ops = self.waiting.get(&id);
        (ops.is_some_and(|ops| !ops.is_empty()), ops.is_some_and(|ops| ops.last().is_some_and(|n| *n >= PROVISIONAL)))
    }

    /// Shows an op; returns the records it touches.
    pub fn add(&mut self, op: Op) -> BTreeSet<Id> {
        self.revision += 1;
        let touched: BTreeSet<Id> = set(op.writes.iter().map(|write| write.id));
        for id in &touched {
            self.waiting.entry(*id).or_default().insert(op.n);
        }
        let newest = self.ops.last_key_value().is_none_or(|(n, _)| *n < op.n);
        let n = op.n;
        self.ops.insert(n, op);
        match newest {
            true => touched.iter().for_each(|id| self.replay_on(*id, &[n].into())),
            false => touched.iter().for_each(|id| self.replay(*id)),
        }
        touched
    }

    /// Shows an op whose transaction still runs; [`View::settle`] replaces it by the durable one or takes it back.
    pub fn add_provisional(&mut self, mut op: Op) -> (u64, BTreeSet<Id>) {
        op.n = self.ops.last_key_value().map_or(PROVISIONAL, |(n, _)| (*n + 1).max(PROVISIONAL));
        (op.n, self.add(op))
    }

    /// Ends a provisional op: with the durable op in its place, or without.
    pub fn settle(&mut self, provisional: u64, durable: Option<Op>) -> BTreeSet<Id> {
        let mut touched = self.forget([provisional]);
        if let Some(op) = durable {
            touched.extend(self.add(op));
        }
        touched
    }

    /// Takes over what a pull brought: rows of the base, records to drop, ops that are now in the base or refused.
    pub fn pulled(&mut self, rows: Vec<Row>, removed: &[Id], settled: impl IntoIterator<Item = u64>) -> BTreeSet<Id> {
        let mut touched = self.forget(settled);
        for row in rows {
            touched.insert(row.id);
            self.base.insert(row.id, Arc::new(row));
        }
        for id in removed {
            touched.insert(*id);
            self.base.remove(id);
        }
        touched.iter().for_each(|id| self.replay(*id));
        touched
    }

    /// Replaces all waiting ops: after a fork or a shift of clocks.
    pub fn replace_ops(&mut self, ops: impl IntoIterator<Item = Op>) -> BTreeSet<Id> {
        let durable: Vec<u64> = self.ops.range(..PROVISIONAL).map(|(n, _)| *n).collect();
        let mut touched = self.forget(durable);
        for op in ops {
            touched.extend(op.writes.iter().map(|write| write.id));
            for write in &op.writes {
                self.waiting.entry(write.id).or_default().insert(op.n);
            }
            self.ops.insert(op.n, op);
        }
        touched.iter().for_each(|id| self.replay(*id));
        touched
    }

    fn forget(&mut self, numbers: impl IntoIterator<Item = u64>) -> BTreeSet<Id> {
        self.revision += 1;
        let mut touched = BTreeSet::new();
        for n in numbers {
            let Some(op) = self.ops.remove(&n) else { continue };
            for write in &op.writes {
                touched.insert(write.id);
                if let Some(waiting) = self.waiting.get_mut(&write.id) {
                    waiting.remove(&n);
                    if waiting.is_empty() {
                        self.waiting.remove(&write.id);
                    }
                }
            }
        }
        touched.iter().for_each(|id| self.replay(*id));
        touched
    }

    fn replay(&mut self, id: Id) {
        self.shown.remove(&id);
        if let Some(numbers) = self.waiting.get(&id).cloned() {
            self.replay_on(id, &numbers);
        }
    }

    fn replay_on(&mut self, id: Id, numbers: &BTreeSet<u64>) {
        for op in numbers.iter().filter_map(|n| self.ops.get(n)) {
            for write in op.writes.iter().filter(|write| write.id == id) {
                let base = || self.base.get(&id).cloned().unwrap_or_else(|| Arc::new(Row::new(write.kind.clone(), id)));
                let row = self.shown.entry(id).or_insert_with(base);
                Arc::make_mut(row).apply(op, &write.act, domain::hub::PENDING);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{account, clock, id, op, set};

    fn named(n: u64, name: &str) -> Op {
        op(id(9), n, id(8), 0, "account", id(1), set("name", name, clock(n.cast_signed(), 9)))
    }

    fn name(view: &View) -> Option<&str> {
        Some(view.row(id(1))?.text("name"))
    }

    #[test]
    fn what_is_not_yet_durable_is_still_shown_when_the_whole_is_read_again() {
        let mut view = View::new([account(id(1), "华联", id(8))], []);
        let (provisional, _) = view.add_provisional(named(7, "华联超市"));
        view.replace([account(id(1), "华联", id(8))], [named(6, "华联商厦")]);
        assert_eq!((name(&view), view.waiting()), (Some("华联超市"), 2));
        view.settle(provisional, None);
        assert_eq!((name(&view), view.waiting()), (Some("华联商厦"), 1));
    }

    #[test]
    fn who_reads_the_store_sees_that_something_was_written_or_came_meanwhile() {
        let mut view = View::default();
        let mut seen = vec![view.revision()];
        let mut after = |view: &View| seen.push(view.revision());
        let (provisional, _) = view.add_provisional(named(1, "a"));
        after(&view);
        view.settle(provisional, Some(named(1, "a")));
        after(&view);
        view.pulled(vec![account(id(1), "b", id(8))], &[], [1]);
        after(&view);
        view.replace_ops([named(2, "c")]);
        after(&view);
        view.replace([], []);
        after(&view);
        assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    }
}
