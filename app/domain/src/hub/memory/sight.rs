//! What a member sees of the company in memory, and what his device gets of it.

use super::MemoryHub;
use crate::{
    Id, Row,
    digest::{self, Tree},
    hub::{
        Cursor, Fetch, Fetched, Interval,
        page::Pull,
        phase,
        scope::{self, Lock},
    },
    wire::{DigestAnswer, DigestRequest},
};
use std::{cell::RefCell, collections::HashMap};

impl MemoryHub {
    pub(super) fn keys(&self, member: Id) -> &[Interval] {
        self.member_keys.get(&member).map_or(&[], Vec::as_slice)
    }

    fn opens(&self, root: &str, is_open: impl Fn(&[Interval<Lock>]) -> bool) -> bool {
        match scope::fixed_locks(root) {
            Some(locks) => is_open(&locks),
            None => is_open(self.access.get(root).map_or(&[], Vec::as_slice)),
        }
    }

    /// Asks the locks of rows' roots, those of one root once.
    fn of_roots<'h>(&'h self, is_open: impl Fn(&[Interval<Lock>]) -> bool + 'h) -> impl Fn(&Row) -> bool + 'h {
        let known = RefCell::new(HashMap::new());
        move |row| {
            let root = self.roots.get(&row.id).and_then(|stays| stays.iter().find(|stay| stay.is_open()));
            let ask = |root: &'h str| *known.borrow_mut().entry(root).or_insert_with(|| self.opens(root, &is_open));
            root.is_some_and(|root| ask(&root.key))
        }
    }

    /// Tells the rows that the member sees now.
    pub fn visible(&self, member: Id) -> impl Fn(&Row) -> bool {
        let keys = self.keys(member);
        self.of_roots(move |locks| scope::is_visible(keys, locks))
    }

    /// Whether the member sees the row now.
    pub fn sees(&self, member: Id, row: &Row) -> bool {
        self.visible(member)(row)
    }

    /// Whether the member saw the row at `seq` or at any time since.
    fn saw_since(&self, member: Id, row: &Row, seq: u64) -> bool {
        let stays = self.roots.get(&row.id).into_iter().flatten();
        let keys = self.keys(member);
        stays.into_iter().any(|stay| self.opens(&stay.key, |locks| scope::was_visible_since(keys, locks, stay, seq)))
    }

    /// Whether something happened after `since` by which the member can have lost the row.
    fn explains(&self, member: Id, row: &Row, since: u64) -> bool {
        let stays = self.roots.get(&row.id).map_or(&[][..], Vec::as_slice);
        let locks =
            |stay: &Interval| self.access.get(&stay.key).is_some_and(|locks| locks.iter().any(|lock| lock.ended_after(since)));
        stays.iter().any(|stay| stay.ended_after(since) || locks(stay))
            || self.keys(member).iter().any(|key| key.ended_after(since))
    }

    pub(super) fn fetch(&self, member: Id, fetch: &Fetch) -> Fetched {
        let visible = self.visible(member);
        let page = |rows: Vec<&Row>, limit: usize| {
            let rows = rows.into_iter().take(limit).map(|row| (phase(row, &self.schema), row.clone()));
            Fetched { rows: rows.collect(), ..Fetched::default() }
        };
        match fetch {
            Fetch::Load { after, limit } => {
                let place = |row: &Row| (phase(row, &self.schema), row.id);
                let missing = |row: &&Row| row.is_alive() && place(row) > *after && visible(row);
                let mut rows: Vec<_> = self.rows.values().filter(missing).collect();
                rows.sort_by_key(|row| place(row));
                page(rows, *limit)
            }
            Fetch::Changes { since, after, limit } => {
                let changed = |row: &&Row| row.seq > *since && (row.seq, row.id) > *after && visible(row);
                let mut rows: Vec<_> = self.rows.values().filter(changed).collect();
                rows.sort_by_key(|row| (row.seq, row.id));
                page(rows, *limit)
            }
            Fetch::Granted { since, after, limit } => {
                let keys = self.keys(member);
                let kept = self.of_roots(move |locks| scope::is_visible_since(keys, locks, *since));
                let new = |row: &&Row| row.seq <= *since && row.id > *after && visible(row) && !kept(row);
                page(self.rows.values().filter(new).collect(), *limit)
            }
            Fetch::Removed { since } => {
                let lost = |row: &&Row| !visible(row) && self.saw_since(member, row, *since);
                let lost: Vec<&Row> = self.rows.values().filter(lost).collect();
                let explained = lost.iter().filter(|row| self.explains(member, row, *since)).count() as u64;
                Fetched { rows: Vec::new(), removed: lost.iter().map(|row| row.id).collect(), explained }
            }
        }
    }

    /// Compares what a member's device holds with what he sees, as the server does.
    pub fn digest(&self, member: Id, request: &DigestRequest) -> DigestAnswer {
        let mut pull = Pull::new(Cursor::read(Some(&request.cursor)), self.seq, || 0);
        if request.feed_epoch != self.epoch || !pull.can_compare(self.floor) {
            return DigestAnswer { behind: true, ..DigestAnswer::default() };
        }
        while let Some(fetch) = pull.next().cloned() {
            let fetched = self.fetch(member, &fetch);
            if !fetched.is_empty() {
                return DigestAnswer { behind: true, ..DigestAnswer::default() };
            }
            pull.take(fetched);
        }
        let sees = self.visible(member);
        let visible = || self.rows.values().filter(|row| sees(row));
        let wanted = visible().filter(|row| request.wanted.contains(&row.id)).cloned().collect();
        digest::answer(request, &Tree::of_rows(visible()), wanted)
    }
}
