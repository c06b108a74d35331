use super::{Result, Tx, feed};
use domain::Row;
use std::collections::BTreeSet;
use uuid::Uuid;

statements! {
    ENTRIES = "SELECT id, kind, coalesce(body->>'name', '') AS name, body->>'email' AS email, body->>'role' AS role, body->>'owner' AS owner,
        deleted OR coalesce(body->>'active' = 'false', false) AS is_gone
        FROM record WHERE org_id = $1 AND kind = ANY($2)";
    KNOWN = "SELECT r.id FROM unnest($2::uuid[]) AS wanted (id) JOIN record r ON r.org_id = $1 AND r.id = wanted.id";
    LOCKED = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
}

/// The kinds that files refer to by name.
const KINDS: [&str; 3] = ["team", "member", "account"];

/// A team, member or account in short.
#[derive(Debug, sqlx::FromRow)]
pub struct EntryRow {
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub email: Option<String>,
    pub role: Option<String>,
    pub owner: Option<String>,
    /// It was deleted, or the member left.
    pub is_gone: bool,
}

/// Every team, member and account of a company, the deleted too.
pub async fn entries(tx: &mut Tx, org: Uuid) -> Result<Vec<EntryRow>> {
    Ok(sqlx::query_as(ENTRIES).bind(org).bind(KINDS.as_slice()).fetch_all(&mut **tx).await?)
}

/// Those of the ids that are records, deleted or not.
pub async fn known(tx: &mut Tx, org: Uuid, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(KNOWN).bind(org).bind(ids).fetch_all(&mut **tx).await?)
}

/// Those of the ids that are records, locked until the transaction ends.
pub async fn locked(tx: &mut Tx, org: Uuid, ids: &BTreeSet<Uuid>) -> Result<Vec<Row>> {
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    let found: Vec<(serde_json::Value, i64)> = sqlx::query_as(LOCKED).bind(org).bind(ids).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().filter_map(|(state, seq)| feed::read_row(state, seq)).collect())
}
