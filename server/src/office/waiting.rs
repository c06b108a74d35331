//! Deciding about ops that were parked or handed in by a revoked device (sync.md, items 10 and 12).

use super::ServerOffice;
use crate::{
    db::{self, Tx, feed::Wider, outcome::WaitingRow},
    error::ApiError,
    now::now_ms,
    signed::is_active,
};
use domain::{
    Clock, Id, Row, Schema,
    change::{Op, Outcome},
    hub::{
        self, Plan, Push, World,
        collision::{self, Looks},
        parked::{self, Waiting},
    },
    ids, records,
    wire::{MAX_OPS, Role},
};
use online::{ParkedItem, TakenUp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl ServerOffice {
    pub(super) async fn parked(self) -> Result<Vec<ParkedItem>, ApiError> {
        let mut tx = db::tenant_tx(&self.state.pool, self.signed.org_id).await?;
        let rows = db::outcome::waiting(&mut tx, self.signed.org_id, self.signed.member_id, self.decides_all()).await?;
        let item = |mut row: WaitingRow| ParkedItem {
            op: row.op_id,
            author: row.actor,
            device: row.device_id,
            device_label: row.device_label,
            reason: row.reason,
            at: row.at,
            writes: row.op.get_mut("writes").map(Value::take).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(item).collect())
    }

    pub(super) async fn take_up(self, ops: Vec<Uuid>) -> Result<Vec<TakenUp>, ApiError> {
        let wider = Wider::default();
        db::retrying(|| self.take_up_once(&ops, &wider)).await
    }

    pub(super) async fn hand_over(self, ops: Vec<Uuid>, member: Uuid) -> Result<(), ApiError> {
        let org = self.signed.org_id;
        let mut tx = db::tenant_tx(&self.state.pool, org).await?;
        let waiting = self.locked(&mut tx, &ops).await?;
        let known = db::member::find(&mut tx, org, member).await?.ok_or(ApiError::NotFound)?;
        if !is_active(&known) {
            let message = "Choose somebody who still works here.".into();
            return Err(ApiError::Invalid { code: "member_inactive", message, field: Some("member") });
        }
        let new: Vec<Waiting> = waiting.into_iter().filter(|row| !row.told.contains(&member)).map(of).collect();
        let ids: Vec<Uuid> = new.iter().map(|one| one.op_id).collect();
        db::outcome::hand_over(&mut tx, org, member, &ids).await?;
        let (schema, mut plan) = (records::schema(), Plan::default());
        parked::tell_decider(&mut plan, &schema, &new, member, now_ms());
        self.write(tx, plan, &schema, &Before::default(), None).await
    }

    pub(super) async fn dismiss(self, ops: Vec<Uuid>) -> Result<(), ApiError> {
        let (org, me, now) = (self.signed.org_id, self.signed.member_id, now_ms());
        let mut tx = db::tenant_tx(&self.state.pool, org).await?;
        let waiting: Vec<Waiting> = self.locked(&mut tx, &ops).await?.into_iter().map(of).collect();
        let done: Vec<_> = waiting.iter().map(|one| (one.op_id, None)).collect();
        db::outcome::resolve(&mut tx, org, me, "dismissed", &done, now).await?;
        let (schema, mut plan) = (records::schema(), Plan::default());
        parked::tell_authors(&mut plan, &schema, "dismissed", &waiting, me, now);
        self.write(tx, plan, &schema, &Before::default(), None).await
    }

    fn decides_all(&self) -> bool {
        self.signed.role == Role::Administrator
    }

    /// All of these ops, if all wait for the caller's decision.
    async fn locked(&self, tx: &mut Tx, ops: &[Uuid]) -> Result<Vec<WaitingRow>, ApiError> {
        if ops.len() > MAX_OPS {
            let message = format!("Decide about at most {MAX_OPS} changes at once.");
            return Err(ApiError::Invalid { code: "too_many_ops", message, field: Some("ops") });
        }
        let wanted: BTreeSet<&Uuid> = ops.iter().collect();
        let found = db::outcome::lock_waiting(tx, self.signed.org_id, self.signed.member_id, self.decides_all(), ops).await?;
        if found.len() == wanted.len() { Ok(found) } else { Err(ApiError::NotFound) }
    }

    /// One transaction, like a push from a device that is the member's desk at the server.
    async fn take_up_once(&self, ops: &[Uuid], wider: &Wider) -> Result<Vec<TakenUp>, ApiError> {
        let (org, member, now, schema) = (self.signed.org_id, self.signed.member_id, now_ms(), records::schema());
        let device = ids::derived(member, "desk");
        let mut tx = db::tenant_tx(&self.state.pool, org).await?;
        let waiting: Vec<Waiting> = self.locked(&mut tx, ops).await?.into_iter().map(of).collect();
        // What a newer app made cannot be read, and waits for a newer server.
        let readable: Vec<(usize, Op)> =
            (0..).zip(&waiting).filter_map(|(at, one)| Some((at, serde_json::from_value(one.op.clone()).ok()?))).collect();
        let last_n = db::outcome::last_n(&mut tx, org, device).await?;
        let head = db::pull::head(&mut tx, org).await?;
        let mut push = Push {
            schema: &schema,
            now,
            org,
            device,
            member,
            role: self.signed.role,
            keys: db::feed::keys(&mut tx, org, member).await?,
            last_n,
            confirmed_seq: head.seq,
            based_seq: head.seq,
            restored_seq: head.restored_seq,
            ops: Vec::new(),
        };
        push.ops = as_own(&readable, &push, Clock::ZERO, &BTreeMap::new());
        let world = db::feed::world(&mut tx, org, device, &push.ops, last_n, &schema, wider).await?;
        // The decision is later than everything it is about.
        let latest = world.rows.values().flat_map(|row| row.clocks()).map(|(_, clock)| clock).max().unwrap_or(Clock::ZERO);
        push.ops = as_own(&readable, &push, latest, &world.rows);
        let before = Before::of(&world);
        let mut plan =
            hub::plan(&push, world).map_err(|refusal| ApiError::Internal(format!("a parked op was refused: {refusal:?}")))?;

        let outcomes = readable.iter().zip(&plan.acks).map(|((at, _), ack)| (*at, ack.op_id, ack.outcome.clone()));
        let mut answer: Vec<TakenUp> = waiting.iter().map(|one| waits(one.op_id, "unknown_operation")).collect();
        let mut done = Vec::new();
        for (at, taken_as, outcome) in outcomes {
            let op = waiting[at].op_id;
            answer[at] = match outcome {
                Outcome::Applied | Outcome::Merged => TakenUp { op, taken: true, code: None },
                Outcome::Rejected { code, .. } | Outcome::Parked { reason: code } => waits(op, &code),
            };
            if answer[at].taken {
                done.push((op, Some(taken_as)));
            }
        }
        plan.acks.retain(|ack| ack.outcome.is_taken());
        let taken: Vec<Waiting> = (waiting.into_iter().zip(&answer)).filter(|(_, item)| item.taken).map(|(one, _)| one).collect();
        parked::tell_authors(&mut plan, &schema, "taken_up", &taken, member, now);
        db::outcome::resolve(&mut tx, org, member, "taken_up", &done, now).await?;
        self.write(tx, plan, &schema, &before, Some(device)).await?;
        Ok(answer)
    }

    /// Stamps and writes a plan, with what became of `device`'s ops in it, and commits.
    async fn write(
        &self,
        mut tx: Tx,
        mut plan: Plan,
        schema: &Schema,
        before: &Before,
        device: Option<Id>,
    ) -> Result<(), ApiError> {
        let (org, member) = (self.signed.org_id, self.signed.member_id);
        if !plan.is_empty() {
            let seq = db::feed::stamp(&mut tx, org).await?;
            db::evidence::follow(&mut tx, org, &mut plan, &before.looks, schema, now_ms()).await?;
            plan.stamp(seq);
            db::feed::write(&mut tx, org, &plan, seq, schema, &before.known).await?;
            if let Some(device) = device {
                db::outcome::write(&mut tx, org, device, member, &plan.acks, now_ms()).await?;
            }
        }
        db::commit(tx).await?;
        self.state.poker.changed(org);
        Ok(())
    }
}

/// The rows a plan was made from.
#[derive(Default)]
struct Before {
    known: BTreeSet<Id>,
    looks: Looks,
}

impl Before {
    fn of(world: &World) -> Before {
        Before { known: world.rows.keys().copied().collect(), looks: collision::look(&world.rows) }
    }
}

fn of(row: WaitingRow) -> Waiting {
    Waiting { op_id: row.op_id, author: row.actor, op: row.op }
}

fn waits(op: Id, code: &str) -> TakenUp {
    TakenUp { op, taken: false, code: Some(code.to_owned()) }
}

/// The ops as the taker's own, numbered on from his last one, each later than `after` and than the one before it.
fn as_own(ops: &[(usize, Op)], push: &Push<'_>, mut after: Clock, rows: &BTreeMap<Id, Row>) -> Vec<Value> {
    let numbered = ops.iter().zip(push.last_n + 1..);
    let own = numbered.map(|((_, op), n)| {
        let own = parked::as_own(op, push, n, after, rows);
        after = own.clock();
        json!(own)
    });
    own.collect()
}
