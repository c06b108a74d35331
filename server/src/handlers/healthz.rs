use crate::{db, error::ApiError, state::AppState};
use axum::extract::State;

/// `GET /healthz`: 200 while the database answers, 503 otherwise.
pub async fn healthz(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    db::health::ping(&state.pool).await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        ApiError::Busy
    })?;
    Ok("ok")
}
