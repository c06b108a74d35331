//! What a pull reads: one snapshot, and the rows [`domain::hub::page`] asks for.

use super::{Pool, Result, Tx, enter, feed};
use domain::{
    Row,
    hub::{Fetch, Fetched, Interval},
};
use serde_json::Value;
use uuid::Uuid;

statements! {
    SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    HEAD = "SELECT seq, epoch, floor, restored_seq FROM org_feed WHERE org_id = $1";
    TOTAL = "SELECT count(*) FROM record WHERE org_id = $1 AND NOT deleted AND (root = ANY($3) OR root IN (
            SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
            WHERE a.org_id = $1 AND a.to_seq IS NULL AND m.member_id = $2 AND m.to_seq IS NULL))";
    LOAD = "SELECT phase, state, seq FROM record WHERE org_id = $1 AND NOT deleted AND (phase, id) > ($4, $5)
        AND (root = ANY($3) OR root IN (
            SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
            WHERE a.org_id = $1 AND a.to_seq IS NULL AND m.member_id = $2 AND m.to_seq IS NULL))
        ORDER BY phase, id LIMIT $6";
    CHANGES = "SELECT phase, state, seq FROM record WHERE org_id = $1 AND seq > $3 AND (seq, id) > ($4, $5) AND sees($1, $2, root)
        ORDER BY seq, id LIMIT $6";
    /// Whether anything changed after $3 by which records come into or out of the member's sight. Mostly nothing did, and then
    /// neither GRANTED nor REMOVED, which look at all roots, need be asked.
    MOVED = "SELECT EXISTS (SELECT 1 FROM access WHERE org_id = $1 AND from_seq > $3)
        OR EXISTS (SELECT 1 FROM access WHERE org_id = $1 AND to_seq > $3)
        OR EXISTS (SELECT 1 FROM member_scope WHERE org_id = $1 AND member_id = $2 AND (from_seq > $3 OR to_seq > $3))
        OR EXISTS (SELECT 1 FROM record_root WHERE org_id = $1 AND to_seq > $3)";
    /// What became visible: under roots that got one of the keys held now ($5), or that a key opens which is new ($6), unless
    /// a key held all the time ($7) kept them open: what was lost meanwhile, a page may have removed. Roots are few and rows
    /// many, so it is roots that are looked at; a row that has not changed since ($2) has not moved either.
    GRANTED = "WITH gained AS MATERIALIZED (
            SELECT new.root FROM (
                SELECT root FROM access WHERE org_id = $1 AND from_seq > $2 AND to_seq IS NULL AND (key = ANY($5) OR '*' = ANY($5))
                UNION SELECT root FROM access WHERE org_id = $1 AND to_seq IS NULL AND key = ANY($6)
                UNION SELECT root FROM access WHERE org_id = $1 AND to_seq IS NULL AND '*' = ANY($6)) AS new
            WHERE NOT EXISTS (SELECT 1 FROM access a WHERE a.org_id = $1 AND a.root = new.root AND a.from_seq <= $2
                AND a.to_seq IS NULL AND (a.key = ANY($7) OR '*' = ANY($7))))
        SELECT phase, state, seq FROM record WHERE org_id = $1 AND seq <= $2 AND id > $3
            AND root IN (SELECT root FROM gained)
        ORDER BY id LIMIT $4";
    /// What was visible then or since and is no more: under roots that lost a key which was held then or since ($5), or that a
    /// key opens which was lost ($6), unless one held now ($4) opens them; and single records that moved away. A removal of
    /// what the device never had does no harm.
    REMOVED = "WITH lost AS MATERIALIZED (
            SELECT old.root FROM (
                SELECT root FROM access WHERE org_id = $1 AND to_seq > $3 AND (key = ANY($5) OR '*' = ANY($5))
                UNION SELECT root FROM access WHERE org_id = $1 AND (to_seq IS NULL OR to_seq > $3) AND key = ANY($6)
                UNION SELECT root FROM access WHERE org_id = $1 AND (to_seq IS NULL OR to_seq > $3) AND '*' = ANY($6)) AS old
            WHERE NOT EXISTS (SELECT 1 FROM access a WHERE a.org_id = $1 AND a.root = old.root AND a.to_seq IS NULL
                AND (a.key = ANY($4) OR '*' = ANY($4))))
        SELECT id FROM record WHERE org_id = $1 AND root IN (SELECT root FROM lost)
        UNION SELECT r.id FROM record_root gone JOIN record r ON r.org_id = gone.org_id AND r.id = gone.record_id
            WHERE gone.org_id = $1 AND gone.to_seq > $3 AND NOT sees($1, $2, r.root) AND saw_since($1, $2, r.id, $3)";
    /// How many of these ($4) an event after $3 took away: they moved, or their root or the member lost a key. It asks neither
    /// `sees` nor what REMOVED asks, so that a mistake in either is noticed (sync.md, promise 7).
    EXPLAINED = "SELECT count(*) FROM record r WHERE r.org_id = $1 AND r.id = ANY($4) AND (
            EXISTS (SELECT 1 FROM member_scope m WHERE m.org_id = $1 AND m.member_id = $2 AND m.to_seq > $3)
            OR EXISTS (SELECT 1 FROM access a WHERE a.org_id = $1 AND a.root = r.root AND a.to_seq > $3)
            OR EXISTS (SELECT 1 FROM record_root gone WHERE gone.org_id = $1 AND gone.record_id = r.id AND gone.to_seq > $3))";
    /// Asks once for every root, not for every record.
    LIVING = "WITH roots AS MATERIALIZED (SELECT DISTINCT root FROM record WHERE org_id = $1 AND NOT deleted)
        SELECT r.id, r.seq FROM roots JOIN record r ON r.org_id = $1 AND r.root = roots.root AND NOT r.deleted
        WHERE sees($1, $2, roots.root)";
    ROWS = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($3) AND sees($1, $2, root)";
}

/// A transaction that sees one state of the company and writes nothing.
pub async fn snapshot(pool: &Pool, org: Uuid) -> Result<Tx> {
    let mut tx = pool.begin_with(SNAPSHOT).await?;
    enter(&mut tx, org).await?;
    Ok(tx)
}

/// Where a company's feed stands.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub seq: u64,
    /// Raised by a restore from backup.
    pub epoch: u64,
    /// The highest sequence number of what was forgotten.
    pub floor: u64,
    /// Where the feed stood at that restore.
    pub restored_seq: u64,
}

/// Where the feed stands in this transaction.
pub async fn head(tx: &mut Tx, org: Uuid) -> Result<Head> {
    let (seq, epoch, floor, restored): (i64, i64, i64, i64) = sqlx::query_as(HEAD).bind(org).fetch_one(&mut **tx).await?;
    Ok(Head { seq: seq as u64, epoch: epoch as u64, floor: floor as u64, restored_seq: restored as u64 })
}

/// The roots that need no key.
pub(super) fn fixed(member: Uuid) -> Vec<String> {
    vec![domain::hub::scope::COMPANY.to_owned(), domain::hub::scope::own_root(member)]
}

/// How many living records the member sees.
pub async fn total(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(TOTAL).bind(org).bind(member).bind(fixed(member)).fetch_one(&mut **tx).await?;
    Ok(count as u64)
}

fn those(keys: &[Interval], which: impl Fn(&Interval) -> bool) -> Vec<&str> {
    keys.iter().filter(|key| which(key)).map(|key| key.key.as_str()).collect()
}

async fn moved(tx: &mut Tx, org: Uuid, member: Uuid, since: u64) -> Result<bool> {
    Ok(sqlx::query_scalar(MOVED).bind(org).bind(member).bind(since as i64).fetch_one(&mut **tx).await?)
}

/// What a page asks for.
pub async fn fetch(tx: &mut Tx, org: Uuid, member: Uuid, fetch: &Fetch) -> Result<Fetched> {
    if let Fetch::Granted { since, .. } | Fetch::Removed { since } = fetch
        && !moved(tx, org, member, *since).await?
    {
        return Ok(Fetched::default());
    }
    let found: Vec<(i16, Value, i64)> = match fetch {
        Fetch::Load { after: (phase, id), limit } => {
            let query = sqlx::query_as(LOAD).bind(org).bind(member).bind(fixed(member)).bind(i16::from(*phase)).bind(*id);
            query.bind(*limit as i64).fetch_all(&mut **tx).await?
        }
        Fetch::Changes { since, after: (seq, id), limit } => {
            let query = sqlx::query_as(CHANGES).bind(org).bind(member).bind(*since as i64).bind(*seq as i64).bind(*id);
            query.bind(*limit as i64).fetch_all(&mut **tx).await?
        }
        Fetch::Granted { since, after, limit } => {
            let keys = feed::keys(tx, org, member).await?;
            sqlx::query_as(GRANTED)
                .bind(org)
                .bind(*since as i64)
                .bind(*after)
                .bind(*limit as i64)
                .bind(those(&keys, Interval::is_open))
                .bind(those(&keys, |key| key.is_open() && key.from > *since))
                .bind(those(&keys, |key| key.is_open() && key.from <= *since))
                .fetch_all(&mut **tx)
                .await?
        }
        Fetch::Removed { since } => {
            let keys = feed::keys(tx, org, member).await?;
            let closed = |key: &Interval| key.ended_after(*since);
            let removed: Vec<Uuid> = sqlx::query_scalar(REMOVED)
                .bind(org)
                .bind(member)
                .bind(*since as i64)
                .bind(those(&keys, Interval::is_open))
                .bind(those(&keys, |key| key.is_open() || closed(key)))
                .bind(those(&keys, closed))
                .fetch_all(&mut **tx)
                .await?;
            let explained = explained(tx, org, member, *since, &removed).await?;
            return Ok(Fetched { rows: Vec::new(), removed, explained });
        }
    };
    let rows: Vec<(u8, Row)> =
        found.into_iter().filter_map(|(phase, state, seq)| Some((phase as u8, feed::read_row(state, seq)?))).collect();
    Ok(Fetched { rows, ..Fetched::default() })
}

async fn explained(tx: &mut Tx, org: Uuid, member: Uuid, since: u64, removed: &[Uuid]) -> Result<u64> {
    if removed.is_empty() {
        return Ok(0);
    }
    let query = sqlx::query_scalar(EXPLAINED).bind(org).bind(member).bind(since as i64).bind(removed);
    let count: i64 = query.fetch_one(&mut **tx).await?;
    Ok(count as u64)
}

/// The ids and sequence numbers of the living records that the member sees.
pub async fn living(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Vec<(Uuid, u64)>> {
    let found: Vec<(Uuid, i64)> = sqlx::query_as(LIVING).bind(org).bind(member).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().map(|(id, seq)| (id, seq as u64)).collect())
}

/// Those of the records that the member sees, tombstones among them.
pub async fn rows(tx: &mut Tx, org: Uuid, member: Uuid, ids: &[Uuid]) -> Result<Vec<Row>> {
    let found = sqlx::query_as(ROWS).bind(org).bind(member).bind(ids).fetch_all(&mut **tx).await?;
    Ok(feed::rows(found).into_values().collect())
}
