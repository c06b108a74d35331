//! Who is told of an op that was parked: the owner of what it touches, or a manager, may take it up (sync.md, item 10).

use super::{
    PENDING, People, Plan, Push,
    plan::{Parked, Planned, merging, named},
    rules::NoticeDraft,
    scope,
};
use crate::{
    Clock, Id, Row, Schema, Value,
    change::{Op, Outcome, Write},
    ids,
    json::FromJson,
};
use std::collections::{BTreeMap, BTreeSet};

/// The ids whose roots [`tell`] must know: what the newly parked ops write and name.
pub fn records(plan: &Plan) -> BTreeSet<Id> {
    let raw: Vec<_> = plan.acks.iter().filter_map(|ack| Some(ack.parked.as_ref()?.op.clone())).collect();
    named(&raw)
}

/// Who decides for these owners and this author: the owners and the managers of both, else the administrators.
pub fn deciders(author: Id, owners: &BTreeSet<Id>, people: &People) -> BTreeSet<Id> {
    let managers = owners.iter().chain([&author]).filter_map(|member| people.manager_of(*member));
    let works_here = |member: &Id| people.members.get(member).is_some_and(|person| person.active);
    let found: BTreeSet<Id> =
        owners.iter().copied().filter(works_here).chain(managers).filter(|decider| *decider != author).collect();
    if found.is_empty() { people.administrators().filter(|decider| *decider != author).collect() } else { found }
}

/// Adds to the plan a notice to everybody who may decide about an op that it parks. `roots` are the roots' own rows, by the
/// ids from [`records`] which stand under them.
pub fn tell(plan: &mut Plan, push: &Push, roots: &BTreeMap<Id, Row>, people: &People) {
    let mut notices = Vec::new();
    for ack in &mut plan.acks {
        let Planned { parked: Some(parked), op_id, .. } = ack else { continue };
        let named = named(std::slice::from_ref(&parked.op));
        let owners = named.iter().filter_map(|id| scope::owner(roots.get(id)?, push.schema)).collect();
        parked.told = deciders(push.member, &owners, people);
        let waiting = Waiting { op_id: *op_id, author: push.member, op: parked.op.clone() };
        let draft = NoticeDraft::parked(*op_id, waiting.first_write().as_ref(), push.member, &parked.told);
        notices.extend(draft.addressed(&parked.told, *op_id, push.now));
    }
    add(plan, push.schema, notices);
}

/// What the revoked device of `author` hands in, as a plan: nothing is applied, every op waits, and whoever may decide gets
/// one notice about all of them. Ops without number or id are left out: nothing that a device makes.
pub fn hand_in(schema: &Schema, author: Id, ops: Vec<Value>, people: &People, now: i64) -> Plan {
    let told = deciders(author, &BTreeSet::new(), people);
    let mut plan = Plan { acks: ops.into_iter().filter_map(|op| quarantined(op, &told)).collect(), ..Plan::default() };
    if let Some(first) = plan.acks.first() {
        let notices = NoticeDraft::quarantined(author, now).addressed(&told, first.op_id, now);
        add(&mut plan, schema, notices);
    }
    plan
}

fn quarantined(op: Value, told: &BTreeSet<Id>) -> Option<Planned> {
    let op_id = Id::try_parse(op.get("op_id")?.as_str()?).ok()?;
    let n = op.get("n")?.as_u64().filter(|n| (1..1 << 53).contains(n))?;
    let outcome = Outcome::Parked { reason: "device_revoked".to_owned() };
    let parked = Some(Parked { op, told: told.clone() });
    Some(Planned { n, op_id, fingerprint: op_id, seq: PENDING, clock_ms: None, sent_ms: None, outcome, parked })
}

/// A parked op as the act of whoever takes it up: his right and his time, and everything that its author meant and had
/// seen: what he wrote of an account that was merged since goes to the one that stands for it, as it would have had it
/// arrived in time. `rows` are those of [`super::World`]. Taking it up twice gives the same op.
pub fn as_own(parked: &Op, taker: &Push, n: u64, after: Clock, rows: &BTreeMap<Id, Row>) -> Op {
    let mut op = Op {
        device: taker.device,
        n,
        op_id: ids::derived(parked.op_id, &format!("taken up by {}", taker.member)),
        actor: taker.member,
        base_seq: taker.confirmed_seq,
        ..parked.clone()
    };
    let mut clock = after;
    for write in &mut op.writes {
        clock = clock.next(taker.now, taker.device);
        write.act.set_clock(clock);
        let of = |id: Id| rows.get(&id);
        if let Some(survivor) = of(write.id).and_then(|row| merging::followed(row, &write.act, parked, parked.base_seq, &of)) {
            write.id = survivor;
        }
    }
    op
}

/// A stored op that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub op_id: Id,
    pub author: Id,
    pub op: Value,
}

impl Waiting {
    fn first_write(&self) -> Option<Write> {
        Op::from_json(&self.op).ok()?.writes.into_iter().next()
    }
}

/// Adds notices to the authors of what `decider` decided: `taken_up` or `dismissed`.
pub fn tell_authors(plan: &mut Plan, schema: &Schema, reason: &'static str, decided: &[Waiting], decider: Id, now: i64) {
    for one in decided {
        let draft = NoticeDraft::decided(reason, one.op_id, one.first_write().as_ref(), one.author, decider, now);
        add(plan, schema, draft.addressed(&[one.author].into(), one.op_id, now));
    }
}

/// Adds notices to a member who is to decide.
pub fn tell_decider(plan: &mut Plan, schema: &Schema, waiting: &[Waiting], member: Id, now: i64) {
    for one in waiting {
        let told = [member].into();
        let draft = NoticeDraft::parked(one.op_id, one.first_write().as_ref(), one.author, &told);
        add(plan, schema, draft.addressed(&told, one.op_id, now));
    }
}

fn add(plan: &mut Plan, schema: &Schema, notices: Vec<Row>) {
    for notice in notices {
        plan.moved.insert(notice.id, scope::root_of(&notice, schema));
        plan.rows.insert(notice.id, notice);
    }
}
