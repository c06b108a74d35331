//! The database in memory: the reference the others are compared with, and the disk of the simulation.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::backend::{Backend, Bytes, Change, Found, Read, Table};
use crate::error::{Refusal, StoreError};

/// Tables in memory. A clone is another tab on the same data; [`Memory::copy`] is another device.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    disk: Arc<Mutex<Disk>>,
}

/// What the next transaction suffers after its decision was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The browser aborts: nothing is written, [`StoreError::Aborted`].
    Abort,
    /// The device is full: nothing is written, [`StoreError::Quota`].
    Quota,
    /// Everything is written, but the answer is [`StoreError::Lost`].
    AnswerLost,
    /// The device dies when so many of the changes are made, if there are more: nothing is written, [`StoreError::Aborted`].
    Torn(usize),
}

#[derive(Clone, Debug, Default)]
struct Disk {
    rows: BTreeMap<(Table, Key), String>,
    bytes: BTreeMap<String, Vec<u8>>,
    faults: VecDeque<Fault>,
}

impl Memory {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// A deep copy without faults: a cloned profile, or a backup to restore.
    pub fn copy(&self) -> Self {
        let disk = Disk { faults: VecDeque::new(), ..self.disk().clone() };
        Self { disk: Arc::new(Mutex::new(disk)) }
    }

    /// Loses everything, as a browser short of space does.
    pub fn evict(&self) {
        let mut disk = self.disk();
        disk.rows.clear();
        disk.bytes.clear();
    }

    /// Forgets the faults that no transaction has met yet.
    pub fn clear_faults(&self) {
        self.disk().faults.clear();
    }

    /// Queues a fault: each transaction takes one, in order. Reads never fail.
    pub fn fail_next(&self, fault: Fault) {
        self.disk().faults.push_back(fault);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        // A panic elsewhere cannot leave the rows half-written: changes are applied without a way to fail.
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for Memory {
    type Bytes = Vec<u8>;

    async fn transact<T>(
        &self,
        reads: &[Read],
        mut decide: impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    ) -> Result<T, StoreError> {
        let mut disk = self.disk();
        let fault = disk.faults.pop_front();
        let (changes, answer) = decide(&disk.answer(reads))?;
        match fault {
            Some(Fault::Torn(after)) if after < changes.len() => return Err(StoreError::Aborted("torn".to_owned())),
            Some(Fault::Abort) => return Err(StoreError::Aborted("injected".to_owned())),
            Some(Fault::Quota) => return Err(StoreError::Quota),
            Some(Fault::AnswerLost | Fault::Torn(_)) | None => changes.into_iter().for_each(|change| disk.apply(change)),
        }
        if fault == Some(Fault::AnswerLost) { Err(StoreError::Lost) } else { Ok(answer) }
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        Ok(self.disk().answer(reads))
    }

    async fn put_bytes(&self, key: &str, bytes: &Vec<u8>, changes: &[Change]) -> Result<(), StoreError> {
        let written = self.transact(&[], |_| Ok((changes.to_vec(), ()))).await;
        if matches!(written, Ok(()) | Err(StoreError::Lost)) {
            self.disk().bytes.insert(key.to_owned(), bytes.clone());
        }
        written
    }

    async fn bytes(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.disk().bytes.get(key).cloned())
    }
}

impl Bytes for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn part(&self, from: u64, to: u64) -> Vec<u8> {
        self[from as usize..to as usize].to_vec()
    }

    fn copied(&self) -> Vec<u8> {
        self.clone()
    }
}

impl Disk {
    fn answer(&self, reads: &[Read]) -> Vec<Found> {
        reads.iter().map(|read| self.find(read)).collect()
    }

    fn find(&self, read: &Read) -> Found {
        match read {
            Read::Get { table, key } => {
                let found = self.rows.get(&(*table, Key(key.clone())));
                found.map(|value| (key.clone(), value.clone())).into_iter().collect()
            }
            Read::Range { .. } if read.is_empty_range() => Found::new(),
            Read::Range { table, from, to, limit } => {
                let rows = self.pairs(*table, from.as_deref(), to.as_deref());
                let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
                rows.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect()
            }
            Read::Count { table } => vec![(String::new(), self.pairs(*table, None, None).count().to_string())],
        }
    }

    fn pairs(&self, table: Table, from: Option<&str>, to: Option<&str>) -> impl Iterator<Item = (&String, &String)> {
        let from = (table, Key(from.unwrap_or_default().to_owned()));
        let to = to.map(|to| Key(to.to_owned()));
        self.rows
            .range((Bound::Included(from), Bound::Unbounded))
            .take_while(move |((of, key), _)| *of == table && to.as_ref().is_none_or(|to| key < to))
            .map(|((_, key), value)| (&key.0, value))
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Put { table, key, value } => {
                self.rows.insert((table, Key(key)), value);
            }
            Change::Delete { table, key } => {
                if table == Table::Bytes {
                    self.bytes.remove(&key);
                }
                self.rows.remove(&(table, Key(key)));
            }
            Change::Clear { table } => {
                if table == Table::Bytes {
                    self.bytes.clear();
                }
                self.rows.retain(|(of, _), _| *of != table);
            }
        }
    }
}

/// A key ordered by UTF-16 code units, which differs from Rust's order beyond the basic plane.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key(String);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.encode_utf16().cmp(other.0.encode_utf16())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
