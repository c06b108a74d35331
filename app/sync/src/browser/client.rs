//! The sync engine at work in a browser tab: runs its effects, listens for reasons to sync, tells the app what changed.

use super::{Fetch, Leadership, Poke, PokeEvent, Signal, Signals, Storage, Tabs, Timer, now_ms, random_bytes};
use crate::{
    compare::{Compared, Comparison, Report},
    engine::{Effect, Ending, Engine, Event, Standing},
    exchange::{Exchange, Step},
    files::{FileStep, Sender},
    transport::Transport,
};
use domain::{
    Id,
    change::Op,
    ids, json, reads,
    wire::{DIGEST, Refused, SyncRequest},
};
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use store::{Absorbed, Backend, Local, StoreError};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// What the app learns from its client.
#[derive(Debug)]
pub enum News {
    /// An answer was taken in.
    Absorbed(Box<Absorbed>),
    /// The outbox was numbered anew.
    Renumbered(Vec<Op>),
    /// Another tab changed these records, or everything.
    Elsewhere(TabMessage),
    /// [`Client::standing`] has something new to say.
    Status,
    /// The server has so many of a file's bytes; or one more file as a whole, or none of it for good.
    File(FileStep),
    /// An administrator revoked this device.
    Revoked,
    Refused(Refused),
    Failed(StoreError),
}

/// What tabs of one database tell each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TabMessage {
    /// An op was stored: the leader sends it, the others show it.
    Wrote { records: Vec<Id> },
    /// The base changed.
    Pulled { records: Vec<Id> },
    /// Too much changed to list.
    Reload,
    /// The user asked for syncing now, or signed in: the leader's to do.
    Hope,
    /// A tab that does not lead has a reason to sync: how does that stand?
    Ask,
    /// The leader's answer to any of these, and whenever it changes.
    Stands(Standing),
}

reads!(TabMessage, |value| match (value.get("wrote"), value.get("pulled"), value.as_str()) {
    (Some(wrote), ..) => Ok(TabMessage::Wrote { records: json::field(wrote, "records")? }),
    (_, Some(pulled), _) => Ok(TabMessage::Pulled { records: json::field(pulled, "records")? }),
    (.., Some("reload")) => Ok(TabMessage::Reload),
    (.., Some("hope")) => Ok(TabMessage::Hope),
    (.., Some("ask")) => Ok(TabMessage::Ask),
    _ => json::field(value, "stands").map(TabMessage::Stands),
});

/// More changed records than this are not listed between tabs.
const LISTED: usize = 2_000;

/// How often a comparison begins anew because the feed moved on.
const COMPARE_ATTEMPTS: usize = 5;

/// A running client; dropping the last clone stops it.
pub struct Client<B: Backend>(Rc<Inner<B>>);

impl<B: Backend> Clone for Client<B> {
    fn clone(&self) -> Self {
        Client(Rc::clone(&self.0))
    }
}

struct Inner<B: Backend> {
    local: Local<B>,
    /// Taken out while files are being sent.
    files: RefCell<Option<Sender<B::Bytes>>>,
    app: String,
    engine: RefCell<Engine>,
    exchange: RefCell<Exchange>,
    /// Counts abandoned exchanges, whose late answers are ignored.
    generation: Cell<u32>,
    storage: Storage,
    news: Box<dyn Fn(News)>,
    timer: RefCell<Option<Timer>>,
    poke: RefCell<Option<Poke>>,
    tabs: RefCell<Option<Tabs<TabMessage>>>,
    leadership: RefCell<Option<Leadership>>,
    signals: RefCell<Option<Signals>>,
    /// As this tab told it or was told it.
    standing: Cell<Standing>,
    last_success_at: Cell<Option<i64>>,
}

impl<B: Backend<Bytes: AsRef<JsValue>> + 'static> Client<B> {
    /// Starts syncing the database `name`; `news` is called for everything the app must show.
    pub fn start(local: Local<B>, name: &str, app: &str, news: impl Fn(News) + 'static) -> Client<B> {
        let client = Client(Rc::new(Inner {
            local,
            files: RefCell::new(Some(Sender::new(false))),
            app: app.to_owned(),
            engine: RefCell::default(),
            exchange: RefCell::default(),
            generation: Cell::default(),
            storage: Storage::default(),
            news: Box::new(news),
            timer: RefCell::default(),
            poke: RefCell::default(),
            tabs: RefCell::default(),
            leadership: RefCell::default(),
            signals: RefCell::default(),
            standing: Cell::default(),
            last_success_at: Cell::default(),
        }));
        // The listeners hold weak references, so that dropping the client ends them.
        let weak = Rc::downgrade(&client.0);
        let with = move |act: &dyn Fn(Client<B>)| {
            if let Some(inner) = weak.upgrade() {
                act(Client(inner));
            }
        };
        *client.0.tabs.borrow_mut() = Some(Tabs::open(name, {
            let with = with.clone();
            move |message: TabMessage| with(&|client| client.heard(message.clone()))
        }));
        *client.0.signals.borrow_mut() = Some(Signals::listen({
            let with = with.clone();
            move |signal| {
                with(&|client| match signal {
                    Signal::Online | Signal::Restored => client.handle(Event::Hopeful),
                    Signal::Focus | Signal::Visible => client.handle(Event::Wanted),
                    Signal::Offline | Signal::Hidden => (client.0.news)(News::Status),
                })
            }
        }));
        *client.0.leadership.borrow_mut() =
            Some(Leadership::seek(name, move || with(&|client| client.handle(Event::Leading(true)))));
        // How does syncing stand, and is anybody there who leads?
        client.handle(Event::Wanted);
        client
    }

    pub fn local(&self) -> &Local<B> {
        &self.0.local
    }

    /// How syncing stands, in this tab or the one that leads.
    pub fn standing(&self) -> Standing {
        self.0.standing.get()
    }

    /// The user changed these records: send it, and let the other tabs show it.
    pub fn wrote(&self, records: Vec<Id>) {
        self.tell(&TabMessage::Wrote { records });
        self.handle(Event::Wanted);
    }

    /// A save whose connection died may be stored or not: every tab looks again.
    pub fn doubts(&self) {
        self.reload();
        self.handle(Event::Wanted);
    }

    fn reload(&self) {
        self.tell(&TabMessage::Reload);
        (self.0.news)(News::Elsewhere(TabMessage::Reload));
    }

    /// The user asked for it, or signed in again.
    pub fn sync_now(&self) {
        self.tell(&TabMessage::Hope);
        self.handle(Event::Hopeful);
    }

    /// Compares what this device holds with what the server says it should hold, and mends what differs; `None` where
    /// the server cannot be asked now, or others write so much that no moment of rest was found. Takes its own turn beside
    /// the engine's exchanges.
    pub async fn compare(&self) -> Result<Option<Report>, StoreError> {
        for _ in 0..COMPARE_ATTEMPTS {
            let mut exchange = Exchange::default();
            loop {
                match self.steps(&mut exchange).await? {
                    Ending::Done { more: true } => {}
                    Ending::Done { more: false } => break,
                    Ending::Failed { .. } | Ending::Blocked(_) => return Ok(None),
                }
            }
            match self.compare_once().await? {
                Compared::Done { report, absorbed } => {
                    self.tell_pulled(&absorbed);
                    (self.0.news)(News::Absorbed(absorbed));
                    return Ok(Some(report));
                }
                Compared::PullFirst | Compared::Asking => {}
                Compared::Unanswered(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The user lets go of what was kept back.
    pub async fn let_go(&self) -> Result<(), StoreError> {
        self.0.local.let_go().await?;
        self.reload();
        Ok(())
    }

    async fn compare_once(&self) -> Result<Compared, StoreError> {
        let local = &self.0.local;
        let mut comparison = Comparison::begin(local).await?;
        loop {
            let request = comparison.request();
            let reply = Fetch::of(local.member()).post_json(DIGEST, serde_json::to_string(&request).unwrap_or_default()).await;
            match comparison.take(local, &request, reply).await? {
                Compared::Asking => {}
                end => return Ok(end),
            }
        }
    }

    fn tell(&self, message: &TabMessage) {
        if let Some(tabs) = &*self.0.tabs.borrow() {
            tabs.tell(message);
        }
    }

    fn heard(&self, message: TabMessage) {
        let asked = match message {
            TabMessage::Stands(standing) => {
                self.handle(Event::LeaderSpoke);
                if !self.0.engine.borrow().is_leading() {
                    self.0.standing.set(standing);
                }
                return (self.0.news)(News::Status);
            }
            TabMessage::Wrote { .. } => Some(Event::Wanted),
            TabMessage::Hope => Some(Event::Hopeful),
            TabMessage::Ask => None,
            TabMessage::Pulled { .. } | TabMessage::Reload => return (self.0.news)(News::Elsewhere(message)),
        };
        if self.0.engine.borrow().is_leading() {
            if let Some(event) = asked {
                self.handle(event);
            }
            self.tell(&TabMessage::Stands(self.standing()));
        }
        (self.0.news)(News::Elsewhere(message));
    }

    /// Lets the other tabs know how syncing stands, when that has changed.
    fn tell_standing(&self) {
        let standing = {
            let engine = self.0.engine.borrow();
            if !engine.is_leading() {
                return;
            }
            engine.standing(self.0.last_success_at.get())
        };
        if self.0.standing.replace(standing) != standing {
            self.tell(&TabMessage::Stands(standing));
        }
    }

    fn handle(&self, event: Event) {
        if let (Event::Hopeful, Some(files)) = (event, self.0.files.borrow_mut().as_mut()) {
            files.hopeful();
        }
        let chance = u32::from_le_bytes(random_bytes());
        let effects = self.0.engine.borrow_mut().handle(event, now_ms(), chance);
        for effect in effects {
            match effect {
                Effect::Exchange => self.exchange(),
                Effect::Abandon => self.0.generation.set(self.0.generation.get() + 1),
                Effect::Ask => self.tell(&TabMessage::Ask),
                Effect::WakeAt(at) => self.wake_at(at),
            }
        }
        self.tell_standing();
        (self.0.news)(News::Status);
    }

    fn wake_at(&self, at: i64) {
        let weak = Rc::downgrade(&self.0);
        let wait = u32::try_from((at - now_ms()).max(0)).unwrap_or(u32::MAX);
        let timer = Timer::after(wait, move || {
            if let Some(inner) = weak.upgrade() {
                Client(inner).handle(Event::Tick);
            }
        });
        *self.0.timer.borrow_mut() = Some(timer);
    }

    fn exchange(&self) {
        let client = self.clone();
        let generation = self.0.generation.get();
        spawn_local(async move {
            let ended = client.one_exchange().await;
            if generation == client.0.generation.get() {
                client.handle(Event::Ended(ended));
            }
            // An exchange that is through proves that there is a server, and that ops are not held up.
            if ended == (Ending::Done { more: false }) {
                client.send_files();
            }
        });
    }

    /// Sends the files that wait, one part after the other, unless that is being done.
    fn send_files(&self) {
        let Some(mut files) = self.0.files.borrow_mut().take() else { return };
        let weak = Rc::downgrade(&self.0);
        spawn_local(async move {
            // Held no longer than for a part: a client that is dropped sends no more.
            while let Some(inner) = weak.upgrade() {
                let client = Client(inner);
                let leads = client.0.engine.borrow().is_leading();
                if !leads || client.send_part(&mut files).await {
                    *client.0.files.borrow_mut() = Some(files);
                    return;
                }
            }
        });
    }

    /// Sends one part; whether there is nothing more to do now.
    async fn send_part(&self, files: &mut Sender<B::Bytes>) -> bool {
        let fetch = Fetch::of(self.0.local.member());
        let put = async |path: String, bytes: B::Bytes| fetch.put(&path, bytes.as_ref()).await;
        match files.step(&self.0.local, put, now_ms(), u32::from_le_bytes(random_bytes())).await {
            Ok(step) => {
                if step == FileStep::Settled {
                    // For the other tabs it is as if something was pulled: they look again.
                    self.tell(&TabMessage::Pulled { records: Vec::new() });
                }
                let is_idle = step == FileStep::Idle;
                (self.0.news)(News::File(step));
                is_idle
            }
            Err(error) => {
                (self.0.news)(News::Failed(error));
                true
            }
        }
    }

    async fn one_exchange(&self) -> Ending {
        // Taken out while it is used, so that an abandoned exchange cannot leave half its pages to the next.
        let mut exchange = self.0.exchange.take();
        let result = self.steps(&mut exchange).await;
        *self.0.exchange.borrow_mut() = exchange;
        match result {
            Ok(ending) => ending,
            Err(error) => {
                // The answer may be stored, and nobody was told what it changed.
                if error == StoreError::Lost {
                    self.reload();
                }
                (self.0.news)(News::Failed(error));
                Ending::Failed { retry_after_ms: None, offline: false }
            }
        }
    }

    async fn steps(&self, exchange: &mut Exchange) -> Result<Ending, StoreError> {
        let local = &self.0.local;
        let storage = self.0.storage.due(now_ms()).await;
        let request = SyncRequest { storage, ..exchange.request(local, now_ms(), &self.0.app).await? };
        let body = serde_json::to_string(&request).unwrap_or_default();
        let reply = Fetch::of(local.member()).sync(body).await;
        let new_device = ids::new(now_ms(), random_bytes());
        let step = exchange.take(local, &request, reply, now_ms(), new_device).await?;
        let ending = step.ending();
        match step {
            Step::Taken { absorbed, .. } => {
                if request.storage.is_some() {
                    self.0.storage.told(now_ms());
                }
                self.0.last_success_at.set(Some(now_ms()));
                self.listen_for_pokes();
                self.tell_pulled(&absorbed);
                (self.0.news)(News::Absorbed(absorbed));
            }
            Step::Restarted { ops } => {
                self.tell(&TabMessage::Reload);
                if let Some(ops) = ops {
                    (self.0.news)(News::Renumbered(ops));
                }
            }
            Step::Revoked => (self.0.news)(News::Revoked),
            Step::Refused(refused) => (self.0.news)(News::Refused(refused)),
            Step::Failed { .. } | Step::SignInNeeded | Step::UpgradeNeeded => {}
        }
        Ok(ending)
    }

    fn tell_pulled(&self, absorbed: &Absorbed) {
        let records: Vec<Id> = absorbed.rows.iter().map(|row| row.id).chain(absorbed.removed.iter().copied()).collect();
        if absorbed.replaced || absorbed.withheld || records.len() > LISTED || absorbed.outbox.is_some() {
            self.tell(&TabMessage::Reload);
        } else if !records.is_empty() || !absorbed.settled.is_empty() {
            self.tell(&TabMessage::Pulled { records });
        }
    }

    /// Opens the line for pokes unless it is open. A broken one is opened again after the next exchange that succeeds.
    fn listen_for_pokes(&self) {
        if self.0.poke.borrow().is_some() {
            return;
        }
        let weak = Rc::downgrade(&self.0);
        let poke = Poke::open(move |event| {
            let Some(inner) = weak.upgrade() else { return };
            match event {
                PokeEvent::Poke => Client(inner).handle(Event::Wanted),
                PokeEvent::Open => {}
                PokeEvent::Closed => {
                    let client = Client(inner);
                    // Dropped from a fresh turn: this one runs inside the listener.
                    spawn_local(async move {
                        client.0.poke.take();
                        // A line that breaks is the first sign of a server that went away; its return is found by trying.
                        client.handle(Event::Wanted);
                    });
                }
            }
        });
        *self.0.poke.borrow_mut() = poke;
    }
}
