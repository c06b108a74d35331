use super::{Pool, Result, Tx};
use uuid::Uuid;

statements! {
    DUE = "SELECT org_id FROM org_feed WHERE expires_at <= $1";
    CLOSE = "UPDATE access SET to_seq = $2 WHERE org_id = $1 AND to_seq IS NULL AND until <= $3";
    NEXT = "UPDATE org_feed SET expires_at =
            (SELECT min(until) FROM access WHERE access.org_id = $1 AND to_seq IS NULL AND until IS NOT NULL)
        WHERE org_id = $1";
}

/// The companies in which a key may have to close at `now`.
pub async fn due(pool: &Pool, now: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(DUE).bind(now).fetch_all(pool).await?)
}

/// Closes the keys that end until `now`, at the transaction's stamp, and notes when the next one ends; how many closed.
pub async fn close(tx: &mut Tx, org: Uuid, seq: u64, now: i64) -> Result<u64> {
    let closed = sqlx::query(CLOSE).bind(org).bind(seq as i64).bind(now).execute(&mut **tx).await?.rows_affected();
    sqlx::query(NEXT).bind(org).execute(&mut **tx).await?;
    Ok(closed)
}
