//! What all handles share.

use super::{chrome::Chrome, search::SearchState, session::Session, status::SyncStatus};
use domain::{Id, sorting::set, time::Zone};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
};
use store::{Files, Index, Local, Registry, Search, View, indexed_db::IndexedDb};
use sync::browser::{Client, Timer, breathe};

pub struct Inner {
    pub session: RwSignal<Session>,
    /// The company's, of whoever is signed in.
    pub zone: RefCell<Arc<Zone>>,
    pub registry: RefCell<Option<Registry<IndexedDb>>>,
    pub now: RwSignal<i64>,
    pub status: RwSignal<SyncStatus>,
    pub attention: RwSignal<Arc<Vec<store::Attention>>>,
    pub files: RwSignal<Arc<Files>>,
    pub sending: RwSignal<Option<(String, u64)>>,
    pub chrome: Chrome,
    pub chrome_timer: RefCell<Option<Timer>>,
    pub view: RefCell<View>,
    pub device: RefCell<Option<Device>>,
    /// Counts sign-ins and sign-outs, so that what an earlier one started cannot write into a later one.
    pub generation: Cell<u32>,
    pub index: RefCell<Index>,
    pub knows_references: RwSignal<bool>,
    pub search: RefCell<Search>,
    pub search_state: SearchState,
    records: RefCell<HashMap<Id, ArcTrigger>>,
    kinds: RefCell<HashMap<String, ArcTrigger>>,
}

/// The database and the client of who is signed in.
#[derive(Clone)]
pub struct Device {
    pub local: Local<IndexedDb>,
    pub client: Client<IndexedDb>,
    /// The database's name.
    pub name: String,
    /// Server time minus device time, milliseconds.
    pub offset_ms: i64,
    pub id: Id,
}

impl Inner {
    pub fn new() -> Inner {
        Inner {
            session: RwSignal::new(Session::Starting),
            zone: RefCell::default(),
            registry: RefCell::default(),
            now: RwSignal::new(sync::browser::now_ms()),
            status: RwSignal::default(),
            attention: RwSignal::default(),
            files: RwSignal::default(),
            sending: RwSignal::default(),
            chrome: Chrome::new(),
            chrome_timer: RefCell::default(),
            view: RefCell::default(),
            device: RefCell::default(),
            generation: Cell::default(),
            index: RefCell::default(),
            knows_references: RwSignal::new(false),
            search: RefCell::default(),
            search_state: SearchState::default(),
            records: RefCell::default(),
            kinds: RefCell::default(),
        }
    }

    pub fn track_record(&self, id: Id) {
        self.records.borrow_mut().entry(id).or_default().track();
    }

    pub fn track_kind(&self, kind: &str) {
        if !self.kinds.borrow().contains_key(kind) {
            self.kinds.borrow_mut().insert(kind.to_owned(), ArcTrigger::new());
        }
        let trigger = self.kinds.borrow().get(kind).cloned();
        trigger.iter().for_each(Track::track);
    }

    /// Lets every view of these records, and of their kinds, look again.
    pub fn changed(&self, touched: &BTreeSet<Id>) {
        if touched.is_empty() {
            return;
        }
        let kinds: BTreeSet<String> = {
            let view = self.view.borrow();
            set(touched.iter().filter_map(|id| view.row(*id)).map(|row| row.kind.clone()))
        };
        // A record that is gone has no kind any more: it may have been any.
        let gone = touched.iter().any(|id| self.view.borrow().row(*id).is_none());
        if self.index.borrow_mut().touch(&self.view.borrow(), touched) {
            return self.all_notified(touched);
        }
        self.searched_anew(touched.iter().copied());
        let records: Vec<ArcTrigger> = touched.iter().filter_map(|id| self.records.borrow().get(id).cloned()).collect();
        let kinds: Vec<ArcTrigger> = self
            .kinds
            .borrow()
            .iter()
            .filter(|(kind, _)| gone || kinds.contains(*kind))
            .map(|(_, trigger)| trigger.clone())
            .collect();
        records.iter().chain(&kinds).for_each(Notify::notify);
    }

    /// Lets every view look again, at other records than before, and these lists of them.
    pub fn all_changed(&self, index: Index) {
        self.search.replace_with(|search| Search::new(search.han().clone(), super::schema()));
        let mut all = Vec::with_capacity(self.view.borrow().len());
        all.extend(self.view.borrow().ids());
        self.searched_anew(all.into_iter());
        self.index.replace_with(|others| index.in_place_of(others));
        self.look_again();
    }

    /// Lets every view look again, where telling which would cost more, once this task is over and the page could draw.
    pub fn many_changed(self: Rc<Inner>, touched: &BTreeSet<Id>) {
        self.index.borrow_mut().touch(&self.view.borrow(), touched);
        self.search.borrow_mut().touch(touched.iter().copied());
        spawn_local(async move {
            breathe().await;
            self.search_state.touched.update(|times| *times += 1);
            self.look_again();
        });
    }

    fn all_notified(&self, touched: &BTreeSet<Id>) {
        self.searched_anew(touched.iter().copied());
        self.look_again();
    }

    fn look_again(&self) {
        let triggers: Vec<ArcTrigger> = self.records.borrow().values().chain(self.kinds.borrow().values()).cloned().collect();
        triggers.iter().for_each(Notify::notify);
    }

    fn searched_anew(&self, touched: impl Iterator<Item = Id>) {
        self.search.borrow_mut().touch(touched);
        self.search_state.touched.update(|times| *times += 1);
    }
}
