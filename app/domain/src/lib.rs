//! What a record is, how two edits of it merge, and who may see it: the part of Rounds that device and server share.
//!
//! Pure by rule: time, randomness and stored rows are arguments. Start reading at [`spec`] (what a kind of record
//! declares), then [`change`] (what a user did), [`row`] (what a record is) and [`hub`] (what the server decides).

pub mod change;
pub mod clock;
pub mod dashboard;
pub mod digest;
pub mod fold;
pub mod history;
pub mod hub;
pub mod ids;
pub mod json;
pub mod lang;
pub mod merging;
pub mod paragraphs;
pub mod query;
pub mod records;
pub mod registration;
pub mod row;
pub mod search;
pub mod sorting;
pub mod spec;
pub mod time;
pub mod transfer;
pub mod types;
pub mod wire;

#[cfg(feature = "testing")]
pub mod testing;

pub use clock::Clock;
pub use ids::Id;
pub use lang::Lang;
pub use row::Row;
pub use serde_json::Value;
pub use spec::{FieldSpec, KindSpec, Schema};
