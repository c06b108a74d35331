use super::{Pool, Result, Tx};
use serde_json::Value;
use uuid::Uuid;

statements! {
    SIGNED_IN = "SELECT org_id, member_id, device_label, created_at, last_seen_at, revoked_at, revoked_device, member FROM signed_in($1)";
    INSERT = "INSERT INTO session (token_hash, org_id, member_id, device_label, created_at, last_seen_at)
        VALUES ($1, $2, $3, $4, $5, $5)";
    TOUCH = "UPDATE session SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2";
    REVOKE = "UPDATE session SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL";
    REVOKE_OTHERS = "UPDATE session SET revoked_at = $3
        WHERE revoked_at IS NULL AND token_hash <> $2
        AND (org_id, member_id) IN (SELECT org_id, member_id FROM membership WHERE identity_id = $1)";
    REVOKE_DEVICE = "UPDATE session SET revoked_device = $2 WHERE token_hash = $1";
    PRUNE = "DELETE FROM session WHERE last_seen_at < $1";
}

/// A session and the member record behind it.
#[derive(Debug, sqlx::FromRow)]
pub struct SessionRow {
    pub org_id: Uuid,
    pub member_id: Uuid,
    pub device_label: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub revoked_at: Option<i64>,
    /// The device that used it, once that was revoked.
    pub revoked_device: Option<Uuid>,
    /// Body of the member record.
    pub member: Value,
}

/// The session with this token hash, in one round trip; none where the member record is gone.
pub async fn signed_in(pool: &Pool, token_hash: &[u8]) -> Result<Option<SessionRow>> {
    Ok(sqlx::query_as(SIGNED_IN).bind(token_hash).fetch_optional(pool).await?)
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, token_hash: &[u8], org: Uuid, member: Uuid, device_label: &str, now: i64) -> Result<()> {
    sqlx::query(INSERT).bind(token_hash).bind(org).bind(member).bind(device_label).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// Notes that the session is in use.
pub async fn touch(pool: &Pool, token_hash: &[u8], now: i64) -> Result<()> {
    sqlx::query(TOUCH).bind(token_hash).bind(now).execute(pool).await?;
    Ok(())
}

/// Ends a session.
pub async fn revoke(pool: &Pool, token_hash: &[u8], now: i64) -> Result<()> {
    sqlx::query(REVOKE).bind(token_hash).bind(now).execute(pool).await?;
    Ok(())
}

/// Ends every other session of a person, in every company.
pub async fn revoke_others(tx: &mut Tx, identity: Uuid, kept: &[u8], now: i64) -> Result<()> {
    sqlx::query(REVOKE_OTHERS).bind(identity).bind(kept).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// Ends a session but for what a revoked device still has to do.
pub async fn revoke_device(tx: &mut Tx, token_hash: &[u8], device: Uuid) -> Result<()> {
    sqlx::query(REVOKE_DEVICE).bind(token_hash).bind(device).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets sessions not used since `before`; how many.
pub async fn prune(pool: &Pool, before: i64) -> Result<u64> {
    Ok(sqlx::query(PRUNE).bind(before).execute(pool).await?.rows_affected())
}
