//! Signals over the store: the only bridge from what the device remembers to what the views show.
//!
//! [`Rounds`] is a copyable handle; [`query`] reads, [`search`] finds, [`answers`] asks questions, [`write`] saves, [`session`] signs
//! in and out, [`status`] says how syncing stands, [`files`] keeps what is attached, [`still`] what the next start shows first,
//! [`chrome`] holds what is neither data nor sync.

mod answers;
mod chrome;
mod files;
mod inner;
mod news;
mod platform;
mod position;
mod query;
mod reminding;
mod search;
mod session;
mod status;
mod still;
mod write;

pub use answers::{AnswerLine, Answered};
pub use chrome::{EditingGuard, Theme, Toast};
pub use files::attached;
pub use platform::{Drawn, Notifying, may_notify, notify, recall, remember, root_lang, still_of, tell_drawn};
pub use position::{PositionError, Wanted};
pub use search::{FIRST, FoundAll};
pub use session::{Session, SignOutBlocked, SignedOutReason};
pub use status::{StorageInfo, SyncPhase, SyncStatus};
pub use store::Draft;
pub use write::{Attention, SaveState};

use domain::{
    Id, Schema, ids, records,
    time::Zone,
    wire::{Role, SessionInfo},
};
use inner::Inner;
use leptos::prelude::*;
use std::{
    rc::Rc,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The app's state, from context.
#[derive(Clone, Copy)]
pub struct Rounds(StoredValue<Rc<Inner>, LocalStorage>);

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(records::schema)
}

/// So long a turn of work in the background may take, milliseconds: half of a frame.
const TURN_MS: i64 = 8;

/// How much work is being done in turns that somebody waits for, and how much that he waits for with his next tap.
static AWAITED: AtomicU32 = AtomicU32::new(0);
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Does work step by step until one says that it was the last, in turns before each of which the page can draw.
pub async fn in_turns(step: &mut dyn FnMut() -> bool) {
    AWAITED.fetch_add(1, Ordering::Relaxed);
    turns(step, || true).await;
    AWAITED.fetch_sub(1, Ordering::Relaxed);
}

/// [`in_turns`] for what the next tap may ask: it comes behind what somebody does wait for.
pub async fn in_turns_next(step: &mut dyn FnMut() -> bool) {
    NEXT.fetch_add(1, Ordering::Relaxed);
    turns(step, || AWAITED.load(Ordering::Relaxed) == 0).await;
    NEXT.fetch_sub(1, Ordering::Relaxed);
}

/// [`in_turns`] for what nobody waits for yet: it comes last.
pub async fn in_turns_behind(step: &mut dyn FnMut() -> bool) {
    turns(step, || AWAITED.load(Ordering::Relaxed) + NEXT.load(Ordering::Relaxed) == 0).await;
}

async fn turns(step: &mut dyn FnMut() -> bool, may: fn() -> bool) {
    loop {
        sync::browser::breathe().await;
        if !may() {
            continue;
        }
        if turn(step) {
            return;
        }
    }
}

/// One turn of work; whether it was the last.
fn turn(step: &mut dyn FnMut() -> bool) -> bool {
    let start = sync::browser::now_ms();
    while sync::browser::now_ms() - start < TURN_MS {
        if step() {
            return true;
        }
    }
    false
}

/// The state that [`Rounds::start`] put into context.
pub fn use_rounds() -> Rounds {
    expect_context::<Rounds>()
}

impl Rounds {
    /// Makes the state, puts it into context and starts with whoever was signed in on this device.
    pub fn start() -> Rounds {
        let rounds = Rounds(StoredValue::new_local(Rc::new(Inner::new())));
        provide_context(rounds);
        rounds.start_chrome();
        rounds.start_search();
        rounds.resume();
        rounds
    }

    fn inner(self) -> Rc<Inner> {
        self.0.get_value()
    }

    pub fn schema(self) -> &'static Schema {
        schema()
    }

    pub fn session(self) -> Signal<Session> {
        self.inner().session.into()
    }

    /// Who is signed in, untracked.
    pub fn info(self) -> Option<Arc<SessionInfo>> {
        match self.inner().session.get_untracked() {
            Session::SignedIn(info) => Some(info),
            _ => None,
        }
    }

    /// The signed-in member; nil when nobody is.
    pub fn me(self) -> Id {
        self.info().map_or(Id::nil(), |info| info.member.id)
    }

    /// This device, as the server knows it; nil when nobody is signed in.
    pub fn device(self) -> Id {
        self.inner().device.borrow().as_ref().map_or(Id::nil(), |device| device.id)
    }

    pub fn role(self) -> Role {
        self.info().map_or(Role::Rep, |info| info.member.role)
    }

    /// The company's currency, ISO 4217.
    pub fn currency(self) -> String {
        self.info().map_or_else(|| "USD".to_owned(), |info| info.org.currency.clone())
    }

    /// Server time as far as this device knows it, UTC milliseconds, once a minute.
    pub fn now(self) -> Signal<i64> {
        self.inner().now.into()
    }

    /// [`Rounds::now`] to the millisecond, untracked.
    pub fn now_ms(self) -> i64 {
        self.clock_ms() + self.inner().device.borrow().as_ref().map_or(0, |device| device.offset_ms)
    }

    /// This device's time, UTC milliseconds.
    pub fn clock_ms(self) -> i64 {
        sync::browser::now_ms()
    }

    /// The company's time zone.
    pub fn zone(self) -> Arc<Zone> {
        self.inner().zone.borrow().clone()
    }

    pub fn new_id(self) -> Id {
        ids::new(self.clock_ms(), sync::browser::random_bytes())
    }
}
