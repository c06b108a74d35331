//! Server functions for the few screens that work online only: the password, a record's history, one's devices, links.
//!
//! A call never touches the local store. What the functions need of the server is the trait [`Office`], which the server
//! puts into context; every function of it is already bound to the signed-in member. The addresses are spelt out, so that
//! an installed older client finds them after an update.

mod fault;
#[cfg(not(target_arch = "wasm32"))]
mod office;

pub use fault::Fault;
#[cfg(not(target_arch = "wasm32"))]
pub use office::{Answer, Office, register};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;
use uuid::Uuid;

/// One value a field had, or was offered and lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryItem {
    pub field: String,
    pub value: serde_json::Value,
    /// The member who wrote it.
    pub actor: Uuid,
    /// When the person acted, in UTC milliseconds.
    pub at: i64,
    /// The value lost against a later edit and was never current.
    pub lost: bool,
}

/// A device that holds the company's data for the signed-in member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceItem {
    pub id: Uuid,
    pub label: String,
    pub app_version: String,
    /// Unsent changes it last reported.
    pub pending: i64,
    /// UTC milliseconds.
    pub first_seen_at: i64,
    /// UTC milliseconds.
    pub last_seen_at: i64,
    pub revoked: bool,
}

/// Changes the caller's own password. Who came in by a one-time link and has none yet leaves `current` empty.
#[server(endpoint = "change-password", prefix = "/api/fn", input = Json, output = Json)]
pub async fn change_password(current: String, new: String) -> Result<(), Fault> {
    office()?.change_password(current, new).await
}

/// Every value the record's fields had, newest first; `not_found` where the caller may not see the record.
#[server(endpoint = "record-history", prefix = "/api/fn", input = Json, output = Json)]
pub async fn record_history(record: Uuid) -> Result<Vec<HistoryItem>, Fault> {
    office()?.record_history(record).await
}

/// The caller's devices, the one seen last first.
#[server(endpoint = "my-devices", prefix = "/api/fn", input = Json, output = Json)]
pub async fn my_devices() -> Result<Vec<DeviceItem>, Fault> {
    office()?.my_devices().await
}

/// A one-time sign-in address for another member: for administrators, and for the manager of that member's team.
#[server(endpoint = "issue-sign-in-link", prefix = "/api/fn", input = Json, output = Json)]
pub async fn issue_sign_in_link(member: Uuid) -> Result<String, Fault> {
    office()?.issue_sign_in_link(member).await
}

#[cfg(not(target_arch = "wasm32"))]
fn office() -> Result<std::sync::Arc<dyn Office>, Fault> {
    use_context().ok_or_else(|| Fault::new("internal", "Something went wrong on the server. Try again in a minute."))
}
