//! One exchange with the server: what to ask, and what an answer means for the device. Timing is [`crate::engine`]'s.

use crate::{
    engine::{Blocked, Ending},
    transport::Reply,
};
use domain::{
    Id, Row, json,
    sorting::set,
    wire::{Refused, SyncAnswer, SyncRequest},
};
use std::collections::{BTreeSet, HashMap};
use store::{Absorbed, Backend, Local, Pulled, StoreError};

/// How long to wait after a request that was refused as a whole: only another version of app or server changes that.
const REFUSED_MS: i64 = 45_000;

/// The exchange between two checkpoints: pages that came are held until the last one, so that no op is seen half.
#[derive(Debug, Default)]
pub struct Exchange {
    pulled: Pulled,
    /// The device's id in the last request that was answered.
    asked_as: Id,
    /// Where the next page begins, between the pages of one pull.
    cursor: Option<String>,
}

/// How an exchange ended.
#[derive(Debug)]
pub enum Step {
    /// The answer is taken in; with `more` the next request should follow at once.
    Taken { absorbed: Box<Absorbed>, more: bool },
    /// The device has a new id or loads anew: ask again at once. `ops` is the outbox as it is now.
    Restarted { ops: Option<Vec<domain::change::Op>> },
    /// Nothing was taken; the server or the network says when to try again, in milliseconds, or leaves it to the back-off.
    Failed { retry_after_ms: Option<i64>, offline: bool },
    /// The session ended. Everything stays; work goes on.
    SignInNeeded,
    /// The server no longer speaks this app's protocol. Everything stays readable.
    UpgradeNeeded,
    /// An administrator revoked this very device.
    Revoked,
    /// The server refused the request as a whole, which only a bug explains; said to the user, tried again later.
    Refused(Refused),
}

impl Step {
    /// What it means for when to ask again.
    pub fn ending(&self) -> Ending {
        match self {
            Step::Taken { more, .. } => Ending::Done { more: *more },
            Step::Restarted { .. } => Ending::Done { more: true },
            Step::Failed { retry_after_ms, offline } => Ending::Failed { retry_after_ms: *retry_after_ms, offline: *offline },
            Step::SignInNeeded => Ending::Blocked(Blocked::SignIn),
            Step::UpgradeNeeded => Ending::Blocked(Blocked::Upgrade),
            Step::Revoked => Ending::Blocked(Blocked::Revoked),
            Step::Refused(_) => Ending::Failed { retry_after_ms: Some(REFUSED_MS), offline: false },
        }
    }
}

impl Exchange {
    /// What to send now.
    pub async fn request<B: Backend>(&self, local: &Local<B>, now: i64, app: &str) -> Result<SyncRequest, StoreError> {
        local.request(self.cursor.clone(), now, app).await
    }

    /// Takes the reply to `sent` in. `new_device` becomes the device's id if the server says it is forked or restored.
    pub async fn take<B: Backend>(
        &mut self,
        local: &Local<B>,
        sent: &SyncRequest,
        reply: Reply,
        now: i64,
        new_device: Id,
    ) -> Result<Step, StoreError> {
        match reply {
            Reply::Ok(body) => match json::parse::<SyncAnswer>(&body) {
                // The server does not know what this device takes for acknowledged: as another device it sends all of it.
                Some(SyncAnswer { expected_n: Some(n), .. }) if n <= sent.settled_n => {
                    self.fork(local, sent, new_device, None).await
                }
                Some(answer) => self.answered(local, sent, answer, now).await,
                // A captive portal or half an answer: whatever it was, the server did not say this.
                None => Ok(Step::Failed { retry_after_ms: None, offline: true }),
            },
            Reply::Unreachable => Ok(Step::Failed { retry_after_ms: None, offline: true }),
            Reply::Status { code, body, retry_after_s } => {
                let refused: Option<Refused> = json::parse(&body);
                self.refused(local, sent, code, refused, retry_after_s, new_device).await
            }
        }
    }

    async fn answered<B: Backend>(
        &mut self,
        local: &Local<B>,
        sent: &SyncRequest,
        mut answer: SyncAnswer,
        now: i64,
    ) -> Result<Step, StoreError> {
        let more = answer.more || answer.acks.len() >= domain::wire::MAX_OPS || answer.expected_n.is_some();
        if std::mem::replace(&mut self.asked_as, sent.device) != sent.device {
            // Another tab has made the device another one: the pages so far are of a pull that nobody waits for.
            self.cursor = None;
        }
        match &self.cursor {
            // An answer to an older question than the last: its outcomes count, its rows do not fit.
            Some(cursor) if sent.cursor.as_ref() != Some(cursor) => {
                let absorbed = Box::new(local.absorb(sent.device, &answer, None, now).await?);
                return Ok(Step::Taken { absorbed, more: true });
            }
            Some(_) => {}
            None => self.pulled = Pulled { from: sent.cursor.clone(), ..Pulled::default() },
        }
        add_page(&mut self.pulled, &mut answer);
        self.pulled.complete = answer.checkpoint.is_some() && !answer.more;
        let loading = answer.progress.is_some() && !local.meta().await?.replacing;
        let absorbed = match self.pulled.complete || loading {
            true => {
                self.cursor = None;
                let pulled = std::mem::take(&mut self.pulled);
                local.absorb(sent.device, &answer, Some(&Pulled { rows: last_of_each(pulled.rows), ..pulled }), now).await?
            }
            false => {
                self.cursor = Some(answer.cursor.clone());
                local.absorb(sent.device, &answer, None, now).await?
            }
        };
        let more = more || absorbed.outdated;
        Ok(Step::Taken { absorbed: Box::new(absorbed), more })
    }

    /// Becomes another device; with `restored`, the server's new epoch, one that sends again what a backup may lack.
    async fn fork<B: Backend>(
        &mut self,
        local: &Local<B>,
        sent: &SyncRequest,
        new_device: Id,
        restored: Option<u64>,
    ) -> Result<Step, StoreError> {
        *self = Exchange::default();
        Ok(Step::Restarted { ops: Some(local.fork(sent.device, new_device, restored).await?) })
    }

    async fn refused<B: Backend>(
        &mut self,
        local: &Local<B>,
        sent: &SyncRequest,
        status: u16,
        refused: Option<Refused>,
        retry_after_s: Option<u32>,
        new_device: Id,
    ) -> Result<Step, StoreError> {
        let code = refused.as_ref().map_or("", |refused| refused.code.as_str());
        Ok(match (status, code) {
            (401, "unauthenticated") => Step::SignInNeeded,
            (426, _) => Step::UpgradeNeeded,
            (409, "device_forked") => self.fork(local, sent, new_device, None).await?,
            (409, "restored") => {
                let epoch = refused.and_then(|refused| refused.feed_epoch).unwrap_or_default();
                self.fork(local, sent, new_device, Some(epoch)).await?
            }
            (409, "reset") => {
                *self = Exchange::default();
                local.reset().await?;
                Step::Restarted { ops: None }
            }
            // Obeyed only when it names this device: no proxy's page and no other device's answer may wipe this one.
            (403, "device_revoked") if refused.as_ref().and_then(|refused| refused.device) == Some(sent.device) => Step::Revoked,
            (400..=499, _) if status != 429 && status != 408 && !code.is_empty() => match refused {
                Some(refused) => Step::Refused(refused),
                None => Step::Failed { retry_after_ms: None, offline: false },
            },
            _ => Step::Failed { retry_after_ms: retry_after_s.map(|seconds| i64::from(seconds) * 1000), offline: false },
        })
    }
}

/// Adds a page's rows and removals. A record may go and come back between two pages: the later page counts. What comes and
/// then goes stays in both: whether it may go is for the store to say.
fn add_page(pulled: &mut Pulled, answer: &mut SyncAnswer) {
    let came: BTreeSet<Id> = set(answer.rows.iter().map(|row| row.id));
    pulled.removed.retain(|id| !came.contains(id));
    pulled.explained = pulled.explained.min(pulled.removed.len() as u64);
    pulled.rows.append(&mut answer.rows);
    pulled.removed.append(&mut answer.removed);
    pulled.explained += answer.explained;
}

/// Pages of one pull may bring a row twice; the later one is the newer. They stay as they came, page by page.
fn last_of_each(rows: Vec<Row>) -> Vec<Row> {
    let mut latest = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let newer = latest.get(&row.id).is_none_or(|(_, seq)| *seq <= row.seq);
        if newer {
            latest.insert(row.id, (at, row.seq));
        }
    }
    let rows = rows.into_iter().enumerate();
    rows.filter(|(at, row)| latest.get(&row.id).is_some_and(|(last, _)| last == at)).map(|(_, row)| row).collect()
}
