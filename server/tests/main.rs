//! The server against a real Postgres, a database per test. Folders mirror `src`.

mod demo;
mod handlers;
mod import;
mod sql;
mod support;
mod sync;
