//! The accounts that the list shows: sorted in turns between which the page can draw, then kept true account by account, and
//! filtered when a chip or the query changed.

use crate::{
    account_filter::Chips,
    account_order::{Arranged, By, Entry, Order, Ordered, When, groups, when},
    components::{flow::memo, list::Group},
    live::{Live, use_live},
    show,
    state::{Rounds, in_turns, use_rounds},
    text::t,
};
use domain::{
    Id, Value,
    records::{Account, FollowUp},
    sorting::{StepSort, set},
    time::Day,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashSet},
    sync::Arc,
};
use store::{RowChange, Seen};
use sync::browser::breathe;

/// What is shown, and the headings of it.
#[derive(Clone, Copy)]
pub struct Found {
    /// Whether the accounts have been sorted at all.
    pub is_ready: Signal<bool>,
    pub ids: Memo<Arc<Vec<Id>>>,
    pub groups: Memo<Arc<Vec<Group>>>,
}

/// Accounts in an order, kept true.
#[derive(Clone, Copy)]
struct List {
    rounds: Rounds,
    live: Live,
    arranged: RwSignal<Option<Arranged>>,
    progress: StoredValue<Progress>,
}

#[derive(Default)]
struct Progress {
    ordered: Ordered,
    /// What of the lists is in it; `None` while it is sorted.
    seen: Option<Seen>,
    /// How often sorting was begun.
    begun: u32,
    /// Whether it waits for what it needs.
    waits: bool,
}

/// Accounts whose keys are made between two looks at the clock.
const STEP: usize = 50;
/// More changes than these at once are sorted anew, in turns.
const MANY: usize = 500;

/// The accounts to show for what is asked.
pub fn found(query: RwSignal<String>, chips: RwSignal<Chips>, order: RwSignal<Order>) -> Found {
    let list = List { rounds: use_rounds(), live: use_live(), arranged: RwSignal::new(None), progress: StoredValue::default() };
    let List { rounds, live, arranged, .. } = list;
    let kind = rounds.schema().kind(Account::KIND).expect("accounts are declared");
    let ordered = memo(move || Ordered::new(order.get(), kind));
    Effect::new(move |ranks: Option<u32>| {
        let (ordered, ranks_now) = (ordered.get(), live.ranks.get());
        live.standing.track();
        untrack(|| list.look(ordered, ranks == Some(ranks_now)));
        ranks_now
    });
    let shown = memo(move || list.shown(&chips.read(), &query.read()));
    Found {
        is_ready: Signal::derive(move || arranged.with(Option::is_some)),
        ids: memo(move || shown.read().0.clone()),
        groups: memo(move || {
            let label = |(start, heading): &(usize, Heading)| Group { start: *start, label: heading.words() };
            Arc::new(shown.read().1.iter().map(label).collect())
        }),
    }
}

/// What accounts stand under together.
#[derive(Clone, Debug, PartialEq)]
enum Heading {
    When(When),
    /// A field, and what it is sorted by.
    Value(&'static str, Value),
}

impl Heading {
    fn words(&self) -> String {
        let key = match self {
            Heading::Value(field, value) => return value_words(field, value),
            Heading::When(When::Overdue) => "accounts.overdue",
            Heading::When(When::Today) => "accounts.today",
            Heading::When(When::Soon) => "accounts.soon",
            Heading::When(When::Later) => "accounts.later",
            Heading::When(When::Undated) => "accounts.undated",
            Heading::When(When::Never) => "row.no_next",
        };
        t(key)()
    }
}

fn value_words(field: &str, value: &Value) -> String {
    let spec = use_rounds().schema().field(Account::KIND, field);
    let words = match spec {
        // Of a record, its title is what is sorted by.
        Some(spec) if spec.ty.refers_to().is_some() => value.as_str().unwrap_or_default().to_owned(),
        Some(spec) => show::value(spec, value),
        None => String::new(),
    };
    if words.is_empty() { t("accounts.not_said")() } else { words }
}

/// The accounts of which a change may be news.
fn accounts_of(change: &RowChange) -> Vec<Id> {
    match () {
        () if change.is_of(Account::KIND) => change.id().into_iter().collect(),
        () if change.is_of(FollowUp::KIND) => change.rows().filter_map(|row| row.reference("account")).collect(),
        () => Vec::new(),
    }
}

impl List {
    /// Takes over what happened, or sorts anew where the order is another one, or not known.
    fn look(self, ordered: Ordered, has_ranks: bool) {
        self.live.catch_up(self.rounds);
        let is_known = |progress: &Progress| progress.begun > 0 && !progress.waits && progress.ordered == ordered && has_ranks;
        let (known, seen) = self.progress.with_value(|progress| (is_known(progress), progress.seen));
        match seen {
            None if known => {}
            Some(seen) if known && self.follow(seen, MANY) => {}
            _ => {
                let mut turn = 0;
                self.progress.update_value(|progress| {
                    turn = progress.begun + 1;
                    *progress = Progress { ordered, begun: turn, ..Progress::default() };
                });
                spawn_local(async move { while self.sort(ordered, turn).await == Some(false) {} });
            }
        }
    }

    /// Takes over what happened since; `false` where that is not known any more or was too much.
    fn follow(self, seen: Seen, most: usize) -> bool {
        let Some(changes) = self.rounds.since(seen).filter(|changes| changes.len() <= most) else { return false };
        let ordered = self.progress.with_value(|progress| progress.ordered);
        if changes.iter().any(|change| ordered.refers_to().is_some_and(|kind| change.is_of(kind))) {
            return false;
        }
        let now = self.rounds.seen();
        let touched: BTreeSet<Id> = set(changes.iter().flat_map(accounts_of));
        if !touched.is_empty() {
            self.arranged.update(|arranged| {
                let Some(arranged) = arranged else { return };
                touched.iter().for_each(|id| arranged.put(*id, self.entry(ordered, *id)));
            });
        }
        self.progress.update_value(|progress| progress.seen = Some(now));
        true
    }

    fn entry(self, ordered: Ordered, id: Id) -> Option<Entry> {
        let row = self.rounds.listed(Account::KIND, id)?;
        let title = |id: Id| untrack(|| self.rounds.title(id));
        let key = self.live.standing.try_with_untracked(|standing| ordered.key(&row, standing.facts.get(&id), &title))?;
        let rank = self.live.names.try_with_value(|names| names.rank(id))?;
        Some(Entry { row, key, rank })
    }

    /// Sorts all accounts; `None` where that was begun again since, or the list is gone, and `false` where too much happened.
    async fn sort(self, ordered: Ordered, turn: u32) -> Option<bool> {
        let rounds = self.rounds;
        let has_names = self.live.ranks.try_get_untracked()? > 0;
        if !has_names || !self.live.is_whole.try_get_untracked()? {
            // Whoever makes it so tells of it.
            self.progress.try_update_value(|progress| progress.waits = true)?;
            return None;
        }
        let (accounts, seen) = (rounds.living(Account::KIND), rounds.seen());
        let mut entries: Vec<Arc<Entry>> = Vec::with_capacity(accounts.len());
        let mut ids = accounts.iter().map(|row| row.id);
        in_turns(&mut || {
            let some: Vec<Id> = ids.by_ref().take(STEP).collect();
            entries.extend(some.iter().filter_map(|id| self.entry(ordered, *id)).map(Arc::new));
            some.len() < STEP
        })
        .await;
        let mut sort = StepSort::new(entries.len());
        in_turns(&mut || sort.step(&mut |a, b| ordered.compare(&entries[a], &entries[b]))).await;
        let (mut order, mut arranged) = (sort.order().into_iter(), Arranged::with_capacity(ordered, entries.len()));
        in_turns(&mut || {
            order.by_ref().take(STEP).for_each(|at| arranged.push(entries[at].clone()));
            order.len() == 0
        })
        .await;
        // The list is drawn in a task of its own.
        breathe().await;
        if !self.progress.try_with_value(|progress| progress.begun == turn)? {
            return None;
        }
        self.arranged.set(Some(arranged));
        self.live.catch_up(rounds);
        Some(self.follow(seen, usize::MAX))
    }

    /// Those that the chips and the query let pass, and where their headings start.
    fn shown(self, chips: &Chips, query: &str) -> (Arc<Vec<Id>>, Vec<(usize, Heading)>) {
        let found: Option<HashSet<Id>> = match query.trim() {
            "" => None,
            // The answer by kind stands in the list's place.
            _ if chips.is_empty() => return Default::default(),
            typed => Some(self.rounds.find_of(Account::KIND, typed).into_iter().collect()),
        };
        let arranged = self.arranged.read();
        let Some(arranged) = arranged.as_ref() else { return Default::default() };
        let standing = self.live.standing.read_untracked();
        let passes = |entry: &&Arc<Entry>| {
            let is_found = found.as_ref().is_none_or(|found| found.contains(&entry.row.id));
            is_found && (chips.is_empty() || chips.let_pass(&entry.row, &standing.facts))
        };
        let passing: Vec<&Arc<Entry>> = arranged.entries().iter().filter(passes).collect();
        let ids = Arc::new(passing.iter().map(|entry| entry.row.id).collect());
        let keys = passing.iter().map(|entry| &entry.key);
        let headings = match arranged.ordered.order.by {
            By::NextFollowUp => {
                let today = self.live.today.get();
                let days_from_today = |due: &str| Some(Day::parse(due.get(..10)?)?.since(today));
                // Many have the same: each day is read once.
                let last = RefCell::new((&Value::Null, When::Never));
                let of = |key| {
                    if last.borrow().0 != key {
                        last.replace((key, when(key, &days_from_today)));
                    }
                    last.borrow().1
                };
                groups(keys.map(of)).into_iter().map(|(at, when)| (at, Heading::When(when))).collect()
            }
            By::Field(field) => groups(keys).into_iter().map(|(at, value)| (at, Heading::Value(field, value.clone()))).collect(),
            By::LastContact | By::Name => Vec::new(),
        };
        (ids, headings)
    }
}
