//! The requests of a transaction. Nothing here waits for anything but a request of the transaction it holds.

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::future::{BasicRequest, GetAllPrimitiveRequest};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions};

use super::failure::Failure;
use super::value::{Text, Written};
use crate::backend::{Change, Found, Read, Table};
use crate::error::{Refusal, StoreError};
use domain::sorting::SharedSort;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

/// Reads, decides, writes and waits until the writes are on the disk; with `torn` it dies when so many are made.
pub(super) async fn transact<T>(
    database: &Database,
    reads: &[Read],
    decide: &mut impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    torn: Option<usize>,
) -> Result<T, Failure> {
    let transaction = begin_write(database).map_err(Failure::before_commit)?;
    let found = answer(&transaction, reads).await.map_err(Failure::before_commit)?;
    // Dropping the transaction aborts it, so a refusal writes nothing.
    let (changes, value) = decide(&found).map_err(|refusal| Failure::Final(refusal.into()))?;
    if let Some(made) = torn.filter(|after| *after < changes.len()) {
        write(&transaction, &changes[..made]).map_err(Failure::before_commit)?;
        return Err(Failure::Final(StoreError::Aborted("torn".to_owned())));
    }
    write(&transaction, &changes).map_err(Failure::before_commit)?;
    commit(transaction).await?;
    Ok(value)
}

/// Writes bytes and changes, and waits until they are on the disk.
pub(super) async fn put_bytes(database: &Database, key: &str, bytes: &Uint8Array, changes: &[Change]) -> Result<(), Failure> {
    let transaction = begin_write(database).map_err(Failure::before_commit)?;
    let put = || -> Result<(), Error> {
        let store = transaction.object_store(Table::Bytes.name())?;
        drop(store.put(JsValue::from(bytes)).with_key(key).without_key_type().primitive()?);
        write(&transaction, changes)
    };
    put().map_err(Failure::before_commit)?;
    commit(transaction).await
}

/// Reads bytes.
pub(super) async fn bytes(database: &Database, key: &str) -> Result<Option<Uint8Array>, Failure> {
    let read = async || -> Result<Option<JsValue>, Error> {
        let transaction = database.transaction(Table::Bytes.name()).with_mode(TransactionMode::Readonly).build()?;
        let request: BasicRequest<Option<JsValue>> = transaction.object_store(Table::Bytes.name())?.get(key).primitive()?;
        request.await
    };
    Ok(read().await.map_err(Failure::before_commit)?.and_then(|found| found.dyn_into().ok()))
}

async fn commit(transaction: Transaction<'_>) -> Result<(), Failure> {
    let handle = transaction.as_sys().clone();
    transaction.commit().await.map_err(|error| Failure::of_commit(error, handle.error().map(Error::from)))
}

/// Reads from one snapshot.
pub(super) async fn read(database: &Database, reads: &[Read]) -> Result<Vec<Found>, Failure> {
    let mut names: Vec<&str> = reads.iter().map(|read| read.table().name()).collect();
    names.shared_sort_by(Ord::cmp);
    names.dedup();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = database.transaction(names).with_mode(TransactionMode::Readonly).build().map_err(Failure::before_commit)?;
    answer(&transaction, reads).await.map_err(Failure::before_commit)
}

fn begin_write(database: &Database) -> Result<Transaction<'_>, Error> {
    // What will be written is not known before it is read, so a writer takes every table.
    database
        .transaction(Table::ALL.map(Table::name))
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(TransactionDurability::Strict))
        .build()
}

async fn answer(transaction: &Transaction<'_>, reads: &[Read]) -> Result<Vec<Found>, Error> {
    // All requests go out before the first is awaited, so that the transaction never runs dry between two.
    let asked = reads.iter().map(|read| Asked::build(transaction, read)).collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::with_capacity(asked.len());
    for asked in asked {
        found.push(asked.found().await?);
    }
    Ok(found)
}

fn write(transaction: &Transaction<'_>, changes: &[Change]) -> Result<(), Error> {
    for change in changes {
        let store = transaction.object_store(change.table().name())?;
        // A request goes out when built; a failed one aborts the transaction, which the commit reports.
        drop(match change {
            Change::Put { table, key, value } => {
                store.put(Written(*table, value)).with_key(key.as_str()).without_key_type().primitive()?
            }
            Change::Delete { key, .. } => store.delete(key.as_str()).primitive()?,
            Change::Clear { .. } => store.clear()?,
        });
    }
    Ok(())
}

/// A read under way.
enum Asked {
    Nothing,
    Value(String, BasicRequest<Option<Text>>),
    Pairs(GetAllPrimitiveRequest<String>, GetAllPrimitiveRequest<Text>),
    Count(BasicRequest<u32>),
}

impl Asked {
    fn build(transaction: &Transaction<'_>, read: &Read) -> Result<Self, Error> {
        let store = transaction.object_store(read.table().name())?;
        Ok(match read {
            _ if read.is_empty_range() => Asked::Nothing,
            Read::Get { key, .. } => Asked::Value(key.clone(), store.get(key.as_str()).primitive()?),
            Read::Range { from, to, limit, .. } => {
                // Two bulk requests are many times faster than a cursor. The empty string is the smallest key.
                let from = from.as_deref().unwrap_or_default();
                let range = match to.as_deref() {
                    Some(to) => KeyRange::Bound(from, false, to, true),
                    None => KeyRange::LowerBound(from, false),
                };
                let limit = limit.unwrap_or(u32::MAX);
                Asked::Pairs(
                    store.get_all_keys::<String>().with_query::<&str, _>(range.clone()).with_limit(limit).primitive()?,
                    store.get_all::<Text>().with_query::<&str, _>(range).with_limit(limit).primitive()?,
                )
            }
            Read::Count { .. } => Asked::Count(store.count().primitive()?),
        })
    }

    async fn found(self) -> Result<Found, Error> {
        match self {
            Asked::Nothing => Ok(Found::new()),
            Asked::Value(key, value) => Ok(value.await?.map(|Text(value)| (key, value)).into_iter().collect()),
            Asked::Pairs(keys, values) => {
                let (keys, values) = (keys.await?, values.await?);
                keys.zip(values).map(|(key, value)| Ok((key?, value?.0))).collect()
            }
            Asked::Count(count) => Ok(vec![(String::new(), count.await?.to_string())]),
        }
    }
}
