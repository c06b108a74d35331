//! The files on a device: whose bytes are here, and which of them the server has yet to get (sync.md, item 19).
//!
//! Bytes come first, durable before anything mentions them. The op that mentions them puts them in the queue in its own
//! transaction: wherever the browser is killed, no op is without its bytes. Both go 30 days after the server had them, for
//! a server that is restored from a backup gets them again; what was chosen and left out goes as late, for something else
//! half typed may mention the same bytes.

use crate::{
    backend::{Backend, Change, Found, Read, Table, value},
    error::StoreError,
    local::{Local, meta_of, number_key, text_of},
    meta::KEY,
};
use domain::{
    change::{Act, Write},
    json::{self, at},
    reads,
    sorting::map,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A file that an op of this device mentions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Queued {
    /// In bytes.
    pub size: u64,
    /// It stands for a picture that is a file of its own.
    pub thumbnail: bool,
    /// When the op was made, UTC milliseconds of the server's time as far as it was known.
    pub at: i64,
    /// When the server had all of it, by the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// Why it is not tried again: `unreferenced` or `missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

reads!(Queued { size, thumbnail, at, sent_at, refused });

impl Queued {
    pub fn is_waiting(&self) -> bool {
        self.sent_at.is_none() && self.refused.is_none()
    }
}

/// What is known of the files on this device, by sha-256.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    /// Bytes that are here and in no queue, chosen for what is half typed or fetched, and since when.
    kept: BTreeMap<String, i64>,
    queue: BTreeMap<String, Queued>,
}

/// Where a file's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    Elsewhere,
    Here,
    /// Here, and not yet on the server.
    Waiting,
    /// Here and on the server.
    Sent,
    /// Here, and no record mentions them any more.
    Refused,
}

/// What became of a file that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Sent,
    /// The server knows no record that mentions it.
    Unreferenced,
    /// Its bytes are not here.
    Missing,
}

/// Stands before the sha-256 in the keys of [`Files::kept`]. It is stored on devices: never change it.
const KEPT: &str = "kept:";

impl Files {
    fn read(found: &Found) -> Files {
        let kept = |(key, at): &(String, String)| Some((key.strip_prefix(KEPT)?.to_owned(), at.parse().ok()?));
        let queued = |(key, text): &(String, String)| Some((key.clone(), json::parse(text)?));
        Files { kept: map(found.iter().filter_map(kept)), queue: map(found.iter().filter_map(queued)) }
    }

    pub fn state(&self, sha256: &str) -> FileState {
        match self.queue.get(sha256) {
            Some(queued) if queued.is_waiting() => FileState::Waiting,
            Some(Queued { sent_at: Some(_), .. }) => FileState::Sent,
            Some(_) => FileState::Refused,
            None if self.kept.contains_key(sha256) => FileState::Here,
            None => FileState::Elsewhere,
        }
    }

    /// How many files the server has yet to get. A thumbnail is none of its own, but never is nothing said to wait while
    /// one does.
    pub fn waiting(&self) -> u64 {
        let waiting = || self.queue.values().filter(|queued| queued.is_waiting());
        (waiting().filter(|queued| !queued.thumbnail).count() as u64).max(u64::from(waiting().next().is_some()))
    }

    /// What to send next: the smallest first, so that thumbnails come before pictures, but nothing before the op that
    /// mentions it has its outcome (`unacked` are the entries of those that have none), and nothing that is skipped.
    fn next(&self, unacked: &Found, skipped: &BTreeSet<String>) -> Option<(String, Queued)> {
        let is_mentioned = |sha256: &str| unacked.iter().any(|(_, entry)| entry.contains(sha256));
        let fits =
            |(sha256, queued): &(&String, &Queued)| queued.is_waiting() && !skipped.contains(*sha256) && !is_mentioned(sha256);
        let first = self.queue.iter().filter(fits).min_by_key(|(_, queued)| (queued.size, queued.at));
        first.map(|(sha256, queued)| (sha256.clone(), queued.clone()))
    }
}

/// What of the files goes at the opening of the database: what the server had, or no record mentioned, or was kept, before
/// this time; but nothing that waits, or that is mentioned in what is half typed, in `drafts`.
pub(crate) fn expired(files: &Found, drafts: &Found, before: i64) -> Vec<Change> {
    let Files { kept, queue } = Files::read(files);
    let is_half_typed = |sha256: &str| drafts.iter().any(|(_, text)| text.contains(sha256));
    let is_over = |sha256: &&String| {
        kept.get(*sha256).is_none_or(|at| *at < before && !is_half_typed(sha256))
            && queue.get(*sha256).is_none_or(|queued| !queued.is_waiting() && queued.sent_at.unwrap_or(queued.at) < before)
    };
    let gone = |sha256: &String| {
        [
            Change::delete(Table::Files, format!("{KEPT}{sha256}")),
            Change::delete(Table::Files, sha256.as_str()),
            Change::delete(Table::Bytes, sha256.as_str()),
        ]
    };
    kept.keys().chain(queue.keys()).filter(is_over).flat_map(gone).collect()
}

/// What the server had is to be sent again: it was restored from a backup that may lack it.
pub(crate) fn unsent(found: &Found) -> Vec<Change> {
    let again =
        |(sha256, queued): (String, Queued)| Change::put(Table::Files, sha256, text_of(&Queued { sent_at: None, ..queued }));
    Files::read(found).queue.into_iter().filter(|(_, queued)| queued.sent_at.is_some()).map(again).collect()
}

/// The files that writes mention, by sha-256.
pub(crate) fn mentioned<'w>(writes: impl Iterator<Item = &'w Write>) -> Vec<(String, Queued)> {
    let mentioned = |write: &Write| {
        let Act::Set { field, value, .. } = &write.act else { return None };
        let (sha256, size) = (at(value, "sha256").as_str()?, at(value, "size").as_u64()?);
        let queued = Queued { size, thumbnail: field == "thumbnail", at: 0, sent_at: None, refused: None };
        Some((sha256.to_owned(), queued))
    };
    writes.filter_map(mentioned).collect()
}

/// Two reads for each of the files mentioned.
pub(crate) fn asked(mentioned: &[(String, Queued)]) -> impl Iterator<Item = Read> {
    let reads = |(sha256, _): &(String, Queued)| {
        [Read::get(Table::Files, format!("{KEPT}{sha256}")), Read::get(Table::Files, sha256.as_str())]
    };
    mentioned.iter().flat_map(reads)
}

/// Puts those of the files mentioned whose bytes are here in the queue, unless they wait in it: what was sent or given up
/// before is asked of the server again, which may have forgotten it meanwhile. `found` are the reads of [`asked`].
pub(crate) fn queued(mentioned: &[(String, Queued)], found: &[Found], at: i64) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((sha256, queued), found) in mentioned.iter().zip(found.chunks(2)) {
        let (is_kept, known) = (value(&found[0]).is_some(), value(&found[1]).and_then(json::parse::<Queued>));
        if is_kept {
            changes.push(Change::delete(Table::Files, format!("{KEPT}{sha256}")));
        }
        if known.map_or(is_kept, |known| !known.is_waiting()) {
            changes.push(Change::put(Table::Files, sha256.as_str(), text_of(&Queued { at, ..queued.clone() })));
        }
    }
    changes
}

impl<B: Backend> Local<B> {
    pub async fn files(&self) -> Result<Files, StoreError> {
        Ok(Files::read(&self.backend().read(&[Read::all(Table::Files)]).await?[0]))
    }

    /// Keeps bytes, for an op that will mention them or only to have them here. `now` is device time. Durable when it
    /// returns.
    pub async fn keep_file(&self, sha256: &str, bytes: &B::Bytes, now: i64) -> Result<(), StoreError> {
        let at = now + self.meta().await?.offset_ms;
        let kept = Change::put(Table::Files, format!("{KEPT}{sha256}"), at.to_string());
        self.backend().put_bytes(sha256, bytes, &[kept]).await
    }

    /// What to send next, with its sha-256. With `all`, also what is mentioned only by ops without an outcome: those that a
    /// revoked device has handed in.
    pub async fn next_file(&self, skipped: &BTreeSet<String>, all: bool) -> Result<Option<(String, Queued)>, StoreError> {
        let from = if all { u64::MAX } else { self.meta().await?.acked_n + 1 };
        let unacked = Read::Range { table: Table::Outbox, from: Some(number_key(from)), to: None, limit: None };
        let found = self.backend().read(&[Read::all(Table::Files), unacked]).await?;
        Ok(Files::read(&found[0]).next(&found[1], skipped))
    }

    /// Notes what became of a file. One that no record mentions, while an op that was not taken does, goes on waiting for
    /// what its user decides: then the answer is false.
    pub async fn settle_file(&self, sha256: &str, settled: Settled, now: i64) -> Result<bool, StoreError> {
        let tables = [Table::Outbox, Table::Attention].map(Read::all);
        let reads = [[Read::get(Table::Meta, KEY), Read::get(Table::Files, sha256)].as_slice(), &tables].concat();
        let decide = |found: &[Found]| {
            let is_mentioned = || found[2..].iter().flatten().any(|(_, entry)| entry.contains(sha256));
            if settled == Settled::Unreferenced && is_mentioned() {
                return Ok((Vec::new(), false));
            }
            let Some(mut queued) = value(&found[1]).and_then(json::parse::<Queued>) else { return Ok((Vec::new(), true)) };
            match settled {
                Settled::Sent => queued.sent_at = Some(now + meta_of(&found[0])?.offset_ms),
                Settled::Unreferenced => queued.refused = Some("unreferenced".to_owned()),
                Settled::Missing => queued.refused = Some("missing".to_owned()),
            }
            Ok((vec![Change::put(Table::Files, sha256, text_of(&queued))], true))
        };
        self.backend().transact(&reads, decide).await
    }
}

#[cfg(test)]
mod tests;
