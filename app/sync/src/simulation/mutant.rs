//! Deliberate mistakes, to prove that the simulation would notice them. Each is a wrapper around the database, the server or
//! what the driver does with an answer, so that the code under test knows nothing of them.

use super::user::NEWER_KIND;
use domain::{
    Id, Row,
    change::{Act, Op, Outcome},
    hub::memory::MemoryHub,
    wire::{Ack, Progress, SyncAnswer, SyncRequest},
};
use serde_json::{Value, json};
use store::{Backend, Change, Found, Meta, OutboxEntry, Read, StoreError, Table};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutant {
    /// A save is reported before its transaction has committed.
    SavedBeforeStored,
    /// The server acknowledges ops that it then does not store.
    AcknowledgedBeforeStored,
    /// An op leaves the outbox when it is acknowledged, before a pull has brought its effect.
    OutboxEmptiedAtAck,
    /// The cursor is written before the rows it stands for.
    CursorBeforeRows,
    /// A record that the device may no longer hold is taken for a deleted one.
    RemovalIsDeletion,
    /// What nothing explains is taken away all the same.
    UnexplainedObeyed,
    /// Removals do not reach the device.
    RemovalsForgotten,
    /// Tombstones do not reach the device.
    TombstonesForgotten,
    /// The server takes a number it knows for the op it knows.
    SkippedWithoutComparing,
    /// The last clock is kept in memory only.
    ClockNotPersisted,
    OutboxClearedOn401,
    /// An answer is absorbed wherever the stored cursor stands.
    AbsorbsWithoutLooking,
    NeverAgainAfter429,
    /// A request without an answer is taken for one that succeeded.
    LostAnswerIsSuccess,
    /// A removal from a set takes additions along that its author had not seen.
    LastWinsInSets,
    /// Of two edits in the same millisecond, the one that arrives later wins.
    TiesIgnored,
    /// A forked device goes on counting.
    ForkKeepsNumbers,
    /// When the server moves the clocks back, what still waits is not moved.
    ShiftSkipsWaiting,
    /// The pages of a pull are shown as they come.
    HalfAPullShown,
    /// What the server would not take is not answered.
    RefusalsUnanswered,
    /// The server is asked again only when it pokes.
    NeverPolls,
    /// A server that was restored does not say so.
    EpochNotRaised,
    /// A device below the floor is not told to load anew.
    FloorForgotten,
    /// The device drops records of kinds it does not know.
    UnknownKindsDropped,
    /// A row gets its place in the feed before its transaction commits, when others have pulled beyond it.
    StampedBeforeCommit,
}

impl Mutant {
    pub const ALL: [Mutant; 25] = [
        Mutant::SavedBeforeStored,
        Mutant::AcknowledgedBeforeStored,
        Mutant::OutboxEmptiedAtAck,
        Mutant::CursorBeforeRows,
        Mutant::RemovalIsDeletion,
        Mutant::UnexplainedObeyed,
        Mutant::RemovalsForgotten,
        Mutant::TombstonesForgotten,
        Mutant::SkippedWithoutComparing,
        Mutant::ClockNotPersisted,
        Mutant::OutboxClearedOn401,
        Mutant::AbsorbsWithoutLooking,
        Mutant::NeverAgainAfter429,
        Mutant::LostAnswerIsSuccess,
        Mutant::LastWinsInSets,
        Mutant::TiesIgnored,
        Mutant::ForkKeepsNumbers,
        Mutant::ShiftSkipsWaiting,
        Mutant::HalfAPullShown,
        Mutant::RefusalsUnanswered,
        Mutant::NeverPolls,
        Mutant::EpochNotRaised,
        Mutant::FloorForgotten,
        Mutant::UnknownKindsDropped,
        Mutant::StampedBeforeCommit,
    ];

    /// Changes what a transaction writes.
    pub(super) fn rewrite(self, found: &[Found], changes: &mut [Change]) {
        let stored = |key: &str| found.iter().flatten().find(|(of, _)| of == key).map(|(_, value)| value.clone());
        for change in changes {
            match (self, &mut *change) {
                (Mutant::OutboxEmptiedAtAck, Change::Put { table: Table::Outbox, key, value }) if value.contains("acked_seq") => {
                    *change = Change::delete(Table::Outbox, key.clone());
                }
                (Mutant::ClockNotPersisted, Change::Put { table: Table::Meta, key, value }) if key == "device" => {
                    if let Some(before) = stored(key) {
                        patch(value, &["clock"], &before);
                    }
                }
                (Mutant::ShiftSkipsWaiting, Change::Put { table: Table::Outbox, key, value }) => {
                    if let Some(before) = stored(key) {
                        patch(value, &["op"], &before);
                    }
                }
                _ => {}
            }
        }
    }

    /// Changes what the server hears.
    pub(super) fn hear(self, hub: &MemoryHub, request: &mut SyncRequest) {
        if self != Mutant::LastWinsInSets {
            return;
        }
        for raw in &mut request.ops {
            let Ok(mut op) = serde_json::from_value::<Op>(raw.clone()) else { continue };
            for write in &mut op.writes {
                if let (Act::Remove { field, element, seen, .. }, Some(row)) = (&mut write.act, hub.rows.get(&write.id)) {
                    *seen = row.additions(field, element);
                }
            }
            *raw = json!(op);
        }
    }

    /// Changes what the server does after it has decided.
    pub(super) fn meddle(self, hub: &mut MemoryHub, request: &SyncRequest) {
        if self != Mutant::TiesIgnored {
            return;
        }
        let seq = hub.seq;
        for op in request.ops.iter().filter_map(|raw| serde_json::from_value::<Op>(raw.clone()).ok()) {
            let taken = hub.decided.get(&op.op_id).is_some_and(|decided| decided.seq == seq && decided.outcome.is_taken());
            for write in op.writes.iter().filter(|_| taken) {
                let Act::Set { field, value, clock } = &write.act else { continue };
                let cell = hub.rows.get_mut(&write.id).and_then(|row| row.cells.get_mut(field));
                if let Some(cell) = cell.filter(|cell| (cell.clock.ms, cell.clock.counter) == (clock.ms, clock.counter)) {
                    (cell.value, cell.clock, cell.actor) = (value.clone(), *clock, op.actor);
                }
            }
        }
    }

    /// Changes what the server answers.
    pub(super) fn say(self, answer: &mut SyncAnswer) {
        match self {
            Mutant::RemovalIsDeletion => {
                let deleted = |id: &Id| {
                    let mut row = Row::new("account", *id);
                    row.seq = answer.checkpoint.unwrap_or_default();
                    row
                };
                let gone: Vec<Row> = answer.removed.iter().map(deleted).collect();
                answer.rows.extend(gone);
                answer.removed.clear();
            }
            Mutant::RemovalsForgotten => answer.removed.clear(),
            Mutant::TombstonesForgotten => answer.rows.retain(Row::is_alive),
            Mutant::HalfAPullShown if answer.checkpoint.is_none() => {
                answer.progress = Some(Progress { phase: 1, done: 0, total: 1 });
            }
            Mutant::UnknownKindsDropped => answer.rows.retain(|row| row.kind != NEWER_KIND),
            Mutant::RefusalsUnanswered => answer.acks.retain(|ack| ack.outcome.is_taken()),
            _ => {}
        }
    }

    /// The acknowledgement of everything that was asked, whether or not it was done.
    pub(super) fn acknowledge(request: &SyncRequest, seq: u64) -> Vec<Ack> {
        let ops = request.ops.iter().filter_map(|raw| serde_json::from_value::<Op>(raw.clone()).ok());
        ops.map(|op| Ack { n: op.n, op_id: op.op_id, seq, clock_ms: None, outcome: Outcome::Applied }).collect()
    }

    /// What a fork would leave if it went on counting.
    pub(super) async fn keep_numbers(backend: &impl Backend) -> Result<(), StoreError> {
        const AHEAD: u64 = 7;
        let reads = [Read::get(Table::Meta, "device"), Read::all(Table::Outbox)];
        let transaction = backend.transact(&reads, |found| {
            let mut changes = vec![Change::Clear { table: Table::Outbox }];
            let mut meta: Option<Meta> = Meta::read(&found[0]);
            for mut entry in found[1].iter().filter_map(|(_, text)| serde_json::from_str::<OutboxEntry>(text).ok()) {
                entry.op.n += AHEAD;
                changes.push(Change::put(Table::Outbox, format!("{:020}", entry.op.n), json!(entry).to_string()));
            }
            if let Some(meta) = &mut meta {
                (meta.n, meta.acked_n) = (meta.n + AHEAD, AHEAD);
                changes.push(meta.write());
            }
            Ok((changes, ()))
        });
        transaction.await
    }
}

/// Puts members of one JSON object into another.
fn patch(target: &mut String, members: &[&str], source: &str) {
    let (Ok(mut object), Ok(source)) = (serde_json::from_str::<Value>(target), serde_json::from_str::<Value>(source)) else {
        return;
    };
    members.iter().for_each(|member| object[*member] = source[*member].clone());
    *target = object.to_string();
}

/// Lets the database say that its cursor is another one.
pub(super) fn pretend_cursor(found: &mut [Found], cursor: Option<&str>) {
    if let Some((_, value)) = found.first_mut().and_then(|found| found.first_mut()) {
        patch(value, &["cursor"], &json!({ "cursor": cursor }).to_string());
    }
}
