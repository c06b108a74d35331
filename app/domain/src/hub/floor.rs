//! What the server forgets after a while, and what follows for a device that was away longer (sync.md, item 11).
//!
//! A tombstone is kept for [`RETENTION_MS`], then its id alone remains: enough to tell a late edit of it from a new record.
//! The floor is the highest sequence number forgotten, one per company: a device whose last pull ended below it may have
//! missed a deletion and loads anew, after its ops were taken in. One retention for all kinds, because the shortest would
//! decide the floor for everybody.

use super::Interval;
use crate::{Row, time::DAY_MS};

/// How long tombstones, ended rights and delivered outcomes are kept, in milliseconds.
pub const RETENTION_MS: i64 = 180 * DAY_MS;

/// Why an op is parked that writes to a record, or under one, whose tombstone was forgotten.
pub const FORGOTTEN: &str = "forgotten";

/// Whether a row is a tombstone that everybody had time to see: `horizon` is where the feed stood [`RETENTION_MS`] ago.
pub fn is_forgettable(row: &Row, horizon: u64) -> bool {
    !row.is_alive() && row.seq <= horizon
}

/// Whether an interval ended where no cursor that still counts can ask for it.
pub fn is_over<Key>(interval: &Interval<Key>, floor: u64) -> bool {
    interval.to.is_some_and(|to| to <= floor)
}

#[cfg(test)]
mod tests;
