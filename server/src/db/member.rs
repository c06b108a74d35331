use super::{Result, Tx};
use serde_json::Value;
use uuid::Uuid;

statements! {
    FIND = "SELECT body FROM record WHERE org_id = $1 AND id = $2 AND kind = 'member' AND NOT deleted";
    MANAGES = "SELECT EXISTS (SELECT 1 FROM record m JOIN record t ON t.org_id = m.org_id AND t.id::text = m.body->>'team'
        WHERE m.org_id = $1 AND m.id = $3 AND m.kind = 'member' AND NOT m.deleted
        AND t.kind = 'team' AND NOT t.deleted AND t.body->>'manager' = $2::uuid::text)";
}

/// The body of a member record.
pub async fn find(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar(FIND).bind(org).bind(member).fetch_optional(&mut **tx).await?)
}

/// Whether `manager` is the manager of the team that `member` is in.
pub async fn manages(tx: &mut Tx, org: Uuid, manager: Uuid, member: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar(MANAGES).bind(org).bind(manager).bind(member).fetch_one(&mut **tx).await?)
}
