//! What the server decides, as pure functions: [`plan`] of a push, [`page`] of a pull, who sees what ([`scope`]).
//!
//! Postgres drives them in the server and memory drives them in the simulation, so that what is simulated is what runs.

pub mod collision;
pub mod devices;
pub mod floor;
pub mod gates;
mod incomplete;
#[cfg(feature = "testing")]
pub mod memory;
pub mod page;
pub mod parked;
mod people;
pub mod plan;
mod rules;
pub mod scope;

pub use page::{Cursor, Fetch, Fetched, PAGE_ROWS};
pub use people::People;
pub use plan::{Plan, Push, World, bring_in, plan};
pub use scope::Interval;

use crate::{Row, Schema};

/// The sequence number of what a plan changes, until [`Plan::stamp`] knows the real one.
pub const PENDING: u64 = u64::MAX;

/// The phase of the first load that brings a row: what is still to be done comes with the accounts.
pub fn phase(row: &Row, schema: &Schema) -> u8 {
    let open = row.kind == crate::records::FollowUp::KIND && row.get("done_at").is_none();
    if open { 0 } else { schema.kind(&row.kind).map_or(3, |kind| kind.phase) }
}

#[cfg(test)]
mod tests;
