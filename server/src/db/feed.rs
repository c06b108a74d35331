//! What a push reads and writes. The stamp is taken last before the writes, so that the order of the feed is the order of
//! commits (sync.md, item 8).

use super::{DbError, Result, Tx, evidence};
use crate::now::now_ms;
use domain::{
    Id, Row, Schema, Value,
    change::Outcome,
    hub::{
        self, Interval, People, Plan, World, collision,
        plan::{Decided, KeyChanges, bears_anothers_id},
        scope::{self, Lock},
    },
    json::FromJson,
    records::Account,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

statements! {
    ROWS = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    LOOK = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($2)";
    /// What is to be kept in step with these accounts: those that gave way to them, and their collisions.
    RELATIVES = "SELECT id FROM record WHERE org_id = $1 AND kind = 'account' AND body->>'merged_into' IS NOT NULL
            AND body->>'merged_into' = ANY($2)
        UNION SELECT id FROM record WHERE org_id = $1 AND kind = 'collision' AND body->>'first' = ANY($2)
        UNION SELECT id FROM record WHERE org_id = $1 AND kind = 'collision' AND body->>'second' = ANY($2)";
    FORGOTTEN = "SELECT id FROM forgotten_record WHERE org_id = $1 AND id = ANY($2)";
    PEOPLE = "SELECT state, seq FROM record WHERE org_id = $1 AND kind = ANY($2)";
    ACCESS = "SELECT root, key, source, until, from_seq, to_seq FROM access WHERE org_id = $1 AND root = ANY($2)";
    ROOTS = "SELECT record_id, root, from_seq, to_seq FROM record_root
        WHERE org_id = $1 AND record_id = ANY($2) AND to_seq IS NOT NULL";
    KEYS = "SELECT member_id, key, from_seq, to_seq FROM member_scope WHERE org_id = $1 AND member_id = $2";
    ALL_KEYS = "SELECT member_id, key, from_seq, to_seq FROM member_scope WHERE org_id = $1";
    DECIDED = "SELECT n, op_id, hash, seq, clock_ms, outcome FROM op_outcome WHERE org_id = $1 AND op_id = ANY($2)";
    NUMBERED = "SELECT n, op_id, hash, seq, clock_ms, outcome FROM op_outcome WHERE org_id = $1 AND device_id = $2 AND n >= $3";
    LOCK_FEED = "SELECT seq FROM org_feed WHERE org_id = $1 FOR UPDATE";
    STAMP = "WITH stamped AS (UPDATE org_feed SET seq = seq + 1 WHERE org_id = $1 RETURNING seq)
        SELECT seq, set_config('rounds.seq', seq::text, true) FROM stamped";
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
    CLOSE_ACCESS = "UPDATE access SET to_seq = $2 FROM unnest($3::text[], $4::text[], $5::uuid[]) AS gone (root, key, source)
        WHERE access.org_id = $1 AND access.root = gone.root AND access.key = gone.key AND access.source = gone.source
        AND access.to_seq IS NULL";
    OPEN_ACCESS = "INSERT INTO access (org_id, root, key, source, until, from_seq)
        SELECT $1, root, key, source, until, $2
        FROM unnest($3::text[], $4::text[], $5::uuid[], $6::bigint[]) AS new (root, key, source, until)";
    EXPIRES = "UPDATE org_feed SET expires_at = least(expires_at, $2) WHERE org_id = $1";
    CLOSE_KEYS = "UPDATE member_scope SET to_seq = $2 FROM unnest($3::uuid[], $4::text[]) AS gone (member_id, key)
        WHERE member_scope.org_id = $1 AND member_scope.member_id = gone.member_id AND member_scope.key = gone.key
        AND member_scope.to_seq IS NULL";
    OPEN_KEYS = "INSERT INTO member_scope (org_id, member_id, key, from_seq)
        SELECT $1, member_id, key, $2 FROM unnest($3::uuid[], $4::text[]) AS new (member_id, key)";
    HISTORY = "INSERT INTO field_history (org_id, record_id, field, seq, op_id, clock, actor, value, lost, at)
        SELECT $1, record_id, field, $2, op_id, clock, actor, value, lost, at
        FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::jsonb[], $9::boolean[], $10::bigint[])
            AS new (record_id, field, op_id, clock, actor, value, lost, at)";
}

/// Everything [`hub::plan`] must know to decide `ops` of a device, with the touched records locked in the order of their ids.
pub async fn world(
    tx: &mut Tx,
    org: Uuid,
    device: Uuid,
    ops: &[Value],
    last_n: u64,
    schema: &Schema,
    wider: &Wider,
) -> Result<World> {
    let needed: Vec<Uuid> = hub::plan::needed(ops, schema).into_iter().collect();
    let rows = related(tx, org, &needed, wider).await?;
    let unknown: Vec<Uuid> = needed.iter().filter(|id| !rows.contains_key(id)).copied().collect();
    let forgotten: Vec<Uuid> = match unknown.is_empty() {
        true => Vec::new(),
        false => sqlx::query_scalar(FORGOTTEN).bind(org).bind(unknown).fetch_all(&mut **tx).await?,
    };
    let stays = past_roots(tx, org, &needed).await?;
    let past = stays.values().flatten().map(|stay| stay.key.clone());
    let present = rows.values().map(|row| scope::root_of(row, schema));
    let roots: BTreeSet<String> = present.chain(past).chain(needed.iter().map(|id| scope::record_root(*id))).collect();
    let access = access(tx, org, roots.into_iter().collect()).await?;
    let mut world = World { access, roots: stays, rows, forgotten: forgotten.into_iter().collect(), ..World::default() };
    if hub::plan::needs_people(ops, schema) {
        load_people(tx, org, &mut world).await?;
    }
    let op_ids: Vec<Uuid> = ops.iter().filter_map(|op| Id::try_parse(op.get("op_id")?.as_str()?).ok()).collect();
    let decided: Vec<DecidedRow> = sqlx::query_as(DECIDED).bind(org).bind(&op_ids).fetch_all(&mut **tx).await?;
    let decided = decided.into_iter().filter_map(read_decided).map(|(_, op)| op);
    world.decided = decided.filter(|(_, decided)| !bears_anothers_id(&decided.outcome)).collect();
    let first = ops.iter().filter_map(|op| op.get("n")?.as_u64()).min().unwrap_or(u64::MAX);
    if first <= last_n {
        let found: Vec<DecidedRow> =
            sqlx::query_as(NUMBERED).bind(org).bind(device).bind(first as i64).fetch_all(&mut **tx).await?;
        world.numbered = found.into_iter().filter_map(read_decided).collect();
    }
    Ok(world)
}

/// What an attempt at a transaction was found to need besides what its ops name. The next attempt locks all of it at once in
/// the order of ids: whoever locked what he needs when he comes to it would wait for another who waits for him.
pub type Wider = Mutex<BTreeSet<Id>>;

/// The rows of these records and those that are to be kept in step with them, locked. Where there turn out to be more of
/// those, notes them for the next attempt.
async fn related(tx: &mut Tx, org: Uuid, named: &[Uuid], wider: &Wider) -> Result<BTreeMap<Id, Row>> {
    let known = wider.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut asked: BTreeSet<Id> = known.into_iter().chain(named.iter().copied()).collect();
    let ids: Vec<Uuid> = asked.iter().copied().collect();
    let mut found = rows(sqlx::query_as(ROWS).bind(org).bind(ids).fetch_all(&mut **tx).await?);
    let mut wanted = relatives(tx, org, &found, &asked).await?;
    if wanted.is_empty() {
        return Ok(found);
    }
    while !wanted.is_empty() {
        let ids: Vec<Uuid> = wanted.iter().copied().collect();
        found.extend(rows(sqlx::query_as(LOOK).bind(org).bind(ids).fetch_all(&mut **tx).await?));
        asked.append(&mut wanted);
        wanted = relatives(tx, org, &found, &asked).await?;
    }
    *wider.lock().unwrap_or_else(PoisonError::into_inner) = asked;
    Err(DbError::Overtaken)
}

/// What is to be kept in step with these rows, besides what was asked for already.
async fn relatives(tx: &mut Tx, org: Uuid, rows: &BTreeMap<Id, Row>, asked: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
    let mut wanted = hub::plan::needed_with(rows);
    let accounts: Vec<String> = rows.values().filter(|row| row.kind == Account::KIND).map(|row| row.id.to_string()).collect();
    if !accounts.is_empty() {
        let behind: Vec<Uuid> = sqlx::query_scalar(RELATIVES).bind(org).bind(accounts).fetch_all(&mut **tx).await?;
        wanted.extend(behind);
    }
    wanted.retain(|id| !asked.contains(id));
    Ok(wanted)
}

/// Members, teams and all keys, with the feed locked: who may see what must be worked out from one state of the company.
async fn load_people(tx: &mut Tx, org: Uuid, world: &mut World) -> Result<()> {
    sqlx::query(LOCK_FEED).bind(org).execute(&mut **tx).await?;
    world.people = people(tx, org).await?;
    let found: Vec<(Uuid, String, i64, Option<i64>)> = sqlx::query_as(ALL_KEYS).bind(org).fetch_all(&mut **tx).await?;
    for (member, key, from, to) in found {
        world.member_keys.entry(member).or_default().push(interval(key, from, to));
    }
    Ok(())
}

/// The company's members, teams and territories.
pub async fn people(tx: &mut Tx, org: Uuid) -> Result<People> {
    let found = sqlx::query_as(PEOPLE).bind(org).bind(&People::KINDS[..]).fetch_all(&mut **tx).await?;
    Ok(People::from_rows(rows(found).values()))
}

/// Under which roots the records stood before the present one.
async fn past_roots(tx: &mut Tx, org: Uuid, records: &[Uuid]) -> Result<BTreeMap<Id, Vec<Interval>>> {
    let found: Vec<(Uuid, String, i64, Option<i64>)> = sqlx::query_as(ROOTS).bind(org).bind(records).fetch_all(&mut **tx).await?;
    let mut roots: BTreeMap<Id, Vec<Interval>> = BTreeMap::new();
    for (record, root, from, to) in found {
        roots.entry(record).or_default().push(interval(root, from, to));
    }
    Ok(roots)
}

/// The keys a member holds and held.
pub async fn keys(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Vec<Interval>> {
    let found: Vec<(Uuid, String, i64, Option<i64>)> = sqlx::query_as(KEYS).bind(org).bind(member).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(|(_, key, from, to)| interval(key, from, to)).collect())
}

async fn access(tx: &mut Tx, org: Uuid, roots: Vec<String>) -> Result<BTreeMap<String, Vec<Interval<Lock>>>> {
    type Found = (String, String, Uuid, Option<i64>, i64, Option<i64>);
    let found: Vec<Found> = sqlx::query_as(ACCESS).bind(org).bind(roots).fetch_all(&mut **tx).await?;
    let mut access: BTreeMap<String, Vec<Interval<Lock>>> = BTreeMap::new();
    for (root, key, source, until, from, to) in found {
        access.entry(root).or_default().push(interval(Lock { key, source, until }, from, to));
    }
    Ok(access)
}

fn interval<Key>(key: Key, from: i64, to: Option<i64>) -> Interval<Key> {
    Interval { key, from: from as u64, to: to.map(|to| to as u64) }
}

/// Stored states as rows; one that cannot be read would be a bug of a writer, and is left out and logged.
pub(super) fn rows(found: Vec<(Value, i64)>) -> BTreeMap<Id, Row> {
    found.into_iter().filter_map(|(state, seq)| read_row(state, seq)).map(|row| (row.id, row)).collect()
}

pub(super) fn read_row(state: Value, seq: i64) -> Option<Row> {
    match Row::from_json(&state) {
        Ok(mut row) => {
            row.seq = seq as u64;
            Some(row)
        }
        Err(error) => {
            tracing::error!(%error, seq, "a stored record cannot be read");
            None
        }
    }
}

/// Number, op id, hash, sequence number, moved clock, outcome.
type DecidedRow = (i64, Uuid, Vec<u8>, i64, Option<i64>, Value);

fn read_decided((n, op_id, hash, seq, clock_ms, outcome): DecidedRow) -> Option<(u64, (Uuid, Decided))> {
    let outcome = Outcome::from_json(&outcome).ok()?;
    Some((n as u64, (op_id, Decided { fingerprint: Uuid::from_slice(&hash).ok()?, seq: seq as u64, clock_ms, outcome })))
}

/// Takes the next sequence number of the company and lets the rest of the transaction write with it. From here to COMMIT
/// every other writer of the company waits.
pub async fn stamp(tx: &mut Tx, org: Uuid) -> Result<u64> {
    let (seq, _): (i64, String) = sqlx::query_as(STAMP).bind(org).fetch_one(&mut **tx).await?;
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

/// The changes that open, or those that close.
fn those<Holder, Key>(changes: &KeyChanges<Holder, Key>, opens: bool) -> Vec<&(Holder, Key)> {
    changes.iter().filter(|(_, opening)| **opening == opens).map(|(change, _)| change).collect()
}

async fn change_access(tx: &mut Tx, org: Uuid, seq: u64, changes: &KeyChanges<String, Lock>) -> Result<()> {
    for (statement, opens) in [(CLOSE_ACCESS, false), (OPEN_ACCESS, true)] {
        let changes = those(changes, opens);
        if changes.is_empty() {
            continue;
        }
        let query = sqlx::query(statement)
            .bind(org)
            .bind(seq as i64)
            .bind(changes.iter().map(|(root, _)| root.as_str()).collect::<Vec<_>>())
            .bind(changes.iter().map(|(_, lock)| lock.key.as_str()).collect::<Vec<_>>())
            .bind(changes.iter().map(|(_, lock)| lock.source).collect::<Vec<_>>());
        let untils: Vec<Option<i64>> = changes.iter().map(|(_, lock)| lock.until).collect();
        if let Some(first) = untils.iter().flatten().min().filter(|_| opens) {
            sqlx::query(EXPIRES).bind(org).bind(*first).execute(&mut **tx).await?;
        }
        let query = if opens { query.bind(untils) } else { query };
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

async fn change_keys(tx: &mut Tx, org: Uuid, seq: u64, changes: &KeyChanges<Id, String>) -> Result<()> {
    for (statement, opens) in [(CLOSE_KEYS, false), (OPEN_KEYS, true)] {
        let (members, keys): (Vec<Uuid>, Vec<String>) = those(changes, opens).into_iter().cloned().unzip();
        if !members.is_empty() {
            sqlx::query(statement).bind(org).bind(seq as i64).bind(members).bind(keys).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// Puts whole rows in place, in the caller's transaction: imports, demo data, the first members of a company. Rows replace
/// what is stored. It opens no collisions: what comes like this was one company's own list before. Returns the sequence number they were stamped with.
pub async fn bring_in(tx: &mut Tx, org: Uuid, new: Vec<Row>) -> Result<u64> {
    let schema = domain::records::schema();
    let ids: Vec<Uuid> = new.iter().map(|row| row.id).collect();
    let wider = Wider::default();
    let stored = match related(tx, org, &ids, &wider).await {
        // The transaction is the caller's, who begins it anew himself should it be in another's way.
        Err(DbError::Overtaken) => related(tx, org, &ids, &wider).await?,
        found => found?,
    };
    let known: BTreeSet<Id> = stored.keys().copied().collect();
    let roots: BTreeSet<String> = new.iter().chain(stored.values()).map(|row| scope::root_of(row, &schema)).collect();
    let mut world = World { access: access(tx, org, roots.into_iter().collect()).await?, rows: stored, ..World::default() };
    load_people(tx, org, &mut world).await?;
    let before = collision::look(&world.rows);
    let mut plan = hub::bring_in(&schema, now_ms(), world, new);
    let seq = stamp(tx, org).await?;
    evidence::keep(tx, org, &collision::changed(&plan, &before)).await?;
    plan.stamp(seq);
    write(tx, org, &plan, seq, &schema, &known).await?;
    Ok(seq)
}
