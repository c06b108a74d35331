//! What device and server say to each other: the requests, the answers and their addresses (sync.md, item 5).
//!
//! These shapes outlive a release on both sides: add fields with defaults, never change one.

use crate::{
    Id, Lang, Row, Value,
    change::Outcome,
    digest::{Content, Digest},
    json::{field, field_or_default},
    query::Answer,
    reads,
};
pub use rows::Rows;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use std::collections::BTreeMap;

mod rows;

pub const SYNC: &str = "/api/v1/sync";
/// The header in which a device names the member whose data it holds. Somebody else's session in the same browser is no
/// session for it: nobody pushes or sees what is another's.
pub const MEMBER: &str = "rounds-member";
/// Where a device compares what it holds with what it should hold.
pub const DIGEST: &str = "/api/v1/digest";
pub const POKE: &str = "/api/v1/poke";
pub const SESSION: &str = "/api/v1/session";
pub const SIGN_IN: &str = "/api/v1/sign-in";
pub const SIGN_IN_LINK: &str = "/api/v1/sign-in/link";
/// Where a revoked device hands in what it has not sent.
pub const QUARANTINE: &str = "/api/v1/quarantine";
/// A question over all that the member may see, asked online.
pub const QUERY: &str = "/api/v1/query";
/// The same with an Excel workbook for an answer.
pub const WORKBOOK: &str = "/api/v1/query/workbook";
pub const SIGN_OUT: &str = "/api/v1/sign-out";
/// Where the bytes of files are, each under its sha-256 in hex. They are put there in parts: `?from=…&size=…` says where a
/// part begins in bytes of how many; an empty one only asks (sync.md, item 19).
pub const BLOBS: &str = "/api/v1/blobs/";

/// At most this many ops in one request.
pub const MAX_OPS: usize = 500;
/// At most this many bytes of JSON in one request.
pub const MAX_REQUEST: usize = 1_000_000;
/// At most this many bytes of JSON for one op, and for one record.
pub const MAX_OP: usize = 640 * 1024;
pub const MAX_RECORD: usize = 256 * 1024;

/// At most this many bytes of a file in one request: what a line that breaks off has to send again.
pub const MAX_PART: u64 = 256 * 1024;

/// How many ops of these sizes, in bytes of JSON, one request carries; one always goes. Half of the limit leaves room for
/// the envelope and for what the server counts differently.
pub fn fitting(sizes: impl IntoIterator<Item = usize>) -> usize {
    let mut sum = 0;
    let fits = |size: &usize| {
        sum += size;
        sum <= MAX_REQUEST / 2
    };
    sizes.into_iter().take(MAX_OPS).take_while(fits).count().max(1)
}
/// At most this many records in the answer to a query, whatever its limit.
pub const MAX_QUERY_RECORDS: u32 = 10_000;
/// The same of a workbook.
pub const MAX_WORKBOOK_RECORDS: u32 = 50_000;

/// Push and pull in one call; either part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncRequest {
    pub device: Id,
    /// The feed epoch the device knows; 0 before its first answer.
    #[serde(default)]
    pub feed_epoch: u64,
    /// The device's [`crate::Schema::VERSION`].
    pub schema: u32,
    /// From the last answer, as it came; none asks for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Ops in ascending `n`, each an [`crate::change::Op`]; kept as JSON so that one from a newer app is not fatal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ops: Vec<Value>,
    /// Every op up to this number has its outcome stored on the device: the server may forget it.
    #[serde(default)]
    pub settled_n: u64,
    /// How many ops wait on the device, these included.
    #[serde(default)]
    pub pending: u64,
    /// When the oldest of them was made, by the device's own time, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<i64>,
    /// The device's own time, UTC milliseconds.
    pub device_time: i64,
    /// The app's version, for the administrator's list of devices.
    #[serde(default)]
    pub app: String,
    /// Told when the app starts and now and then: it changes slowly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageReport>,
    /// The form of [`Rows`] in which the device stores them and likes many of them ([`crate::row::packed::VERSION`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<char>,
}

/// What the browser says of the place where the data is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageReport {
    pub used: u64,
    pub quota: u64,
    /// The browser promised not to evict it by itself.
    pub protected: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SyncAnswer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acks: Vec<Ack>,
    /// The next number the server expects of this device, when the request left a gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_n: Option<u64>,
    /// By how much the server moved the newest clocks of these ops, in milliseconds (negative: back).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shifted_ms: Option<i64>,
    /// Where not all were moved alike: from which millisecond on by how much, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<(i64, i64)>,
    /// Rows in feed order, tombstones among them.
    #[serde(skip_serializing_if = "is_default")]
    pub rows: Rows,
    /// Records this device may no longer hold; not deletions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Id>,
    /// For how many of the removed an event of the feed says why. What nothing explains, a device keeps until its user has
    /// decided (sync.md, promise 7).
    #[serde(skip_serializing_if = "is_default")]
    pub explained: u64,
    pub cursor: String,
    /// With the rows of this answer and the ones before it, the device has everything up to here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<u64>,
    /// More waits: ask again at once.
    pub more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    pub server_time: i64,
    pub feed_epoch: u64,
    /// A device that last pulled before this sequence number must load anew.
    pub floor: u64,
}

reads!(SyncAnswer {
    acks or default,
    expected_n,
    shifted_ms,
    shifts or default,
    rows or default,
    removed or default,
    explained or default,
    cursor,
    checkpoint,
    more or default,
    progress,
    server_time,
    feed_epoch,
    floor or default,
});

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl SyncAnswer {
    pub fn tell_shifts(&mut self, shifts: Vec<(i64, i64)>) {
        self.shifted_ms = shifts.last().map(|(_, by)| *by);
        self.shifts = if shifts.len() > 1 { shifts } else { Vec::new() };
    }

    /// How the clocks were moved, for [`crate::clock::Shift::by`]; empty when they were not.
    pub fn told_shifts(&self) -> Vec<(i64, i64)> {
        if self.shifts.is_empty() { self.shifted_ms.map(|by| (0, by)).into_iter().collect() } else { self.shifts.clone() }
    }
}

/// How far the first load has come; the app is usable after the first phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// 0 accounts and open follow-ups, 1 contacts, 2 recent history, 3 the rest.
    pub phase: u8,
    /// Records sent so far, over all phases.
    pub done: u64,
    pub total: u64,
}

reads!(Progress { phase, done, total });

/// A comparison's question: how a device's records differ from those its member sees (sync.md, item 16).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigestRequest {
    pub device: Id,
    pub feed_epoch: u64,
    /// The cursor at which the device holds what it compares.
    pub cursor: String,
    /// What the device holds of some parts of the tree.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, Digest>,
    /// Records found to differ: send them as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<Id>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DigestAnswer {
    /// The device must pull before it can compare; nothing else is said.
    pub behind: bool,
    /// The asked parts that differ, and what they should hold.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub differing: BTreeMap<String, Content>,
    /// The wanted records, tombstones among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// The wanted records that the device may not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Id>,
}

reads!(DigestAnswer { behind or default, differing or default, rows or default, removed or default });

/// What became of one op.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ack {
    pub n: u64,
    pub op_id: Id,
    /// The op leaves the outbox at the checkpoint that reaches this.
    pub seq: u64,
    /// The milliseconds of the op's newest clock as it was taken, where that is not how it was sent: the same however often it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ms: Option<i64>,
    #[serde(flatten)]
    pub outcome: Outcome,
}

reads!(Ack, |value| Ok(Ack {
    n: field(value, "n")?,
    op_id: field(value, "op_id")?,
    seq: field(value, "seq")?,
    clock_ms: field_or_default(value, "clock_ms")?,
    outcome: Outcome::from_json(value)?,
}));

/// A question to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryRequest {
    /// A [`crate::query::Query`], kept as JSON so that what is wrong with it can be explained.
    pub query: Value,
    /// Send the records found too, not only their ids.
    #[serde(default)]
    pub records: bool,
}

/// A question whose answer comes as an Excel workbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkbookRequest {
    /// A [`crate::query::Query`], as in [`QueryRequest`].
    pub query: Value,
    /// What its sheet is called.
    pub title: String,
    /// The language of its headings and words.
    pub lang: Lang,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryAnswer {
    pub answer: Answer,
    /// In the order of the answer, when they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<FoundRecord>,
    pub server_time: i64,
}

/// The values of a record that a query found, without the state that merges it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundRecord {
    pub id: Id,
    pub fields: Map<String, Value>,
}

/// How much the server has of a file: the answer to every part of it, whether it fitted there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlobAnswer {
    /// The next part begins here.
    pub received: u64,
    /// All of it is there and is what its address says.
    pub complete: bool,
}

reads!(BlobAnswer { received, complete });

/// Why a whole request was refused. Nothing on the device is lost by any of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// `device_forked`, `reset`, `device_revoked`, `upgrade`, `unauthenticated`, …
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For `device_revoked`: the device meant, so that no other obeys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed_epoch: Option<u64>,
}

reads!(Refused { code, message, field, device, feed_epoch });

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// E-mail address or mobile number.
    pub login: String,
    pub password: String,
    #[serde(default)]
    pub device_label: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInLink {
    pub token: String,
    #[serde(default)]
    pub device_label: String,
}

/// Who is signed in, to what, and the company's settings a device needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SessionInfo {
    pub org: OrgInfo,
    pub member: MemberInfo,
    /// UTC milliseconds.
    pub server_time: i64,
    /// Transitions of the company's zone, for [`crate::time::Zone`].
    pub transitions: Vec<(i64, i32)>,
}

reads!(SessionInfo { org, member, server_time, transitions });

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrgInfo {
    pub id: Id,
    pub name: String,
    /// IANA name of the company's time zone.
    pub zone: String,
    /// ISO 4217 code.
    pub currency: String,
}

reads!(OrgInfo { id, name, zone, currency });

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberInfo {
    pub id: Id,
    pub name: String,
    pub role: Role,
}

reads!(MemberInfo { id, name, role });

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Rep,
    Manager,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Rep, Role::Manager, Role::Administrator];

    /// As a member's `role` says it.
    pub fn id(self) -> &'static str {
        match self {
            Role::Rep => "rep",
            Role::Manager => "manager",
            Role::Administrator => "administrator",
        }
    }

    /// The role of an id.
    pub fn of(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }
}

reads!(Role, "rep" => Rep, "manager" => Manager, "administrator" => Administrator);
