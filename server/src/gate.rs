//! Places in a transaction where a test can hold it, to prove what others cannot do to it meanwhile. In service they are
//! always open and cost one load.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;

/// The places of an instance.
#[derive(Clone, Default)]
pub struct Gates {
    /// In a push between its stamp and its commit: the order of the feed is the order of commits.
    pub stamped: Gate,
    /// In a pull after each thing it fetched: a pull is one snapshot.
    pub fetched: Gate,
}

/// Shared by all transactions that come by.
#[derive(Clone, Default)]
pub struct Gate(Arc<State>);

#[derive(Default)]
struct State {
    closed: AtomicBool,
    reached: Notify,
    opened: Notify,
}

impl Gate {
    /// Waits while the gate is closed for the next to come; who comes after him passes.
    pub async fn pass(&self) {
        if !self.0.closed.swap(false, Ordering::AcqRel) {
            return;
        }
        self.0.reached.notify_one();
        self.0.opened.notified().await;
    }

    /// Holds the next that comes.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Release);
    }

    /// Returns when one is held.
    pub async fn reached(&self) {
        self.0.reached.notified().await;
    }

    /// Lets the held one go on.
    pub fn open(&self) {
        self.0.opened.notify_one();
    }
}
