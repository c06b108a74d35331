//! Sends the bytes of files, part by part, after the ops that mention them (sync.md, item 19): which file is next, what an
//! answer means, how long to wait. Whoever drives it calls [`Sender::step`] until that is [`FileStep::Idle`].

use crate::{engine::back_off_ms, transport::Reply};
use domain::{
    json,
    time::MINUTE_MS,
    wire::{BLOBS, BlobAnswer, MAX_PART, Refused},
};
use std::collections::BTreeSet;
use store::{Backend, Bytes, Local, Settled, StoreError};

/// The smallest part is the largest halved so often.
const HALVINGS: u32 = 4;

/// The queue of one tab. What it knows dies with the tab: the server says where to go on.
#[derive(Debug)]
pub struct Sender<B> {
    current: Option<Current<B>>,
    /// Not to be tried again before something has changed.
    skipped: BTreeSet<String>,
    failures: u32,
    /// After a failure nothing is sent before this device time, UTC milliseconds.
    next_at: Option<i64>,
    /// Also what is mentioned only by ops without an outcome.
    all: bool,
}

/// The file that is being sent.
#[derive(Debug)]
struct Current<B> {
    sha256: String,
    bytes: B,
    /// Where the server goes on; not known before it was asked.
    received: Option<u64>,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStep {
    /// There is nothing to send now, or not before a time: call again after the next exchange.
    Idle,
    /// The server has so many of these bytes.
    Part { sha256: String, received: u64, size: u64 },
    /// The server has all of a file, or it is passed over.
    Settled,
}

/// What a reply says about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Has(BlobAnswer),
    /// No record mentions it.
    Unreferenced,
    /// This file was not taken, the next may be: it was damaged on the way.
    Passed,
    Failed {
        retry_after_ms: Option<i64>,
    },
}

fn meaning(reply: &Reply) -> Meaning {
    match reply {
        Reply::Ok(body) => json::parse(body).map_or(Meaning::Failed { retry_after_ms: None }, Meaning::Has),
        Reply::Unreachable => Meaning::Failed { retry_after_ms: None },
        Reply::Status { body, retry_after_s, .. } => match json::parse(body).map(|Refused { code, .. }| code).as_deref() {
            Some("unreferenced") => Meaning::Unreferenced,
            Some("hash_mismatch" | "too_large") => Meaning::Passed,
            _ => Meaning::Failed { retry_after_ms: retry_after_s.map(|seconds| i64::from(seconds) * 1_000) },
        },
    }
}

impl<B: Bytes> Sender<B> {
    /// With `all`, for a device that has handed in its ops, their files are sent too.
    pub fn new(all: bool) -> Sender<B> {
        Sender { current: None, skipped: BTreeSet::new(), failures: 0, next_at: None, all }
    }

    /// The network came back, somebody signed in, or the user asked: what was counted as failure is forgotten.
    pub fn hopeful(&mut self) {
        *self = Sender::new(self.all);
    }

    /// Whether the last step failed, so that something waits for another try.
    pub fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// Sends one part, at device time `now`; `chance` is uniform in 0..=u32::MAX. `put` sends bytes to a path.
    pub async fn step<S: Backend<Bytes = B>>(
        &mut self,
        local: &Local<S>,
        put: impl AsyncFn(String, B) -> Reply,
        now: i64,
        chance: u32,
    ) -> Result<FileStep, StoreError> {
        // A wait of more than an hour is a clock that was set back.
        if self.next_at.is_some_and(|at| (1..60 * MINUTE_MS).contains(&(at - now))) {
            return Ok(FileStep::Idle);
        }
        let Some(mut current) = self.take_next(local, now).await? else { return Ok(FileStep::Idle) };
        let size = current.bytes.size();
        let from = current.received.unwrap_or_default();
        // A line that does not carry a part in the time of a request carries a smaller one.
        let most = MAX_PART >> self.failures.min(HALVINGS);
        // Only for a file of several parts it pays to ask what the server has.
        let to = if current.received.is_none() && size > most { from } else { size.min(from + most) };
        let path = format!("{BLOBS}{}?from={from}&size={size}", current.sha256);
        let is_settled = match meaning(&put(path, current.bytes.part(from, to)).await) {
            Meaning::Has(BlobAnswer { complete: true, .. }) => local.settle_file(&current.sha256, Settled::Sent, now).await?,
            Meaning::Unreferenced => local.settle_file(&current.sha256, Settled::Unreferenced, now).await?,
            Meaning::Passed => false,
            Meaning::Has(BlobAnswer { received, .. }) => {
                let received = received.min(size);
                match received > from {
                    // An answer to a question proves nothing of parts.
                    _ if to == from && to < size => {}
                    true => (self.failures, self.next_at) = (0, None),
                    // A server that goes nowhere must not be asked without a pause.
                    false => self.wait(None, now, chance),
                }
                current.received = Some(received);
                let step = FileStep::Part { sha256: current.sha256.clone(), received, size };
                self.current = Some(current);
                return Ok(step);
            }
            Meaning::Failed { retry_after_ms } => {
                self.wait(retry_after_ms, now, chance);
                return Ok(FileStep::Idle);
            }
        };
        (self.failures, self.next_at) = (0, None);
        if !is_settled {
            self.skipped.insert(current.sha256);
        }
        Ok(FileStep::Settled)
    }

    /// The file under way, else the next one.
    async fn take_next<S: Backend<Bytes = B>>(&mut self, local: &Local<S>, now: i64) -> Result<Option<Current<B>>, StoreError> {
        if let Some(current) = self.current.take() {
            return Ok(Some(current));
        }
        while let Some((sha256, _)) = local.next_file(&self.skipped, self.all).await? {
            match local.backend().bytes(&sha256).await? {
                Some(bytes) => return Ok(Some(Current { sha256, bytes, received: None })),
                // Whatever took them: it is said, and the others are not held up.
                None => local.settle_file(&sha256, Settled::Missing, now).await?,
            };
        }
        Ok(None)
    }

    fn wait(&mut self, retry_after_ms: Option<i64>, now: i64, chance: u32) {
        self.next_at = Some(now + retry_after_ms.unwrap_or_default().max(back_off_ms(self.failures, chance)));
        self.failures += 1;
    }
}
