//! Who is signed in on this device. A session survives being offline, and its end never takes unsent work along.

use super::{Rounds, Toast, in_turns, inner::Device, platform};
use domain::{
    change::Op,
    json,
    sorting::SharedSort,
    time::Zone,
    wire::{self, Refused, SessionInfo, SignIn, SignInLink},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use store::{
    Index, Local, Meta, Registry, StoreError, View,
    indexed_db::{self, IndexedDb},
};
use sync::{
    browser::{Client, Fetch, TabMessage, breathe},
    transport::Reply,
};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// The device is being asked who was signed in.
    Starting,
    SignedOut {
        reason: Option<SignedOutReason>,
    },
    SignedIn(Arc<SessionInfo>),
}

/// Why nobody is signed in, when it was not the user's own doing.
#[derive(Clone, Debug, PartialEq)]
pub enum SignedOutReason {
    /// An administrator revoked this device; its work was handed to the server first.
    Revoked,
    /// The local database cannot be opened: the sentence says what is safe and what to do.
    Store(String),
    /// The browser removed the databases while the app was closed. So many changes were last known not to be sent.
    Evicted { pending: u64 },
}

/// Signing out would leave this much unsent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOutBlocked {
    /// Changes.
    pub pending: u64,
    pub files: u64,
}

/// The app's version, told to the server with every sync.
const APP: &str = env!("CARGO_PKG_VERSION");

/// The key under which the database of who is signed in is named, for the other tabs to hear of a change.
const SIGNED_IN: &str = "rounds.signed_in";

fn database(info: &SessionInfo) -> String {
    format!("rounds.{}.{}", info.org.id, info.member.id)
}

/// The key under which the number of unsent changes in a database is known outside of it.
pub(super) fn known_key(database: &str) -> String {
    format!("rounds.known.{database}")
}

fn known(database: &str) -> Option<u64> {
    platform::recall(&known_key(database))?.parse().ok()
}

fn refusal(reply: Reply) -> Refused {
    let offline = || Refused { code: "offline".into(), message: String::new(), field: None, device: None, feed_epoch: None };
    match reply {
        Reply::Status { body, .. } => json::parse(&body).unwrap_or_else(offline),
        _ => offline(),
    }
}

impl Rounds {
    /// Goes on with who was signed in, with or without a network.
    pub(super) fn resume(self) {
        platform::listen("storage", move |event| {
            if event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key).as_deref() == Some(SIGNED_IN) {
                self.try_again();
            }
        });
        spawn_local(async move {
            // Opening the database comes behind drawing the first screen.
            breathe().await;
            self.follow().await;
        });
    }

    /// Looks again who is signed in, as after another tab let go of the database.
    pub fn try_again(self) {
        spawn_local(self.follow());
    }

    /// Who was signed in. Where nobody is, though local storage knows of somebody, the browser has removed the databases: one
    /// that removes local storage with them, as Safari and Firefox may, leaves nothing to tell it by.
    async fn remembered(self) -> Result<(Option<SessionInfo>, Option<SignedOutReason>), StoreError> {
        let info = self.registry().await?.session().await?;
        let removed = platform::recall(SIGNED_IN).filter(|_| info.is_none());
        Ok((info, removed.map(|name| SignedOutReason::Evicted { pending: known(&name).unwrap_or_default() })))
    }

    /// Opens what is of who is signed in now, perhaps by another tab: nobody sees here what is another's.
    async fn follow(self) {
        match self.remembered().await {
            Ok((Some(info), _)) if self.info().is_some_and(|known| database(&known) == database(&info)) => {}
            Ok((Some(info), _)) => {
                self.close();
                self.open(info).await;
                self.refresh_session().await;
            }
            Ok((None, reason)) => {
                self.close();
                self.inner().session.set(Session::SignedOut { reason });
            }
            Err(error) if self.info().is_none() => self.cannot_open(&error),
            // What is open stays: its own database may be sound.
            Err(_) => {}
        }
    }

    /// The database that knows who is signed in; opened once.
    async fn registry(self) -> Result<Registry<IndexedDb>, StoreError> {
        let inner = self.inner();
        if let Some(registry) = inner.registry.borrow().clone() {
            return Ok(registry);
        }
        let registry = Registry::new(IndexedDb::open(Registry::<IndexedDb>::NAME).await?);
        *inner.registry.borrow_mut() = Some(registry.clone());
        Ok(registry)
    }

    async fn remember(self, info: Option<&SessionInfo>) -> Result<(), StoreError> {
        self.registry().await?.set_session(info).await?;
        // The other tabs hear of a change of this.
        platform::remember(SIGNED_IN, info.map(database).as_deref());
        Ok(())
    }

    fn cannot_open(self, error: &StoreError) {
        let reason = Some(SignedOutReason::Store(self.store_error(error)));
        self.inner().session.set(Session::SignedOut { reason });
    }

    fn signed_in(self, info: SessionInfo) {
        let inner = self.inner();
        *inner.zone.borrow_mut() = Arc::new(Zone { name: info.org.zone.clone(), transitions: info.transitions.clone() });
        inner.session.set(Session::SignedIn(Arc::new(info)));
    }

    /// Takes over what the server says of the session now: a changed name, role or zone.
    async fn refresh_session(self) {
        let Reply::Ok(body) = Fetch::of(self.me()).get(wire::SESSION).await else { return };
        let (Some(info), Some(known)) = (json::parse::<SessionInfo>(&body), self.info()) else { return };
        if database(&info) == database(&known) {
            // What cannot be written now is asked of the server again at the next start.
            let _ = self.remember(Some(&info)).await;
            self.signed_in(info);
        }
    }

    pub async fn sign_in(self, login: String, password: String) -> Result<(), Refused> {
        let body = serde_json::to_string(&SignIn { login, password, device_label: platform::device_label() });
        self.enter(wire::SIGN_IN, body.unwrap_or_default()).await
    }

    pub async fn sign_in_with_link(self, token: String) -> Result<(), Refused> {
        let body = serde_json::to_string(&SignInLink { token, device_label: platform::device_label() });
        self.enter(wire::SIGN_IN_LINK, body.unwrap_or_default()).await
    }

    async fn enter(self, path: &str, body: String) -> Result<(), Refused> {
        let body = match Fetch::default().post_json(path, body).await {
            Reply::Ok(body) => body,
            other => return Err(refusal(other)),
        };
        let Some(info) = json::parse::<SessionInfo>(&body) else { return Err(refusal(Reply::Unreachable)) };
        // First, so that a browser killed from here on still knows whose work it holds.
        if let Err(error) = self.remember(Some(&info)).await {
            self.cannot_open(&error);
            return Ok(());
        }
        let same = self.info().is_some_and(|known| database(&known) == database(&info)) && self.inner().device.borrow().is_some();
        if same {
            self.signed_in(info);
            self.sync_now();
        } else {
            self.open(info).await;
        }
        Ok(())
    }

    async fn open(self, info: SessionInfo) {
        if let Err(error) = self.try_open(info).await {
            self.cannot_open(&error);
        }
    }

    async fn try_open(self, info: SessionInfo) -> Result<(), StoreError> {
        let name = database(&info);
        let known = known(&name);
        let local = self.local(&info).await?;
        let evicted = known.filter(|_| local.backend().was_created());
        let mut start = local.start().await?;
        in_turns(&mut || start.read(1)).await;
        let (meta, attention) = (start.meta.clone(), std::mem::take(&mut start.attention));
        let (earlier, damaged) = start.to_renew();
        let (view, index) = start.shown();
        let (packer, rows) = (local.clone(), view.len());
        self.close();
        let inner = self.inner();
        *inner.view.borrow_mut() = view;
        inner.attention.set(Arc::new(attention));
        inner.chrome.load_recents(info.member.id);
        inner.search_state.load_recent(info.member.id);
        self.start_syncing(local.clone(), name, &meta);
        let generation = inner.generation.get();
        inner.status.update(|status| {
            status.usable = meta.usable;
            status.last_success_at = meta.last_success_at;
        });
        inner.all_changed(index);
        // What is drawn now is a task by itself.
        breathe().await;
        if inner.generation.get() != generation {
            return Ok(());
        }
        self.signed_in(info);
        spawn_local(self.prepare_references());
        // What another tab wrote before this one listened.
        if local.meta().await? != meta {
            self.reload(generation, TabMessage::Reload).await;
        }
        self.refresh_withheld().await;
        self.refresh_storage();
        if let Some(lost) = evicted {
            self.say_evicted("sync.evicted", lost);
        }
        // Only room and time are lost where it fails; the next start tries again.
        spawn_local(async move {
            for key in earlier {
                drop(packer.renew(&key).await);
            }
            if !damaged.is_empty() {
                // Until the server has brought what is missing, its pages stay and tell of it at every start.
                let Ok(Some(_)) = self.compare().await else { return };
                for key in damaged {
                    drop(packer.renew(&key).await);
                }
            }
            drop(packer.repack(rows).await);
        });
        Ok(())
    }

    /// The member's database, made where there is none.
    async fn local(self, info: &SessionInfo) -> Result<Local<IndexedDb>, StoreError> {
        Local::open(IndexedDb::open(&database(info)).await?, info.org.id, info.member.id, self.new_id()).await
    }

    /// Starts syncing a database; whatever an earlier client still says is not heard.
    fn start_syncing(self, local: Local<IndexedDb>, name: String, meta: &Meta) {
        let inner = self.inner();
        inner.generation.set(inner.generation.get() + 1);
        let generation = inner.generation.get();
        let client = Client::start(local.clone(), &name, APP, move |news| self.hear(generation, news));
        platform::remember(&known_key(&name), Some(&inner.view.borrow().waiting().to_string()));
        *inner.device.borrow_mut() = Some(Device { local, client, offset_ms: meta.offset_ms, id: meta.device, name });
        self.refresh_files();
    }

    /// What the browser does to the database of an open app is mended: what was not sent is still in memory and goes into a
    /// new database, as the work of a new device. The server knows by op id what it has already.
    pub(super) fn rescue(self) {
        // Whoever comes first takes the dead device away: there is one rescue.
        if let (Some(info), Some(_)) = (self.info(), self.inner().device.borrow_mut().take()) {
            spawn_local(async move {
                if let Err(error) = self.try_rescue(&info).await {
                    self.toast(Toast::wrong(self.store_error(&error)));
                }
            });
        }
    }

    async fn try_rescue(self, info: &SessionInfo) -> Result<(), StoreError> {
        let inner = self.inner();
        // Signing out in another tab removes the database too.
        if let Ok((kept, _)) = self.remembered().await
            && kept.as_ref().map(database) != Some(database(info))
        {
            self.try_again();
            return Ok(());
        }
        inner.registry.take();
        self.remember(Some(info)).await?;
        let local = self.local(info).await?;
        // What the server had refused is refused again, and so comes back to where it was.
        let mut ops: Vec<Op> = inner.view.borrow().ops().cloned().collect();
        ops.extend(inner.attention.with_untracked(|all| all.iter().map(|one| one.op.clone()).collect::<Vec<_>>()));
        ops.shared_sort_by_key(Op::clock);
        let mut kept = Vec::new();
        for op in ops {
            kept.push(local.act(op.op_id, op.writes, op.at).await?);
        }
        let (meta, count, lost) = (local.meta().await?, kept.len() as u64, self.waiting_files());
        inner.attention.set(Arc::default());
        inner.files.set(Arc::default());
        inner.view.borrow_mut().replace_ops(kept);
        self.start_syncing(local, database(info), &meta);
        inner.all_changed(Index::default());
        self.refresh_status();
        self.say_evicted("sync.rescued", count);
        // Ops were in memory too, bytes were not.
        if lost > 0 {
            self.say_evicted("sync.files_lost", lost);
        }
        Ok(())
    }

    fn say_evicted(self, key: &str, n: u64) {
        let text = crate::text::trn(self.inner().chrome.lang.get_untracked(), key, n);
        self.toast(Toast::wrong(text));
    }

    /// Stops syncing and forgets what is in memory; the database stays.
    fn close(self) {
        let inner = self.inner();
        inner.generation.set(inner.generation.get() + 1);
        inner.device.borrow_mut().take();
        *inner.view.borrow_mut() = View::default();
        inner.knows_references.set(false);
        inner.attention.set(Arc::default());
        inner.files.set(Arc::default());
        inner.sending.set(None);
        inner.status.set(Default::default());
        inner.all_changed(Index::default());
    }

    /// The end of a session on this device; what is stored of the member's work stays.
    pub(super) async fn forget(self) {
        // Where it cannot be forgotten, the server refuses at the next start and asks for signing in.
        let _ = self.remember(None).await;
        self.close();
    }

    /// Signs out of this device. Unsent work is sent first; what cannot be sent blocks, unless `force`: then it stays in
    /// this device's database and is sent when the same person signs in here again.
    pub async fn sign_out(self, force: bool) -> Result<(), SignOutBlocked> {
        self.sync_now();
        let unsent = || SignOutBlocked { pending: self.inner().view.borrow().waiting() as u64, files: self.waiting_files() };
        let is_all_sent = || unsent() == SignOutBlocked { pending: 0, files: 0 };
        if !is_all_sent() && !force {
            for _ in 0..20 {
                sync::browser::sleep_ms(100).await;
                if is_all_sent() {
                    break;
                }
            }
            if !is_all_sent() {
                return Err(unsent());
            }
        }
        let name = self.inner().device.borrow().as_ref().map(|device| device.name.clone());
        // Offline, the server forgets the session after 90 idle days; the device forgets it now.
        let _ = Fetch::of(self.me()).post_json(wire::SIGN_OUT, "{}".to_owned()).await;
        let nothing_left = is_all_sent() && self.inner().attention.with_untracked(|all| all.is_empty());
        self.forget().await;
        self.inner().session.set(Session::SignedOut { reason: None });
        if let (true, Some(name)) = (nothing_left, name) {
            platform::remember(&known_key(&name), None);
            let _ = indexed_db::delete(&name).await;
        }
        Ok(())
    }
}
