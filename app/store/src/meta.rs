//! The single values of a device's database: who it is, how far it has come, what it has allotted.

use crate::backend::{Change, Found, Table};
use domain::{Clock, Id, json, reads};
use serde::Serialize;

/// One JSON value under the key [`KEY`]: it is read and written whole, in the transaction that changes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meta {
    /// Lives and dies with the database: a new database is a new device (sync.md, item 1).
    pub device: Id,
    /// The last number given to an op.
    pub n: u64,
    /// The op that was given `n`: a save repeated after a lost connection must not make it twice.
    pub last_op: Option<Id>,
    /// Every op up to here has its outcome.
    pub acked_n: u64,
    /// The last clock minted or seen.
    pub clock: Clock,
    /// The last clock of a row that a pull brought: where the own clocks are moved back, they stay after it.
    pub seen: Option<Clock>,
    /// Server time minus device time, milliseconds, from the last answer.
    pub offset_ms: i64,
    pub cursor: Option<String>,
    /// The base holds everything up to here.
    pub checkpoint: u64,
    pub feed_epoch: u64,
    /// Device time of the last answer, UTC milliseconds.
    pub last_success_at: Option<i64>,
    /// The first phase of the first load is here: the app can be used.
    pub usable: bool,
    /// The next full load replaces the base at once, when it is complete (sync.md, item 11).
    pub replacing: bool,
}

reads!(Meta {
    device,
    n or default,
    last_op,
    acked_n or default,
    clock,
    seen,
    offset_ms or default,
    cursor,
    checkpoint or default,
    feed_epoch or default,
    last_success_at,
    usable or default,
    replacing or default,
});

pub const KEY: &str = "device";

impl Meta {
    pub fn new(device: Id) -> Meta {
        Meta {
            device,
            n: 0,
            last_op: None,
            acked_n: 0,
            clock: Clock { device, ..Clock::ZERO },
            seen: None,
            offset_ms: 0,
            cursor: None,
            checkpoint: 0,
            feed_epoch: 0,
            last_success_at: None,
            usable: false,
            replacing: false,
        }
    }

    /// What a read of [`KEY`] found; `None` in a new database or when it cannot be read.
    pub fn read(found: &Found) -> Option<Meta> {
        crate::backend::value(found).and_then(json::parse)
    }

    pub fn write(&self) -> Change {
        Change::put(Table::Meta, KEY, serde_json::to_string(self).unwrap_or_default())
    }
}
