//! One suite for every [`Backend`]: the same named cases in memory and in a real browser.
//!
//! A case answers instead of panicking, because a panic ends a whole wasm program.

mod bytes;
mod isolation;
mod kills;
mod reading;
mod size;
mod writing;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
mod formats;

use crate::{Backend, Change, Read, StoreError, Table};

/// Makes the backends under test.
#[expect(async_fn_in_trait, reason = "a browser's database lives on one thread, so its futures are not Send")]
pub trait Factory {
    /// The backend made.
    type Store: Backend;

    /// Opens the database `name`; the same name again is another handle on the same data.
    async fn open(&self, name: &str) -> Result<Self::Store, StoreError>;

    /// Kills the connection under `store`, where there is one.
    fn sever(&self, store: &Self::Store);

    /// Ends the next transaction of `store` when so many of its changes are made, as the death of a device does, if it makes
    /// more: with [`StoreError::Aborted`].
    fn tear(&self, store: &Self::Store, after: usize);
}

/// What a case answers; the error says what was expected.
pub type Outcome = Result<(), String>;

/// The result of one case.
#[derive(Clone, Debug)]
pub struct Report {
    pub name: &'static str,
    pub outcome: Outcome,
}

/// Lists the cases once: their names, and how to run them all.
macro_rules! cases {
    ($($module:ident :: $case:ident),+ $(,)?) => {
        /// Runs every case, each on a database of its own whose name begins with `prefix`.
        pub async fn run_all<F: Factory>(factory: &F, prefix: &str) -> Vec<Report> {
            vec![$(Report {
                name: stringify!($case),
                outcome: $module::$case(factory, &format!("{prefix}.{}", stringify!($case))).await,
            }),+]
        }
    };
}

cases![
    reading::finds_nothing_in_an_empty_database,
    reading::orders_keys_by_utf16_units,
    reading::takes_from_and_leaves_to_out,
    reading::limits_from_the_smallest_key,
    reading::answers_ranges_that_hold_nothing,
    reading::counts_and_clears_one_table_only,
    reading::finds_by_prefix,
    reading::keeps_tables_apart,
    writing::applies_changes_in_order,
    writing::decides_on_exactly_what_was_read,
    writing::writes_without_reading,
    writing::refusal_writes_nothing,
    writing::survives_reopening,
    writing::recovers_from_a_dead_handle,
    isolation::shares_data_between_handles,
    isolation::loses_no_update_of_a_counter,
    isolation::never_shows_half_a_transaction,
    size::keeps_unicode_and_empty_text,
    size::keeps_a_value_of_one_megabyte,
    size::writes_ten_thousand_rows_at_once,
    kills::undoes_a_transaction_torn_anywhere,
    kills::keeps_every_row_once_wherever_it_is_killed,
    bytes::keeps_bytes_as_they_are,
    bytes::keeps_bytes_and_changes_or_neither,
    bytes::forgets_bytes,
    bytes::queues_a_file_with_the_op_that_mentions_it,
];

/// Fails the case with a message unless the two are equal.
pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{what}: found {found:?}, expected {expected:?}")) }
}

pub(crate) fn text(error: StoreError) -> String {
    error.to_string()
}

/// Commits `changes` without reading.
pub(crate) async fn write(store: &impl Backend, changes: Vec<Change>) -> Outcome {
    store.transact(&[], |_| Ok((changes.clone(), ()))).await.map_err(text)
}

/// Reads one thing and gives the keys found.
pub(crate) async fn keys(store: &impl Backend, read: Read) -> Result<Vec<String>, String> {
    Ok(pairs(store, read).await?.into_iter().map(|(key, _)| key).collect())
}

/// Reads one thing.
pub(crate) async fn pairs(store: &impl Backend, read: Read) -> Result<Vec<(String, String)>, String> {
    let mut found = store.read(&[read]).await.map_err(text)?;
    found.pop().ok_or_else(|| "no answer to a read".to_owned())
}

/// Rows of `Base` under the given keys, each with its key as value.
pub(crate) fn rows(keys: &[&str]) -> Vec<Change> {
    keys.iter().map(|key| Change::put(Table::Base, *key, *key)).collect()
}
