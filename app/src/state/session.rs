//! Who is signed in on this device. A session survives being offline, and its end never takes unsent work along.

use super::{Rounds, Toast, inner::Device, platform};
use domain::{
    json,
    time::Zone,
    wire::{self, Refused, SessionInfo, SignIn, SignInLink},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use store::{
    Local, Registry, StoreError, View,
    indexed_db::{self, IndexedDb},
};
use sync::{
    browser::{Client, Fetch},
    transport::Reply,
};

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
}

/// Signing out would leave this many changes unsent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOutBlocked {
    pub pending: u64,
}

/// The app's version, told to the server with every sync.
const APP: &str = env!("CARGO_PKG_VERSION");

fn database(info: &SessionInfo) -> String {
    format!("rounds.{}.{}", info.org.id, info.member.id)
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
        spawn_local(async move {
            let remembered = match self.registry().await {
                Ok(registry) => registry.session().await,
                Err(error) => Err(error),
            };
            match remembered {
                Ok(Some(info)) => {
                    self.open(info).await;
                    self.refresh_session().await;
                }
                Ok(None) => self.inner().session.set(Session::SignedOut { reason: None }),
                Err(error) => self.cannot_open(&error),
            }
        });
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
        self.registry().await?.set_session(info).await
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
        if (info.org.id, info.member.id) == (known.org.id, known.member.id) {
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
        let known = format!("rounds.known.{name}");
        let backend = IndexedDb::open(&name).await?;
        let evicted = backend.was_created() && platform::recall(&known).is_some();
        let local = Local::open(backend, info.org.id, info.member.id, self.new_id()).await?;
        let snapshot = local.snapshot().await?;
        let (packer, rows) = (local.clone(), snapshot.base.len());
        self.close();
        let inner = self.inner();
        *inner.view.borrow_mut() = View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op));
        inner.attention.set(Arc::new(snapshot.attention));
        inner.chrome.load_recents(info.member.id);
        let generation = inner.generation.get();
        let client = Client::start(local.clone(), &name, APP, move |news| self.hear(generation, news));
        let device = Device { local, client, offset_ms: snapshot.meta.offset_ms, id: snapshot.meta.device, name };
        *inner.device.borrow_mut() = Some(device);
        inner.status.update(|status| {
            status.usable = snapshot.meta.usable;
            status.last_success_at = snapshot.meta.last_success_at;
        });
        inner.all_changed();
        self.signed_in(info);
        self.refresh_withheld().await;
        self.refresh_storage();
        if evicted {
            let lost = platform::recall(&known).unwrap_or_default();
            let text = crate::text::tr(inner.chrome.lang.get_untracked(), "sync.evicted").replace("{n}", &lost);
            self.toast(Toast { text, undo: None, error: true });
        }
        platform::remember(&known, Some("0"));
        // Only room is lost where it fails; the next start tries again.
        spawn_local(async move { drop(packer.repack(rows).await) });
        Ok(())
    }

    /// Stops syncing and forgets what is in memory; the database stays.
    fn close(self) {
        let inner = self.inner();
        inner.generation.set(inner.generation.get() + 1);
        inner.device.borrow_mut().take();
        *inner.view.borrow_mut() = View::default();
        inner.attention.set(Arc::default());
        inner.status.set(Default::default());
        inner.all_changed();
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
        let pending = self.inner().view.borrow().waiting() as u64;
        if pending > 0 && !force {
            for _ in 0..20 {
                sync::browser::sleep_ms(100).await;
                if self.inner().view.borrow().waiting() == 0 {
                    break;
                }
            }
            let pending = self.inner().view.borrow().waiting() as u64;
            if pending > 0 {
                return Err(SignOutBlocked { pending });
            }
        }
        let name = self.inner().device.borrow().as_ref().map(|device| device.name.clone());
        // Offline, the server forgets the session after 90 idle days; the device forgets it now.
        let _ = Fetch::of(self.me()).post_json(wire::SIGN_OUT, "{}".to_owned()).await;
        let nothing_left =
            self.inner().view.borrow().waiting() == 0 && self.inner().attention.with_untracked(|all| all.is_empty());
        self.forget().await;
        self.inner().session.set(Session::SignedOut { reason: None });
        if let (true, Some(name)) = (nothing_left, name) {
            platform::remember(&format!("rounds.known.{name}"), None);
            let _ = indexed_db::delete(&name).await;
        }
        Ok(())
    }
}
