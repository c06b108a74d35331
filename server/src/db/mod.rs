//! The only place that names sqlx. One file per group of tables; every statement is a constant that a test prepares
//! against the migrated database. Ids and times are parameters: no statement calls now() or makes an id.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*
        /// Every statement of this file by name, for the test that prepares them.
        pub const STATEMENTS: &[(&str, &str)] = &[$((concat!(module_path!(), "::", stringify!($name)), $name)),*];
    };
}

pub mod blob;
pub mod device;
pub mod directory;
mod error;
pub mod evidence;
pub mod expiry;
pub mod feed;
pub mod floor;
pub mod health;
pub mod history;
pub mod identity;
pub mod link;
pub mod member;
pub mod notify;
pub mod org;
pub mod outcome;
mod pool;
pub mod pull;
pub mod query;
pub mod restore;
pub mod session;
pub mod site_file;
pub mod throttle;
mod tx;

pub use error::{DbError, Result};
pub use pool::{Pool, connect, migrate, migrator};
pub use tx::{Tx, begin, commit, enter, retrying, tenant_tx};

/// Every statement the server sends, as (name, text).
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        blob::STATEMENTS,
        device::STATEMENTS,
        directory::STATEMENTS,
        evidence::STATEMENTS,
        expiry::STATEMENTS,
        feed::STATEMENTS,
        floor::STATEMENTS,
        health::STATEMENTS,
        history::STATEMENTS,
        identity::STATEMENTS,
        link::STATEMENTS,
        member::STATEMENTS,
        notify::STATEMENTS,
        org::STATEMENTS,
        outcome::STATEMENTS,
        pool::STATEMENTS,
        pull::STATEMENTS,
        query::STATEMENTS,
        query::merged::STATEMENTS,
        restore::STATEMENTS,
        session::STATEMENTS,
        site_file::STATEMENTS,
        throttle::STATEMENTS,
        tx::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
