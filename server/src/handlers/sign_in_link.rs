use super::session;
use crate::{
    client::ClientAddress,
    db,
    error::ApiError,
    json::Json,
    limit::{Attempt, Who},
    now::now_ms,
    secret::Token,
    signed::is_active,
    state::AppState,
};
use axum::{extract::State, response::IntoResponse};
use domain::wire::SignInLink;

/// `POST /api/v1/sign-in/link`: with the token of a one-time link, which is used up together with the start of the session.
pub async fn sign_in_link(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Json(body): Json<SignInLink>,
) -> Result<impl IntoResponse, ApiError> {
    let attempt = Attempt::begin(&state.pool, Who::signing_in(None, address)).await?;
    let mut tx = db::begin(&state.pool).await?;
    let redeemed = db::link::redeem(&mut tx, &Token::presented(&body.token).hash(), now_ms()).await?;
    let (org, member) = redeemed.ok_or(ApiError::LinkInvalid)?;
    db::enter(&mut tx, org).await?;
    if !db::member::find(&mut tx, org, member).await?.is_some_and(|body| is_active(&body)) {
        return Err(ApiError::MemberInactive);
    }
    attempt.succeeded(&state.pool).await?;
    session::start(&state, tx, (org, member), &body.device_label).await
}
