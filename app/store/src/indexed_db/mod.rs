//! The database in a browser.
//!
//! Every wait inside a transaction is for one of its own requests; writes are built without a pause and then committed
//! with strict durability. A handle that died is dropped and opened again, at most three times.

mod admin;
mod connection;
mod failure;
mod format;
mod requests;
mod storage;
#[cfg(all(feature = "testing", target_arch = "wasm32"))]
pub(crate) mod testing;
mod value;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::backend::{Backend, Bytes, Change, Found, Read};
use crate::error::{Refusal, StoreError};
use connection::{Connection, Opening};
use failure::Failure;
use js_sys::Uint8Array;

pub use admin::{delete, list};
pub use format::{FORMAT, Format, Step, Version};
pub use storage::{Estimate, estimate, is_persisted, persist};

/// How often a dead handle is replaced before the error reaches the caller.
const REOPENS: u32 = 3;

/// A named IndexedDB database. Clones share one connection; other tabs have their own.
#[derive(Clone)]
pub struct IndexedDb {
    shared: Rc<Shared>,
}

struct Shared {
    name: String,
    format: &'static Format,
    slot: RefCell<Slot>,
    /// True once opened: from then on, finding no database means that the browser removed it.
    known: Cell<bool>,
    created: Cell<bool>,
    /// How many changes the next transaction is to make before it dies.
    torn: Cell<Option<usize>>,
}

enum Slot {
    Closed,
    Opening(Opening),
    Open(Rc<Connection>),
}

impl IndexedDb {
    /// Opens `name`, creating or upgrading it to this app's [`FORMAT`].
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        Self::open_format(name, &FORMAT).await
    }

    /// Opens `name` in another format than the current one, as tests of upgrades do.
    pub async fn open_format(name: &str, format: &'static Format) -> Result<Self, StoreError> {
        let slot = RefCell::new(Slot::Closed);
        let (known, created, torn) = (Cell::new(false), Cell::new(false), Cell::new(None));
        let shared = Shared { name: name.to_owned(), format, slot, known, created, torn };
        let store = Self { shared: Rc::new(shared) };
        store.with_connection(async |_| Ok(())).await?;
        Ok(store)
    }

    /// True when opening made a new, empty database. Where there should have been one, the browser has removed it.
    pub fn was_created(&self) -> bool {
        self.shared.created.get()
    }

    /// Closes the connection underneath, as a browser does that suspends a tab or restarts its storage.
    #[cfg(feature = "testing")]
    pub fn sever(&self) {
        if let Slot::Open(connection) = &*self.shared.slot.borrow() {
            connection.close();
        }
    }

    /// Aborts the next transaction when so many of its changes are made, if it makes more.
    #[cfg(feature = "testing")]
    pub fn tear(&self, after: usize) {
        self.shared.torn.set(Some(after));
    }

    /// Runs `work` on a live connection, and again on a new one when it finds its connection dead.
    async fn with_connection<T>(&self, mut work: impl AsyncFnMut(&Connection) -> Result<T, Failure>) -> Result<T, StoreError> {
        let mut reopened = 0;
        loop {
            let outcome = match self.connection().await {
                Ok(connection) => {
                    let outcome = work(&connection).await;
                    if matches!(outcome, Err(Failure::Dead(_) | Failure::Final(StoreError::Lost))) {
                        self.shared.forget(&connection);
                    }
                    outcome
                }
                Err(failure) => Err(failure),
            };
            match outcome {
                Ok(value) => return Ok(value),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Dead(why)) if reopened == REOPENS => return Err(StoreError::Aborted(why)),
                Err(Failure::Dead(_)) => reopened += 1,
            }
        }
    }

    async fn connection(&self) -> Result<Rc<Connection>, Failure> {
        let opening = match self.shared.current() {
            Ok(connection) => return Ok(connection),
            Err(opening) => opening,
        };
        let outcome = opening.outcome().await;
        self.shared.settle(&opening, &outcome);
        outcome
    }
}

impl Backend for IndexedDb {
    type Bytes = Uint8Array;

    async fn transact<T>(
        &self,
        reads: &[Read],
        mut decide: impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    ) -> Result<T, StoreError> {
        let torn = self.shared.torn.take();
        self.with_connection(async |connection| requests::transact(connection.database(), reads, &mut decide, torn).await).await
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        self.with_connection(async |connection| requests::read(connection.database(), reads).await).await
    }

    async fn put_bytes(&self, key: &str, bytes: &Uint8Array, changes: &[Change]) -> Result<(), StoreError> {
        self.with_connection(async |connection| requests::put_bytes(connection.database(), key, bytes, changes).await).await
    }

    async fn bytes(&self, key: &str) -> Result<Option<Uint8Array>, StoreError> {
        self.with_connection(async |connection| requests::bytes(connection.database(), key).await).await
    }
}

impl Bytes for Uint8Array {
    fn size(&self) -> u64 {
        u64::from(self.length())
    }

    fn part(&self, from: u64, to: u64) -> Uint8Array {
        // A view of the same bytes; a file is far below four gigabytes.
        self.subarray(from as u32, to as u32)
    }

    fn copied(&self) -> Vec<u8> {
        self.to_vec()
    }
}

impl Shared {
    /// The live connection, or the opening to wait for.
    fn current(&self) -> Result<Rc<Connection>, Opening> {
        let mut slot = self.slot.borrow_mut();
        match &*slot {
            Slot::Open(connection) if connection.is_alive() => Ok(Rc::clone(connection)),
            Slot::Opening(opening) => Err(opening.clone()),
            Slot::Open(_) | Slot::Closed => {
                let opening = Opening::start(self.name.clone(), self.format, self.known.get());
                *slot = Slot::Opening(opening.clone());
                Err(opening)
            }
        }
    }

    fn settle(&self, opening: &Opening, outcome: &Result<Rc<Connection>, Failure>) {
        let mut slot = self.slot.borrow_mut();
        if !matches!(&*slot, Slot::Opening(current) if current.is(opening)) {
            return;
        }
        match outcome {
            Ok(connection) => {
                if !self.known.replace(true) {
                    self.created.set(connection.created());
                }
                *slot = Slot::Open(Rc::clone(connection));
            }
            // The browser goes on waiting for the other tab, and so does the next caller.
            Err(Failure::Final(StoreError::Blocked)) => {}
            Err(_) => *slot = Slot::Closed,
        }
    }

    fn forget(&self, dead: &Rc<Connection>) {
        let mut slot = self.slot.borrow_mut();
        if matches!(&*slot, Slot::Open(current) if Rc::ptr_eq(current, dead)) {
            *slot = Slot::Closed;
        }
    }
}
