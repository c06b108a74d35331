use super::{Pool, Result};
use sqlx::postgres::PgListener;
use uuid::Uuid;

/// The channel instances tell each other on that a company has something new.
const CHANNEL: &str = "rounds_changed";

statements! {
    NOTIFY = "SELECT pg_notify('rounds_changed', $1::text || ' ' || changed) FROM unnest($2::text[]) AS changed";
    SEQS = "SELECT org_id, seq FROM org_feed WHERE org_id = ANY($1)";
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
