//! Merged accounts on the server: who may merge, where an edit goes whose author had not seen it, and who sees what hangs
//! under them (sync.md, "Merge rules").

use super::{Draft, Keeper, Planner, no_access, rejected, unknown_record};
use crate::{
    Id, Row,
    change::{Act, Op, Outcome},
    hub::{
        collision,
        scope::{self, Lock},
    },
    merging::{MERGED_INTO, survivor, target},
    records::{Account, Collision, Share},
    types::{Reference, Typed},
};
use std::collections::{BTreeMap, BTreeSet};

/// What deciding needs besides `rows`: the accounts that stand for others, the account of a share, and those of a case. What
/// refers to accounts from the other side ([`relatives`]) only their keeper can look up.
pub fn needed_with(rows: &BTreeMap<Id, Row>) -> BTreeSet<Id> {
    let needed = rows.values().flat_map(|row| match row.kind.as_str() {
        Account::KIND => [target(row), None],
        Share::KIND => [row.reference("account"), None],
        Collision::KIND => collision::accounts(row),
        _ => [None, None],
    });
    needed.flatten().filter(|id| !rows.contains_key(id)).collect()
}

/// The accounts that a row is to be kept in step with: the one it gave way to, those of a case.
pub fn relatives(row: &Row) -> impl Iterator<Item = Id> {
    let case = if row.kind == Collision::KIND { collision::accounts(row) } else { [None; 2] };
    case.into_iter().flatten().chain(target(row))
}

/// Which of the known rows are to be kept in step with an account: those that gave way to it, and its cases.
#[derive(Debug, Default)]
pub struct Kin(BTreeMap<Id, BTreeSet<Id>>);

impl Kin {
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Kin {
        let mut kin = Kin::default();
        rows.into_iter().for_each(|row| kin.put(row, None));
        kin
    }

    fn put(&mut self, row: &Row, before: Option<&Row>) {
        for account in before.into_iter().flat_map(relatives) {
            self.0.entry(account).or_default().remove(&row.id);
        }
        for account in relatives(row) {
            self.0.entry(account).or_default().insert(row.id);
        }
    }

    /// The account with all that gave way to it, and their cases.
    fn with(&self, account: Id) -> BTreeSet<Id> {
        let (mut found, mut new) = (BTreeSet::from([account]), vec![account]);
        while let Some(next) = new.pop() {
            new.extend(self.0.get(&next).into_iter().flatten().copied().filter(|id| found.insert(*id)));
        }
        found
    }
}

impl Keeper<'_> {
    /// Brings into step what depends on a row that was put: what opens its `roots` opens all that is merged into them, and
    /// the cases of accounts follow them.
    pub(super) fn follow<'s>(&mut self, row: &Row, before: Option<&Row>, roots: impl Iterator<Item = &'s String>) {
        self.kin.put(row, before);
        if let Some(left) = before.and_then(target).filter(|left| target(row) != Some(*left)) {
            self.lock(&scope::record_root(row.id), left, &BTreeSet::new());
        }
        for account in roots.filter_map(|root| scope::root_record(root)) {
            self.share_locks(account, &mut BTreeSet::new());
        }
        if row.kind == Account::KIND {
            let known = |id: Id| self.world.rows.get(&id);
            let cases = self.kin.with(row.id).into_iter().filter_map(|id| known(id).filter(|row| row.kind == Collision::KIND));
            let followed: Vec<Row> = cases.filter_map(|case| collision::followed(case, row, &known, self.now)).collect();
            followed.into_iter().for_each(|case| self.put(case));
        }
    }

    /// Puts on an account's root the keys of the one it gave way to, whose right they are there, and so on with what gave way
    /// to it. What holds a key twice there holds it here as long as the longer.
    fn share_locks(&mut self, account: Id, done: &mut BTreeSet<Id>) {
        if !done.insert(account) {
            return;
        }
        if let Some(survivor) = self.world.rows.get(&account).and_then(target) {
            let mut keys: BTreeMap<String, Option<i64>> = BTreeMap::new();
            let held = self.world.access.get(&scope::record_root(survivor)).into_iter().flatten();
            for Lock { key, until, .. } in held.filter(|lock| lock.is_open()).map(|lock| lock.key.clone()) {
                let longest = keys.entry(key).or_insert(until);
                *longest = longest.zip(until).map(|(one, other)| one.max(other));
            }
            let wanted = keys.into_iter().map(|(key, until)| Lock { key, source: survivor, until }).collect();
            self.lock(&scope::record_root(account), survivor, &wanted);
        }
        for merged in self.kin.0.get(&account).cloned().unwrap_or_default() {
            self.share_locks(merged, done);
        }
    }
}

impl Planner<'_> {
    /// Whether an op may merge the account or decide the case that it is about: its author must see both accounts, there must
    /// be something to merge into, and no way round may come of it.
    pub(super) fn may_decide(&self, op: &Op, row: &Row, act: &Act, draft: &Draft) -> Result<(), Outcome> {
        let Act::Set { field, value, .. } = act else { return Ok(()) };
        let known = |id: Id| draft.rows.get(&id).or_else(|| self.keeper.world.rows.get(&id));
        let sees = |id: Id| match self.keeper.world.rows.get(&id) {
            Some(stored) if !self.may_edit(op, stored) => Err(no_access()),
            None if !draft.rows.contains_key(&id) => Err(unknown_record()),
            _ => Ok(()),
        };
        if row.kind == Collision::KIND {
            return collision::accounts(row).into_iter().flatten().try_for_each(sees);
        }
        let Some(into) = Reference::read(value).filter(|_| row.kind == Account::KIND && field == MERGED_INTO) else {
            return Ok(());
        };
        sees(into)?;
        if !known(into).is_some_and(|into| into.kind == Account::KIND && into.is_alive()) {
            return Err(rejected("merge_target", Some(MERGED_INTO), "The account to merge into is gone; choose another one."));
        }
        let mut passed = BTreeSet::new();
        let mut at = Some(into);
        while let Some(next) = at.filter(|next| passed.insert(*next)) {
            at = known(next).and_then(target);
        }
        match passed.contains(&row.id) {
            true => Err(rejected("merge_circle", Some(MERGED_INTO), "The other account was merged into this one meanwhile.")),
            false => Ok(()),
        }
    }

    pub(super) fn unseen_survivor(&self, op: &Op, row: &Row, act: &Act, draft: &Draft) -> Option<Id> {
        let known = |id: Id| draft.rows.get(&id).or_else(|| self.keeper.world.rows.get(&id));
        followed(row, act, op, self.seen_seq(op), &known)
    }
}

/// The account to which an edit goes whose author, who had seen everything up to `seen`, had not seen that its own was merged.
/// Deleting does not go there, as the merge is an edit that the deleter had not seen; nor does removing, for what the remover
/// had seen is here.
pub fn followed<'r>(row: &Row, act: &Act, op: &Op, seen: u64, row_of: &dyn Fn(Id) -> Option<&'r Row>) -> Option<Id> {
    act.field().filter(|field| *field != MERGED_INTO && !matches!(act, Act::Remove { .. }))?;
    target(row)?;
    row.cells.get(MERGED_INTO).filter(|cell| cell.seq > seen && !op.is_own(cell.clock))?;
    Some(survivor(row.id, row_of)).filter(|found| *found != row.id)
}

#[cfg(test)]
mod tests;
