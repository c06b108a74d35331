//! What a member's accounts and follow-ups come to, kept true row by row: a territory has too many of them to look at all after
//! each change. Pure, so that it is tested here.

use crate::agenda::{self, AccountFacts, Agenda, Counts, Days, FactsByAccount, Rows, done_at, is_mine, responsible};
use domain::{
    Id, Row,
    records::{Account, FollowUp},
    sorting::set,
    time::{Day, Unit, Zone},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
    sync::Arc,
};
use store::RowChange;

/// For whom and when: where this is another one, everything is worked out anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pub me: Id,
    days: Days,
    /// The calendar month, UTC milliseconds.
    month: Range<i64>,
}

impl Frame {
    pub fn new(me: Id, today: Day, zone: &Zone) -> Frame {
        let month = zone.start_of(Unit::Month.start(today))..zone.start_of(Unit::Month.next(today));
        Frame { me, days: Days::from(today), month }
    }
}

/// Where the rows are that belong to others.
pub trait Records {
    fn account(&self, id: Id) -> Option<Arc<Row>>;
    /// The living follow-ups of an account.
    fn follow_ups_of(&self, account: Id) -> Arc<Rows>;

    fn owner(&self, account: Id) -> Option<Id> {
        self.account(account)?.reference("owner")
    }
}

#[derive(Debug, Default)]
pub struct Standing {
    frame: Frame,
    pub agenda: Agenda,
    pub facts: FactsByAccount,
    /// The follow-ups in the agenda or the month, so that others need not be looked for there.
    listed: HashSet<Id>,
    /// Living accounts of mine that nobody has planned anything for, by their last contact in UTC milliseconds.
    unplanned: BTreeSet<(Option<i64>, Id)>,
    /// What I did in this month, and the accounts that I made in it.
    done: HashMap<Id, Arc<Row>>,
    counts: Counts,
    made: HashSet<Id>,
    /// How many accounts each member has, and how many are nobody's.
    owners: BTreeMap<Option<Id>, usize>,
}

impl Standing {
    /// Without any rows; whoever has read all of them calls [`Standing::settle`].
    pub fn new(frame: Frame) -> Standing {
        Standing { frame, ..Standing::default() }
    }

    /// Accounts of mine that nobody has planned anything for, the longest neglected first.
    pub fn unplanned(&self) -> impl Iterator<Item = Id> {
        self.unplanned.iter().map(|(_, id)| *id)
    }

    /// Whose accounts there are; `None` where some are nobody's.
    pub fn owners(&self) -> impl Iterator<Item = Option<Id>> {
        self.owners.keys().copied()
    }

    /// What I did in this calendar month.
    pub fn this_month(&self) -> Counts {
        Counts { new_accounts: self.made.len() as u64, ..self.counts }
    }

    /// Reads one of all rows, the follow-ups before the accounts.
    pub fn read(&mut self, row: &Arc<Row>, records: &dyn Records) {
        match row.kind.as_str() {
            FollowUp::KIND => {
                if let Some(account) = row.reference("account") {
                    self.facts.entry(account).or_default().take_in(row);
                }
                self.put(row, records, |part, row| part.push(row.clone()));
            }
            Account::KIND => {
                *self.owners.entry(row.reference("owner")).or_default() += 1;
                self.put_account(row);
            }
            _ => {}
        }
    }

    /// Puts what was read in order.
    pub fn settle(&mut self) {
        self.agenda.sort();
    }

    /// Takes over what happened since all rows were read.
    pub fn change(&mut self, change: &RowChange, records: &dyn Records) {
        if change.is_of(FollowUp::KIND) {
            change.id().into_iter().for_each(|id| self.take(id));
            change.now.iter().for_each(|row| self.put(row, records, agenda::insert));
            let accounts: BTreeSet<Id> = set(change.rows().filter_map(|row| row.reference("account")));
            accounts.into_iter().for_each(|account| self.look_again(account, records));
        } else if change.is_of(Account::KIND) {
            self.change_account(change, records);
        }
    }

    fn change_account(&mut self, change: &RowChange, records: &dyn Records) {
        if let Some(before) = &change.before {
            self.forget_unplanned(before.id);
            self.made.remove(&before.id);
        }
        change.now.iter().for_each(|row| self.put_account(row));
        // Whether there is one, and whose it is.
        let owner = |row: &Option<Arc<Row>>| row.as_ref().map(|row| row.reference("owner"));
        let (before, now) = (owner(&change.before), owner(&change.now));
        if let Some(left) = before.and_then(|owner| self.owners.get_mut(&owner)) {
            *left -= 1;
        }
        now.into_iter().for_each(|owner| *self.owners.entry(owner).or_default() += 1);
        self.owners.retain(|_, count| *count > 0);
        // What nobody was given and nobody made is its owner's.
        if let Some(account) = change.id().filter(|_| before.flatten() != now.flatten()) {
            for row in records.follow_ups_of(account).iter() {
                self.take(row.id);
                self.put(row, records, agenda::insert);
            }
        }
    }

    fn put_account(&mut self, row: &Row) {
        let facts = self.facts.get(&row.id);
        let is_planned = facts.is_some_and(|facts| facts.next.is_some());
        if !is_planned && !matches!(row.text("stage"), "lost" | "closed") && is_mine(row, self.frame.me) {
            self.unplanned.insert((facts.and_then(AccountFacts::last_contact), row.id));
        }
        if row.creation().is_some_and(|made| made.by == self.frame.me && self.frame.month.contains(&made.first.ms)) {
            self.made.insert(row.id);
        }
    }

    /// Takes a follow-up out of the agenda and the month.
    fn take(&mut self, id: Id) {
        if self.listed.remove(&id) {
            self.agenda.take(id);
            self.done.remove(&id).iter().for_each(|row| self.counts.take(row));
        }
    }

    /// Puts a follow-up into the agenda and the month.
    fn put(&mut self, row: &Arc<Row>, records: &dyn Records, put: fn(&mut Rows, &Arc<Row>)) {
        let Frame { me, days, month } = &self.frame;
        let part = self.agenda.part_of(row, days);
        let is_done = done_at(row).is_some_and(|at| month.contains(&at));
        if (part.is_none() && !is_done) || responsible(row, |account| records.owner(account)) != Some(*me) {
            return;
        }
        self.listed.insert(row.id);
        part.into_iter().for_each(|part| put(part, row));
        if is_done {
            self.counts.add(row);
            self.done.insert(row.id, row.clone()).iter().for_each(|before| self.counts.take(before));
        }
    }

    /// Works out anew what the follow-ups of an account say of it.
    fn look_again(&mut self, account: Id, records: &dyn Records) {
        self.forget_unplanned(account);
        let mut facts = AccountFacts::default();
        records.follow_ups_of(account).iter().for_each(|row| facts.take_in(row));
        match facts == AccountFacts::default() {
            true => _ = self.facts.remove(&account),
            false => _ = self.facts.insert(account, facts),
        }
        records.account(account).iter().for_each(|row| self.put_account(row));
    }

    fn forget_unplanned(&mut self, account: Id) {
        let last = self.facts.get(&account).and_then(AccountFacts::last_contact);
        self.unplanned.remove(&(last, account));
    }
}

#[cfg(test)]
mod tests;
