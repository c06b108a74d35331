//! Server functions for the few screens that work online only: the password, a record's history, one's devices, links.
//!
//! A call never touches the local store. What the functions need of the server is the trait [`Office`], which the server
//! puts into context; every function of it is already bound to the signed-in member. The addresses are spelt out, so that
//! an installed older client finds them after an update.

mod answers;
mod fault;
#[cfg(not(target_arch = "wasm32"))]
mod office;

pub use answers::{AnswerJson, Answers};
pub use fault::Fault;
#[cfg(not(target_arch = "wasm32"))]
pub use office::{Answer, Office, register};

use domain::reads;
use leptos::prelude::*;
use serde::Serialize;
use server_fn::codec::Json;
use uuid::Uuid;

/// One value a field had, or was offered and lost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryItem {
    pub field: String,
    pub value: serde_json::Value,
    /// The member who wrote it.
    pub actor: Uuid,
    /// When the person acted, in UTC milliseconds.
    pub at: i64,
    /// The value lost against a later edit and was never current.
    pub lost: bool,
    /// What the device calls itself on which it was written; empty for imports and forgotten devices.
    pub device: String,
    /// The member whose parked change the actor took up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
}

reads!(HistoryItem { field, value, actor, at, lost, device or default, on_behalf_of });

/// A device that holds the company's data for a member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceItem {
    pub id: Uuid,
    pub member: Uuid,
    pub label: String,
    pub app_version: String,
    /// Unsent changes it last reported.
    pub pending: i64,
    /// When the oldest of them was made, in UTC milliseconds.
    pub oldest_pending_at: Option<i64>,
    /// How far its clock is behind the server's, in milliseconds.
    pub clock_offset_ms: i64,
    /// What the browser said of its storage, once it has.
    pub storage: Option<StorageItem>,
    /// UTC milliseconds.
    pub first_seen_at: i64,
    /// UTC milliseconds.
    pub last_seen_at: i64,
    pub revoked: bool,
}

reads!(DeviceItem {
    id,
    member,
    label,
    app_version,
    pending,
    oldest_pending_at,
    clock_offset_ms,
    storage,
    first_seen_at,
    last_seen_at,
    revoked
});

/// The place where a device keeps the data; in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StorageItem {
    pub used: i64,
    pub quota: i64,
    /// The browser promised not to evict it by itself.
    pub protected: bool,
}

reads!(StorageItem { used, quota, protected });

/// A change that waits for the caller's decision: its author had no right to make it, or his device was revoked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParkedItem {
    pub op: Uuid,
    pub author: Uuid,
    pub device: Uuid,
    pub device_label: String,
    /// `no_access`, `unknown_record`, `unknown_operation` or `device_revoked`.
    pub reason: String,
    /// When it reached the server, in UTC milliseconds.
    pub at: i64,
    /// The writes as the wire has them: kind, id, act, field, value.
    pub writes: serde_json::Value,
}

reads!(ParkedItem { op, author, device, device_label, reason, at, writes });

/// What became of a change that was to be taken up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TakenUp {
    pub op: Uuid,
    /// Done, as the caller's own act. Otherwise it waits on.
    pub taken: bool,
    /// Why not, in snake case, such as `no_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

reads!(TakenUp { op, taken, code });

/// Changes the caller's own password. Who came in by a one-time link and has none yet leaves `current` empty.
#[server(endpoint = "change-password", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn change_password(current: String, new: String) -> Result<(), Fault> {
    office()?.change_password(current, new).await
}

/// Every value the record's fields had, newest first; `not_found` where the caller may not see the record.
#[server(endpoint = "record-history", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn record_history(record: Uuid) -> Result<Vec<HistoryItem>, Fault> {
    office()?.record_history(record).await
}

/// The caller's devices, the one seen last first.
#[server(endpoint = "my-devices", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn my_devices() -> Result<Vec<DeviceItem>, Fault> {
    office()?.my_devices().await
}

/// The devices of the whole company, the one seen last first: for administrators.
#[server(endpoint = "all-devices", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn all_devices() -> Result<Vec<DeviceItem>, Fault> {
    office()?.all_devices().await
}

/// Ends the access of a device: one's own, or any for administrators. At its next contact it hands in what it has not sent
/// and wipes itself. Repeating it changes nothing.
#[server(endpoint = "revoke-device", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn revoke_device(device: Uuid) -> Result<(), Fault> {
    office()?.revoke_device(device).await
}

/// The changes that wait for the caller's decision, at most 500, in the order their devices made them.
#[server(endpoint = "parked", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn parked() -> Result<Vec<ParkedItem>, Fault> {
    office()?.parked().await
}

/// Does these changes as the caller's own act, now and with his rights; the history names their author too. What cannot be
/// done waits on, and the answer says why. `not_found` where one is not waiting for him.
#[server(endpoint = "take-up", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn take_up(ops: Vec<Uuid>) -> Result<Vec<TakenUp>, Fault> {
    office()?.take_up(ops).await
}

/// Lets another member decide about these changes too, and gives him notice.
#[server(endpoint = "hand-over", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn hand_over(ops: Vec<Uuid>, member: Uuid) -> Result<(), Fault> {
    office()?.hand_over(ops, member).await
}

/// Decides against these changes; their author gets notice and they stay stored.
#[server(endpoint = "dismiss", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn dismiss(ops: Vec<Uuid>) -> Result<(), Fault> {
    office()?.dismiss(ops).await
}

/// A one-time sign-in address for another member: for administrators, and for the manager of that member's team.
#[server(endpoint = "issue-sign-in-link", prefix = "/api/fn", input = Json, output = Answers)]
pub async fn issue_sign_in_link(member: Uuid) -> Result<String, Fault> {
    office()?.issue_sign_in_link(member).await
}

#[cfg(not(target_arch = "wasm32"))]
fn office() -> Result<std::sync::Arc<dyn Office>, Fault> {
    use_context().ok_or_else(|| Fault::new("internal", "Something went wrong on the server. Try again in a minute."))
}
