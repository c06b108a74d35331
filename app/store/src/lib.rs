//! The database on the device.
//!
//! [`Local`] is what a member's device remembers: base, outbox and what needs attention; [`Start`] brings it into memory;
//! [`View`] is what the user sees of it, [`Index`] the lists of that, [`Search`] what he finds; [`Registry`] knows whose
//! database that is. [`Backend`] is all that the layers above know of it; [`memory::Memory`] and, in a browser,
//! `indexed_db::IndexedDb` implement it, and `conformance` holds both to the same behaviour.

mod backend;
mod compare;
#[cfg(feature = "testing")]
pub mod conformance;
mod draft;
mod error;
mod files;
mod index;
pub mod indexed_db;
mod local;
mod loss;
pub mod memory;
mod meta;
mod page;
mod registry;
mod search;
mod start;
mod still;
mod view;

pub use backend::{Backend, Bytes, Change, Found, Read, Table, counted, value};
pub use draft::Draft;
pub use error::{Refusal, StoreError};
pub use files::{FileState, Files, Queued, Settled};
pub use index::{Index, RowChange, Rows, Seen};
pub use local::{Absorbed, Attention, Local, OutboxEntry, Pulled, Snapshot, Unsent};
pub use meta::Meta;
pub use registry::Registry;
pub use search::{FoundKind, Search};
pub use start::Start;
pub use still::Still;
pub use view::View;
