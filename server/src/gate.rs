//! A place between a transaction's stamp and its commit where a test can hold it, to prove that the order of the feed is
//! the order of commits. In service it is always open and costs one load.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;

/// Shared by all pushes of an instance.
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

    /// Holds the next push that comes.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Release);
    }

    /// Returns when a push is held.
    pub async fn reached(&self) {
        self.0.reached.notified().await;
    }

    /// Lets the held push go on.
    pub fn open(&self) {
        self.0.opened.notify_one();
    }
}
