//! What several views derive from the same rows, worked out once and then kept true: what a member's work comes to, and the
//! order of names.

use crate::components::flow::memo;
use crate::{
    agenda::Rows,
    birthdays::Birthdays,
    dom,
    intl::Collation,
    names::Names,
    standing::{Frame, Records, Standing},
    state::{Rounds, in_turns, in_turns_behind, use_rounds},
};
use domain::{
    Id, Lang, Row,
    records::{Account, Contact, FollowUp},
    sorting::StepSort,
    time::Day,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use store::Seen;
use sync::browser::breathe;
use wasm_bindgen::JsValue;

/// Copy handle from context.
#[derive(Clone, Copy)]
pub struct Live {
    /// The company's day; it changes at midnight, not every minute.
    pub today: Memo<Day>,
    pub standing: RwSignal<Standing>,
    /// Whether all rows were read once: more may have come since.
    pub is_read: RwSignal<bool>,
    /// Whether all rows are in it.
    pub is_whole: RwSignal<bool>,
    /// Whether birthdays are here too, so that nothing more of what was known at the start comes to Today.
    pub is_settled: RwSignal<bool>,
    /// How many open follow-ups are due today or before.
    pub to_do: Memo<usize>,
    pub birthdays: RwSignal<Birthdays>,
    /// The accounts by name.
    pub names: StoredValue<Names>,
    /// How often ranks were given; none before all names were sorted.
    pub ranks: RwSignal<u32>,
    reading: StoredValue<Reading>,
}

/// How far what is derived has followed the lists.
#[derive(Default)]
struct Reading {
    frame: Frame,
    /// What of the lists is in the standing, the birthdays and the names; `None` while they are read.
    seen: Option<Seen>,
    birthdays_seen: Option<Seen>,
    names_seen: Option<Seen>,
    /// How often reading them was begun.
    begun: u32,
}

/// Rows read between two looks at the clock.
const STEP: usize = 100;

impl Live {
    pub fn provide() -> Live {
        let rounds = use_rounds();
        let today = memo(move || rounds.zone().day(rounds.now().get()));
        let standing = RwSignal::<Standing>::default();
        let to_do = memo(move || standing.read().agenda.to_do());
        let live = Live {
            today,
            standing,
            is_read: RwSignal::new(false),
            is_whole: RwSignal::new(false),
            is_settled: RwSignal::new(false),
            to_do,
            birthdays: RwSignal::default(),
            names: StoredValue::default(),
            ranks: RwSignal::new(0),
            reading: StoredValue::default(),
        };
        provide_context(live);
        let frame = memo(move || Frame::new(rounds.me(), today.get(), &rounds.zone()));
        let lang = memo(move || rounds.lang().get());
        Effect::new(move |before: Option<Lang>| {
            if before.is_some_and(|before| before != lang.get()) {
                untrack(|| live.begin(rounds, frame.get()));
            }
            lang.get()
        });
        Effect::new(move || {
            let frame = frame.get();
            [FollowUp::KIND, Account::KIND, Contact::KIND].into_iter().for_each(|kind| rounds.rows(kind).track());
            rounds.knows_references().track();
            untrack(|| live.look(rounds, frame));
        });
        Effect::new(move || dom::set_badge(to_do.get()));
        live
    }

    /// Takes over what happened, or reads all rows where that is not known.
    fn look(self, rounds: Rounds, frame: Frame) {
        let (known, seen) = self.reading.with_value(|reading| (reading.frame == frame, reading.seen));
        match seen {
            None if known => {}
            // Every change asks what belongs to what: it waits until that is known, unless somebody reads rows beside it.
            Some(_) if known && !rounds.knows_references().get_untracked() => {}
            Some(seen) if known && self.follow(rounds, seen) => {}
            _ => self.begin(rounds, frame),
        }
    }

    /// Takes over at once what happened, if all rows were read, for somebody who reads rows beside it.
    pub fn catch_up(self, rounds: Rounds) {
        if let Some(seen) = self.reading.with_value(|reading| reading.seen) {
            self.follow(rounds, seen);
        }
    }

    /// Takes over what happened since; `false` where that is not known any more.
    fn follow(self, rounds: Rounds, seen: Seen) -> bool {
        let Some(changes) = rounds.since(seen) else { return false };
        let now = rounds.seen();
        if !changes.is_empty() {
            self.standing.update(|standing| changes.iter().for_each(|change| standing.change(change, &rounds)));
            self.follow_birthdays(rounds);
            self.follow_names(rounds);
        }
        self.reading.update_value(|reading| reading.seen = Some(now));
        true
    }

    fn follow_birthdays(self, rounds: Rounds) {
        let Some(seen) = self.reading.with_value(|reading| reading.birthdays_seen) else { return };
        let Some(mut changes) = rounds.since(seen) else { return };
        let now = rounds.seen();
        changes.retain(|change| change.is_of(Contact::KIND));
        if !changes.is_empty() {
            self.birthdays.update(|birthdays| changes.iter().for_each(|change| birthdays.change(change)));
        }
        self.reading.update_value(|reading| reading.birthdays_seen = Some(now));
    }

    fn follow_names(self, rounds: Rounds) {
        let Some(seen) = self.reading.with_value(|reading| reading.names_seen) else { return };
        let Some(changes) = rounds.since(seen) else { return };
        let (now, collation) = (rounds.seen(), Collation::new(rounds.lang().get_untracked()));
        let compare = |a: &str, b: &str| collation.compare(&a.into(), &b.into());
        let mut has_room = true;
        self.names.update_value(|names| {
            for change in changes.iter().filter(|change| change.is_of(Account::KIND)) {
                let name = |row: &Option<Arc<Row>>| row.as_ref().map(|row| row.text("name").to_owned());
                let (before, after) = (name(&change.before), name(&change.now));
                if let Some(id) = change.id().filter(|_| before != after) {
                    has_room &= names.put(id, after.as_deref(), &compare);
                }
            }
        });
        if !has_room {
            self.ranks.update(|times| *times += 1);
        }
        self.reading.update_value(|reading| reading.names_seen = Some(now));
    }

    fn begin(self, rounds: Rounds, frame: Frame) {
        if self.reading.with_value(|reading| reading.frame.me != frame.me) {
            self.is_read.set(false);
            self.is_whole.set(false);
            self.is_settled.set(false);
            self.standing.set(Standing::default());
        }
        let mut turn = 0;
        self.reading.update_value(|reading| {
            turn = reading.begun + 1;
            *reading = Reading { frame, begun: turn, ..Reading::default() };
        });
        spawn_local(async move {
            while self.read_all(rounds, turn).await == Some(false) {}
            while self.read_birthdays(rounds, turn).await == Some(false) {}
            if self.is_current(turn).is_some() {
                self.is_settled.set(true);
            }
            while self.sort_names(rounds, turn).await == Some(false) {}
        });
    }

    /// Reads all rows in turns between which the page can draw; `None` where it was begun again meanwhile, `false` where too
    /// much happened.
    async fn read_all(self, rounds: Rounds, turn: u32) -> Option<bool> {
        let of = |kind: &str| rounds.living(kind);
        let (lists, seen) = ([of(FollowUp::KIND), of(Account::KIND)], rounds.seen());
        let mut standing = Standing::new(self.reading.try_with_value(|reading| reading.frame.clone())?);
        let mut rows = lists.iter().flat_map(|rows| rows.iter());
        in_turns(&mut || {
            let some: Vec<&Arc<Row>> = rows.by_ref().take(STEP).collect();
            some.iter().for_each(|row| standing.read(row, &rounds));
            some.len() < STEP
        })
        .await;
        standing.settle();
        // What is drawn now is a task by itself.
        breathe().await;
        self.is_current(turn)?;
        self.standing.set(standing);
        let is_whole = self.follow(rounds, seen);
        // What does not stand at the top of a page is drawn in a task of its own.
        breathe().await;
        self.is_current(turn)?;
        self.is_read.set(true);
        if is_whole {
            self.is_whole.set(true);
        }
        Some(is_whole)
    }

    /// Reads all contacts, as [`Live::read_all`] reads what is drawn first.
    async fn read_birthdays(self, rounds: Rounds, turn: u32) -> Option<bool> {
        let (contacts, seen) = (rounds.living(Contact::KIND), rounds.seen());
        let (mut rows, mut birthdays) = (contacts.iter(), Birthdays::default());
        in_turns_behind(&mut || {
            rows.by_ref().take(STEP).for_each(|row| birthdays.put(row));
            rows.len() == 0
        })
        .await;
        self.is_current(turn)?;
        self.birthdays.set(birthdays);
        self.reading.update_value(|reading| reading.birthdays_seen = Some(seen));
        let is_known = rounds.since(seen).is_some();
        self.follow_birthdays(rounds);
        Some(is_known)
    }

    /// Sorts all names, as [`Live::read_all`] reads all rows.
    async fn sort_names(self, rounds: Rounds, turn: u32) -> Option<bool> {
        let (accounts, seen) = (rounds.living(Account::KIND), rounds.seen());
        let collation = Collation::new(rounds.lang().get_untracked());
        let mut held: Vec<JsValue> = Vec::with_capacity(accounts.len());
        in_turns_behind(&mut || {
            held.extend(accounts[held.len()..].iter().take(STEP).map(|row| JsValue::from(row.text("name"))));
            held.len() == accounts.len()
        })
        .await;
        let mut sort = StepSort::new(held.len());
        in_turns_behind(&mut || sort.step(&mut |a, b| collation.compare(&held[a], &held[b]))).await;
        let (mut order, mut names) = (sort.order().into_iter(), Names::with_capacity(accounts.len()));
        in_turns_behind(&mut || {
            order.by_ref().take(STEP).for_each(|at| names.push(accounts[at].text("name").to_owned(), accounts[at].id));
            order.len() == 0
        })
        .await;
        self.is_current(turn)?;
        self.names.set_value(names);
        self.reading.update_value(|reading| reading.names_seen = Some(seen));
        let is_known = rounds.since(seen).is_some();
        self.follow_names(rounds);
        self.ranks.update(|times| *times += 1);
        Some(is_known)
    }

    /// `None` where reading was begun again since, or all this is gone.
    fn is_current(self, turn: u32) -> Option<()> {
        self.reading.try_with_value(|reading| reading.begun == turn)?.then_some(())
    }
}

impl Records for Rounds {
    fn account(&self, id: Id) -> Option<Arc<Row>> {
        untrack(|| self.look_up(id))
    }

    fn follow_ups_of(&self, account: Id) -> Arc<Rows> {
        self.referrers(FollowUp::KIND, "account", account)
    }
}

/// The handle that [`Live::provide`] put into context.
pub fn use_live() -> Live {
    expect_context()
}
