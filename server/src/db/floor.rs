//! Forgetting what was deleted, ended or delivered long ago. The rule is [`domain::hub::floor`]'s.

use super::{Result, Tx};
use uuid::Uuid;

statements! {
    /// A mark at a seq that has one already would only make it look younger.
    MARK = "INSERT INTO feed_mark (org_id, at, seq) SELECT $1, $2, seq FROM org_feed WHERE org_id = $1
        AND NOT EXISTS (SELECT 1 FROM feed_mark m WHERE m.org_id = $1 AND (m.at > $3 OR m.seq = org_feed.seq))
        ON CONFLICT DO NOTHING";
    HORIZON = "SELECT coalesce(max(seq), 0) FROM feed_mark WHERE org_id = $1 AND at <= $2";
    DROP_MARKS = "DELETE FROM feed_mark WHERE org_id = $1 AND seq < $2";
    /// One that came back to life meanwhile fails the conditions when its lock is had, and stays.
    RECORDS = "DELETE FROM record WHERE org_id = $1 AND deleted AND seq <= $2 AND id IN (
            SELECT id FROM record WHERE org_id = $1 AND deleted AND seq <= $2 ORDER BY seq, id LIMIT $3)
        RETURNING id, seq";
    REMEMBER = "INSERT INTO forgotten_record (org_id, id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING";
    ROOTS = "DELETE FROM record_root WHERE org_id = $1 AND record_id = ANY($2)";
    HISTORY = "DELETE FROM field_history WHERE org_id = $1 AND record_id = ANY($2)";
    ACCESS = "DELETE FROM access a WHERE a.org_id = $1 AND a.root = ANY($2)
        AND NOT EXISTS (SELECT 1 FROM record r WHERE r.org_id = $1 AND r.root = a.root)";
    RAISE = "UPDATE org_feed SET floor = greatest(floor, $2) WHERE org_id = $1 RETURNING floor";
    OVER_ROOTS = "DELETE FROM record_root WHERE org_id = $1 AND to_seq <= $2";
    OVER_ACCESS = "DELETE FROM access WHERE org_id = $1 AND to_seq <= $2";
    OVER_KEYS = "DELETE FROM member_scope WHERE org_id = $1 AND to_seq <= $2";
    OUTCOMES = "DELETE FROM op_outcome o USING device d WHERE o.org_id = $1 AND d.org_id = o.org_id AND d.device_id = o.device_id
        AND o.n <= d.settled_n AND o.seq <= $2";
}

/// How many tombstones one transaction forgets: their locks must not be held for long.
const BATCH: i64 = 5_000;

/// Notes where the feed stands at `now`, unless there is a mark later than `since`.
pub async fn mark(tx: &mut Tx, org: Uuid, now: i64, since: i64) -> Result<()> {
    sqlx::query(MARK).bind(org).bind(now).bind(since).execute(&mut **tx).await?;
    Ok(())
}

/// Where the feed certainly stood at `at`; 0 when nobody noted it. Older marks are dropped.
pub async fn horizon(tx: &mut Tx, org: Uuid, at: i64) -> Result<i64> {
    let seq: i64 = sqlx::query_scalar(HORIZON).bind(org).bind(at).fetch_one(&mut **tx).await?;
    sqlx::query(DROP_MARKS).bind(org).bind(seq).execute(&mut **tx).await?;
    Ok(seq)
}

/// Forgets the oldest tombstones up to the horizon, all that hung on them, and the rights that ended below the new floor.
/// How many records; the caller goes on until there are none.
pub async fn forget_records(tx: &mut Tx, org: Uuid, horizon: i64) -> Result<u64> {
    let gone: Vec<(Uuid, i64)> = sqlx::query_as(RECORDS).bind(org).bind(horizon).bind(BATCH).fetch_all(&mut **tx).await?;
    let Some(highest) = gone.iter().map(|(_, seq)| *seq).max() else { return Ok(0) };
    let ids: Vec<Uuid> = gone.iter().map(|(id, _)| *id).collect();
    for statement in [REMEMBER, ROOTS, HISTORY] {
        sqlx::query(statement).bind(org).bind(&ids).execute(&mut **tx).await?;
    }
    let roots: Vec<String> = ids.iter().map(|id| domain::hub::scope::record_root(*id)).collect();
    sqlx::query(ACCESS).bind(org).bind(roots).execute(&mut **tx).await?;
    let floor: i64 = sqlx::query_scalar(RAISE).bind(org).bind(highest).fetch_one(&mut **tx).await?;
    for statement in [OVER_ROOTS, OVER_ACCESS, OVER_KEYS] {
        sqlx::query(statement).bind(org).bind(floor).execute(&mut **tx).await?;
    }
    Ok(gone.len() as u64)
}

/// Forgets the answers to ops that their devices have had since before the horizon; how many.
pub async fn forget_outcomes(tx: &mut Tx, org: Uuid, horizon: i64) -> Result<u64> {
    Ok(sqlx::query(OUTCOMES).bind(org).bind(horizon).execute(&mut **tx).await?.rows_affected())
}
