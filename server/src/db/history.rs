use super::{Result, Tx};
use serde_json::Value;
use uuid::Uuid;

statements! {
    /// A record is visible when a key is open both on its root and on the member; to administrators always.
    VISIBLE = "SELECT EXISTS (SELECT 1 FROM record r WHERE r.org_id = $1 AND r.id = $2 AND ($4 OR EXISTS (
        SELECT 1 FROM access a JOIN member_scope s ON s.org_id = a.org_id AND s.key = a.key AND s.to_seq IS NULL
        WHERE a.org_id = r.org_id AND a.root = r.root AND a.to_seq IS NULL AND s.member_id = $3)))";
    OF_RECORD = "SELECT h.field, h.value, h.actor, h.at, h.lost, coalesce(d.label, '') AS device, p.actor AS on_behalf_of
        FROM field_history h
        LEFT JOIN device d ON d.org_id = h.org_id AND d.device_id = split_part(h.clock, '-', 3)::uuid
        LEFT JOIN parked_op p ON p.org_id = h.org_id AND p.taken_as = h.op_id AND h.actor = p.resolved_by
        WHERE h.org_id = $1 AND h.record_id = $2 ORDER BY h.seq DESC, h.clock DESC, h.field LIMIT 1000";
}

/// One value a field had, or was offered and lost.
#[derive(Debug, sqlx::FromRow)]
pub struct HistoryRow {
    pub field: String,
    pub value: Value,
    pub actor: Uuid,
    pub at: i64,
    pub lost: bool,
    /// What the device calls itself on which it was written; empty for imports.
    pub device: String,
    /// Whose parked op the actor took up.
    pub on_behalf_of: Option<Uuid>,
}

/// Whether the member sees the record now; one who `sees_all` does where it exists.
pub async fn is_visible(tx: &mut Tx, org: Uuid, record: Uuid, member: Uuid, sees_all: bool) -> Result<bool> {
    Ok(sqlx::query_scalar(VISIBLE).bind(org).bind(record).bind(member).bind(sees_all).fetch_one(&mut **tx).await?)
}

/// The newest thousand values of a record's fields, newest first.
pub async fn of_record(tx: &mut Tx, org: Uuid, record: Uuid) -> Result<Vec<HistoryRow>> {
    Ok(sqlx::query_as(OF_RECORD).bind(org).bind(record).fetch_all(&mut **tx).await?)
}
