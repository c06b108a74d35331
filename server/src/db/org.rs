use super::{Pool, Result, Tx};
use uuid::Uuid;

statements! {
    FIND = "SELECT id, name, zone, currency FROM org WHERE id = $1";
    BY_NAME = "SELECT id, name, zone, currency FROM org WHERE name = $1 ORDER BY created_at, id LIMIT 1";
    INSERT = "INSERT INTO org (id, name, zone, currency, created_at) VALUES ($1, $2, $3, $4, $5)";
    INSERT_FEED = "INSERT INTO org_feed (org_id) VALUES ($1)";
    IDS = "SELECT id FROM org ORDER BY id";
    COUNT = "SELECT count(*) FROM org";
}

/// A company.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Org {
    pub id: Uuid,
    pub name: String,
    /// IANA name.
    pub zone: String,
    /// ISO 4217.
    pub currency: String,
}

/// The company with this id.
pub async fn find(pool: &Pool, id: Uuid) -> Result<Option<Org>> {
    Ok(sqlx::query_as(FIND).bind(id).fetch_optional(pool).await?)
}

/// The company of this name, the oldest of several.
pub async fn by_name(pool: &Pool, name: &str) -> Result<Option<Org>> {
    Ok(sqlx::query_as(BY_NAME).bind(name).fetch_optional(pool).await?)
}

/// Adds a company together with its feed.
pub async fn insert(tx: &mut Tx, org: &Org, now: i64) -> Result<()> {
    sqlx::query(INSERT).bind(org.id).bind(&org.name).bind(&org.zone).bind(&org.currency).bind(now).execute(&mut **tx).await?;
    sqlx::query(INSERT_FEED).bind(org.id).execute(&mut **tx).await?;
    Ok(())
}

/// Every company.
pub async fn ids(pool: &Pool) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(IDS).fetch_all(pool).await?)
}

/// How many companies there are.
pub async fn count(pool: &Pool) -> Result<i64> {
    Ok(sqlx::query_scalar(COUNT).fetch_one(pool).await?)
}
