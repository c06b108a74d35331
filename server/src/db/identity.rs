use super::{Pool, Result, Tx};
use crate::login::Login;
use uuid::Uuid;

statements! {
    BY_EMAIL = "SELECT id, password_hash FROM identity WHERE email = $1";
    BY_MOBILE = "SELECT id, password_hash FROM identity WHERE mobile = $1";
    OF_MEMBER = "SELECT i.id, i.password_hash FROM membership m JOIN identity i ON i.id = m.identity_id
        WHERE m.org_id = $1 AND m.member_id = $2";
    INSERT = "INSERT INTO identity (id, email, mobile, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
    SET_PASSWORD = "UPDATE identity SET password_hash = $2 WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $3";
    INSERT_MEMBERSHIP = "INSERT INTO membership (org_id, member_id, identity_id) VALUES ($1, $2, $3)";
    MEMBERSHIPS = "SELECT m.org_id, m.member_id FROM membership m
        LEFT JOIN session s ON s.org_id = m.org_id AND s.member_id = m.member_id
        WHERE m.identity_id = $1
        GROUP BY m.org_id, m.member_id
        ORDER BY max(s.created_at) DESC NULLS LAST, m.org_id";
}

/// A person who signs in, with the PHC string of the password if one was set.
#[derive(Debug, sqlx::FromRow)]
pub struct Identity {
    pub id: Uuid,
    pub password_hash: Option<String>,
}

/// Who signs in with this e-mail address or mobile number.
pub async fn by_login(pool: &Pool, login: &Login) -> Result<Option<Identity>> {
    let (statement, value) = match login {
        Login::Email(email) => (BY_EMAIL, email),
        Login::Mobile(mobile) => (BY_MOBILE, mobile),
    };
    Ok(sqlx::query_as(statement).bind(value).fetch_optional(pool).await?)
}

/// The person behind a member.
pub async fn of_member(pool: &Pool, org: Uuid, member: Uuid) -> Result<Option<Identity>> {
    Ok(sqlx::query_as(OF_MEMBER).bind(org).bind(member).fetch_optional(pool).await?)
}

/// (company, member) of every membership, the one signed in to last first.
pub async fn memberships(pool: &Pool, identity: Uuid) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(sqlx::query_as(MEMBERSHIPS).bind(identity).fetch_all(pool).await?)
}

/// Replaces the password if it is still `old`; false where somebody else was faster.
pub async fn set_password(tx: &mut Tx, identity: Uuid, new: &str, old: Option<&str>) -> Result<bool> {
    Ok(sqlx::query(SET_PASSWORD).bind(identity).bind(new).bind(old).execute(&mut **tx).await?.rows_affected() == 1)
}

/// A person to be added; `email` lower-cased, `mobile` normalised (see [`Login`]).
#[derive(Debug, Clone, Copy)]
pub struct NewIdentity<'a> {
    pub id: Uuid,
    pub email: Option<&'a str>,
    pub mobile: Option<&'a str>,
    pub password_hash: Option<&'a str>,
}

/// Adds a person. A taken e-mail address or number violates `identity_email_key` or `identity_mobile_key`.
pub async fn insert(tx: &mut Tx, new: NewIdentity<'_>, now: i64) -> Result<()> {
    sqlx::query(INSERT)
        .bind(new.id)
        .bind(new.email)
        .bind(new.mobile)
        .bind(new.password_hash)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Makes a person the member `member` of a company.
pub async fn insert_membership(tx: &mut Tx, org: Uuid, member: Uuid, identity: Uuid) -> Result<()> {
    sqlx::query(INSERT_MEMBERSHIP).bind(org).bind(member).bind(identity).execute(&mut **tx).await?;
    Ok(())
}
