use crate::{
    cookie,
    db::{self, Tx},
    error::ApiError,
    now::now_ms,
    secret::Token,
    signed::Signed,
    state::AppState,
    zone,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse},
};
use domain::wire::{MemberInfo, OrgInfo, SessionInfo};
use uuid::Uuid;

/// `GET /api/v1/session`: who is signed in, to what. Renews the cookie, so that it outlasts every idle limit of a browser.
pub async fn session(State(state): State<AppState>, headers: HeaderMap, signed: Signed) -> Result<impl IntoResponse, ApiError> {
    let secure = state.config.is_secure();
    let renewed = cookie::read(&headers, secure).map(|token| (header::SET_COOKIE, cookie::set(&token, secure)));
    Ok((AppendHeaders(renewed), Json(info(&state, &signed).await?)))
}

/// Starts a session in a transaction and commits it: the one end of every way to sign in.
pub(super) async fn start(
    state: &AppState,
    mut tx: Tx,
    (org, member): (Uuid, Uuid),
    label: &str,
) -> Result<impl IntoResponse + use<>, ApiError> {
    let token = Token::random()?;
    // The label is for people: no control characters (which the database refuses), and not a novel.
    let label: String = label.chars().filter(|c| !c.is_control()).take(100).collect();
    db::session::insert(&mut tx, &token.hash(), org, member, label.trim(), now_ms()).await?;
    db::commit(tx).await?;
    let signed = Signed::find(state, token.hash()).await?;
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie::set(&token, state.config.is_secure()))]);
    Ok((cookie, Json(info(state, &signed).await?)))
}

async fn info(state: &AppState, signed: &Signed) -> Result<SessionInfo, ApiError> {
    let org = db::org::find(&state.pool, signed.org_id).await?.ok_or(ApiError::Unauthenticated)?;
    let server_time = now_ms();
    Ok(SessionInfo {
        transitions: zone::transitions(&org.zone, server_time),
        org: OrgInfo { id: org.id, name: org.name, zone: org.zone, currency: org.currency },
        member: MemberInfo { id: signed.member_id, name: signed.name.clone(), role: signed.role },
        server_time,
    })
}
