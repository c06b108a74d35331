use super::{Pool, Result, Tx};
use uuid::Uuid;

statements! {
    INSERT = "INSERT INTO sign_in_link (token_hash, org_id, member_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    REDEEM = "UPDATE sign_in_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
        RETURNING org_id, member_id";
    PRUNE = "DELETE FROM sign_in_link WHERE expires_at < $1";
}

/// Adds a link that works once until `expires_at`.
pub async fn insert(tx: &mut Tx, token_hash: &[u8], org: Uuid, member: Uuid, now: i64, expires_at: i64) -> Result<()> {
    sqlx::query(INSERT).bind(token_hash).bind(org).bind(member).bind(now).bind(expires_at).execute(&mut **tx).await?;
    Ok(())
}

/// (company, member) of a link, which is used up by it. Of two who redeem at once, one gets nothing.
pub async fn redeem(tx: &mut Tx, token_hash: &[u8], now: i64) -> Result<Option<(Uuid, Uuid)>> {
    Ok(sqlx::query_as(REDEEM).bind(token_hash).bind(now).fetch_optional(&mut **tx).await?)
}

/// Forgets links that expired before; how many.
pub async fn prune(pool: &Pool, before: i64) -> Result<u64> {
    Ok(sqlx::query(PRUNE).bind(before).execute(pool).await?.rows_affected())
}
