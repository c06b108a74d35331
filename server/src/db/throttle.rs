use super::{Pool, Result};

statements! {
    COUNT = "INSERT INTO throttle (key, window_start, count) VALUES ($1, $2, 1)
        ON CONFLICT (key, window_start) DO UPDATE SET count = throttle.count + 1
        RETURNING count";
    FORGIVE = "UPDATE throttle SET count = count - 1 WHERE key = $1 AND window_start = $2 AND count > 0";
    CLEAR = "DELETE FROM throttle WHERE key = $1";
    PRUNE = "DELETE FROM throttle WHERE window_start < $1";
}

/// Counts one more attempt and says how many there were in this window.
pub async fn count(pool: &Pool, key: &str, window_start: i64) -> Result<i32> {
    Ok(sqlx::query_scalar(COUNT).bind(key).bind(window_start).fetch_one(pool).await?)
}

/// Takes one attempt back.
pub async fn forgive(pool: &Pool, key: &str, window_start: i64) -> Result<()> {
    sqlx::query(FORGIVE).bind(key).bind(window_start).execute(pool).await?;
    Ok(())
}

/// Forgets every attempt of a key.
pub async fn clear(pool: &Pool, key: &str) -> Result<()> {
    sqlx::query(CLEAR).bind(key).execute(pool).await?;
    Ok(())
}

/// Forgets windows that began before; how many.
pub async fn prune(pool: &Pool, before: i64) -> Result<u64> {
    Ok(sqlx::query(PRUNE).bind(before).execute(pool).await?.rows_affected())
}
