//! Accounts that gave way to another: no question finds them, and what hangs under them is their survivor's.

use super::{Result, Tx, feed};
use domain::{Id, Row, merging::survivor};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

statements! {
    MERGED = "WITH merged AS (SELECT id, body->>'merged_into' AS target FROM record
            WHERE org_id = $1 AND kind = 'account' AND body->>'merged_into' IS NOT NULL)
        SELECT state, seq FROM record WHERE org_id = $1 AND sees($1, $2, root) AND id IN (
            SELECT id FROM merged UNION SELECT CASE WHEN target ~ '^[0-9a-f-]{36}$' THEN target::uuid END FROM merged)";
}

/// Of each account that gave way to another the one that stands for it, as the member's device knows them too.
pub type Survivors = HashMap<Id, Id>;

/// Whom the member sees stand for others.
pub async fn survivors(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Survivors> {
    let found: Vec<(Value, i64)> = sqlx::query_as(MERGED).bind(org).bind(member).fetch_all(&mut **tx).await?;
    let rows: BTreeMap<Id, Row> = feed::rows(found);
    let pairs = rows.keys().map(|id| (*id, survivor(*id, &|id| rows.get(&id))));
    Ok(pairs.filter(|(id, stands)| id != stands).collect())
}
