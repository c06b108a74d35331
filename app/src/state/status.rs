//! How syncing stands: what the status line says, which is never a lie.

use super::{Rounds, Toast, platform, session::known_key};
use domain::wire::Progress;
use leptos::{prelude::*, task::spawn_local};
use store::{StoreError, indexed_db};
use sync::{Blocked, Report, browser};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncPhase {
    #[default]
    Idle,
    Sending,
    /// The first load runs.
    Loading(Progress),
    /// The last attempt failed; the next is at this device time, UTC milliseconds.
    Waiting {
        retry_at: i64,
    },
    SignInNeeded,
    UpgradeNeeded,
    Revoked,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// The last exchange reached the server and the browser knows of no reason why the next should not.
    pub online: bool,
    pub phase: SyncPhase,
    /// Changes made here that the server has not confirmed.
    pub waiting: u64,
    /// Files that the server has not got in full.
    pub files: u64,
    /// Device time of the oldest of them, UTC milliseconds.
    pub oldest_waiting_at: Option<i64>,
    /// Device time of the last answer, UTC milliseconds.
    pub last_success_at: Option<i64>,
    /// What the user must decide on the sync page: ops that were not taken, and what is withheld as one.
    pub attention: u64,
    /// Records kept back from the server until the user lets them go.
    pub withheld: u64,
    /// The first phase of the first load is here.
    pub usable: bool,
    pub(crate) progress: Option<Progress>,
}

/// What the browser grants this app, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageInfo {
    pub used: u64,
    pub quota: u64,
    /// Whether the browser promised to keep it; unknown before it was asked.
    pub protected: Option<bool>,
}

impl Rounds {
    pub fn status(self) -> Signal<SyncStatus> {
        self.inner().status.into()
    }

    /// Tries to send and fetch now, whatever the back-off says.
    pub fn sync_now(self) {
        let client = self.inner().device.borrow().as_ref().map(|device| device.client.clone());
        if let Some(client) = client {
            client.sync_now();
        }
    }

    /// Compares what this device holds with what the server says it should hold, and puts right what differs (sync.md, item
    /// 16). `None` when the server could not be reached, or did not come to rest meanwhile.
    pub async fn compare(self) -> Result<Option<Report>, StoreError> {
        let client = self.inner().device.borrow().as_ref().map(|device| device.client.clone());
        match client {
            Some(client) => client.compare().await,
            None => Ok(None),
        }
    }

    pub(super) fn refresh_status(self) {
        let inner = self.inner();
        let Some(device) = inner.device.borrow().clone() else { return };
        let standing = device.client.standing();
        let known = inner.status.get_untracked();
        let phase = match standing.blocked {
            Some(Blocked::SignIn) => SyncPhase::SignInNeeded,
            Some(Blocked::Upgrade) => SyncPhase::UpgradeNeeded,
            Some(Blocked::Revoked) => SyncPhase::Revoked,
            None => match (known.progress.filter(|progress| progress.phase < 4), standing.retry_at) {
                (_, Some(retry_at)) => SyncPhase::Waiting { retry_at },
                (Some(progress), _) => SyncPhase::Loading(progress),
                _ if standing.busy => SyncPhase::Sending,
                _ => SyncPhase::Idle,
            },
        };
        let (waiting, oldest) = {
            let view = inner.view.borrow();
            (view.waiting() as u64, view.ops().map(|op| op.at).min())
        };
        let files = self.waiting_files();
        let attention = inner.attention.with_untracked(|all| all.len() as u64) + known.withheld.min(1);
        let online = !standing.offline && browser::is_online();
        let last_success_at = known.last_success_at.max(standing.last_success_at);
        let status = super::SyncStatus {
            online,
            phase,
            waiting,
            files,
            oldest_waiting_at: oldest,
            attention,
            last_success_at,
            ..known.clone()
        };
        if status != known {
            if (status.waiting, status.files) != (known.waiting, known.files) {
                platform::remember(&known_key(&device.name), Some(&(waiting + files).to_string()));
            }
            inner.status.set(status);
        }
    }

    /// Lets go of what the server would have taken away without a reason.
    pub async fn let_go(self) {
        let client = self.inner().device.borrow().as_ref().map(|device| device.client.clone());
        let Some(client) = client else { return };
        if let Err(error) = client.let_go().await {
            self.toast(Toast::wrong(self.store_error(&error)));
        }
    }

    /// Reads how much is kept back, for [`SyncStatus::withheld`].
    pub(super) async fn refresh_withheld(self) {
        let inner = self.inner();
        let generation = inner.generation.get();
        let Some(device) = inner.device.borrow().clone() else { return };
        // A database that cannot be read now says so wherever else it is used.
        let Ok(count) = device.local.withheld().await else { return };
        if inner.generation.get() == generation {
            inner.status.update(|status| status.withheld = count as u64);
            self.refresh_status();
        }
    }

    pub fn storage(self) -> Signal<StorageInfo> {
        self.inner().chrome.storage.into()
    }

    pub(super) fn refresh_storage(self) {
        let storage = self.inner().chrome.storage;
        spawn_local(async move {
            let protected = Some(indexed_db::is_persisted().await);
            let estimate = indexed_db::estimate().await;
            let (used, quota) = estimate.map_or((0, 0), |found| (found.usage as u64, found.quota as u64));
            storage.set(StorageInfo { used, quota, protected });
        });
    }

    /// Asks the browser to keep this app's data; whether it agreed.
    pub async fn protect_storage(self) -> bool {
        let agreed = indexed_db::persist().await;
        self.refresh_storage();
        agreed
    }
}
