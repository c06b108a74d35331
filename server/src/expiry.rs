//! Shares that end: the server's clock takes away what was granted until a time, and the feed tells the devices.

use crate::{
    db::{self, Pool},
    error::ApiError,
    now::now_ms,
    poker::Poker,
};
use std::time::Duration;

/// How long after its end a share may still be seen.
const EVERY: Duration = Duration::from_secs(15);

/// Ends what has to end until the task is dropped. Several instances may do it at once: the feed's row lets one at a time.
pub async fn run(pool: Pool, poker: Poker) {
    loop {
        if let Err(error) = once(&pool, &poker, now_ms()).await {
            tracing::warn!(?error, "shares that have ended can be seen a little longer");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Ends everything granted until `now` or before, in all companies.
///
/// # Errors
/// The database's; companies before the failing one are done.
pub async fn once(pool: &Pool, poker: &Poker, now: i64) -> Result<(), ApiError> {
    for org in db::expiry::due(pool, now).await? {
        let mut tx = db::tenant_tx(pool, org).await?;
        let seq = db::feed::stamp(&mut tx, org).await?;
        let closed = db::expiry::close(&mut tx, org, seq, now).await?;
        db::commit(tx).await?;
        poker.changed(org);
        tracing::debug!(%org, closed, "shares ended");
    }
    Ok(())
}
