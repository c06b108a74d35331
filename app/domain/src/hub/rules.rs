//! Rules of the merge table that need more than one field, and the notices that tell people what a merge did.

use super::{PENDING, People};
use crate::{
    Clock, Id, Row, Schema, Value,
    change::{Act, Op, Write},
    ids,
    records::{FollowUp, Member, Notice},
    row::{Cell, Created},
};
use serde_json::json;
use std::collections::BTreeSet;

/// Complete against reschedule: complete wins, the reschedule becomes a follow-up of its own with a derived id.
///
/// `before` is the row without the write, `seen` the sequence number its author had seen, `row` the row with the write.
pub fn rescheduled(op: &Op, write: &Write, act: &Act, before: &Row, seen: u64, row: Option<&mut Row>) -> Option<Row> {
    let (Act::Set { field, value, .. }, true) = (act, write.kind == FollowUp::KIND) else { return None };
    let unseen =
        |name: &str| before.cells.get(name).filter(|cell| cell.seq > seen && !op.is_own(cell.clock) && !cell.value.is_null());
    let (due, author) = match field.as_str() {
        "done_at" if !value.is_null() && before.get("done_at").is_none() => {
            unseen("due").map(|due| (due.value.clone(), due.actor))?
        }
        "due" if !value.is_null() => {
            unseen("done_at")?;
            if let (Some(row), Some(kept)) = (row, before.cells.get("due")) {
                row.cells.insert("due".to_owned(), kept.clone());
            }
            (value.clone(), op.actor)
        }
        _ => return None,
    };
    let clock = act.clock();
    let mut next = Row::new(FollowUp::KIND, ids::derived(op.op_id, &format!("rescheduled:{}", before.id)));
    next.created = Some(Created { first: clock, by: author, last: clock });
    let copied = ["account", "purpose", "channel", "assigned_to"]
        .into_iter()
        .filter_map(|field| Some((field, before.get(field)?.clone())));
    let own = [("due", due), ("previous", json!(before.id))];
    next.cells =
        copied.chain(own).map(|(field, value)| (field.to_owned(), Cell { value, clock, actor: author, seq: PENDING })).collect();
    Some(next)
}

/// A notice before it is addressed: one row per recipient comes of it.
pub struct NoticeDraft {
    reason: &'static str,
    record: Id,
    kind: String,
    field: Option<String>,
    kept: Option<Cell>,
    lost: Option<Cell>,
    /// The parked op that it is about.
    op: Option<Id>,
    /// What the record is called, for who will not see it.
    title: String,
    recipients: BTreeSet<Id>,
}

impl NoticeDraft {
    fn new(reason: &'static str, write: &Write, recipients: impl IntoIterator<Item = Id>) -> NoticeDraft {
        let recipients = recipients.into_iter().collect();
        let (record, kind) = (write.id, write.kind.clone());
        NoticeDraft { reason, record, kind, field: None, kept: None, lost: None, op: None, title: String::new(), recipients }
    }

    /// An op that waits for a decision, with what its first write wanted; `write` is none where the op cannot be read.
    pub fn parked(op: Id, write: Option<&Write>, author: Id, told: &BTreeSet<Id>) -> NoticeDraft {
        let unreadable = Write { kind: String::new(), id: Id::nil(), act: Act::Create { clock: Clock::ZERO } };
        let write = write.unwrap_or(&unreadable);
        let value = match &write.act {
            Act::Set { value, .. } | Act::Text { value, .. } | Act::Add { element: value, .. } => value.clone(),
            Act::Claim { .. } => json!(author),
            Act::Create { .. } | Act::Remove { .. } | Act::Delete { .. } => Value::Null,
        };
        let lost = Cell { value, clock: write.act.clock(), actor: author, seq: 0 };
        let field = write.act.field().map(str::to_owned);
        NoticeDraft { field, lost: Some(lost), op: Some(op), ..NoticeDraft::new("parked", write, told.iter().copied()) }
    }

    /// Two edits of one field, neither of which had seen the other: both people learn what was kept and what was not.
    pub fn conflict(write: &Write, field: &str, kept: &Cell, lost: &Cell) -> NoticeDraft {
        let draft = NoticeDraft::new("conflict", write, [kept.actor, lost.actor]);
        NoticeDraft { field: Some(field.to_owned()), kept: Some(kept.clone()), lost: Some(lost.clone()), ..draft }
    }

    /// A claim that came after another's: whoever made it learns who has the record, which he may not see any more.
    pub fn claimed(write: &Write, kept: &Cell, claimer: Id, title: &str) -> NoticeDraft {
        let draft = NoticeDraft::new("claimed", write, [claimer]);
        NoticeDraft { kept: Some(kept.clone()), title: title.to_owned(), ..draft }
    }

    /// A record deleted by one and edited, unseen, by another lives; the deleter is told and can delete again.
    pub fn revived(write: &Write, deleter: Id, editor: Id) -> NoticeDraft {
        let kept = Cell { value: Value::Null, clock: write.act.clock(), actor: editor, seq: 0 };
        NoticeDraft { kept: Some(kept), ..NoticeDraft::new("revived", write, [deleter]) }
    }

    /// Unsent work of a revoked device, to be looked through.
    pub fn quarantined(author: Id, now: i64) -> NoticeDraft {
        let clock = Clock { ms: now, ..Clock::ZERO };
        let about = Write { kind: Member::KIND.to_owned(), id: author, act: Act::Create { clock } };
        let by = Cell { value: Value::Null, clock, actor: author, seq: 0 };
        NoticeDraft { lost: Some(by), ..NoticeDraft::new("quarantined", &about, []) }
    }

    /// Another account, of which the recipient learns the name and whose it is, is evidently the same customer as his.
    pub fn collision(own: &Row, name: &str, owner: Option<Id>, now: i64) -> NoticeDraft {
        let clock = Clock { ms: now, ..Clock::ZERO };
        let about = Write { kind: own.kind.clone(), id: own.id, act: Act::Create { clock } };
        let other = Cell { value: json!(name), clock, actor: owner.unwrap_or_default(), seq: 0 };
        NoticeDraft { kept: Some(other), ..NoticeDraft::new("collision", &about, []) }
    }

    /// What somebody decided about a parked op, for its author: `taken_up` or `dismissed`.
    pub fn decided(reason: &'static str, op: Id, write: Option<&Write>, author: Id, decider: Id, now: i64) -> NoticeDraft {
        let by = Cell { value: Value::Null, clock: Clock { ms: now, ..Clock::ZERO }, actor: decider, seq: 0 };
        NoticeDraft { reason, kept: Some(by), ..NoticeDraft::parked(op, write, author, &BTreeSet::new()) }
    }

    pub fn rescheduled(write: &Write, before: &Row, author: Id) -> NoticeDraft {
        let others = before.cells.get("done_at").or(before.cells.get("due")).map(|cell| cell.actor);
        NoticeDraft::new("rescheduled", write, others.into_iter().chain([author]))
    }

    /// The notices as rows, with ids derived from the op so that a repetition makes the same ones.
    pub fn rows(&self, op: &Op, now: i64, schema: &Schema, people: &People) -> Vec<Row> {
        let tells_manager =
            self.field.as_deref().and_then(|field| schema.field(&self.kind, field)).is_some_and(|field| field.tells_manager);
        let managers = self.recipients.iter().filter(|_| tells_manager).filter_map(|member| people.manager_of(*member));
        let recipients: BTreeSet<Id> =
            self.recipients.iter().copied().chain(managers).filter(|member| !member.is_nil()).collect();
        self.addressed(&recipients, op.op_id, now)
    }

    /// The notices to exactly these, with ids derived from `cause`.
    pub fn addressed(&self, recipients: &BTreeSet<Id>, cause: Id, now: i64) -> Vec<Row> {
        recipients.iter().map(|recipient| self.row(*recipient, cause, now)).collect()
    }

    fn row(&self, recipient: Id, cause: Id, now: i64) -> Row {
        let field = self.field.as_deref().unwrap_or_default();
        let clock = Clock { ms: now, counter: 0, device: Id::nil() };
        let mut row =
            Row::new(Notice::KIND, ids::derived(cause, &format!("{}:{}:{field}:{recipient}", self.reason, self.record)));
        row.created = Some(Created { first: clock, by: Id::nil(), last: clock });
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                row.cells.insert(name.to_owned(), Cell { value, clock, actor: Id::nil(), seq: PENDING });
            }
        };
        put("recipient", json!(recipient));
        put("reason", json!(self.reason));
        put("record", json!(self.record));
        put("record_kind", json!(self.kind));
        put("field", json!(self.field));
        put("op", json!(self.op));
        put("title", Some(self.title.as_str()).filter(|title| !title.is_empty()).into());
        for (cell, [value, by, at, device]) in [
            (&self.kept, ["kept", "kept_by", "kept_at", "kept_device"]),
            (&self.lost, ["lost", "lost_by", "lost_at", "lost_device"]),
        ] {
            let Some(cell) = cell else { continue };
            put(value, cell.value.clone());
            put(by, json!(cell.actor));
            put(at, json!(cell.clock.ms));
            put(device, if cell.clock.device.is_nil() { Value::Null } else { json!(cell.clock.device) });
        }
        row
    }
}
