use super::Result;
use sqlx::{
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};

statements! {
    UNHURRIED = "SET statement_timeout = 0";
}

/// Connections to one Postgres.
pub type Pool = sqlx::PgPool;

/// Opens a pool on a `postgres://` address.
///
/// # Errors
/// The address cannot be read, or nobody answers at it.
pub async fn connect(url: &str) -> Result<Pool> {
    // No statement of ours takes long: one that does is stuck, and would hold locks that everybody waits for.
    let options = PgConnectOptions::from_str(url)?.application_name("rounds").options([
        ("statement_timeout", "30s"),
        ("lock_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "60s"),
    ]);
    Ok(PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(5)).connect_with(options).await?)
}

/// The migrations, carried by the binary.
pub fn migrator() -> Migrator {
    sqlx::migrate!()
}

/// Brings the schema up to this build. Several instances may start at once: an advisory lock lets one do it.
///
/// # Errors
/// A migration failed; it was rolled back as a whole.
pub async fn migrate(pool: &Pool) -> Result<()> {
    // Building an index on a large table may take longer than a request ever should.
    let mut connection = pool.acquire().await?;
    sqlx::query(UNHURRIED).execute(&mut *connection).await?;
    migrator().run(&mut *connection).await?;
    connection.close().await?;
    Ok(())
}
