use super::{Result, Tx, feed};
use domain::Row;
use std::collections::BTreeSet;
use uuid::Uuid;

statements! {
    ENTRIES = "SELECT id, r.kind, body->k.title AS title, body->>k.root AS root, body->>'email' AS email, body->>'role' AS role,
        body->>'owner' AS owner, deleted OR coalesce(body->>'active' = 'false', false) AS is_gone
        FROM unnest($2::text[], $3::text[], $4::text[]) AS k (kind, title, root)
        JOIN record r ON r.org_id = $1 AND r.kind = k.kind";
    KNOWN = "SELECT r.id FROM unnest($2::uuid[]) AS wanted (id) JOIN record r ON r.org_id = $1 AND r.id = wanted.id";
    LOCKED = "SELECT state, seq FROM record WHERE org_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
}

/// A record in short.
#[derive(Debug, sqlx::FromRow)]
pub struct EntryRow {
    pub id: Uuid,
    pub kind: String,
    /// The value of its kind's title.
    pub title: Option<serde_json::Value>,
    /// The record it belongs to.
    pub root: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub owner: Option<String>,
    /// It was deleted, or the member left.
    pub is_gone: bool,
}

/// Every record of these kinds in a company, the deleted too. Each kind comes with its field for the title and the one for
/// what a record belongs to, which is empty where there is none.
pub async fn entries(tx: &mut Tx, org: Uuid, kinds: &[(&str, &str, &str)]) -> Result<Vec<EntryRow>> {
    let kind: Vec<&str> = kinds.iter().map(|(kind, _, _)| *kind).collect();
    let title: Vec<&str> = kinds.iter().map(|(_, title, _)| *title).collect();
    let root: Vec<&str> = kinds.iter().map(|(_, _, root)| *root).collect();
    Ok(sqlx::query_as(ENTRIES).bind(org).bind(kind).bind(title).bind(root).fetch_all(&mut **tx).await?)
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
