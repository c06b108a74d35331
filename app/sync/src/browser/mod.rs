//! What a browser gives the sync engine: network, pokes, leadership among tabs, signals, time and chance.
//!
//! An interface a browser lacks is never an error here: it is as if nothing were ever heard from it. Every listener
//! goes with its owner.

mod client;
mod clock;
mod fetch;
mod leader;
mod listener;
mod poke;
mod signals;
mod storage;
mod tabs;
mod timer;

pub use client::{Client, News, TabMessage};
pub use clock::{now_ms, random_bytes};
pub use fetch::Fetch;
pub use leader::Leadership;
pub use poke::{Poke, PokeEvent};
pub use signals::{Signal, Signals, is_online, is_visible};
use storage::Storage;
pub use tabs::Tabs;
pub use timer::{Timer, breathe, sleep_ms};
