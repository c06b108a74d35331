//! What every local database can do: one generic transaction over tables of strings.
//!
//! The shape of [`Backend::transact`] is the rule "nothing but the database is awaited inside a transaction": the reads
//! are awaited first, `decide` is an ordinary function, and its changes are written without a pause before the commit.

use crate::error::{Refusal, StoreError};

/// A local database of string tables, shared by every tab of one member on one device.
///
/// Transactions are serialised across tabs; a handle is cheap to clone and every clone sees the same data.
#[expect(async_fn_in_trait, reason = "a browser's database lives on one thread, so its futures are not Send")]
pub trait Backend {
    /// How this database hands out the bytes of files.
    type Bytes: Bytes;

    /// Awaits `reads` in order, lets `decide` turn what was found into changes, and commits them strictly durable.
    ///
    /// `decide` gets one [`Found`] per read. It may run again when the handle died before the commit, so it starts from
    /// what it is given and keeps nothing of an earlier run. Its refusal, like every error but [`StoreError::Lost`],
    /// means that nothing was written.
    async fn transact<T>(
        &self,
        reads: &[Read],
        decide: impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    ) -> Result<T, StoreError>;

    /// Answers `reads` from one snapshot; it never waits behind another reader.
    async fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError>;

    /// Keeps bytes under a key of [`Table::Bytes`] and makes `changes`, in one transaction, strictly durable.
    async fn put_bytes(&self, key: &str, bytes: &Self::Bytes, changes: &[Change]) -> Result<(), StoreError>;

    /// The bytes under a key.
    async fn bytes(&self, key: &str) -> Result<Option<Self::Bytes>, StoreError>;
}

/// The bytes of a file. In a browser they stay outside of the app's own memory, which never shrinks.
pub trait Bytes: Clone + for<'a> From<&'a [u8]> {
    /// How many there are.
    fn size(&self) -> u64;

    /// Those with `from` ≤ place < `to`; both lie within.
    fn part(&self, from: u64, to: u64) -> Self;

    /// A copy of them all.
    fn copied(&self) -> Vec<u8>;
}

/// What one read found, ordered by key. A count is the single pair `("", n)`, a missing key is no pair.
pub type Found = Vec<(String, String)>;

/// One question of a transaction. Keys are ordered by UTF-16 code units, as IndexedDB orders strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The value under one key.
    Get { table: Table, key: String },
    /// The pairs with `from` ≤ key < `to`, at most `limit` of them, smallest keys first.
    Range { table: Table, from: Option<String>, to: Option<String>, limit: Option<u32> },
    /// How many pairs the table holds.
    Count { table: Table },
}

/// One write of a transaction. Changes are applied in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Inserts or replaces.
    Put { table: Table, key: String, value: String },
    /// Removes; a missing key is no error.
    Delete { table: Table, key: String },
    /// Empties the table.
    Clear { table: Table },
}

/// The tables of the local database. This is the only list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Device id, cursor, clock and the other single values.
    Meta,
    /// The server's last word on each record.
    Base,
    /// Operations of this device that are not yet visible in `Base`.
    Outbox,
    /// Acknowledged operations, kept for a restore of the server from a backup.
    Archive,
    /// What the server would not take, with the user's own text.
    Attention,
    /// Half-typed forms.
    Drafts,
    /// What is known of the bytes that are here, by their sha-256.
    Files,
    /// The bytes of files: only [`Backend::put_bytes`] writes them.
    Bytes,
}

impl Table {
    /// Every table, in the order of their declaration.
    pub const ALL: [Table; 8] =
        [Table::Meta, Table::Base, Table::Outbox, Table::Archive, Table::Attention, Table::Drafts, Table::Files, Table::Bytes];

    /// The name of the object store. It is stored on devices: never change one.
    pub const fn name(self) -> &'static str {
        match self {
            Table::Meta => "meta",
            Table::Base => "base",
            Table::Outbox => "outbox",
            Table::Archive => "archive",
            Table::Attention => "attention",
            Table::Drafts => "drafts",
            Table::Files => "files",
            Table::Bytes => "bytes",
        }
    }
}

impl Read {
    /// Reads one key.
    pub fn get(table: Table, key: impl Into<String>) -> Self {
        Read::Get { table, key: key.into() }
    }

    /// Reads a whole table.
    pub const fn all(table: Table) -> Self {
        Read::Range { table, from: None, to: None, limit: None }
    }

    /// Reads every key that begins with `prefix`.
    pub fn prefix(table: Table, prefix: &str) -> Self {
        // U+FFFF is the greatest UTF-16 unit and no character, so no key of ours continues with it.
        Read::Range { table, from: Some(prefix.to_owned()), to: Some(format!("{prefix}\u{ffff}")), limit: None }
    }

    /// The first `limit` pairs of a table.
    pub const fn first(table: Table, limit: u32) -> Self {
        Read::Range { table, from: None, to: None, limit: Some(limit) }
    }

    /// Counts a table.
    pub const fn count(table: Table) -> Self {
        Read::Count { table }
    }

    /// The table asked.
    pub const fn table(&self) -> Table {
        match self {
            Read::Get { table, .. } | Read::Range { table, .. } | Read::Count { table } => *table,
        }
    }

    /// True for a range that can hold nothing; IndexedDB refuses an inverted range and takes a limit of 0 for none.
    pub(crate) fn is_empty_range(&self) -> bool {
        match self {
            Read::Range { limit: Some(0), .. } => true,
            Read::Range { from: Some(from), to: Some(to), .. } => from.encode_utf16().ge(to.encode_utf16()),
            Read::Range { to: Some(to), .. } => to.is_empty(),
            _ => false,
        }
    }
}

impl Change {
    /// Writes one key.
    pub fn put(table: Table, key: impl Into<String>, value: impl Into<String>) -> Self {
        Change::Put { table, key: key.into(), value: value.into() }
    }

    /// Removes one key.
    pub fn delete(table: Table, key: impl Into<String>) -> Self {
        Change::Delete { table, key: key.into() }
    }

    /// The table changed.
    pub const fn table(&self) -> Table {
        match self {
            Change::Put { table, .. } | Change::Delete { table, .. } | Change::Clear { table } => *table,
        }
    }
}

/// The number a [`Read::Count`] found.
pub fn counted(found: &Found) -> u64 {
    found.first().and_then(|(_, n)| n.parse().ok()).unwrap_or(0)
}

/// The value a [`Read::Get`] found.
pub fn value(found: &Found) -> Option<&str> {
    found.first().map(|(_, value)| value.as_str())
}
