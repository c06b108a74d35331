//! The plan of a push: what becomes of every op, and everything the server must write for it.

pub(super) mod merging;

use super::{
    PENDING, People, collision, floor, gates, incomplete, rules,
    scope::{self, Interval, Lock},
};
use crate::{
    Clock, Id, Lang, Row, Schema, Value,
    change::{Act, Op, Outcome, Write},
    clock::{Shift, TOLERANCE_MS},
    json::FromJson,
    records::Member,
    row::Effect,
    spec::{RootRule, Writers},
    types::MergeRule,
    wire::{self, Ack, Role},
};
use merging::Kin;
pub use merging::{needed_with, relatives};
use std::collections::{BTreeMap, BTreeSet};

/// Who pushes what.
pub struct Push<'a> {
    pub schema: &'a Schema,
    /// The server's time, UTC milliseconds.
    pub now: i64,
    pub org: Id,
    pub device: Id,
    pub member: Id,
    pub role: Role,
    /// What the member may see, now and before.
    pub keys: Vec<Interval>,
    /// Ops of the device up to this number are decided already.
    pub last_n: u64,
    /// How far the device's pulls have come: an op cannot claim to have seen more.
    pub confirmed_seq: u64,
    /// Where the feed stood when the server was last restored from a backup: what is sent again was made with that in view.
    pub restored_seq: u64,
    /// The highest base_seq among the device's decided ops, at first the feed's end at its first contact: what an op may
    /// appeal to never goes back (sync.md, item 10).
    pub based_seq: u64,
    pub ops: Vec<Value>,
}

/// What is stored of everything the ops touch.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub rows: BTreeMap<Id, Row>,
    /// Those among them whose tombstones were forgotten (sync.md, item 11).
    pub forgotten: BTreeSet<Id>,
    /// The keys of the roots of those rows and of the roots they move to.
    pub access: BTreeMap<String, Vec<Interval<Lock>>>,
    /// Under which roots those rows stood before the present one.
    pub roots: BTreeMap<Id, Vec<Interval>>,
    /// The keys of every member; needed with `people`.
    pub member_keys: BTreeMap<Id, Vec<Interval>>,
    pub people: People,
    /// Decided ops, by op id: what they said and what became of them.
    pub decided: BTreeMap<Id, Decided>,
    /// Op ids and what was answered, by number of this device, for numbers up to `last_n`.
    pub numbered: BTreeMap<u64, (Id, Decided)>,
}

/// An op the server has decided before.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub fingerprint: Id,
    pub seq: u64,
    /// The milliseconds of the op's newest clock as it was taken; none of one that could not be read.
    pub clock_ms: Option<i64>,
    pub outcome: Outcome,
}

/// Why an op is parked that a newer app made.
const UNKNOWN_OPERATION: &str = "unknown_operation";
/// Why an op is rejected that says something else than the op whose id it bears (sync.md, item 6).
const ANOTHERS_ID: &str = "anothers_id";

/// Whether an op was refused for bearing another one's id: its outcome is not that op's.
pub fn bears_anothers_id(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rejected { code, .. } if code == ANOTHERS_ID)
}

impl Decided {
    /// Whether an op that comes under the same id is the same op. One that this server cannot read, or could not when it came
    /// first, is taken for it: of such an op it does not know what is said.
    fn is_of(&self, fingerprint: Id, raw: &Value) -> bool {
        let was_unknown = self.outcome == Outcome::Parked { reason: UNKNOWN_OPERATION.to_owned() };
        self.fingerprint == fingerprint || was_unknown || parse(raw).is_none()
    }
}

/// What the server must write, all of it in one transaction, after [`Plan::stamp`].
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub acks: Vec<Planned>,
    /// The next number expected, when the ops left a gap.
    pub expected_n: Option<u64>,
    /// By how much clocks that are too far ahead are moved, from each of these on.
    pub shifts: Vec<(i64, i64)>,
    /// [`Push::based_seq`] for the device's next push.
    pub based_seq: u64,
    /// Every changed row as it is afterwards.
    pub rows: BTreeMap<Id, Row>,
    pub history: Vec<History>,
    pub access: KeyChanges<String, Lock>,
    pub member_keys: KeyChanges<Id, String>,
    /// The new root of each record that is new or moved.
    pub moved: BTreeMap<Id, String>,
}

/// Keys that open (`true`) or close at the sequence number of the plan, by holder and key.
pub type KeyChanges<Holder, Key> = BTreeMap<(Holder, Key), bool>;

/// One op's outcome. `seq` is the sequence number of an earlier decision, or [`PENDING`] for a new one.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub n: u64,
    pub op_id: Id,
    pub fingerprint: Id,
    pub seq: u64,
    /// [`Decided::clock_ms`].
    pub clock_ms: Option<i64>,
    /// The same as the device sent it.
    pub sent_ms: Option<i64>,
    pub outcome: Outcome,
    pub parked: Option<Parked>,
}

impl Planned {
    pub fn decided(&self) -> Decided {
        let Planned { fingerprint, seq, clock_ms, .. } = *self;
        Decided { fingerprint, seq, clock_ms, outcome: self.outcome.clone() }
    }
}

impl From<Planned> for Ack {
    fn from(Planned { n, op_id, seq, clock_ms, sent_ms, outcome, .. }: Planned) -> Ack {
        Ack { n, op_id, seq, clock_ms: clock_ms.filter(|_| clock_ms != sent_ms), outcome }
    }
}

/// An op that waits for a decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parked {
    /// As it came.
    pub op: Value,
    /// Who may decide, besides administrators; [`super::parked::tell`] finds them.
    pub told: BTreeSet<Id>,
}

/// A value a field had or would have had.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    pub record: Id,
    pub field: String,
    pub clock: Clock,
    pub actor: Id,
    pub op_id: Id,
    pub value: Value,
    /// It lost against another edit that its author had not seen.
    pub lost: bool,
}

/// Why a push as a whole is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The device's numbers name other ops than the server knows: its database was evicted or cloned (sync.md, item 6).
    Forked,
    /// An op without number or id, out of order, or of another device or company.
    Malformed(&'static str),
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.access.is_empty() && self.member_keys.is_empty()
    }

    /// Puts the sequence number the transaction was given where [`PENDING`] stands.
    pub fn stamp(&mut self, seq: u64) {
        for row in self.rows.values_mut() {
            row.seq = seq;
            row.cells.values_mut().filter(|cell| cell.seq == PENDING).for_each(|cell| cell.seq = seq);
        }
        self.acks.iter_mut().filter(|ack| ack.seq == PENDING).for_each(|ack| ack.seq = seq);
    }
}

/// The ids that ops name: of the records they write, and of those their values refer to.
pub fn named(ops: &[Value]) -> BTreeSet<Id> {
    let id = |value: &Value| value.as_str().and_then(|text| Id::try_parse(text).ok());
    let writes = ops.iter().filter_map(|op| op.get("writes")?.as_array()).flatten();
    writes.flat_map(|write| [write.get("id").and_then(id), write.get("value").and_then(id)]).flatten().collect()
}

/// The ids of every record that deciding the ops needs: those [`named`], and the notices about required fields that they
/// fill or may leave empty.
pub fn needed(ops: &[Value], schema: &Schema) -> BTreeSet<Id> {
    let notices = ops.iter().filter_map(parse).flat_map(|op| incomplete::notices(&op, schema));
    named(ops).into_iter().chain(notices).collect()
}

/// Whether deciding the ops needs [`World::people`] and [`World::member_keys`].
pub fn needs_people(ops: &[Value], schema: &Schema) -> bool {
    let writes = ops.iter().filter_map(|op| op.get("writes")?.as_array()).flatten();
    writes.into_iter().any(|write| {
        let text = |name: &str| write.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = schema.kind(text("kind"));
        kind.is_some_and(|kind| {
            kind.writers == Writers::Administrators || kind.field(text("field")).is_some_and(|field| field.tells_manager)
        })
    })
}

/// Decides every op of a push.
pub fn plan(push: &Push, world: World) -> Result<Plan, Refusal> {
    let keeper = Keeper::new(push.schema, push.now, world);
    let mut planner = Planner { push, keeper, shift: Shift::default(), based_seq: push.based_seq };
    let mut expected = push.last_n + 1;
    planner.shift = planner.needed_shift();
    planner.keeper.plan.shifts.clone_from(&planner.shift.by);
    for raw in &push.ops {
        let n = raw.get("n").and_then(Value::as_u64).filter(|n| (1..1 << 53).contains(n)).ok_or(Refusal::Malformed("ops.n"))?;
        let op_id = raw
            .get("op_id")
            .and_then(Value::as_str)
            .and_then(|id| Id::try_parse(id).ok())
            .ok_or(Refusal::Malformed("ops.op_id"))?;
        if n > expected {
            planner.keeper.plan.expected_n = Some(expected);
            break;
        }
        let ack = match n < expected {
            true => planner.repeated(n, op_id, raw)?,
            false => planner.decide(n, op_id, raw),
        };
        expected = expected.max(n + 1);
        planner.keeper.plan.acks.push(ack);
    }
    planner.keeper.plan.based_seq = planner.based_seq;
    Ok(planner.keeper.finish())
}

/// The plan that puts whole rows in place: imports, demo data, the first members of a company. Rows replace what is stored.
pub fn bring_in(schema: &Schema, now: i64, world: World, rows: impl IntoIterator<Item = Row>) -> Plan {
    let mut keeper = Keeper::new(schema, now, world);
    for mut row in rows {
        row.cells.values_mut().for_each(|cell| cell.seq = PENDING);
        keeper.put(row);
    }
    keeper.finish()
}

struct Planner<'a> {
    push: &'a Push<'a>,
    keeper: Keeper<'a>,
    shift: Shift,
    based_seq: u64,
}

/// Keeps the world and the plan in step: what is put is seen by what is decided next.
struct Keeper<'a> {
    schema: &'a Schema,
    /// The server's time, UTC milliseconds.
    now: i64,
    world: World,
    plan: Plan,
    people_changed: bool,
    kin: Kin,
}

impl Keeper<'_> {
    fn new(schema: &Schema, now: i64, world: World) -> Keeper<'_> {
        let kin = Kin::of(world.rows.values());
        Keeper { schema, now, world, plan: Plan::default(), people_changed: false, kin }
    }

    fn put(&mut self, row: Row) {
        let root = scope::root_of(&row, self.schema);
        let before = self.world.rows.get(&row.id).map(|before| scope::root_of(before, self.schema));
        if before.as_ref() != Some(&root) {
            self.plan.moved.insert(row.id, root.clone());
        }
        let left = before.filter(|before| *before != root);
        if let Some(left) = &left {
            self.lock(left, row.id, &BTreeSet::new());
        }
        self.lock(&root, row.id, &scope::locks_of(&row, self.schema, self.now));
        if self.schema.kind(&row.kind).is_some_and(|kind| kind.writers == Writers::Administrators) {
            self.world.people.put(&row);
            self.people_changed = true;
        }
        let before = self.world.rows.insert(row.id, row.clone());
        self.follow(&row, before.as_ref(), left.iter().chain([&root]));
        self.plan.rows.insert(row.id, row);
    }

    /// What `source` puts on a root becomes `wanted`.
    fn lock(&mut self, root: &str, source: Id, wanted: &BTreeSet<Lock>) {
        if scope::fixed_locks(root).is_none() && (!wanted.is_empty() || self.world.access.contains_key(root)) {
            let held = self.world.access.entry(root.to_owned()).or_default();
            let changes = scope::change_keys(held, wanted, |lock| lock.source == source);
            merge_changes(&mut self.plan.access, &root.to_owned(), changes);
        }
    }

    fn finish(mut self) -> Plan {
        if self.people_changed {
            for member in self.world.people.members.keys() {
                let held = self.world.member_keys.entry(*member).or_default();
                let changes = scope::change_keys(held, &self.world.people.keys_of(*member), |_| true);
                merge_changes(&mut self.plan.member_keys, member, changes);
            }
        }
        self.plan
    }
}

/// What one op changes, dropped whole when one of its writes cannot be taken.
#[derive(Default)]
struct Draft {
    rows: BTreeMap<Id, Row>,
    history: Vec<History>,
    notices: Vec<rules::NoticeDraft>,
    merged: bool,
}

fn parse(raw: &Value) -> Option<Op> {
    Op::from_json(raw).ok()
}

fn rejected(code: impl Into<String>, field: Option<&str>, message: impl Into<String>) -> Outcome {
    Outcome::Rejected { code: code.into(), field: field.map(str::to_owned), message: message.into() }
}

/// The milliseconds of the newest clock of an op as it came.
fn sent_ms(raw: &Value) -> Option<i64> {
    parse(raw).map(|op| op.clock().ms)
}

/// The outcome of what would bring half a record back: the rest of it is nowhere any more.
fn forgotten() -> Outcome {
    Outcome::Parked { reason: floor::FORGOTTEN.to_owned() }
}

fn no_access() -> Outcome {
    Outcome::Parked { reason: "no_access".to_owned() }
}

fn unknown_record() -> Outcome {
    Outcome::Parked { reason: "unknown_record".to_owned() }
}

impl Planner<'_> {
    /// A batch whose newest clock is too far ahead is moved back as a whole, so that its own order is kept (sync.md, item 4).
    /// There are several moves where the clock was set more than once: what would land before something that the device wrote
    /// earlier lands right before what followed it instead. What came before stays where it was put then.
    fn needed_shift(&self) -> Shift {
        let limit = self.push.now + TOLERANCE_MS;
        let (before, new): (Vec<_>, Vec<_>) = self.push.ops.iter().partition(|op| self.decided_before(op).is_some());
        let taken = before.iter().filter_map(|raw| {
            let clock = parse(raw)?.clock();
            Some(((clock.ms, clock.counter), self.decided_before(raw)?.clock_ms?))
        });
        let mut shift = Shift { limit_ms: limit, by: Vec::new(), taken: taken.collect() };
        let clocks: BTreeSet<i64> = new.into_iter().filter_map(parse).map(|op| op.clock().ms).collect();
        let Some(newest) = clocks.last().copied().filter(|newest| *newest > limit) else { return shift };
        // After a fork what it wrote stands there under its old id: its member's edits count as its own.
        let is_own = |row: &Row, field: &str, clock: Clock| {
            clock.device == self.push.device || row.cells.get(field).is_some_and(|cell| cell.actor == self.push.member)
        };
        let own = self.keeper.world.rows.values().flat_map(|row| {
            row.clocks().into_iter().filter(|(field, clock)| is_own(row, field, *clock)).map(|(_, clock)| clock.ms)
        });
        let kept =
            clocks.iter().copied().chain(own).chain(shift.taken.values().copied()).filter(|ms| *ms <= limit).max().unwrap_or(0);
        let (mut by, mut next) = (self.push.now - newest, None);
        let ahead: Vec<(i64, i64)> = (0..).zip(clocks.range(limit + 1..).copied()).collect();
        for (before, ms) in ahead.into_iter().rev() {
            // Room for those before it, each at a millisecond of its own.
            let first = kept + 1 + before;
            if ms + by < first {
                by = next.map_or(first, |next| next - 1) - ms;
            }
            next = Some(ms + by);
            shift.by.push((ms, by));
        }
        shift.by.reverse();
        shift.by.dedup_by_key(|(_, by)| *by);
        shift
    }

    /// What became of an op that came before, under this number of the device or under another.
    fn decided_before(&self, raw: &Value) -> Option<&Decided> {
        let op_id = Id::try_parse(raw.get("op_id")?.as_str()?).ok()?;
        let numbered = self.keeper.world.numbered.get(&raw.get("n")?.as_u64()?).filter(|(id, _)| *id == op_id);
        numbered.map(|(_, decided)| decided).or_else(|| self.keeper.world.decided.get(&op_id))
    }

    fn repeated(&self, n: u64, op_id: Id, raw: &Value) -> Result<Planned, Refusal> {
        let fingerprint = fingerprint(op_id, raw);
        let is_same = |(id, decided): &&(Id, Decided)| (*id, decided.fingerprint) == (op_id, fingerprint);
        let (_, decided) = self.keeper.world.numbered.get(&n).filter(is_same).ok_or(Refusal::Forked)?;
        let Decided { seq, clock_ms, outcome, .. } = decided.clone();
        Ok(Planned { n, op_id, fingerprint, seq, clock_ms, sent_ms: sent_ms(raw), outcome, parked: None })
    }

    fn decide(&mut self, n: u64, op_id: Id, raw: &Value) -> Planned {
        let fingerprint = fingerprint(op_id, raw);
        if let Some(decided) = self.keeper.world.decided.get(&op_id) {
            // Sent before under another device id: after a fork, or after the server was restored.
            let Decided { seq, clock_ms, outcome, .. } = match decided.is_of(fingerprint, raw) {
                true => decided.clone(),
                false => {
                    let outcome = rejected(ANOTHERS_ID, None, "This change bears the id of another one; make it again.");
                    Decided { outcome, clock_ms: None, ..decided.clone() }
                }
            };
            return Planned { n, op_id, fingerprint, seq, clock_ms, sent_ms: sent_ms(raw), outcome, parked: None };
        }
        let parsed = parse(raw);
        let (mut clock_ms, sent_ms) = (None, parsed.as_ref().map(|op| op.clock().ms));
        let outcome = match parsed {
            None => Outcome::Parked { reason: UNKNOWN_OPERATION.to_owned() },
            Some(_) if raw.to_string().len() > wire::MAX_OP => {
                rejected("too_large", None, format!("One change may hold {} kB; split it.", wire::MAX_OP / 1024))
            }
            Some(mut op) => {
                op.shift(&self.shift);
                clock_ms = Some(op.clock().ms);
                let outcome = self.perform(&op);
                self.based_seq = self.based_seq.max(self.base_seq(&op));
                outcome
            }
        };
        let parked = matches!(outcome, Outcome::Parked { .. }).then(|| Parked { op: raw.clone(), told: BTreeSet::new() });
        let planned = Planned { n, op_id, fingerprint, seq: PENDING, clock_ms, sent_ms, outcome, parked };
        self.keeper.world.decided.insert(op_id, planned.decided());
        planned
    }

    fn perform(&mut self, op: &Op) -> Outcome {
        let push = self.push;
        if (op.org, op.device, op.actor) != (push.org, push.device, push.member) {
            return rejected(
                "wrong_author",
                None,
                "This change was made by another person, device or company; sign in as its author to send it.",
            );
        }
        if op.writes.is_empty() || op.writes.len() > 10_000 {
            return rejected("malformed", Some("writes"), "A change holds 1 to 10,000 writes.");
        }
        let mut draft = Draft::default();
        for write in &op.writes {
            if let Err(outcome) = self.write(op, write, &mut draft) {
                return outcome;
            }
        }
        for row in draft.rows.values() {
            if serde_json::to_string(row).map_or(0, |text| text.len()) > wire::MAX_RECORD {
                return rejected(
                    "too_large",
                    None,
                    format!("A record may hold {} kB; shorten its texts.", wire::MAX_RECORD / 1024),
                );
            }
        }
        self.accept(op, draft)
    }

    /// What the op saw, as far as its device can have seen it: rights are judged by this.
    fn base_seq(&self, op: &Op) -> u64 {
        op.base_seq.min(self.push.confirmed_seq)
    }

    /// What the op saw, a server restored since included: whether an edit is a conflict is judged by this.
    fn seen_seq(&self, op: &Op) -> u64 {
        op.base_seq.min(self.push.confirmed_seq.max(self.push.restored_seq))
    }

    fn row<'d>(&self, draft: &'d mut Draft, write: &Write) -> &'d mut Row {
        let stored = || self.keeper.world.rows.get(&write.id).cloned().unwrap_or_else(|| Row::new(write.kind.clone(), write.id));
        draft.rows.entry(write.id).or_insert_with(stored)
    }

    fn write(&self, op: &Op, write: &Write, draft: &mut Draft) -> Result<(), Outcome> {
        let act = self.checked(write)?;
        let known = draft.rows.contains_key(&write.id) || self.keeper.world.rows.contains_key(&write.id);
        if !known && self.keeper.world.forgotten.contains(&write.id) {
            return Err(forgotten());
        }
        if !known && !matches!(act, Act::Create { .. }) {
            return Err(unknown_record());
        }
        let row = self.row(draft, write).clone();
        if row.kind != write.kind {
            return Err(rejected("wrong_kind", Some("kind"), "The record is of another kind."));
        }
        let is_stored = self.keeper.world.rows.contains_key(&write.id);
        if is_stored && !self.may_edit(op, &row) {
            return Err(no_access());
        }
        if is_stored && !self.may_change(&row) {
            return Err(rejected("not_allowed", None, "Only who made this can change it; make your own from it."));
        }
        self.may_decide(op, &row, &act, draft)?;
        match self.unseen_survivor(op, &row, &act, draft) {
            // Nothing of the survivor was in front of the author.
            Some(survivor) => self.apply(op, &Write { id: survivor, ..write.clone() }, &act, 0, draft),
            None => self.apply(op, write, &act, self.seen_seq(op), draft),
        }
        Ok(())
    }

    /// Applies a checked act whose author had seen everything up to `seen`.
    fn apply(&self, op: &Op, write: &Write, act: &Act, seen: u64, draft: &mut Draft) {
        let before = self.row(draft, write).clone();
        let was_alive = before.is_alive();
        let effect = self.row(draft, write).apply(op, act, PENDING);
        let unseen = |cell: &crate::row::Cell| cell.seq > seen && !op.is_own(cell.clock);
        let conflict = match &effect {
            Effect::Won { replaced: Some(replaced) } if unseen(replaced) => {
                draft.rows.get(&write.id).and_then(|row| row.cells.get(act.field()?)).map(|kept| (kept.clone(), replaced.clone()))
            }
            Effect::Lost { kept, lost } => Some((kept.clone(), lost.clone())),
            _ => None,
        };
        let conflict = conflict.filter(|(kept, lost)| kept.value != lost.value);
        self.remember(op, write, act, &effect, conflict.as_ref().map(|(_, lost)| lost), draft);
        draft.merged |= conflict.is_some() || matches!(effect, Effect::Combined { .. });
        if let (Some((kept, lost)), Some(field)) = (conflict, act.field()) {
            draft.notices.push(rules::NoticeDraft::conflict(write, field, &kept, &lost));
        }
        if let Effect::TooLate { kept } = &effect {
            draft.notices.push(rules::NoticeDraft::claimed(write, kept, op.actor, self.title(&before)));
        }
        let is_alive = draft.rows.get(&write.id).is_some_and(Row::is_alive);
        match (act, &before.deleted) {
            (Act::Delete { .. }, _) if is_alive => {
                draft.notices.push(rules::NoticeDraft::revived(write, op.actor, latest_editor(&before)))
            }
            (Act::Create { .. }, _) => {}
            (_, Some(deleted)) if is_alive && !was_alive => {
                draft.notices.push(rules::NoticeDraft::revived(write, deleted.by, op.actor))
            }
            _ => {}
        }
        if let Some(follow_up) = rules::rescheduled(op, write, act, &before, seen, draft.rows.get_mut(&write.id)) {
            draft.notices.push(rules::NoticeDraft::rescheduled(write, &before, op.actor));
            draft.merged = true;
            draft.rows.insert(follow_up.id, follow_up);
        }
    }

    /// The act with its value in canonical form, or why it cannot be taken.
    fn checked(&self, write: &Write) -> Result<Act, Outcome> {
        let well_named = |name: &str| {
            (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if !well_named(&write.kind) || !write.act.field().is_none_or(well_named) {
            return Err(rejected("bad_name", None, "Names of kinds and fields are lower-case letters, digits and underscores."));
        }
        let kind = self.push.schema.kind(&write.kind);
        let reads_notice = write.act.field() == Some("read");
        let allowed = match kind.map(|kind| kind.writers) {
            Some(Writers::Administrators) => self.push.role == Role::Administrator,
            Some(Writers::System) => reads_notice || collision::is_decision(write),
            _ => true,
        };
        if !allowed {
            return Err(rejected("not_allowed", None, "Only an administrator can change this."));
        }
        let Some(field) = kind.zip(write.act.field()).and_then(|(kind, name)| kind.field(name)) else {
            return Ok(write.act.clone());
        };
        let mut act = write.act.clone();
        let fits = match (&act, field.ty.merge_rule()) {
            (Act::Add { .. } | Act::Remove { .. }, rule) => rule == MergeRule::Set,
            (Act::Text { .. }, rule) => rule == MergeRule::Text,
            (Act::Claim { .. }, _) => !field.is_set() && field.ty.refers_to() == Some(Member::KIND),
            (Act::Set { .. }, rule) => rule != MergeRule::Set,
            _ => true,
        };
        if !fits {
            return Err(rejected("wrong_act", Some(&field.name), "The field does not merge this way; update the app."));
        }
        if let Act::Set { value, .. } | Act::Text { value, .. } | Act::Add { element: value, .. } = &mut act {
            *value = field
                .ty
                .rules()
                .normalise(value)
                .map_err(|problem| rejected(problem.code(), Some(&field.name), problem.message(Lang::En)))?;
        }
        Ok(act)
    }

    /// Whether the author sees the root now, or saw it when he acted: a late op of somebody who lost the right still counts.
    fn may_write(&self, op: &Op, root: &str) -> bool {
        let saw = |locks: &[Interval<Lock>]| scope::was_visible(&self.push.keys, locks, self.appeal_seq(op));
        self.holds(root, |locks| scope::is_visible(&self.push.keys, locks) || saw(locks))
    }

    /// The same of a stored record, which may have stood under another root when he acted.
    fn may_edit(&self, op: &Op, row: &Row) -> bool {
        let (root, seq) = (scope::root_of(row, self.push.schema), self.appeal_seq(op));
        let stays = self.keeper.world.roots.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let then = stays.iter().find(|stay| stay.holds_at(seq)).map_or(&root, |stay| &stay.key);
        self.holds(&root, |locks| scope::is_visible(&self.push.keys, locks))
            || self.holds(then, |locks| scope::was_visible(&self.push.keys, locks, seq))
    }

    /// Whether it is the author's to change what he sees: what somebody shares stays his, and the administrators'.
    fn may_change(&self, row: &Row) -> bool {
        let is_shared = matches!(self.push.schema.kind(&row.kind).map(|kind| &kind.root), Some(RootRule::Shared(_)));
        let is_own = row.created.as_ref().is_none_or(|created| created.by == self.push.member);
        !is_shared || is_own || self.push.role == Role::Administrator
    }

    /// What a record is called.
    fn title<'r>(&self, row: &'r Row) -> &'r str {
        self.push.schema.kind(&row.kind).map_or("", |kind| row.text(&kind.title))
    }

    fn holds(&self, root: &str, is_open: impl Fn(&[Interval<Lock>]) -> bool) -> bool {
        let fixed = scope::fixed_locks(root);
        fixed.as_ref().or_else(|| self.keeper.world.access.get(root)).is_some_and(|locks| is_open(locks))
    }

    /// When the op's author claims to have had his right. A device cannot go back behind what it sent before, nor behind
    /// its first contact, so that nobody uses a right that he lost long ago.
    fn appeal_seq(&self, op: &Op) -> u64 {
        self.base_seq(op).max(self.based_seq)
    }

    fn remember(&self, op: &Op, write: &Write, act: &Act, effect: &Effect, lost: Option<&crate::row::Cell>, draft: &mut Draft) {
        if matches!(effect, Effect::Unchanged | Effect::TooLate { .. }) {
            return;
        }
        // A claim may be later than its author knows.
        let claimed = |field: &str| draft.rows.get(&write.id)?.cells.get(field).map(|cell| cell.clock);
        let clock = match act {
            Act::Claim { field, .. } => claimed(field).unwrap_or(act.clock()),
            _ => act.clock(),
        };
        let (field, value) = match act {
            Act::Set { field, value, .. } | Act::Text { field, value, .. } => (field.clone(), value.clone()),
            Act::Claim { field, .. } => (field.clone(), serde_json::json!(op.actor)),
            Act::Add { field, element, .. } => (field.clone(), serde_json::json!({ "added": element })),
            Act::Remove { field, element, .. } => (field.clone(), serde_json::json!({ "removed": element })),
            Act::Create { .. } => (crate::row::EXISTENCE.to_owned(), Value::Bool(true)),
            Act::Delete { .. } => (crate::row::EXISTENCE.to_owned(), Value::Bool(false)),
        };
        let entry =
            History { record: write.id, field: field.clone(), clock, actor: op.actor, op_id: op.op_id, value, lost: false };
        if let Effect::Won { replaced: Some(imported) } = effect
            && imported.actor.is_nil()
        {
            // An import writes no history: its value enters when somebody replaces it.
            draft.history.push(History {
                clock: imported.clock,
                actor: imported.actor,
                value: imported.value.clone(),
                ..entry.clone()
            });
        }
        if let Some(lost) = lost {
            draft.history.push(History {
                clock: lost.clock,
                actor: lost.actor,
                value: lost.value.clone(),
                lost: true,
                ..entry.clone()
            });
        }
        if lost.is_none_or(|lost| lost.clock != entry.clock) {
            draft.history.push(entry);
        }
    }

    /// Takes the op's changes over, unless it moves a record to where its author has no right.
    fn accept(&mut self, op: &Op, mut draft: Draft) -> Outcome {
        let schema = self.push.schema;
        if let Some(needs) = draft.rows.values().find_map(|row| gates::closes(row, self.keeper.world.rows.get(&row.id), schema)) {
            return Outcome::Parked { reason: gates::reason(needs) };
        }
        let mut revived = Vec::new();
        for row in draft.rows.values() {
            let root = scope::root_of(row, schema);
            let before = self.keeper.world.rows.get(&row.id).map(|row| scope::root_of(row, schema));
            let its_own = root == scope::record_root(row.id);
            let made_here =
                draft.rows.keys().any(|id| root == scope::record_root(*id) && !self.keeper.world.rows.contains_key(id));
            if before.as_deref() == Some(&root) || its_own || made_here {
                continue;
            }
            if self.keeper.world.forgotten.iter().any(|id| root == scope::record_root(*id)) {
                return forgotten();
            }
            if !self.may_write(op, &root) {
                return no_access();
            }
            // What an unseen child belongs to comes back with it (sync.md, item 11).
            let dead = |id: &&Id| {
                root == scope::record_root(**id) && !self.keeper.world.rows[*id].is_alive() && !draft.rows.contains_key(*id)
            };
            revived.extend(self.keeper.world.rows.keys().find(dead).copied());
        }
        for id in revived {
            let mut row = self.keeper.world.rows[&id].clone();
            let write = Write { kind: row.kind.clone(), id, act: Act::Create { clock: op.clock() } };
            let deleter = row.deleted.as_ref().map_or(op.actor, |deleted| deleted.by);
            row.apply(op, &write.act, PENDING);
            draft.notices.push(rules::NoticeDraft::revived(&write, deleter, op.actor));
            draft.rows.insert(id, row);
        }
        let merged = draft.merged || !draft.notices.is_empty();
        let notices: Vec<Row> =
            draft.notices.iter().flat_map(|notice| notice.rows(op, self.push.now, schema, &self.keeper.world.people)).collect();
        let incomplete = incomplete::tell(op, self.push.now, schema, &draft.rows, &self.keeper.world.rows);
        for row in draft.rows.into_values().chain(notices).chain(incomplete) {
            self.keeper.put(row);
        }
        self.keeper.plan.history.extend(draft.history);
        if merged { Outcome::Merged } else { Outcome::Applied }
    }
}

/// Adds changes of keys; what opens and closes within one plan never was.
fn merge_changes<Holder: Ord + Clone, Key: Ord>(all: &mut KeyChanges<Holder, Key>, holder: &Holder, new: Vec<(Key, bool)>) {
    for (key, opens) in new {
        let place = (holder.clone(), key);
        match all.get(&place) {
            Some(earlier) if *earlier != opens => drop(all.remove(&place)),
            _ => drop(all.insert(place, opens)),
        }
    }
}

fn latest_editor(row: &Row) -> Id {
    row.cells.values().max_by_key(|cell| cell.clock).map_or(Id::nil(), |cell| cell.actor)
}

fn fingerprint(op_id: Id, raw: &Value) -> Id {
    parse(raw).map_or_else(|| crate::ids::derived(op_id, &raw.to_string()), |op| op.fingerprint())
}

#[cfg(test)]
mod tests;
