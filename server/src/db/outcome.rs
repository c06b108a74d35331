//! What became of each op, and the ops that wait for somebody's decision.

use super::{Result, Tx, feed};
use domain::{
    Id, Row, Value,
    change::Outcome,
    hub::plan::{Parked, Planned},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

statements! {
    OUTCOMES = "INSERT INTO op_outcome (org_id, device_id, n, op_id, hash, seq, clock_ms, outcome)
        SELECT $1, $2, n, op_id, hash, seq, clock_ms, outcome
        FROM unnest($3::bigint[], $4::uuid[], $5::bytea[], $6::bigint[], $7::bigint[], $8::jsonb[])
            AS new (n, op_id, hash, seq, clock_ms, outcome)
        ON CONFLICT (org_id, device_id, n) DO NOTHING";
    PARK = "INSERT INTO parked_op (org_id, op_id, device_id, n, actor, reason, op, told, at)
        SELECT $1, op_id, $2, n, $3, reason, op, ARRAY(SELECT jsonb_array_elements_text(told)::uuid), $4
        FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::jsonb[], $9::jsonb[]) AS new (op_id, n, reason, op, told)
        ON CONFLICT (org_id, op_id) DO NOTHING";
    DECIDED = "SELECT op_id FROM parked_op WHERE org_id = $1 AND op_id = ANY($2)
        UNION SELECT op_id FROM op_outcome WHERE org_id = $1 AND op_id = ANY($2)";
    WAITING = "SELECT p.op_id, p.actor, p.device_id, coalesce(d.label, '') AS device_label, p.reason, p.at, p.op, p.told
        FROM parked_op p LEFT JOIN device d ON d.org_id = p.org_id AND d.device_id = p.device_id
        WHERE p.org_id = $1 AND p.resolved_at IS NULL AND ($3 OR $2 = ANY(p.told)) ORDER BY p.device_id, p.n LIMIT 500";
    LOCK_WAITING = "SELECT p.op_id, p.actor, p.device_id, '' AS device_label, p.reason, p.at, p.op, p.told
        FROM parked_op p WHERE p.org_id = $1 AND p.resolved_at IS NULL AND ($3 OR $2 = ANY(p.told)) AND p.op_id = ANY($4)
        ORDER BY p.device_id, p.n FOR UPDATE";
    RESOLVE = "UPDATE parked_op SET resolved_at = $2, resolved_by = $3, resolution = $4, taken_as = done.taken_as
        FROM unnest($5::uuid[], $6::uuid[]) AS done (op_id, taken_as) WHERE org_id = $1 AND parked_op.op_id = done.op_id";
    HAND_OVER = "UPDATE parked_op SET told = array_append(told, $2) WHERE org_id = $1 AND op_id = ANY($3)";
    LAST_N = "SELECT coalesce(max(n), 0) FROM op_outcome WHERE org_id = $1 AND device_id = $2";
    /// The rows of the roots under which these records stand.
    ROOTS_OF = "SELECT below.id, root.state, root.seq FROM record below
        JOIN record root ON root.org_id = below.org_id AND below.root = 'record:' || root.id
        WHERE below.org_id = $1 AND below.id = ANY($2)";
}

/// Stores what became of a device's ops, and keeps the parked ones.
pub async fn write(tx: &mut Tx, org: Uuid, device: Uuid, actor: Uuid, acks: &[Planned], now: i64) -> Result<()> {
    sqlx::query(OUTCOMES)
        .bind(org)
        .bind(device)
        .bind(acks.iter().map(|ack| ack.n as i64).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.op_id).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.fingerprint.as_bytes().to_vec()).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.seq as i64).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.clock_ms).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| serde_json::to_value(&ack.outcome).unwrap_or_default()).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    park(tx, org, device, actor, acks, now).await
}

/// Keeps the parked ones among the ops for whoever may decide.
pub async fn park(tx: &mut Tx, org: Uuid, device: Uuid, actor: Uuid, acks: &[Planned], now: i64) -> Result<()> {
    let parked: Vec<(&Planned, &Parked, &str)> = acks
        .iter()
        .filter_map(|ack| match (&ack.outcome, &ack.parked) {
            (Outcome::Parked { reason }, Some(parked)) => Some((ack, parked, reason.as_str())),
            _ => None,
        })
        .collect();
    if parked.is_empty() {
        return Ok(());
    }
    sqlx::query(PARK)
        .bind(org)
        .bind(device)
        .bind(actor)
        .bind(now)
        .bind(parked.iter().map(|(ack, ..)| ack.op_id).collect::<Vec<_>>())
        .bind(parked.iter().map(|(ack, ..)| ack.n as i64).collect::<Vec<_>>())
        .bind(parked.iter().map(|(.., reason)| *reason).collect::<Vec<_>>())
        .bind(parked.iter().map(|(_, parked, _)| parked.op.clone()).collect::<Vec<_>>())
        .bind(parked.iter().map(|(_, parked, _)| serde_json::json!(parked.told)).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The row of the root under which each of these records stands, where it is a record.
pub async fn roots_of(tx: &mut Tx, org: Uuid, records: &[Id]) -> Result<BTreeMap<Id, Row>> {
    let found: Vec<(Uuid, Value, i64)> = sqlx::query_as(ROOTS_OF).bind(org).bind(records).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().filter_map(|(id, state, seq)| Some((id, feed::read_row(state, seq)?))).collect())
}

/// Those of the ops that have their outcome, or wait for one, already.
pub async fn decided(tx: &mut Tx, org: Uuid, ops: &[Id]) -> Result<BTreeSet<Id>> {
    let found: Vec<Uuid> = sqlx::query_scalar(DECIDED).bind(org).bind(ops).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().collect())
}

/// A parked op that nobody has decided about.
#[derive(Debug, sqlx::FromRow)]
pub struct WaitingRow {
    pub op_id: Uuid,
    pub actor: Uuid,
    pub device_id: Uuid,
    pub device_label: String,
    pub reason: String,
    pub at: i64,
    pub op: Value,
    /// Who may decide.
    pub told: Vec<Uuid>,
}

/// What waits for `member`'s decision, or for anybody's where he sees `all`, in the order it was made.
pub async fn waiting(tx: &mut Tx, org: Uuid, member: Uuid, all: bool) -> Result<Vec<WaitingRow>> {
    Ok(sqlx::query_as(WAITING).bind(org).bind(member).bind(all).fetch_all(&mut **tx).await?)
}

/// Those of these ops that wait for him, locked until the transaction ends.
pub async fn lock_waiting(tx: &mut Tx, org: Uuid, member: Uuid, all: bool, ops: &[Uuid]) -> Result<Vec<WaitingRow>> {
    Ok(sqlx::query_as(LOCK_WAITING).bind(org).bind(member).bind(all).bind(ops).fetch_all(&mut **tx).await?)
}

/// Notes a decision: `taken_up` with the op it was done as, or `dismissed`.
pub async fn resolve(tx: &mut Tx, org: Uuid, by: Uuid, resolution: &str, done: &[(Uuid, Option<Uuid>)], now: i64) -> Result<()> {
    let (ops, taken_as): (Vec<Uuid>, Vec<Option<Uuid>>) = done.iter().copied().unzip();
    let query = sqlx::query(RESOLVE).bind(org).bind(now).bind(by).bind(resolution).bind(ops).bind(taken_as);
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Lets a member decide about these ops too.
pub async fn hand_over(tx: &mut Tx, org: Uuid, member: Uuid, ops: &[Uuid]) -> Result<()> {
    sqlx::query(HAND_OVER).bind(org).bind(member).bind(ops).execute(&mut **tx).await?;
    Ok(())
}

/// The last number under which an op of this device was stored.
pub async fn last_n(tx: &mut Tx, org: Uuid, device: Uuid) -> Result<u64> {
    let n: i64 = sqlx::query_scalar(LAST_N).bind(org).bind(device).fetch_one(&mut **tx).await?;
    Ok(n as u64)
}
