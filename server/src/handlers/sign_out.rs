use crate::{cookie, db, error::ApiError, now::now_ms, state::AppState};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};

/// `POST /api/v1/sign-out`: ends the session, if there is one: signing out twice is not an error.
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<impl IntoResponse, ApiError> {
    let secure = state.config.is_secure();
    if let Some(token) = cookie::read(&headers, secure) {
        db::session::revoke(&state.pool, &token.hash(), now_ms()).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie::clear(secure))])))
}
