use super::{Pool, Result};

statements! {
    PING = "SELECT 1";
    ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
}

/// Whether the database answers.
pub async fn ping(pool: &Pool) -> Result<()> {
    sqlx::query(PING).execute(pool).await?;
    Ok(())
}

/// Whether the server's role walks past row-level security.
pub async fn bypasses_row_security(pool: &Pool) -> Result<bool> {
    Ok(sqlx::query_scalar(ROLE).fetch_one(pool).await?)
}
