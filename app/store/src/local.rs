//! What a member's device remembers, over any [`Backend`]: every function here is one transaction.
//!
//! A save and its outbox entry are one transaction; only [`Local::absorb`] writes the base; an op leaves the outbox for the
//! archive at a checkpoint that reaches it, or for "needs attention" when the server would not take it.

use crate::{
    backend::{Backend, Change, Found, Read, Table, value},
    error::{Refusal, StoreError},
    files,
    loss::{Withheld, has_unexplained},
    meta::{KEY, Meta},
    page::{self, Pages},
};
use domain::{
    Clock, Id, Row, Schema, Value,
    change::{Op, Outcome, Write},
    clock::{Shift, TOLERANCE_MS},
    json::{self, FromJson},
    reads,
    row::packed,
    sorting::{SharedSort, map, set},
    wire::{self, MAX_OPS, Progress, SyncAnswer, SyncRequest},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// The database of one member of one company on one device; clones share it.
#[derive(Clone, Debug)]
pub struct Local<B> {
    backend: B,
    org: Id,
    member: Id,
}

/// An op and, once the server has it, the sequence number at which it did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutboxEntry {
    pub op: Op,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acked_seq: Option<u64>,
}

reads!(OutboxEntry { op, acked_seq });

/// An op the server would not take, with the user's own values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attention {
    pub op: Op,
    pub outcome: Outcome,
}

reads!(Attention { op, outcome });

impl Attention {
    fn is_parked(&self) -> bool {
        matches!(self.outcome, Outcome::Parked { .. })
    }
}

/// Everything that is in the database of work and records.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub meta: Meta,
    pub base: Vec<Row>,
    pub outbox: Vec<OutboxEntry>,
    pub attention: Vec<Attention>,
}

/// How much has not reached the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    pub ops: u64,
    /// Device time of the oldest, UTC milliseconds.
    pub oldest_at: Option<i64>,
}

/// Rows that may become visible: those of all pages since the last checkpoint, or one page of a first load.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    /// The stored cursor from which the pull began. Where another tab has moved on since, nothing is taken over.
    pub from: Option<String>,
    pub rows: Vec<Row>,
    /// Records this device may no longer hold.
    pub removed: Vec<Id>,
    /// For how many of them the server names an event.
    pub explained: u64,
    /// The device has everything up to the answer's checkpoint.
    pub complete: bool,
}

/// As many rows come packed out of a pull.
const MANY: usize = 200;

impl Pulled {
    /// A copy. Many rows are packed in it: parsed, those of a first load would be several times as large.
    fn light(&self) -> Pulled {
        let rows = match self.rows.len() {
            MANY.. if !self.rows.iter().all(Row::is_packed) => page::packed(&self.rows),
            _ => self.rows.clone(),
        };
        Pulled { rows, removed: self.removed.clone(), from: self.from.clone(), ..*self }
    }
}

/// What an answer changed on the device.
#[derive(Clone, Debug, Default)]
pub struct Absorbed {
    pub rows: Vec<Row>,
    pub removed: Vec<Id>,
    /// Numbers that left the outbox.
    pub settled: Vec<u64>,
    /// Ops whose clocks were moved or that were renumbered: the whole outbox as it is now.
    pub outbox: Option<Vec<Op>>,
    pub attention: Vec<Attention>,
    /// The base was replaced as a whole: rows not in `rows` are gone.
    pub replaced: bool,
    pub progress: Option<Progress>,
    pub usable: bool,
    /// Records were kept back until the user decides, or came again: look at [`Local::withheld`].
    pub withheld: bool,
    /// The rows were not taken over: another tab pulled meanwhile, or made the device another one.
    pub outdated: bool,
}

/// The beginning of the keys of what came into the archive at this time of the server, UTC milliseconds.
fn archive_time(ms: i64) -> String {
    Clock { ms, ..Clock::ZERO }.to_string()
}

/// Keys of numbers in numeric order.
pub(crate) fn number_key(n: u64) -> String {
    format!("{n:020}")
}

pub(crate) fn text_of<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(crate) fn parsed<T: FromJson>(found: &Found) -> Vec<T> {
    found.iter().filter_map(|(_, text)| json::parse(text)).collect()
}

pub(crate) fn meta_of(found: &Found) -> Result<Meta, Refusal> {
    Meta::read(found).ok_or_else(|| Refusal("this device's database has no identity; sign in again".to_owned()))
}

impl<B: Backend> Local<B> {
    /// Opens the database for a member; `device` becomes its id if it is new. The archive loses what came there more than
    /// 30 days before the last answer, by the server's time: the device's clock may have been set to anything.
    pub async fn open(backend: B, org: Id, member: Id, device: Id) -> Result<Local<B>, StoreError> {
        let known = Meta::read(&backend.read(&[Read::get(Table::Meta, KEY)]).await?[0]);
        let answered_at = known.and_then(|meta| Some(meta.last_success_at? + meta.offset_ms)).unwrap_or_default();
        let horizon = answered_at - ARCHIVE_MS;
        let outdated = Read::Range { table: Table::Archive, from: None, to: Some(archive_time(horizon)), limit: None };
        let reads = [Read::get(Table::Meta, KEY), outdated, Read::all(Table::Files), Read::all(Table::Drafts)];
        backend
            .transact(&reads, |found| match value(&found[0]) {
                None => Ok((vec![Meta::new(device).write()], ())),
                Some(_) => {
                    meta_of(&found[0])?;
                    let archived = found[1].iter().map(|(key, _)| Change::delete(Table::Archive, key.clone()));
                    Ok((archived.chain(files::expired(&found[2], &found[3], horizon)).collect(), ()))
                }
            })
            .await?;
        Ok(Local { backend, org, member })
    }

    pub fn backend(&self) -> &B {
        &self.backend
    }

    pub fn org(&self) -> Id {
        self.org
    }

    pub fn member(&self) -> Id {
        self.member
    }

    pub async fn meta(&self) -> Result<Meta, StoreError> {
        let found = self.backend.read(&[Read::get(Table::Meta, KEY)]).await?;
        Ok(meta_of(&found[0])?)
    }

    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let reads = [Read::get(Table::Meta, KEY), Read::all(Table::Base), Read::all(Table::Outbox), Read::all(Table::Attention)];
        let mut found = self.backend.read(&reads).await?;
        Ok(Snapshot {
            meta: meta_of(&found[0])?,
            base: page::rows(std::mem::take(&mut found[1])),
            outbox: parsed(&found[2]),
            attention: parsed(&found[3]),
        })
    }

    /// The base's rows of these ids, as another tab changed them.
    pub async fn base_rows(&self, ids: &[Id]) -> Result<Vec<Row>, StoreError> {
        let pages = self.pages().await?;
        // What was changed a moment ago is in the last pages.
        let lately = page::folded(&self.backend.read(&[pages.last(4)]).await?[0]);
        let rows = match ids.iter().all(|id| page::entry(&lately, *id).is_some()) {
            true => lately,
            false => page::folded(&self.backend.read(&[Read::all(Table::Base)]).await?[0]),
        };
        Ok(ids.iter().filter_map(|id| page::entry(&rows, *id)?.clone()).collect())
    }

    pub(crate) async fn pages(&self) -> Result<Pages, StoreError> {
        Ok(Pages::read(&self.backend.read(&[Pages::asked()]).await?[0]))
    }

    /// Packs the base anew when more than half of what its pages hold is outdated; tells whether it was.
    pub async fn repack(&self, rows: usize) -> Result<bool, StoreError> {
        if self.pages().await?.entries() <= 2 * rows + 1_000 {
            return Ok(false);
        }
        let reads = [Pages::asked(), Read::all(Table::Base)];
        self.backend.transact(&reads, |found| Ok((Pages::read(&found[0]).replace(&page::rows(found[1].clone())), true))).await
    }

    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        Ok(parsed(&self.backend.read(&[Read::all(Table::Outbox)]).await?[0]))
    }

    pub async fn attention(&self) -> Result<Vec<Attention>, StoreError> {
        Ok(parsed(&self.backend.read(&[Read::all(Table::Attention)]).await?[0]))
    }

    /// Makes writes an op: its number and clock are allotted in the transaction that stores it (sync.md, item 3).
    /// The files it mentions are sent after it. `now` is device time. Durable when it returns.
    pub async fn act(&self, op_id: Id, writes: Vec<Write>, now: i64) -> Result<Op, StoreError> {
        let mut ops = self.act_all(vec![(op_id, writes)], now).await?;
        ops.pop().ok_or(StoreError::Lost)
    }

    /// [`Local::act`] for several actions, each judged for itself: an op each, in one transaction.
    pub async fn act_all(&self, actions: Vec<(Id, Vec<Write>)>, now: i64) -> Result<Vec<Op>, StoreError> {
        let Some(last) = actions.last().map(|(op_id, _)| *op_id) else { return Ok(Vec::new()) };
        let op_ids: BTreeSet<Id> = set(actions.iter().map(|(op_id, _)| *op_id));
        let (org, actor) = (self.org, self.member);
        let mentioned = files::mentioned(actions.iter().flat_map(|(_, writes)| writes));
        let reads: Vec<Read> = [Read::get(Table::Meta, KEY)].into_iter().chain(files::asked(&mentioned)).collect();
        let stored = self.transact(&reads, move |found| {
            let mut meta = meta_of(&found[0])?;
            if meta.last_op == Some(last) {
                return Ok((Vec::new(), None));
            }
            let mut changes = files::queued(&mentioned, &found[1..], now + meta.offset_ms);
            let mut ops = Vec::with_capacity(actions.len());
            for (op_id, writes) in &actions {
                meta.clock = meta.clock.next(now + meta.offset_ms, meta.device);
                meta.n += 1;
                let mut writes = writes.clone();
                writes.iter_mut().for_each(|write| write.act.set_clock(meta.clock));
                let (n, base_seq) = (meta.n, meta.checkpoint);
                let op =
                    Op { org, device: meta.device, n, op_id: *op_id, actor, base_seq, schema: Schema::VERSION, at: now, writes };
                let entry = OutboxEntry { op, acked_seq: None };
                changes.push(Change::put(Table::Outbox, number_key(n), text_of(&entry)));
                ops.push(entry.op);
            }
            meta.last_op = Some(last);
            changes.push(meta.write());
            Ok((changes, Some(ops)))
        });
        match stored.await? {
            Some(ops) => Ok(ops),
            // It was stored, and only the answer lost: what a pull has brought back meanwhile is in the base.
            None => Ok(self.outbox().await?.into_iter().map(|entry| entry.op).filter(|op| op_ids.contains(&op.op_id)).collect()),
        }
    }

    /// The next request: the oldest ops without an outcome that fit, and where the last pull stopped. `cursor` overrides
    /// the stored one between the pages of a pull that is not applied yet.
    pub async fn request(&self, cursor: Option<String>, now: i64, app: &str) -> Result<SyncRequest, StoreError> {
        let meta = self.meta().await?;
        let unacked =
            Read::Range { table: Table::Outbox, from: Some(number_key(meta.acked_n + 1)), to: None, limit: Some(MAX_OPS as u32) };
        let found = self.backend.read(&[unacked]).await?;
        let (mut ops, mut oldest_at) = (Vec::new(), None);
        for (_, text) in found[0].iter().take(wire::fitting(found[0].iter().map(|(_, text)| text.len()))) {
            let Some(entry) = json::parse::<Value>(text) else { continue };
            let op = json::at(&entry, "op");
            oldest_at = oldest_at.or(json::at(op, "at").as_i64());
            ops.push(op.clone());
        }
        Ok(SyncRequest {
            device: meta.device,
            feed_epoch: meta.feed_epoch,
            schema: Schema::VERSION,
            cursor: cursor.or(meta.cursor),
            ops,
            settled_n: meta.acked_n,
            pending: meta.n - meta.acked_n,
            oldest_at,
            device_time: now,
            app: app.to_owned(),
            storage: None,
            pages: Some(packed::VERSION),
        })
    }

    /// Takes an answer in, in one transaction: outcomes of ops and facts about time always (acknowledged is not yet
    /// visible), and `pulled` rows with their cursor once they may be seen. Nothing is taken of an answer to what was asked
    /// under another device id: its numbers name other ops now, and its feed may be another one.
    pub async fn absorb(
        &self,
        asked_as: Id,
        answer: &SyncAnswer,
        pulled: Option<&Pulled>,
        now: i64,
    ) -> Result<Absorbed, StoreError> {
        let pages = self.pages().await?;
        // Many rows take a while: that is over before the transaction begins.
        let seen = pulled.and_then(|pulled| pulled.rows.iter().filter_map(Row::latest).max());
        let replaces = pulled.is_some() && self.meta().await?.replacing;
        let whole = replaces || pulled.is_some_and(has_unexplained);
        let tail = match whole {
            true => Read::all(Table::Base),
            false => pages.tail(pulled.map_or(0, |pulled| pulled.rows.len() + pulled.removed.len())),
        };
        let reads = [Read::get(Table::Meta, KEY), Read::all(Table::Outbox), Pages::asked(), tail, Withheld::asked()];
        self.transact(&reads, |found| match meta_of(&found[0])? {
            meta if meta.device == asked_as => {
                let read = BaseRead { pages: &pages, seen, whole, replaces };
                absorb(meta, answer, pulled, now, &read, found)
            }
            meta => Ok((Vec::new(), Absorbed { outdated: true, usable: meta.usable, ..Absorbed::default() })),
        })
        .await
    }

    /// The device `asked_as` becomes another one: everything not visible yet is numbered anew to be sent again, and with the
    /// epoch of a restored server also what was acknowledged in the last 30 days and what was parked, for a lost server took
    /// that with it. The server knows by op id what it already has (sync.md, item 6). Where another tab was told so first,
    /// nothing changes. Returns the outbox as it is now.
    pub async fn fork(&self, asked_as: Id, device: Id, restored: Option<u64>) -> Result<Vec<Op>, StoreError> {
        let tables = [Table::Outbox, Table::Archive, Table::Attention, Table::Files].map(Read::all);
        let reads = [[Read::get(Table::Meta, KEY)].as_slice(), &tables].concat();
        self.transact(&reads, |found| {
            let mut meta = meta_of(&found[0])?;
            let entries = |found| parsed::<OutboxEntry>(found).into_iter().map(|entry| entry.op);
            let mut ops: Vec<Op> = entries(&found[1]).collect();
            if meta.device != asked_as {
                return Ok((Vec::new(), ops));
            }
            let mut changes = vec![Change::Clear { table: Table::Outbox }];
            if restored.is_some() {
                ops.extend(entries(&found[2]));
                changes.push(Change::Clear { table: Table::Archive });
                changes.extend(files::unsent(&found[4]));
                for Attention { op, .. } in parsed::<Attention>(&found[3]).into_iter().filter(Attention::is_parked) {
                    changes.push(Change::delete(Table::Attention, op.op_id.to_string()));
                    ops.push(op);
                }
            }
            ops.shared_sort_by_key(Op::clock);
            for (at, op) in ops.iter_mut().enumerate() {
                let n = at as u64 + 1;
                match restored {
                    // Others may have seen it, and deleted what they saw: sent again, it must be no later than that.
                    Some(_) => (op.device, op.n) = (device, n),
                    None => op.renumber(device, n),
                }
                changes.push(Change::put(
                    Table::Outbox,
                    number_key(op.n),
                    text_of(&OutboxEntry { op: op.clone(), acked_seq: None }),
                ));
            }
            meta.device = device;
            meta.clock.device = device;
            meta.acked_n = 0;
            meta.n = ops.len() as u64;
            if let Some(epoch) = restored {
                (meta.feed_epoch, meta.cursor, meta.checkpoint, meta.replacing) = (epoch, None, 0, true);
            }
            changes.push(meta.write());
            Ok((changes, ops))
        })
        .await
    }

    /// Asks the next pull to load everything anew beside the present base (sync.md, item 11). The outbox stays, and so does
    /// the checkpoint: until the swap it is what the user has in front of him.
    pub async fn reset(&self) -> Result<(), StoreError> {
        let reads = [Read::get(Table::Meta, KEY)];
        self.backend
            .transact(&reads, |found| {
                let mut meta = meta_of(&found[0])?;
                (meta.cursor, meta.replacing) = (None, true);
                Ok((vec![meta.write()], ()))
            })
            .await
    }

    /// Takes an op out of "needs attention", to be dropped or made anew by the caller.
    pub async fn resolve_attention(&self, op_id: Id) -> Result<(), StoreError> {
        self.transact(&[], |_| Ok((vec![Change::delete(Table::Attention, op_id.to_string())], ()))).await
    }

    pub async fn unsent(&self) -> Result<Unsent, StoreError> {
        let meta = self.meta().await?;
        let oldest = Read::Range { table: Table::Outbox, from: Some(number_key(meta.acked_n + 1)), to: None, limit: Some(1) };
        let found = self.backend.read(&[oldest]).await?;
        let oldest_at = parsed::<OutboxEntry>(&found[0]).first().map(|entry| entry.op.at);
        Ok(Unsent { ops: meta.n - meta.acked_n, oldest_at })
    }

    /// Keeps what is half typed; `None` forgets it.
    pub async fn keep_draft(&self, key: &str, text: Option<String>) -> Result<(), StoreError> {
        let change = text.map_or(Change::delete(Table::Drafts, key), |text| Change::put(Table::Drafts, key, text));
        self.backend.transact(&[], |_| Ok((vec![change.clone()], ()))).await
    }

    pub async fn load_draft(&self, key: &str) -> Result<Option<String>, StoreError> {
        let found = self.backend.read(&[Read::get(Table::Drafts, key)]).await?;
        Ok(value(&found[0]).map(str::to_owned))
    }
}

/// How long an acknowledged op stays in the archive, for a server that is restored from a backup.
const ARCHIVE_MS: i64 = 30 * domain::time::DAY_MS;

/// What was known when the base was asked for; other tabs may have changed it since.
struct BaseRead<'a> {
    pages: &'a Pages,
    /// The latest clock of what was pulled.
    seen: Option<Clock>,
    /// All of it, or its last pages.
    whole: bool,
    /// The pull was to replace it.
    replaces: bool,
}

/// `found` are the reads of [`Local::absorb`], the fourth of them the pages that `read` describes.
fn absorb(
    mut meta: Meta,
    answer: &SyncAnswer,
    pulled: Option<&Pulled>,
    now: i64,
    read: &BaseRead,
    found: &[Found],
) -> Result<(Vec<Change>, Absorbed), Refusal> {
    let mut outbox: Vec<OutboxEntry> = parsed(&found[1]);
    let (mut changes, mut done) = (Vec::new(), Absorbed::default());

    meta.offset_ms = answer.server_time - now;
    meta.last_success_at = Some(now);
    meta.feed_epoch = answer.feed_epoch;
    let shift = shift(answer, &outbox);
    if !shift.is_none() {
        // The same move as the server's, so that what is still waiting keeps its place among what was sent, and so does what
        // is sent again after a restore. An answer that comes twice finds nothing more to move.
        let seen = meta.seen.unwrap_or(Clock::ZERO);
        meta.clock = Clock { device: meta.device, ..shift.place(meta.clock).max(seen) };
        for entry in &mut outbox {
            entry.op.shift(&shift);
            changes.push(Change::put(Table::Outbox, number_key(entry.op.n), text_of(entry)));
            meta.clock = meta.clock.max(Clock { device: meta.device, ..entry.op.clock() });
        }
    }
    for ack in &answer.acks {
        let Some(entry) = outbox.iter_mut().find(|entry| entry.op.n == ack.n && entry.op.op_id == ack.op_id) else { continue };
        meta.acked_n = meta.acked_n.max(ack.n);
        entry.acked_seq = Some(ack.seq);
        if ack.outcome.is_taken() {
            changes.push(Change::put(Table::Outbox, number_key(ack.n), text_of(entry)));
        } else {
            let attention = Attention { op: entry.op.clone(), outcome: ack.outcome.clone() };
            changes.push(Change::put(Table::Attention, ack.op_id.to_string(), text_of(&attention)));
            changes.push(Change::delete(Table::Outbox, number_key(ack.n)));
            done.settled.push(ack.n);
            done.attention.push(attention);
        }
    }
    let refused: BTreeSet<u64> = set(done.settled.iter().copied());
    outbox.retain(|entry| !refused.contains(&entry.op.n));

    done.outdated = pulled.is_some_and(|pulled| pulled.from != meta.cursor || meta.replacing != read.replaces);
    if let Some(pulled) = pulled.filter(|_| !done.outdated) {
        let mut pages = Pages::read(&found[2]);
        let before = Withheld::read(&found[4]);
        let base = if read.whole { page::folded(&found[3]) } else { Vec::new() };
        meta.seen = meta.seen.max(read.seen);
        meta.clock = read.seen.map_or(meta.clock, |seen| Clock { device: meta.device, ..meta.clock.max(seen) });
        let (pulled, withheld) = before.review(pulled.light(), &base, read.replaces);
        done.withheld = withheld != before;
        if done.withheld {
            changes.push(withheld.write());
        }
        done.replaced = std::mem::take(&mut meta.replacing);
        changes.extend(match done.replaced {
            true => pages.replace(&pulled.rows),
            false if pages == *read.pages && !read.whole => pages.append(&found[3], &pulled.rows, &pulled.removed),
            false => pages.append(&Found::new(), &pulled.rows, &pulled.removed),
        });
        take_over(answer, pulled, &mut meta, &outbox, &mut changes, &mut done);
    }
    if !shift.is_none() {
        let still_waits = |entry: &&OutboxEntry| !done.settled.contains(&entry.op.n);
        done.outbox = Some(outbox.iter().filter(still_waits).map(|entry| entry.op.clone()).collect());
    }
    done.usable = meta.usable;
    changes.push(meta.write());
    Ok((changes, done))
}

/// Where the server put clocks. Of each op that it has taken it says the same however often the op is sent; the rest is about
/// the moment of the answer.
fn shift(answer: &SyncAnswer, outbox: &[OutboxEntry]) -> Shift {
    let taken = answer.acks.iter().filter_map(|ack| {
        let entry = outbox.iter().find(|entry| entry.op.n == ack.n && entry.op.op_id == ack.op_id)?;
        let clock = entry.op.clock();
        Some(((clock.ms, clock.counter), ack.clock_ms.filter(|ms| *ms != clock.ms)?))
    });
    Shift { limit_ms: answer.server_time + TOLERANCE_MS, by: answer.told_shifts(), taken: map(taken) }
}

fn take_over(
    answer: &SyncAnswer,
    pulled: Pulled,
    meta: &mut Meta,
    outbox: &[OutboxEntry],
    changes: &mut Vec<Change>,
    done: &mut Absorbed,
) {
    meta.cursor = Some(answer.cursor.clone());
    meta.usable |= pulled.complete || answer.progress.is_some_and(|progress| progress.phase > 0);
    (done.rows, done.removed, done.progress) = (pulled.rows, pulled.removed, answer.progress);
    let Some(checkpoint) = answer.checkpoint.filter(|_| pulled.complete) else { return };
    meta.checkpoint = checkpoint;
    for entry in outbox.iter().filter(|entry| entry.acked_seq.is_some_and(|seq| seq <= checkpoint)) {
        done.settled.push(entry.op.n);
        changes.push(Change::delete(Table::Outbox, number_key(entry.op.n)));
        let key = format!("{}:{}", archive_time(answer.server_time), entry.op.op_id);
        changes.push(Change::put(Table::Archive, key, text_of(entry)));
    }
}
