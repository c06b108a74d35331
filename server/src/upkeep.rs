//! What has to be forgotten, or worked out anew, from time to time.

use crate::{
    db::{self, Pool},
    error::ApiError,
    limit::WINDOW_MS,
    now::{DAY_MS, HOUR_MS, now_ms},
    signed::IDLE_MS,
};
use domain::hub::floor::RETENTION_MS;
use std::{fmt, time::Duration};
use uuid::Uuid;

/// Forgets what has expired, at once and every hour, until the task is dropped. Several instances may do it at once.
pub async fn run(pool: Pool) {
    loop {
        match once(&pool, now_ms()).await {
            Ok(forgotten) => tracing::debug!(%forgotten, "upkeep"),
            Err(error) => tracing::warn!(?error, "expired rows stay for another hour"),
        }
        tokio::time::sleep(Duration::from_millis(HOUR_MS.unsigned_abs())).await;
    }
}

/// How much one upkeep forgot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Deleted records.
    pub records: u64,
    /// Files that nothing mentions.
    pub files: u64,
    /// Answers to ops.
    pub outcomes: u64,
    pub sessions: u64,
    /// Sign-in links.
    pub links: u64,
    /// Counted attempts to sign in.
    pub attempts: u64,
}

impl fmt::Display for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Forgotten { records, files, outcomes, sessions, links, attempts } = self;
        write!(
            f,
            "Forgot {records} deleted records, {files} files, {outcomes} delivered answers, {sessions} sessions, {links} sign-in links "
        )?;
        write!(f, "and {attempts} counted attempts.")
    }
}

/// Works out anew by what accounts are found to be one customer, where that has changed since a company's were. Forgets
/// attempts of past windows, links a month after they expired, sessions that idled out, and of every company what
/// was deleted or delivered 180 days ago (sync.md, item 11), and files a month old that nothing mentions.
///
/// # Errors
/// The database's.
pub async fn once(pool: &Pool, now: i64) -> Result<Forgotten, ApiError> {
    let mut forgotten = Forgotten {
        attempts: db::throttle::prune(pool, now - 2 * WINDOW_MS).await?,
        links: db::link::prune(pool, now - 30 * DAY_MS).await?,
        sessions: db::session::prune(pool, now - IDLE_MS).await?,
        ..Forgotten::default()
    };
    for org in db::org::ids(pool).await? {
        of_company(pool, org, now, &mut forgotten).await?;
    }
    Ok(forgotten)
}

async fn of_company(pool: &Pool, org: Uuid, now: i64, forgotten: &mut Forgotten) -> Result<(), ApiError> {
    let mut tx = db::tenant_tx(pool, org).await?;
    db::floor::mark(&mut tx, org, now, now - DAY_MS).await?;
    let horizon = db::floor::horizon(&mut tx, org, now - RETENTION_MS).await?;
    forgotten.outcomes += db::floor::forget_outcomes(&mut tx, org, horizon).await?;
    forgotten.files += db::blob::forget(&mut tx, org, now - 30 * DAY_MS).await?;
    db::commit(tx).await?;
    db::evidence::renew(pool, org).await?;
    loop {
        let records = db::retrying(|| async {
            let mut tx = db::tenant_tx(pool, org).await?;
            let records = db::floor::forget_records(&mut tx, org, horizon).await?;
            db::commit(tx).await?;
            Ok(records)
        })
        .await?;
        forgotten.records += records;
        if records == 0 {
            return Ok(());
        }
    }
}
