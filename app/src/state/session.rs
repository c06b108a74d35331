//! Who is signed in on this device. A session survives being offline, and its end never takes unsent work along.

use super::{Rounds, Toast, inner::Device, platform, status::SyncPhase, write::records_of};
use domain::{
    Id, ids,
    wire::{self, Refused, SessionInfo, SignIn, SignInLink},
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, sync::Arc};
use store::{
    Absorbed, Local, StoreError, View,
    indexed_db::{self, IndexedDb},
};
use sync::{
    browser::{Client, Fetch, News, TabMessage},
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

const REMEMBERED: &str = "rounds.session";
/// The app's version, told to the server with every sync.
const APP: &str = env!("CARGO_PKG_VERSION");

fn database(info: &SessionInfo) -> String {
    format!("rounds.{}.{}", info.org.id, info.member.id)
}

fn refusal(reply: Reply) -> Refused {
    let offline = || Refused { code: "offline".into(), message: String::new(), field: None, device: None, feed_epoch: None };
    match reply {
        Reply::Status { body, .. } => serde_json::from_str(&body).unwrap_or_else(|_| offline()),
        _ => offline(),
    }
}

impl Rounds {
    /// Goes on with who was signed in, with or without a network.
    pub(super) fn resume(self) {
        let remembered = platform::recall(REMEMBERED).and_then(|text| serde_json::from_str::<SessionInfo>(&text).ok());
        match remembered {
            None => self.inner().session.set(Session::SignedOut { reason: None }),
            Some(info) => spawn_local(async move {
                self.open(info).await;
                self.refresh_session().await;
            }),
        }
    }

    /// Takes over what the server says of the session now: a changed name, role or zone.
    async fn refresh_session(self) {
        let Reply::Ok(body) = Fetch.get(wire::SESSION).await else { return };
        let (Ok(info), Some(known)) = (serde_json::from_str::<SessionInfo>(&body), self.info()) else { return };
        if (info.org.id, info.member.id) == (known.org.id, known.member.id) {
            platform::remember(REMEMBERED, Some(&body));
            self.inner().session.set(Session::SignedIn(Arc::new(info)));
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
        let body = match Fetch.post_json(path, body).await {
            Reply::Ok(body) => body,
            other => return Err(refusal(other)),
        };
        let Ok(info) = serde_json::from_str::<SessionInfo>(&body) else { return Err(refusal(Reply::Unreachable)) };
        platform::remember(REMEMBERED, Some(&body));
        let same = self.info().is_some_and(|known| database(&known) == database(&info)) && self.inner().device.borrow().is_some();
        if same {
            self.inner().session.set(Session::SignedIn(Arc::new(info)));
            self.sync_now();
        } else {
            self.open(info).await;
        }
        Ok(())
    }

    async fn open(self, info: SessionInfo) {
        if let Err(error) = self.try_open(info).await {
            let reason = Some(SignedOutReason::Store(self.store_error(&error)));
            self.inner().session.set(Session::SignedOut { reason });
        }
    }

    async fn try_open(self, info: SessionInfo) -> Result<(), StoreError> {
        let (name, now) = (database(&info), self.clock_ms());
        let known = format!("rounds.known.{name}");
        let backend = IndexedDb::open(&name).await?;
        let evicted = backend.was_created() && platform::recall(&known).is_some();
        let local = Local::open(backend, info.org.id, info.member.id, ids::new(now, sync::browser::random_bytes()), now).await?;
        let snapshot = local.snapshot().await?;
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
        inner.session.set(Session::SignedIn(Arc::new(info)));
        self.refresh_status();
        self.refresh_storage();
        if evicted {
            let lost = platform::recall(&known).unwrap_or_default();
            let text = crate::text::tr(inner.chrome.lang.get_untracked(), "sync.evicted").replace("{n}", &lost);
            self.toast(Toast { text, undo: None, error: true });
        }
        platform::remember(&known, Some("0"));
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
        let _ = Fetch.post_json(wire::SIGN_OUT, "{}".to_owned()).await;
        let nothing_left =
            self.inner().view.borrow().waiting() == 0 && self.inner().attention.with_untracked(|all| all.is_empty());
        platform::remember(REMEMBERED, None);
        self.close();
        self.inner().session.set(Session::SignedOut { reason: None });
        if let (true, Some(name)) = (nothing_left, name) {
            platform::remember(&format!("rounds.known.{name}"), None);
            let _ = indexed_db::delete(&name).await;
        }
        Ok(())
    }

    fn hear(self, generation: u32, news: News) {
        let inner = self.inner();
        if inner.generation.get() != generation {
            return;
        }
        match news {
            News::Absorbed(absorbed) => self.absorb(*absorbed),
            News::Renumbered(ops) => {
                if let (Some(device), Some(op)) = (inner.device.borrow_mut().as_mut(), ops.first()) {
                    device.id = op.device;
                }
                let touched = inner.view.borrow_mut().replace_ops(ops);
                inner.changed(&touched);
            }
            News::Elsewhere(message) => spawn_local(self.reload(generation, message)),
            News::Status => {}
            News::Revoked => spawn_local(self.hand_in()),
            News::Refused(refused) => self.toast(Toast { text: refused.message, undo: None, error: true }),
            News::Failed(error) => self.toast(Toast { text: self.store_error(&error), undo: None, error: true }),
        }
        self.refresh_status();
    }

    fn absorb(self, absorbed: Absorbed) {
        let inner = self.inner();
        let many = absorbed.replaced || absorbed.rows.len() > 200;
        let mut touched = {
            let mut view = inner.view.borrow_mut();
            if absorbed.replaced {
                let ops: Vec<_> = view.ops().cloned().collect();
                *view = View::new([], ops);
            }
            let mut touched = view.pulled(absorbed.rows, &absorbed.removed, absorbed.settled);
            if let Some(ops) = absorbed.outbox {
                touched.extend(view.replace_ops(ops));
            }
            touched
        };
        if !absorbed.attention.is_empty() {
            touched.extend(records_of(absorbed.attention.iter()));
            inner.attention.update(|all| Arc::make_mut(all).extend(absorbed.attention));
        }
        inner.status.update(|status| {
            status.usable = absorbed.usable;
            status.last_success_at = Some(self.clock_ms());
            status.progress = absorbed.progress;
        });
        if many { inner.all_changed() } else { inner.changed(&touched) }
    }

    /// Reads again what another tab changed.
    async fn reload(self, generation: u32, message: TabMessage) {
        let inner = self.inner();
        let Some(device) = inner.device.borrow().clone() else { return };
        let records = match message {
            TabMessage::Wrote { .. } => Vec::new(),
            TabMessage::Pulled { records } => records,
            TabMessage::Reload => {
                let Ok(snapshot) = device.local.snapshot().await else { return };
                if inner.generation.get() == generation {
                    *inner.view.borrow_mut() = View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op));
                    inner.attention.set(Arc::new(snapshot.attention));
                    inner.all_changed();
                    self.refresh_status();
                }
                return;
            }
        };
        let (Ok(rows), Ok(outbox)) = (device.local.base_rows(&records).await, device.local.outbox().await) else { return };
        let Ok(attention) = device.local.attention().await else { return };
        if inner.generation.get() != generation {
            return;
        }
        let present: BTreeSet<Id> = rows.iter().map(|row| row.id).collect();
        let removed: Vec<Id> = records.into_iter().filter(|id| !present.contains(id)).collect();
        let mut touched = inner.view.borrow_mut().pulled(rows, &removed, []);
        touched.extend(inner.view.borrow_mut().replace_ops(outbox.into_iter().map(|entry| entry.op)));
        inner.attention.set(Arc::new(attention));
        inner.changed(&touched);
        self.refresh_status();
    }

    /// A revoked device hands its unsent work to the server's quarantine, then forgets everything (sync.md, item 12).
    async fn hand_in(self) {
        let Some(device) = self.inner().device.borrow().clone() else { return };
        let entries = device.local.outbox().await.unwrap_or_default();
        let body = serde_json::json!({ "device": device.id, "ops": entries.iter().map(|entry| &entry.op).collect::<Vec<_>>() });
        let taken = match Fetch.post_json(wire::QUARANTINE, body.to_string()).await {
            Reply::Ok(_) => true,
            _ => entries.is_empty(),
        };
        if !taken {
            return self.inner().status.update(|status| status.phase = SyncPhase::Revoked);
        }
        platform::remember(REMEMBERED, None);
        self.close();
        let _ = indexed_db::delete(&device.name).await;
        self.inner().session.set(Session::SignedOut { reason: Some(SignedOutReason::Revoked) });
    }
}
