use crate::{
    cookie, db,
    error::ApiError,
    now::now_ms,
    signed::{Caller, speaks_for},
    state::AppState,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};

/// `POST /api/v1/sign-out`: ends the session, if there is one: signing out twice is not an error.
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<impl IntoResponse, ApiError> {
    let secure = state.config.is_secure();
    let mut cleared = Some((header::SET_COOKIE, cookie::clear(secure)));
    if let Some(token) = cookie::read(&headers, secure) {
        let session = token.hash();
        match Caller::find(&state, session).await {
            // Somebody else has signed in in the same browser since: his session is not the caller's to end.
            Ok(caller) if !speaks_for(&headers, caller.signed.member_id) => cleared = None,
            _ => db::session::revoke(&state.pool, &session, now_ms()).await?,
        }
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cleared)))
}
