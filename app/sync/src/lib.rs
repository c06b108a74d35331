//! Carries what happened on this device to the server, and what happened elsewhere to this device.

pub mod browser;
pub mod compare;
pub mod engine;
pub mod exchange;
pub mod files;
mod hand_in;
#[cfg(feature = "testing")]
pub mod simulation;
pub mod transport;

pub use compare::{Compared, Comparison, Report};
pub use engine::{Blocked, Effect, Ending, Engine, Event, Standing};
pub use exchange::{Exchange, Step};
pub use files::{FileStep, Sender};
pub use hand_in::{hand_in, hand_in_files};
