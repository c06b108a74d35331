//! What a push reads and writes. The stamp is taken last before the writes, so that the order of the feed is the order of
//! commits (sync.md, item 8).

use super::{DbError, Result, Tx};
use domain::{
    Id, Row, Schema, Value,
    change::Outcome,
    hub::{
        self, Interval, People, Plan, World,
        plan::{Decided, KeyChanges, Planned},
        scope,
    },
    records::{Member, Team},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

statements! {
    ROWS = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    FORGOTTEN = "SELECT id FROM forgotten_record WHERE org_id = $1 AND id = ANY($2)";
    PEOPLE = "SELECT state, seq FROM record WHERE org_id = $1 AND kind = ANY($2)";
    ACCESS = "SELECT root, key, from_seq, to_seq FROM access WHERE org_id = $1 AND root = ANY($2)";
    KEYS = "SELECT member_id, key, from_seq, to_seq FROM member_scope WHERE org_id = $1 AND member_id = $2";
    ALL_KEYS = "SELECT member_id, key, from_seq, to_seq FROM member_scope WHERE org_id = $1";
    DECIDED = "SELECT op_id, hash, seq, outcome FROM op_outcome WHERE org_id = $1 AND op_id = ANY($2)";
    NUMBERED = "SELECT n, op_id FROM op_outcome WHERE org_id = $1 AND device_id = $2 AND n >= $3";
    LOCK_FEED = "SELECT seq FROM org_feed WHERE org_id = $1 FOR UPDATE";
    STAMP = "UPDATE org_feed SET seq = seq + 1 WHERE org_id = $1 RETURNING seq";
    SET_STAMP = "SELECT set_config('rounds.seq', $1::bigint::text, true)";
    PUT_ROWS = "INSERT INTO record (org_id, id, kind, root, seq, deleted, phase, body, state)
        SELECT $1, id, kind, root, $2, deleted, phase, body, state
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::boolean[], $7::smallint[], $8::jsonb[], $9::jsonb[])
            AS new (id, kind, root, deleted, phase, body, state)
        ON CONFLICT (org_id, id) DO UPDATE SET root = EXCLUDED.root, seq = EXCLUDED.seq, deleted = EXCLUDED.deleted,
            phase = EXCLUDED.phase, body = EXCLUDED.body, state = EXCLUDED.state
        WHERE record.id = ANY($10)";
    CLOSE_ROOTS = "UPDATE record_root SET to_seq = $2 WHERE org_id = $1 AND record_id = ANY($3) AND to_seq IS NULL";
    OPEN_ROOTS = "INSERT INTO record_root (org_id, record_id, root, from_seq)
        SELECT $1, id, root, $2 FROM unnest($3::uuid[], $4::text[]) AS new (id, root)";
    CLOSE_ACCESS = "UPDATE access SET to_seq = $2 FROM unnest($3::text[], $4::text[]) AS gone (root, key)
        WHERE access.org_id = $1 AND access.root = gone.root AND access.key = gone.key AND access.to_seq IS NULL";
    OPEN_ACCESS = "INSERT INTO access (org_id, root, key, from_seq)
        SELECT $1, root, key, $2 FROM unnest($3::text[], $4::text[]) AS new (root, key)";
    CLOSE_KEYS = "UPDATE member_scope SET to_seq = $2 FROM unnest($3::uuid[], $4::text[]) AS gone (member_id, key)
        WHERE member_scope.org_id = $1 AND member_scope.member_id = gone.member_id AND member_scope.key = gone.key
        AND member_scope.to_seq IS NULL";
    OPEN_KEYS = "INSERT INTO member_scope (org_id, member_id, key, from_seq)
        SELECT $1, member_id, key, $2 FROM unnest($3::uuid[], $4::text[]) AS new (member_id, key)";
    HISTORY = "INSERT INTO field_history (org_id, record_id, field, seq, op_id, clock, actor, value, lost, at)
        SELECT $1, record_id, field, $2, op_id, clock, actor, value, lost, at
        FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::jsonb[], $9::boolean[], $10::bigint[])
            AS new (record_id, field, op_id, clock, actor, value, lost, at)";
    OUTCOMES = "INSERT INTO op_outcome (org_id, device_id, n, op_id, hash, seq, outcome)
        SELECT $1, $2, n, op_id, hash, seq, outcome
        FROM unnest($3::bigint[], $4::uuid[], $5::bytea[], $6::bigint[], $7::jsonb[]) AS new (n, op_id, hash, seq, outcome)
        ON CONFLICT (org_id, device_id, n) DO NOTHING";
    PARK = "INSERT INTO parked_op (org_id, op_id, device_id, n, actor, reason, op, at)
        SELECT $1, op_id, $2, n, $3, reason, op, $4
        FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::jsonb[]) AS new (op_id, n, reason, op)
        ON CONFLICT (org_id, op_id) DO NOTHING";
}

/// Everything [`hub::plan`] must know to decide `ops` of a device, with the touched records locked in the order of their ids.
pub async fn world(tx: &mut Tx, org: Uuid, device: Uuid, ops: &[Value], last_n: u64, schema: &Schema) -> Result<World> {
    let needed: Vec<Uuid> = hub::plan::needed(ops, schema).into_iter().collect();
    let rows = rows(sqlx::query_as(ROWS).bind(org).bind(&needed).fetch_all(&mut **tx).await?);
    let unknown: Vec<Uuid> = needed.iter().filter(|id| !rows.contains_key(id)).copied().collect();
    let forgotten: Vec<Uuid> = match unknown.is_empty() {
        true => Vec::new(),
        false => sqlx::query_scalar(FORGOTTEN).bind(org).bind(unknown).fetch_all(&mut **tx).await?,
    };
    let roots: BTreeSet<String> =
        rows.values().map(|row| scope::root_of(row, schema)).chain(needed.iter().map(|id| scope::record_root(*id))).collect();
    let access = access(tx, org, roots.into_iter().collect()).await?;
    let mut world = World { access, rows, forgotten: forgotten.into_iter().collect(), ..World::default() };
    if hub::plan::needs_people(ops, schema) {
        load_people(tx, org, &mut world).await?;
    }
    let op_ids: Vec<Uuid> = ops.iter().filter_map(|op| Id::try_parse(op.get("op_id")?.as_str()?).ok()).collect();
    let decided: Vec<(Uuid, Vec<u8>, i64, Value)> = sqlx::query_as(DECIDED).bind(org).bind(&op_ids).fetch_all(&mut **tx).await?;
    world.decided = decided.into_iter().filter_map(read_decided).collect();
    let first = ops.iter().filter_map(|op| op.get("n")?.as_u64()).min().unwrap_or(u64::MAX);
    if first <= last_n {
        let found: Vec<(i64, Uuid)> =
            sqlx::query_as(NUMBERED).bind(org).bind(device).bind(first as i64).fetch_all(&mut **tx).await?;
        world.numbered = found.into_iter().map(|(n, op_id)| (n as u64, op_id)).collect();
    }
    Ok(world)
}

/// Members, teams and all keys, with the feed locked: who may see what must be worked out from one state of the company.
async fn load_people(tx: &mut Tx, org: Uuid, world: &mut World) -> Result<()> {
    sqlx::query(LOCK_FEED).bind(org).execute(&mut **tx).await?;
    let kinds = vec![Member::KIND, Team::KIND];
    let people = rows(sqlx::query_as(PEOPLE).bind(org).bind(kinds).fetch_all(&mut **tx).await?);
    world.people = People::from_rows(people.values());
    let found: Vec<(Uuid, String, i64, Option<i64>)> = sqlx::query_as(ALL_KEYS).bind(org).fetch_all(&mut **tx).await?;
    for (member, key, from, to) in found {
        world.member_keys.entry(member).or_default().push(interval(key, from, to));
    }
    Ok(())
}

/// The keys a member holds and held.
pub async fn keys(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Vec<Interval>> {
    let found: Vec<(Uuid, String, i64, Option<i64>)> = sqlx::query_as(KEYS).bind(org).bind(member).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(|(_, key, from, to)| interval(key, from, to)).collect())
}

async fn access(tx: &mut Tx, org: Uuid, roots: Vec<String>) -> Result<BTreeMap<String, Vec<Interval>>> {
    let found: Vec<(String, String, i64, Option<i64>)> =
        sqlx::query_as(ACCESS).bind(org).bind(roots).fetch_all(&mut **tx).await?;
    let mut access: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    for (root, key, from, to) in found {
        access.entry(root).or_default().push(interval(key, from, to));
    }
    Ok(access)
}

fn interval(key: String, from: i64, to: Option<i64>) -> Interval {
    Interval { key, from: from as u64, to: to.map(|to| to as u64) }
}

/// Stored states as rows; one that cannot be read would be a bug of a writer, and is left out and logged.
pub(super) fn rows(found: Vec<(Value, i64)>) -> BTreeMap<Id, Row> {
    found.into_iter().filter_map(|(state, seq)| read_row(state, seq)).map(|row| (row.id, row)).collect()
}

pub(super) fn read_row(state: Value, seq: i64) -> Option<Row> {
    match serde_json::from_value::<Row>(state) {
        Ok(row) => Some(Row { seq: seq as u64, ..row }),
        Err(error) => {
            tracing::error!(%error, seq, "a stored record cannot be read");
            None
        }
    }
}

fn read_decided((op_id, hash, seq, outcome): (Uuid, Vec<u8>, i64, Value)) -> Option<(Uuid, Decided)> {
    let outcome: Outcome = serde_json::from_value(outcome).ok()?;
    Some((op_id, Decided { fingerprint: Uuid::from_slice(&hash).ok()?, seq: seq as u64, outcome }))
}

/// Takes the next sequence number of the company and lets the rest of the transaction write with it. From here to COMMIT
/// every other writer of the company waits.
pub async fn stamp(tx: &mut Tx, org: Uuid) -> Result<u64> {
    let seq: i64 = sqlx::query_scalar(STAMP).bind(org).fetch_one(&mut **tx).await?;
    sqlx::query(SET_STAMP).bind(seq).execute(&mut **tx).await?;
    Ok(seq as u64)
}

/// Writes a stamped plan. `known` are the rows the plan was made from: one that appeared meanwhile is a serialisation
/// failure, and the whole push is decided anew.
pub async fn write(tx: &mut Tx, org: Uuid, plan: &Plan, seq: u64, schema: &Schema, known: &BTreeSet<Id>) -> Result<()> {
    for chunk in plan.rows.values().collect::<Vec<_>>().chunks(5_000) {
        put_rows(tx, org, chunk, seq, schema, known).await?;
    }
    let (moved, roots): (Vec<Uuid>, Vec<&str>) = plan.moved.iter().map(|(id, root)| (*id, root.as_str())).unzip();
    if !moved.is_empty() {
        sqlx::query(CLOSE_ROOTS).bind(org).bind(seq as i64).bind(&moved).execute(&mut **tx).await?;
        sqlx::query(OPEN_ROOTS).bind(org).bind(seq as i64).bind(&moved).bind(roots).execute(&mut **tx).await?;
    }
    change_access(tx, org, seq, &plan.access).await?;
    change_keys(tx, org, seq, &plan.member_keys).await?;
    if !plan.history.is_empty() {
        let history = &plan.history;
        sqlx::query(HISTORY)
            .bind(org)
            .bind(seq as i64)
            .bind(history.iter().map(|entry| entry.record).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.field.as_str()).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.op_id).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.clock.to_string()).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.actor).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.value.clone()).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.lost).collect::<Vec<_>>())
            .bind(history.iter().map(|entry| entry.clock.ms).collect::<Vec<_>>())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn put_rows(tx: &mut Tx, org: Uuid, rows: &[&Row], seq: u64, schema: &Schema, known: &BTreeSet<Id>) -> Result<()> {
    let state = |row: &&Row| serde_json::to_value(row).unwrap_or_default();
    let written = sqlx::query(PUT_ROWS)
        .bind(org)
        .bind(seq as i64)
        .bind(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| scope::root_of(row, schema)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| !row.is_alive()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| i16::from(hub::phase(row, schema))).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Value::Object(row.body())).collect::<Vec<_>>())
        .bind(rows.iter().map(state).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.id).filter(|id| known.contains(id)).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?
        .rows_affected();
    if written == rows.len() as u64 { Ok(()) } else { Err(DbError::Overtaken) }
}

/// Splits changes of keys into those that close and those that open.
fn split<Holder: Clone>(changes: &KeyChanges<Holder>, opens: bool) -> (Vec<Holder>, Vec<String>) {
    changes.iter().filter(|(_, opening)| **opening == opens).map(|((holder, key), _)| (holder.clone(), key.clone())).unzip()
}

async fn change_access(tx: &mut Tx, org: Uuid, seq: u64, changes: &KeyChanges<String>) -> Result<()> {
    for (statement, opens) in [(CLOSE_ACCESS, false), (OPEN_ACCESS, true)] {
        let (roots, keys) = split(changes, opens);
        if !roots.is_empty() {
            sqlx::query(statement).bind(org).bind(seq as i64).bind(roots).bind(keys).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

async fn change_keys(tx: &mut Tx, org: Uuid, seq: u64, changes: &KeyChanges<Id>) -> Result<()> {
    for (statement, opens) in [(CLOSE_KEYS, false), (OPEN_KEYS, true)] {
        let (members, keys) = split(changes, opens);
        if !members.is_empty() {
            sqlx::query(statement).bind(org).bind(seq as i64).bind(members).bind(keys).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// Stores what became of a device's ops, and keeps the parked ones.
pub async fn write_outcomes(tx: &mut Tx, org: Uuid, device: Uuid, actor: Uuid, acks: &[Planned], now: i64) -> Result<()> {
    sqlx::query(OUTCOMES)
        .bind(org)
        .bind(device)
        .bind(acks.iter().map(|ack| ack.n as i64).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.op_id).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.fingerprint.as_bytes().to_vec()).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| ack.seq as i64).collect::<Vec<_>>())
        .bind(acks.iter().map(|ack| serde_json::to_value(&ack.outcome).unwrap_or_default()).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    write_parked(tx, org, device, actor, acks, now).await
}

/// Keeps the parked ones among the ops for whoever may decide.
pub async fn write_parked(tx: &mut Tx, org: Uuid, device: Uuid, actor: Uuid, acks: &[Planned], now: i64) -> Result<()> {
    let parked: Vec<(&Planned, &Value, &str)> = acks
        .iter()
        .filter_map(|ack| match (&ack.outcome, &ack.parked) {
            (Outcome::Parked { reason }, Some(op)) => Some((ack, op, reason.as_str())),
            _ => None,
        })
        .collect();
    if parked.is_empty() { Ok(()) } else { park(tx, org, device, actor, now, &parked).await }
}

async fn park(tx: &mut Tx, org: Uuid, device: Uuid, actor: Uuid, now: i64, parked: &[(&Planned, &Value, &str)]) -> Result<()> {
    sqlx::query(PARK)
        .bind(org)
        .bind(device)
        .bind(actor)
        .bind(now)
        .bind(parked.iter().map(|(ack, ..)| ack.op_id).collect::<Vec<_>>())
        .bind(parked.iter().map(|(ack, ..)| ack.n as i64).collect::<Vec<_>>())
        .bind(parked.iter().map(|(.., reason)| *reason).collect::<Vec<_>>())
        .bind(parked.iter().map(|(_, op, _)| (*op).clone()).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Puts whole rows in place, in the caller's transaction: imports, demo data, the first members of a company. Rows replace
/// what is stored. Returns the sequence number they were stamped with.
pub async fn bring_in(tx: &mut Tx, org: Uuid, new: Vec<Row>) -> Result<u64> {
    let schema = domain::records::schema();
    let ids: Vec<Uuid> = new.iter().map(|row| row.id).collect();
    let stored = rows(sqlx::query_as(ROWS).bind(org).bind(&ids).fetch_all(&mut **tx).await?);
    let known: BTreeSet<Id> = stored.keys().copied().collect();
    let roots: BTreeSet<String> = new.iter().chain(stored.values()).map(|row| scope::root_of(row, &schema)).collect();
    let mut world = World { access: access(tx, org, roots.into_iter().collect()).await?, rows: stored, ..World::default() };
    load_people(tx, org, &mut world).await?;
    let mut plan = hub::bring_in(&schema, world, new);
    let seq = stamp(tx, org).await?;
    plan.stamp(seq);
    write(tx, org, &plan, seq, &schema, &known).await?;
    Ok(seq)
}
