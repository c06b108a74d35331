//! What the tests stand on: [`TestApp`] is the whole server on a port and a database of its own.

pub mod app;
pub mod browser;
pub mod build;
pub mod cluster;
pub mod database;

pub use app::TestApp;
pub use browser::Browser;
pub use build::{Company, Person};
