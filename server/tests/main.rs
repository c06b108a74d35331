//! The server against a real Postgres, a database per test. Folders mirror `src`.

mod handlers;
mod sql;
mod support;
