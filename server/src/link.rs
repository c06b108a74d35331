//! One-time sign-in links.

use crate::{
    db::{self, Tx},
    error::ApiError,
    now::DAY_MS,
    secret::Token,
};
use uuid::Uuid;

/// How long a link works, in milliseconds.
pub const LINK_MS: i64 = 14 * DAY_MS;

/// Makes a link for a member, who must have a membership.
///
/// # Errors
/// The database's.
pub async fn issue(tx: &mut Tx, org: Uuid, member: Uuid, now: i64) -> Result<Token, ApiError> {
    let token = Token::random()?;
    db::link::insert(tx, &token.hash(), org, member, now, now + LINK_MS).await?;
    Ok(token)
}

/// The address to hand to the person. The token is in the fragment, which browsers keep to themselves: it reaches no log.
pub fn address(origin: &str, token: &Token) -> String {
    format!("{origin}/sign-in/link#{}", token.reveal())
}
