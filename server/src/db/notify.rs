use super::{Pool, Result, tenant_tx};
use domain::hub::scope::{COMPANY, own_root};
use sqlx::postgres::PgListener;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The channel instances tell each other on that a company has something new.
const CHANNEL: &str = "rounds_changed";

statements! {
    NOTIFY = "SELECT pg_notify('rounds_changed', $1::text || ' ' || changed) FROM unnest($2::text[]) AS changed";
    SEQS = "SELECT org_id, seq FROM org_feed WHERE org_id = ANY($1)";
    KEYS = "SELECT member_id, key FROM member_scope WHERE org_id = $1 AND member_id = ANY($2) AND to_seq IS NULL";
    /// One statement, and so one snapshot. Keys that closed count too: who held them has something to remove.
    CHANGED = "WITH touched AS (
            SELECT root FROM record WHERE org_id = $1 AND seq > $2
            UNION SELECT root FROM record_root WHERE org_id = $1 AND to_seq > $2)
        SELECT seq, ARRAY(
            SELECT root FROM touched WHERE root NOT LIKE 'record:%'
            UNION SELECT a.key FROM touched t JOIN access a ON a.org_id = $1 AND a.root = t.root
                WHERE a.to_seq IS NULL OR a.to_seq > $2
            UNION SELECT key FROM access WHERE org_id = $1 AND from_seq > $2
            UNION SELECT key FROM access WHERE org_id = $1 AND to_seq > $2
            UNION SELECT 'self:' || member_id FROM member_scope WHERE org_id = $1 AND (from_seq > $2 OR to_seq > $2)) AS keys
        FROM org_feed WHERE org_id = $1";
}

/// Tells the other instances. Sent by itself, after the change was committed: inside a transaction NOTIFY takes a lock
/// that makes all commits of the cluster wait for each other.
pub async fn tell(pool: &Pool, instance: Uuid, changed: &[Uuid]) -> Result<()> {
    let changed: Vec<String> = changed.iter().map(Uuid::to_string).collect();
    sqlx::query(NOTIFY).bind(instance.to_string()).bind(changed).execute(pool).await?;
    Ok(())
}

/// The newest seq of each of these companies.
pub async fn seqs(pool: &Pool, orgs: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    Ok(sqlx::query_as(SEQS).bind(orgs).fetch_all(pool).await?)
}

/// What changed in a company since a seq.
#[derive(Debug, sqlx::FromRow)]
pub struct Changed {
    /// The newest seq.
    pub seq: i64,
    /// The keys that open something that changed, and the own keys of members whose keys changed.
    pub keys: Vec<String>,
}

/// What changed after `since`.
pub async fn changed(pool: &Pool, org: Uuid, since: i64) -> Result<Changed> {
    let mut tx = tenant_tx(pool, org).await?;
    Ok(sqlx::query_as(CHANGED).bind(org).bind(since).fetch_one(&mut *tx).await?)
}

/// The keys that each of these members holds now, the company's and his own included.
pub async fn keys(pool: &Pool, org: Uuid, members: &[Uuid]) -> Result<BTreeMap<Uuid, BTreeSet<String>>> {
    let fixed = |member: &Uuid| (*member, BTreeSet::from([COMPANY.to_owned(), own_root(*member)]));
    let mut keys: BTreeMap<Uuid, BTreeSet<String>> = members.iter().map(fixed).collect();
    let mut tx = tenant_tx(pool, org).await?;
    let found: Vec<(Uuid, String)> = sqlx::query_as(KEYS).bind(org).bind(members).fetch_all(&mut *tx).await?;
    for (member, key) in found {
        keys.entry(member).or_default().insert(key);
    }
    Ok(keys)
}

/// What other instances tell; holds a connection of its own.
pub struct Listener(PgListener);

impl Listener {
    /// Starts listening.
    pub async fn start(pool: &Pool) -> Result<Self> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Listener(listener))
    }

    /// The next (instance, company) that was told; an unreadable message is skipped.
    pub async fn next(&mut self) -> Result<(Uuid, Uuid)> {
        loop {
            let told = self.0.recv().await?;
            let parsed = told.payload().split_once(' ').map(|(instance, org)| (instance.parse(), org.parse()));
            if let Some((Ok(instance), Ok(org))) = parsed {
                return Ok((instance, org));
            }
        }
    }
}
