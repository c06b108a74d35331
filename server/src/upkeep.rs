//! What has to be forgotten from time to time.

use crate::{
    db::{self, Pool},
    error::ApiError,
    limit::WINDOW_MS,
    now::{DAY_MS, HOUR_MS, now_ms},
    signed::IDLE_MS,
};
use std::time::Duration;

/// Forgets what has expired, at once and every hour, until the task is dropped. Several instances may do it at once.
pub async fn run(pool: Pool) {
    loop {
        if let Err(error) = once(&pool, now_ms()).await {
            tracing::warn!(?error, "expired rows stay for another hour");
        }
        tokio::time::sleep(Duration::from_millis(HOUR_MS.unsigned_abs())).await;
    }
}

/// Forgets attempts of past windows, links a month after they expired, and sessions that idled out.
///
/// # Errors
/// The database's.
pub async fn once(pool: &Pool, now: i64) -> Result<(), ApiError> {
    let attempts = db::throttle::prune(pool, now - 2 * WINDOW_MS).await?;
    let links = db::link::prune(pool, now - 30 * DAY_MS).await?;
    let sessions = db::session::prune(pool, now - IDLE_MS).await?;
    tracing::debug!(attempts, links, sessions, "forgot what had expired");
    Ok(())
}
