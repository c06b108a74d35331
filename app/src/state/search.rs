//! Searching: the store's search kept true while nobody waits for it, and asked as somebody types.

use super::{Rounds, Wanted, in_turns, in_turns_behind, platform, schema, turn};
use domain::{
    Id,
    query::{Filter, Query, compile, memory},
    records::Account,
    search::{Circumstances, Han, Typed, lower},
    types::PlaceValue,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    iter,
    rc::Rc,
    sync::Arc,
};
use store::{FoundKind, Search};
use sync::browser::{Fetch, breathe};

#[derive(Default)]
pub struct SearchState {
    /// How often records changed that the search has to read.
    pub touched: RwSignal<u32>,
    /// How often it has read them all.
    read: RwSignal<u32>,
    is_reading: Cell<bool>,
    /// The table of characters has come, or is not waited for.
    settled: RwSignal<bool>,
    /// What was searched for last, the latest first.
    recent: RwSignal<Vec<String>>,
    /// About where the device was when somebody began to search.
    here: RwSignal<Option<PlaceValue>>,
    /// The records that pass the filters typed last: the filters, how often records had changed, and per kind the records.
    passing: RefCell<Option<Rc<Passing>>>,
}

struct Passing {
    filters: String,
    touched: u32,
    kinds: Vec<(String, HashSet<Id>)>,
}

impl Passing {
    fn has(&self, kind: &str, id: Id) -> bool {
        self.kinds.iter().any(|(of, ids)| of == kind && ids.contains(&id))
    }
}

impl SearchState {
    pub fn load_recent(&self, member: Id) {
        let text = platform::recall(&key(member));
        self.recent.set(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default());
    }
}

fn key(member: Id) -> String {
    format!("rounds.searches.{member}")
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundAll {
    pub typed: Typed,
    pub kinds: Vec<Arc<FoundOf>>,
    /// How many of all kinds fit; while only the first are known, how many fitted what was typed before.
    pub total: usize,
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundOf {
    pub typed: Typed,
    pub kind: String,
    /// How many fit, once that is known.
    pub total: Option<usize>,
    /// The first of them, the likeliest first.
    pub records: Vec<Id>,
}

impl FoundAll {
    fn new(typed: Typed, kinds: Vec<FoundKind>) -> FoundAll {
        let total = kinds.iter().map(|found| found.total).sum();
        let of = |FoundKind { kind, total, records }| FoundOf { typed: typed.clone(), kind, total: Some(total), records };
        let kinds = kinds.into_iter().filter(|found| found.total > 0).map(of).map(Arc::new).collect();
        FoundAll { typed, kinds, total }
    }

    /// The first accounts, and for a moment the others as they were.
    fn begun(&self, typed: Typed, records: Vec<Id>) -> FoundAll {
        let accounts = FoundOf { typed: typed.clone(), kind: Account::KIND.to_owned(), total: None, records };
        let others = self.kinds.iter().filter(|found| found.kind != Account::KIND).cloned();
        FoundAll { typed, kinds: iter::once(Arc::new(accounts)).chain(others).collect(), total: self.total }
    }
}

/// Records read between two looks at the clock.
const STEP: usize = 50;
/// Texts looked through between two looks at the clock.
const TEXTS: usize = 1_000;
/// How many records are given of a kind: who wants more types more.
const MOST: usize = 500;
/// How many accounts are found before anything else is looked for: what a page begins with.
pub const FIRST: usize = 8;
/// How many searches are remembered.
const RECENT: usize = 8;

impl Rounds {
    /// Loads the table of characters, and reads what changed whenever it does.
    pub(super) fn start_search(self) {
        *self.inner().search.borrow_mut() = Search::new(Arc::default(), schema());
        spawn_local(async move {
            breathe().await;
            let table = match platform::root_data("han") {
                Some(path) => Fetch::default().get_bytes(&path).await.map(|bytes| bytes.to_vec()),
                None => None,
            };
            let inner = self.inner();
            if let Some(han) = table.and_then(|table| Han::read(&table)) {
                *inner.search.borrow_mut() = Search::new(Arc::new(han), schema());
                let all: Vec<Id> = inner.view.borrow().ids().collect();
                inner.search.borrow_mut().touch(all);
                inner.search_state.touched.update(|times| *times += 1);
            }
            inner.search_state.settled.set(true);
        });
        Effect::new(move || {
            let inner = self.inner();
            inner.search_state.touched.track();
            if inner.search_state.settled.get() && !inner.search_state.is_reading.replace(true) {
                spawn_local(self.read_on());
            }
        });
    }

    /// Reads what changed, in turns between which the page can draw.
    async fn read_on(self) {
        let inner = self.inner();
        in_turns_behind(&mut || inner.search.borrow_mut().read(&inner.view.borrow(), schema(), self.me(), STEP)).await;
        inner.search_state.is_reading.set(false);
        inner.search_state.read.update(|times| *times += 1);
    }

    /// What fits what is typed, by kind: the first accounts at once, if their names have it, then everything. It is looked for
    /// again when records were read, in turns between which the page can draw.
    pub fn find(self, typed: Memo<String>) -> Signal<Arc<FoundAll>> {
        let (found, begun) = (RwSignal::<Arc<FoundAll>>::default(), StoredValue::new(0_u32));
        Effect::new(move || {
            let text = typed.get();
            self.track_search();
            begun.update_value(|begun| *begun += 1);
            let turn = begun.get_value();
            spawn_local(async move {
                let is_wanted = || begun.try_get_value() == Some(turn);
                let typed = Typed::read(&self.han(), schema(), &text);
                if let Some(first) = self.first_accounts(&typed, is_wanted).await {
                    found.update(|found| *found = Arc::new(found.begun(typed.clone(), first)));
                }
                in_turns(&mut || !is_wanted() || self.inner().search.borrow_mut().look_for(&typed, None, TEXTS)).await;
                // Putting it in order, and drawing it, is a turn of its own.
                in_turns(&mut || {
                    if is_wanted() {
                        found.set(Arc::new(untrack(|| self.find_all(typed.clone()))));
                    }
                    true
                })
                .await;
            });
        });
        found.into()
    }

    /// The likeliest accounts, where enough are called what is typed for everything else to come behind them.
    async fn first_accounts(self, typed: &Typed, is_wanted: impl Fn() -> bool) -> Option<Vec<Id>> {
        if typed.words.is_empty() || !typed.filters.is_empty() {
            return None;
        }
        let (inner, gave_way, circumstances) = (self.inner(), self.gave_way(), self.circumstances());
        let by_start = inner.search.borrow_mut().first_by_start(Account::KIND, typed, &gave_way, &circumstances, FIRST);
        if by_start.is_some() {
            return by_start;
        }
        let mut look = || !is_wanted() || inner.search.borrow_mut().look_for_titles(Account::KIND, typed, TEXTS);
        if !turn(&mut look) {
            in_turns(&mut look).await;
        }
        if !is_wanted() {
            return None;
        }
        inner.search.borrow_mut().first_by_title(Account::KIND, typed, &gave_way, &circumstances, FIRST)
    }

    fn find_all(self, typed: Typed) -> FoundAll {
        let inner = self.inner();
        if typed.is_empty() {
            return FoundAll::default();
        }
        let passing = (!typed.filters.is_empty()).then(|| self.passing(&typed));
        let passes = |kind: &str, id: Id| passing.as_ref().is_none_or(|passing| passing.has(kind, id));
        let kinds = inner.search.borrow_mut().find(&typed, &self.gave_way(), &self.circumstances(), &passes, MOST);
        FoundAll::new(typed, kinds)
    }

    /// The records of a kind that have what was typed, the likeliest first; reactive like [`Rounds::find`].
    pub fn find_of(self, kind: &str, text: &str) -> Vec<Id> {
        self.track_search();
        let typed = Typed::read(&self.han(), schema(), text);
        if typed.is_empty() {
            return Vec::new();
        }
        let (inner, gave_way) = (self.inner(), self.gave_way());
        let mut found = inner.search.borrow_mut().find_of(kind, &typed, &gave_way, &self.circumstances(), usize::MAX).records;
        if !typed.filters.is_empty() {
            let passing = self.passing(&typed);
            found.retain(|id| passing.has(kind, *id));
        }
        found
    }

    fn track_search(self) {
        let state = &self.inner().search_state;
        state.read.track();
        // Whoever searches before the table is here does without it.
        if !state.settled.get_untracked() {
            state.settled.set(true);
        }
    }

    pub fn han(self) -> Arc<Han> {
        self.inner().search.borrow().han().clone()
    }

    fn gave_way(self) -> Vec<(Id, Id)> {
        let inner = self.inner();
        inner.index.borrow_mut().gave_way(&inner.view.borrow())
    }

    fn circumstances(self) -> Circumstances {
        // Not reactive: what is being read must not move.
        let inner = self.inner();
        Circumstances { recents: inner.chrome.recents.get_untracked(), here: inner.search_state.here.get_untracked() }
    }

    /// Which records of each kind pass the filters; worked out once while neither they nor the records change.
    fn passing(self, typed: &Typed) -> Rc<Passing> {
        let inner = self.inner();
        let filters: String = typed.filters.iter().map(|filter| format!("{} ", filter.typed)).collect();
        let touched = inner.search_state.touched.get_untracked();
        if let Some(known) =
            inner.search_state.passing.borrow().as_ref().filter(|known| known.filters == filters && known.touched == touched)
        {
            return known.clone();
        }
        let kinds = schema().kinds.iter().map(|kind| kind.name.to_string());
        let (lists, team) = untrack(|| (self.lists(kinds), self.my_team()));
        let (zone, now_ms) = (self.zone(), inner.now.get_untracked());
        let context = self.context(&zone, now_ms, team);
        let of_kind = |kind: &domain::KindSpec| -> Option<(String, HashSet<Id>)> {
            let filter: Filter = lower(schema(), kind, &typed.filters, zone.day(now_ms))?;
            let plan = compile(&Query::of(&kind.name).filter(filter), &context).ok()?;
            Some((kind.name.to_string(), memory::passing(&plan, &lists).into_iter().collect()))
        };
        let passing = Rc::new(Passing { filters, touched, kinds: schema().kinds.iter().filter_map(of_kind).collect() });
        inner.search_state.passing.replace(Some(passing.clone()));
        passing
    }

    /// Finds out about where the device is, by which what is near comes before what is far, unless somebody would be asked.
    pub fn note_position(self) {
        spawn_local(async move {
            if let Some(here) = self.position_unasked(Wanted::Rough).await {
                self.inner().search_state.here.set(Some(here));
            }
        });
    }

    /// What was searched for last, the latest first.
    pub fn recent_searches(self) -> Signal<Vec<String>> {
        self.inner().search_state.recent.into()
    }

    /// Remembers a search that led somewhere.
    pub fn note_search(self, text: &str) {
        let (recent, text) = (self.inner().search_state.recent, text.trim());
        if text.is_empty() {
            return;
        }
        recent.update(|recent| {
            recent.retain(|other| other != text);
            recent.insert(0, text.to_owned());
            recent.truncate(RECENT);
        });
        let json = serde_json::to_string(&recent.get_untracked()).unwrap_or_default();
        platform::remember(&key(self.me()), Some(&json));
    }

    /// Forgets all searches.
    pub fn forget_searches(self) {
        self.inner().search_state.recent.set(Vec::new());
        platform::remember(&key(self.me()), None);
    }
}
