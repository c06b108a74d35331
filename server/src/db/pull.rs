//! What a pull reads: one snapshot, and the rows [`domain::hub::page`] asks for.

use super::{Pool, Result, Tx, enter, feed};
use domain::{
    Row,
    hub::{Fetch, Fetched},
};
use serde_json::Value;
use uuid::Uuid;

statements! {
    SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    HEAD = "SELECT seq, epoch FROM org_feed WHERE org_id = $1";
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
    GRANTED = "SELECT phase, state, seq FROM record WHERE org_id = $1 AND NOT deleted AND seq <= $3 AND id > $4
        AND root IN (
            SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
            WHERE a.org_id = $1 AND a.to_seq IS NULL AND m.member_id = $2 AND m.to_seq IS NULL AND (a.from_seq > $3 OR m.from_seq > $3))
        AND NOT saw($1, $2, id, $3)
        ORDER BY id LIMIT $5";
    REMOVED = "SELECT id FROM record WHERE org_id = $1 AND (
            root IN (
                SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
                WHERE a.org_id = $1 AND m.member_id = $2 AND (a.to_seq > $3 OR m.to_seq > $3))
            OR id IN (SELECT record_id FROM record_root WHERE org_id = $1 AND to_seq > $3))
        AND NOT sees($1, $2, root) AND saw($1, $2, id, $3)";
}

/// A transaction that sees one state of the company and writes nothing.
pub async fn snapshot(pool: &Pool, org: Uuid) -> Result<Tx> {
    let mut tx = pool.begin().await?;
    sqlx::query(SNAPSHOT).execute(&mut *tx).await?;
    enter(&mut tx, org).await?;
    Ok(tx)
}

/// The feed's sequence number and epoch.
pub async fn head(tx: &mut Tx, org: Uuid) -> Result<(u64, u64)> {
    let (seq, epoch): (i64, i64) = sqlx::query_as(HEAD).bind(org).fetch_one(&mut **tx).await?;
    Ok((seq as u64, epoch as u64))
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

/// What a page asks for.
pub async fn fetch(tx: &mut Tx, org: Uuid, member: Uuid, fetch: &Fetch) -> Result<Fetched> {
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
            let query = sqlx::query_as(GRANTED).bind(org).bind(member).bind(*since as i64).bind(*after);
            query.bind(*limit as i64).fetch_all(&mut **tx).await?
        }
        Fetch::Removed { since } => {
            let removed = sqlx::query_scalar(REMOVED).bind(org).bind(member).bind(*since as i64).fetch_all(&mut **tx).await?;
            return Ok(Fetched { rows: Vec::new(), removed });
        }
    };
    let rows: Vec<(u8, Row)> =
        found.into_iter().filter_map(|(phase, state, seq)| Some((phase as u8, feed::read_row(state, seq)?))).collect();
    Ok(Fetched { rows, removed: Vec::new() })
}
