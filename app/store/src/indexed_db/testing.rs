//! What the conformance suite needs of other apps and other tabs.

use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;

use super::format::Format;
use super::{Failure, IndexedDb};
use crate::error::StoreError;

/// Leaves a database as an app of another format would have: `rows` in the store `name`.
pub(crate) async fn fixture(
    database: &str,
    format: &'static Format,
    store: &str,
    rows: &[(&str, &str)],
) -> Result<(), StoreError> {
    let database = IndexedDb::open_format(database, format).await?;
    database
        .with_connection(async |connection| put(connection.database(), store, rows).await.map_err(Failure::before_commit))
        .await
}

async fn put(database: &Database, store: &str, rows: &[(&str, &str)]) -> Result<(), Error> {
    let transaction = database.transaction(store).with_mode(TransactionMode::Readwrite).build()?;
    {
        let store = transaction.object_store(store)?;
        for (key, value) in rows {
            drop(store.put(*value).with_key(*key).without_key_type().primitive()?);
        }
    }
    transaction.commit().await
}

/// Another tab with an app that does not let go of the database.
pub(crate) struct Holder(Database);

impl Holder {
    /// Opens the database in whatever version it has.
    pub(crate) async fn open(name: &str) -> Result<Self, StoreError> {
        let unavailable = |error: OpenDbError| StoreError::Unavailable(error.to_string());
        Ok(Self(Database::open(name).build().map_err(unavailable)?.await.map_err(unavailable)?))
    }

    /// Closes the tab.
    pub(crate) fn close(self) {
        self.0.close();
    }
}
