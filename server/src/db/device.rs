use super::{Result, Tx};
use uuid::Uuid;

statements! {
    OF_MEMBER = "SELECT device_id, label, app_version, pending, first_seen_at, last_seen_at, revoked_at FROM device
        WHERE org_id = $1 AND member_id = $2 ORDER BY last_seen_at DESC, device_id LIMIT 200";
    STATE = "SELECT member_id, last_n, confirmed_seq, last_seen_at, pending, revoked_at FROM device WHERE org_id = $1 AND device_id = $2";
    LOCK = "SELECT member_id, last_n, confirmed_seq, last_seen_at, pending, revoked_at FROM device
        WHERE org_id = $1 AND device_id = $2 FOR UPDATE";
    INSERT = "INSERT INTO device (org_id, device_id, member_id, label, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (org_id, device_id) DO NOTHING";
    SEEN = "UPDATE device SET last_n = greatest(last_n, $3), confirmed_seq = greatest(confirmed_seq, $4), app_version = $5,
        pending = $6, clock_offset_ms = $7, last_seen_at = $8, settled_n = greatest(settled_n, least($9, last_n)) WHERE org_id = $1 AND device_id = $2";
}

/// A device as its owner sees it.
#[derive(Debug, sqlx::FromRow)]
pub struct DeviceRow {
    pub device_id: Uuid,
    pub label: String,
    pub app_version: String,
    pub pending: i64,
    pub first_seen_at: i64,
    pub last_seen_at: i64,
    pub revoked_at: Option<i64>,
}

/// The devices of a member, the one seen last first.
pub async fn of_member(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Vec<DeviceRow>> {
    Ok(sqlx::query_as(OF_MEMBER).bind(org).bind(member).fetch_all(&mut **tx).await?)
}

/// What syncing needs to know of a device.
#[derive(Debug, sqlx::FromRow)]
pub struct DeviceState {
    pub member_id: Uuid,
    pub last_n: i64,
    pub confirmed_seq: i64,
    pub last_seen_at: i64,
    pub pending: i64,
    pub revoked_at: Option<i64>,
}

/// The device's state, where there is such a device.
pub async fn find(tx: &mut Tx, org: Uuid, device: Uuid) -> Result<Option<DeviceState>> {
    Ok(sqlx::query_as(STATE).bind(org).bind(device).fetch_optional(&mut **tx).await?)
}

/// What a device says of itself with every request.
#[derive(Debug)]
pub struct Report<'a> {
    pub device: Uuid,
    pub member: Uuid,
    pub label: &'a str,
    pub app: &'a str,
    pub pending: i64,
    pub clock_offset_ms: i64,
    pub confirmed_seq: i64,
    pub settled_n: i64,
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
        .execute(&mut **tx)
        .await?;
    Ok(sqlx::query_as(LOCK).bind(org).bind(report.device).fetch_one(&mut **tx).await?)
}

/// Notes what the device said, and the number of its last op taken in.
pub async fn seen(tx: &mut Tx, org: Uuid, report: &Report<'_>, last_n: i64) -> Result<()> {
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
        .execute(&mut **tx)
        .await?;
    Ok(())
}
