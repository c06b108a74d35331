//! One open connection, and the opening that leads to it.

use std::cell::Cell;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{Either, LocalBoxFuture, Shared, select};
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;

use super::failure::Failure;
use super::format::Format;
use crate::error::StoreError;

/// An open connection. It closes itself when another tab needs a newer format, and when dropped.
pub(super) struct Connection {
    database: Database,
    created: bool,
    alive: Rc<Cell<bool>>,
    _on_version_change: Closure<dyn FnMut()>,
    _on_close: Closure<dyn FnMut()>,
}

impl Connection {
    pub(super) fn new(database: Database, created: bool) -> Self {
        let alive = Rc::new(Cell::new(true));
        let on_version_change = Closure::<dyn FnMut()>::new({
            let (alive, database) = (Rc::clone(&alive), database.clone());
            move || {
                alive.set(false);
                database.clone().close();
            }
        });
        let on_close = Closure::<dyn FnMut()>::new({
            let alive = Rc::clone(&alive);
            move || alive.set(false)
        });
        database.as_sys().set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        database.as_sys().set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Self { database, created, alive, _on_version_change: on_version_change, _on_close: on_close }
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// True when this opening made the database.
    pub(super) fn created(&self) -> bool {
        self.created
    }

    pub(super) fn is_alive(&self) -> bool {
        self.alive.get()
    }

    #[cfg(feature = "testing")]
    pub(super) fn close(&self) {
        self.database.clone().close();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.as_sys().set_onversionchange(None);
        self.database.as_sys().set_onclose(None);
        self.database.clone().close();
    }
}

type Opened = Result<Rc<Connection>, Failure>;

/// An opening under way, which several callers may wait for.
#[derive(Clone)]
pub(super) struct Opening {
    opened: Shared<LocalBoxFuture<'static, Opened>>,
    blocked: Shared<oneshot::Receiver<()>>,
}

impl Opening {
    /// Asks the browser for the database. `known` says that it must exist already.
    pub(super) fn start(name: String, format: &'static Format, known: bool) -> Self {
        let (tell_blocked, blocked) = oneshot::channel();
        let opened = open(name, format, known, tell_blocked).boxed_local().shared();
        // It runs to its end even when nobody waits any more: a dropped request would upgrade without our steps.
        spawn_local(opened.clone().map(drop));
        Self { opened, blocked: blocked.shared() }
    }

    /// Waits until the database is open, the opening failed, or another tab is in the way.
    pub(super) async fn outcome(&self) -> Opened {
        match select(self.opened.clone(), self.blocked.clone()).await {
            Either::Left((opened, _)) => opened,
            Either::Right((Ok(()), _)) => Err(Failure::Final(StoreError::Blocked)),
            Either::Right((Err(_), opened)) => opened.await,
        }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.opened.ptr_eq(&other.opened)
    }
}

async fn open(name: String, format: &'static Format, known: bool, tell_blocked: oneshot::Sender<()>) -> Opened {
    let created = Rc::new(Cell::new(false));
    let request = Database::open(name.as_str())
        .with_version(format.version())
        .with_on_blocked(move |_| {
            // Nobody listens any more when the app has gone away.
            let _ = tell_blocked.send(());
            Ok(())
        })
        .with_on_upgrade_needed_fut({
            let created = Rc::clone(&created);
            move |event, database| {
                // Version numbers are small and whole.
                let from = event.old_version() as u32;
                created.set(from == 0);
                async move { format.upgrade(&database, from, known && from == 0).await }
            }
        })
        .build()
        .map_err(Failure::of_opening)?;
    let opened = request.await.map_err(Failure::of_opening);
    match opened {
        Ok(database) => Ok(Rc::new(Connection::new(database, created.get()))),
        Err(_) if known && created.get() => Err(Failure::Final(StoreError::Evicted)),
        Err(Failure::Final(StoreError::NewerFormat { .. })) => open_newer(&name, format).await,
        Err(failure) => Err(failure),
    }
}

/// Opens a database that a newer app has upgraded. Versions of one band only add stores, so this app can still use it.
async fn open_newer(name: &str, format: &Format) -> Opened {
    let request = Database::open(name).build().map_err(Failure::of_opening)?;
    let database = request.await.map_err(Failure::of_opening)?;
    let found = database.version() as u32;
    if format.understands(found) {
        return Ok(Rc::new(Connection::new(database, false)));
    }
    database.close();
    Err(Failure::Final(StoreError::NewerFormat { found, known: format.version() }))
}
