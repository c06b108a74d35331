//! Who asks. A handler that takes [`Signed`] cannot be reached without a session, and one that does not cannot act for anybody.

use crate::{
    cookie,
    db::{self, session::SessionRow},
    error::ApiError,
    now::{DAY_MS, HOUR_MS, now_ms},
    state::AppState,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, request::Parts},
};
use domain::wire::{self, Role};
use serde_json::Value;
use uuid::Uuid;

/// A session ends after so many milliseconds without use.
pub const IDLE_MS: i64 = 90 * DAY_MS;

/// A signed-in, active member of a company.
#[derive(Debug, Clone)]
pub struct Signed {
    pub org_id: Uuid,
    pub member_id: Uuid,
    pub role: Role,
    pub name: String,
    /// What the device called itself at sign-in.
    pub device_label: String,
    pub session: SessionId,
}

/// The stored form of a session's token.
pub type SessionId = [u8; 32];

/// Somebody with a session, who may be on his way out: his device was revoked, or he was deactivated. Only what lets him
/// hand in his unsent work takes it.
#[derive(Debug, Clone)]
pub struct Caller {
    pub signed: Signed,
    pub is_leaving: bool,
}

impl Caller {
    /// The member behind a session that is neither unknown, revoked nor idle for too long.
    ///
    /// # Errors
    /// 401 for any of these.
    pub async fn find(state: &AppState, session: SessionId) -> Result<Self, ApiError> {
        let row = db::session::signed_in(&state.pool, &session).await?.ok_or(ApiError::Unauthenticated)?;
        let now = now_ms();
        if row.revoked_at.is_some() || now - row.last_seen_at > IDLE_MS {
            return Err(ApiError::Unauthenticated);
        }
        if now - row.last_seen_at > HOUR_MS {
            db::session::touch(&state.pool, &session, now).await?;
        }
        let is_leaving = row.revoked_device.is_some() || !is_active(&row.member);
        Ok(Caller { signed: Signed::from_row(row, session), is_leaving })
    }
}

impl Signed {
    /// The active member behind a session that is neither unknown, revoked, idle for too long, nor of a revoked device.
    ///
    /// # Errors
    /// 401 for any of these.
    pub async fn find(state: &AppState, session: SessionId) -> Result<Self, ApiError> {
        match Caller::find(state, session).await? {
            Caller { signed, is_leaving: false } => Ok(signed),
            Caller { .. } => Err(ApiError::Unauthenticated),
        }
    }

    fn from_row(row: SessionRow, session: SessionId) -> Self {
        Signed {
            org_id: row.org_id,
            member_id: row.member_id,
            role: role(&row.member),
            name: row.member["name"].as_str().unwrap_or_default().to_owned(),
            device_label: row.device_label,
            session,
        }
    }
}

fn session(parts: &Parts, state: &AppState) -> Result<SessionId, ApiError> {
    Ok(cookie::read(&parts.headers, state.config.is_secure()).ok_or(ApiError::Unauthenticated)?.hash())
}

/// Whether the request comes from the member's own device, or from none: another's names its own member ([`wire::MEMBER`]).
pub fn speaks_for(headers: &HeaderMap, member: Uuid) -> bool {
    let named = |value: &HeaderValue| value.to_str().ok().and_then(|text| Uuid::try_parse(text).ok());
    headers.get(wire::MEMBER).is_none_or(|value| named(value) == Some(member))
}

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Caller::from_request_parts(parts, state).await? {
            Caller { signed, is_leaving: false } => Ok(signed),
            Caller { .. } => Err(ApiError::Unauthenticated),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let caller = Caller::find(&state, session(parts, &state)?).await?;
        if speaks_for(&parts.headers, caller.signed.member_id) { Ok(caller) } else { Err(ApiError::Unauthenticated) }
    }
}

/// The role a member record gives; whatever is not known gives the fewest rights.
pub fn role(member: &Value) -> Role {
    serde_json::from_value(member["role"].clone()).unwrap_or_default()
}

/// Whether a member record lets its person in: unless it says otherwise.
pub fn is_active(member: &Value) -> bool {
    member["active"] != Value::Bool(false)
}
