use super::{Pool, Result};

statements! {
    REFRESH = "UPDATE site_file SET created_at = $2 WHERE build = $1";
    INSERT = "INSERT INTO site_file (build, path, body, content_type, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (build, path) DO NOTHING";
    PRUNE = "DELETE FROM site_file WHERE build NOT IN
        (SELECT build FROM site_file GROUP BY build ORDER BY max(created_at) DESC, build LIMIT $1)";
    FIND = "SELECT body, content_type FROM site_file WHERE path = $1 ORDER BY created_at DESC LIMIT 1";
}

/// One file of a build: (path as requested, content type, bytes).
pub type SiteFile<'a> = (&'a str, &'a str, &'a [u8]);

/// Stores a build's files, once, and forgets builds older than the last `kept`.
pub async fn publish(pool: &Pool, build: &str, files: &[SiteFile<'_>], kept: i64, now: i64) -> Result<()> {
    let mut tx = pool.begin().await?;
    let known = sqlx::query(REFRESH).bind(build).bind(now).execute(&mut *tx).await?.rows_affected();
    if known != files.len() as u64 {
        for (path, content_type, body) in files {
            sqlx::query(INSERT).bind(build).bind(path).bind(body).bind(content_type).bind(now).execute(&mut *tx).await?;
        }
    }
    sqlx::query(PRUNE).bind(kept).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// (bytes, content type) of a file of one of the last builds.
pub async fn find(pool: &Pool, path: &str) -> Result<Option<(Vec<u8>, String)>> {
    Ok(sqlx::query_as(FIND).bind(path).fetch_optional(pool).await?)
}
