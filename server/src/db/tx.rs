use super::{Pool, Result};
use crate::error::ApiError;
use std::{future::Future, time::Duration};
use uuid::Uuid;

/// A transaction; dropped without `commit` it is rolled back.
pub type Tx = sqlx::Transaction<'static, sqlx::Postgres>;

statements! {
    /// Opens the wall of row-level security for one company until the transaction ends.
    ENTER = "SELECT set_config('rounds.org', $1::uuid::text, true)";
}

/// Begins a transaction in which only the rows of `org` exist. All work on tenant tables happens inside one.
///
/// # Errors
/// No connection.
pub async fn tenant_tx(pool: &Pool, org: Uuid) -> Result<Tx> {
    let mut tx = pool.begin().await?;
    enter(&mut tx, org).await?;
    Ok(tx)
}

/// Begins a transaction before the company is known: it sees no tenant table until [`enter`].
///
/// # Errors
/// No connection.
pub async fn begin(pool: &Pool) -> Result<Tx> {
    Ok(pool.begin().await?)
}

/// From here to its end the transaction sees the rows of `org`, and no others.
///
/// # Errors
/// The connection's.
pub async fn enter(tx: &mut Tx, org: Uuid) -> Result<()> {
    sqlx::query(ENTER).bind(org).execute(&mut **tx).await?;
    Ok(())
}

/// Makes the transaction's changes last.
///
/// # Errors
/// Nothing of it was done.
pub async fn commit(tx: Tx) -> Result<()> {
    Ok(tx.commit().await?)
}

/// Runs a whole transaction again when Postgres asks for it (40001, 40P01), at most five times in all.
///
/// # Errors
/// The last attempt's, or the first that running again cannot help.
pub async fn retrying<T, F>(mut attempt: impl FnMut() -> F) -> std::result::Result<T, ApiError>
where
    F: Future<Output = std::result::Result<T, ApiError>>,
{
    for pause_ms in [5, 20, 60, 150] {
        match attempt().await {
            Err(error) if error.is_retryable() => tokio::time::sleep(Duration::from_millis(pause_ms)).await,
            done => return done,
        }
    }
    attempt().await
}
