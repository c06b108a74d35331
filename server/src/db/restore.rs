//! What a restore from backup leaves to do. A schema of its own marks that one has begun, so that it is finished by the
//! next start of any instance even where the restoring process was killed.

use super::{Pool, Result};

statements! {
    TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    BEGIN = "CREATE SCHEMA IF NOT EXISTS rounds_restore";
    HAS_BEGUN = "SELECT to_regnamespace('rounds_restore') IS NOT NULL";
    LOCK = "LOCK TABLE org_feed IN EXCLUSIVE MODE";
    /// The time makes the epoch a new one even where an earlier restore of the same backup had raised it.
    RAISE = "UPDATE org_feed SET epoch = greatest(epoch + 1, $1), restored_seq = seq";
    END = "DROP SCHEMA rounds_restore";
}

/// Whether the database holds no table.
pub async fn is_empty(pool: &Pool) -> Result<bool> {
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(pool).await?;
    Ok(tables == 0)
}

/// Notes that what the tables will hold comes from a backup.
pub async fn begin(pool: &Pool) -> Result<()> {
    sqlx::query(BEGIN).execute(pool).await?;
    Ok(())
}

/// Raises the epoch of every company if the tables come from a backup, so that devices send again what they archived
/// (sync.md, item 6). Several instances may do it at once: it happens once.
pub async fn finish(pool: &Pool, now: i64) -> Result<()> {
    let mut tx = pool.begin().await?;
    if sqlx::query_scalar(HAS_BEGUN).fetch_one(&mut *tx).await? {
        sqlx::query(LOCK).execute(&mut *tx).await?;
        if sqlx::query_scalar(HAS_BEGUN).fetch_one(&mut *tx).await? {
            sqlx::query(RAISE).bind(now).execute(&mut *tx).await?;
            sqlx::query(END).execute(&mut *tx).await?;
        }
    }
    Ok(tx.commit().await?)
}
