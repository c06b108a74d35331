use super::{Result, Tx, session};
use domain::wire::StorageReport;
use std::collections::BTreeMap;
use uuid::Uuid;

statements! {
    LISTED = "SELECT device_id, member_id, label, app_version, pending, oldest_pending_at, clock_offset_ms, storage_used,
            storage_quota, storage_protected, first_seen_at, last_seen_at, revoked_at
        FROM device WHERE org_id = $1 AND (member_id = $2 OR $2 IS NULL) ORDER BY last_seen_at DESC, device_id LIMIT 2000";
    LABELS = "SELECT device_id, label FROM device WHERE org_id = $1 AND device_id = ANY($2)";
    REVOKE = "UPDATE device SET revoked_at = coalesce(revoked_at, $4)
        WHERE org_id = $1 AND device_id = $2 AND (member_id = $3 OR $3 IS NULL) RETURNING session_hash";
    STATE = "SELECT member_id, last_n, confirmed_seq, based_seq, last_seen_at, pending, revoked_at FROM device WHERE org_id = $1 AND device_id = $2";
    LOCK = "SELECT member_id, last_n, confirmed_seq, based_seq, last_seen_at, pending, revoked_at FROM device
        WHERE org_id = $1 AND device_id = $2 FOR UPDATE";
    INSERT = "INSERT INTO device (org_id, device_id, member_id, label, first_seen_at, last_seen_at, based_seq)
        VALUES ($1, $2, $3, $4, $5, $5, $6)
        ON CONFLICT (org_id, device_id) DO NOTHING";
    SEEN = "UPDATE device SET last_n = greatest(last_n, $3), confirmed_seq = greatest(confirmed_seq, $4), app_version = $5,
        pending = $6, clock_offset_ms = $7, last_seen_at = $8, settled_n = greatest(settled_n, least($9, last_n)),
        based_seq = greatest(based_seq, $10), oldest_pending_at = $11, storage_used = coalesce($12, storage_used),
        storage_quota = coalesce($13, storage_quota), storage_protected = coalesce($14, storage_protected), session_hash = $15
        WHERE org_id = $1 AND device_id = $2";
}

/// What these devices call themselves.
pub async fn labels(tx: &mut Tx, org: Uuid, devices: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
    let found: Vec<(Uuid, String)> = sqlx::query_as(LABELS).bind(org).bind(devices).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().collect())
}

/// A device as its owner and administrators see it.
#[derive(Debug, sqlx::FromRow)]
pub struct DeviceRow {
    pub device_id: Uuid,
    pub member_id: Uuid,
    pub label: String,
    pub app_version: String,
    pub pending: i64,
    pub oldest_pending_at: Option<i64>,
    pub clock_offset_ms: i64,
    pub storage_used: Option<i64>,
    pub storage_quota: Option<i64>,
    pub storage_protected: Option<bool>,
    pub first_seen_at: i64,
    pub last_seen_at: i64,
    pub revoked_at: Option<i64>,
}

/// The devices of a member or, without one, of the company, the one seen last first.
pub async fn list(tx: &mut Tx, org: Uuid, member: Option<Uuid>) -> Result<Vec<DeviceRow>> {
    Ok(sqlx::query_as(LISTED).bind(org).bind(member).fetch_all(&mut **tx).await?)
}

/// Ends the access of a device, which is one of `member`'s if he is given, and of the session it used; false where there is
/// no such device. Doing it twice is doing it once.
pub async fn revoke(tx: &mut Tx, org: Uuid, device: Uuid, member: Option<Uuid>, now: i64) -> Result<bool> {
    let revoked: Option<(Option<Vec<u8>>,)> =
        sqlx::query_as(REVOKE).bind(org).bind(device).bind(member).bind(now).fetch_optional(&mut **tx).await?;
    if let Some((Some(session),)) = &revoked {
        session::revoke_device(tx, session, device).await?;
    }
    Ok(revoked.is_some())
}

/// What syncing needs to know of a device.
#[derive(Debug, sqlx::FromRow)]
pub struct DeviceState {
    pub member_id: Uuid,
    pub last_n: i64,
    pub confirmed_seq: i64,
    pub based_seq: i64,
    pub last_seen_at: i64,
    pub pending: i64,
    pub revoked_at: Option<i64>,
}

/// The device's state, where there is such a device.
pub async fn find(tx: &mut Tx, org: Uuid, device: Uuid) -> Result<Option<DeviceState>> {
    Ok(sqlx::query_as(STATE).bind(org).bind(device).fetch_optional(&mut **tx).await?)
}

/// The same, and nothing else changes the device until the transaction ends.
pub async fn locked(tx: &mut Tx, org: Uuid, device: Uuid) -> Result<Option<DeviceState>> {
    Ok(sqlx::query_as(LOCK).bind(org).bind(device).fetch_optional(&mut **tx).await?)
}

/// What a device says of itself with every request.
#[derive(Debug)]
pub struct Report<'a> {
    pub device: Uuid,
    pub member: Uuid,
    pub label: &'a str,
    pub app: &'a str,
    pub pending: i64,
    /// By the server's time.
    pub oldest_pending_at: Option<i64>,
    pub storage: Option<StorageReport>,
    /// The hash of the session's token.
    pub session: &'a [u8],
    pub clock_offset_ms: i64,
    pub confirmed_seq: i64,
    pub settled_n: i64,
    /// The feed's newest seq.
    pub head: i64,
    pub now: i64,
}

/// The device's state, made if it is new. With `lock`, other pushes of the device wait.
pub async fn known(tx: &mut Tx, org: Uuid, report: &Report<'_>, lock: bool) -> Result<DeviceState> {
    let statement = if lock { LOCK } else { STATE };
    if let Some(state) = sqlx::query_as(statement).bind(org).bind(report.device).fetch_optional(&mut **tx).await? {
        return Ok(state);
    }
    sqlx::query(INSERT)
        .bind(org)
        .bind(report.device)
        .bind(report.member)
        .bind(report.label)
        .bind(report.now)
        .bind(report.head)
        .execute(&mut **tx)
        .await?;
    Ok(sqlx::query_as(LOCK).bind(org).bind(report.device).fetch_one(&mut **tx).await?)
}

/// Notes what the device said, the number of its last op taken in and the highest base_seq of its ops.
pub async fn seen(tx: &mut Tx, org: Uuid, report: &Report<'_>, last_n: i64, based_seq: i64) -> Result<()> {
    sqlx::query(SEEN)
        .bind(org)
        .bind(report.device)
        .bind(last_n)
        .bind(report.confirmed_seq)
        .bind(report.app)
        .bind(report.pending)
        .bind(report.clock_offset_ms)
        .bind(report.now)
        .bind(report.settled_n)
        .bind(based_seq)
        .bind(report.oldest_pending_at)
        .bind(report.storage.map(|storage| storage.used.min(i64::MAX as u64) as i64))
        .bind(report.storage.map(|storage| storage.quota.min(i64::MAX as u64) as i64))
        .bind(report.storage.map(|storage| storage.protected))
        .bind(report.session)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
