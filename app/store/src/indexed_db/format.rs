//! The version of the data on the device, and the steps from one version to the next.
//!
//! A version is `band * 10 + revision`. Revisions of a band only add stores, so an app rolled back within a band still
//! opens the database; a new band says that it must not. A store is never changed in place: its rows are copied into a
//! new one.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, UnexpectedDataError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;

/// The format of this app. Add versions at the end; never edit one that was released.
pub const FORMAT: Format = Format {
    versions: &[
        Version {
            number: 10,
            steps: &[
                Step::Add("meta"),
                Step::Add("base"),
                Step::Add("outbox"),
                Step::Add("archive"),
                Step::Add("attention"),
                Step::Add("drafts"),
            ],
        },
        Version {
            // The base in pages (`page.rs`): an app that knows only single rows would find none, and so may not open it.
            number: 20,
            steps: &[],
        },
        Version { number: 21, steps: &[Step::Add("files"), Step::Add("bytes")] },
        Version {
            // Pages of bytes whose rows are parsed when somebody looks: an app that knows only pages of JSON would find none.
            // Those are read where they are, and written anew with what is merged into them.
            number: 30,
            steps: &[],
        },
    ],
};

/// Every version there ever was, oldest first.
pub struct Format {
    /// At least one.
    pub versions: &'static [Version],
}

/// What one version changed.
#[derive(Clone, Copy)]
pub struct Version {
    /// `band * 10 + revision`, growing.
    pub number: u32,
    /// In order; an error in one undoes all.
    pub steps: &'static [Step],
}

/// One step of an upgrade.
#[derive(Clone, Copy)]
pub enum Step {
    /// A new, empty store.
    Add(&'static str),
    /// A new store with the rows of an old one, each as `row` rewrites its key and value, or without it for `None`.
    Copy { from: &'static str, to: &'static str, row: fn(String, String) -> Option<(String, String)> },
    /// Removes a store and all in it.
    Delete(&'static str),
}

impl Format {
    pub(super) fn version(&self) -> u32 {
        self.versions.last().map_or(1, |version| version.number)
    }

    /// True when a database of this version can be used although it is newer.
    pub(super) fn understands(&self, found: u32) -> bool {
        found / 10 == self.version() / 10
    }

    /// Runs the steps after version `from` inside the upgrade's transaction, or undoes it all when `refuse` is set.
    pub(super) async fn upgrade(&self, database: &Database, from: u32, refuse: bool) -> Result<(), Error> {
        // Only a store made here leads to the running transaction, without which nothing can be undone.
        const WITNESS: &str = "upgrading";
        let witness = database.create_object_store(WITNESS).build()?;
        let outcome = if refuse { Err(UnexpectedDataError::TransactionAborted.into()) } else { self.run(&witness, from).await };
        let outcome = outcome.and_then(|()| database.delete_object_store(WITNESS));
        if outcome.is_err() {
            witness.transaction().as_sys().abort()?;
        }
        outcome
    }

    async fn run(&self, witness: &ObjectStore<'_>, from: u32) -> Result<(), Error> {
        for step in self.versions.iter().filter(|version| version.number > from).flat_map(|version| version.steps) {
            step.run(witness).await?;
        }
        Ok(())
    }
}

impl Step {
    async fn run(&self, witness: &ObjectStore<'_>) -> Result<(), Error> {
        let database = witness.db();
        match self {
            Step::Add(name) => database.create_object_store(*name).build().map(drop),
            Step::Delete(name) => database.delete_object_store(name),
            Step::Copy { from, to, row } => {
                let old = witness.transaction().object_store(from)?;
                let new = database.create_object_store(*to).build()?;
                let (keys, values) = (old.get_all_keys::<String>().primitive()?, old.get_all::<String>().primitive()?);
                for (key, value) in keys.await?.zip(values.await?) {
                    if let Some((key, value)) = row(key?, value?) {
                        // A request goes out when built, and a failed one undoes the upgrade.
                        drop(new.put(value).with_key(key).without_key_type().primitive()?);
                    }
                }
                Ok(())
            }
        }
    }
}
