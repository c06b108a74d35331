use crate::{
    error::ApiError,
    json::{self, SMALL},
    office::ServerOffice,
    signed::Signed,
    state::AppState,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use online::{Fault, Office};
use std::sync::Arc;

/// `POST /api/fn/…`: the server functions of the crate `online`, all of them for signed-in members only.
pub async fn functions(State(state): State<AppState>, signed: Signed, request: Request) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    if leptos::server_fn::axum::get_server_fn_service(parts.uri.path(), parts.method.clone()).is_none() {
        return Err(ApiError::NotFound);
    }
    let body = json::read(&parts.headers, body, SMALL).await?;
    parts.headers.remove(header::CONTENT_ENCODING);
    // With these leptos would take the call for a form without script and answer by a redirect.
    parts.headers.remove(header::ACCEPT);
    parts.headers.remove(header::REFERER);

    let office: Arc<dyn Office> = Arc::new(ServerOffice::new(state, signed));
    let request = Request::from_parts(parts, Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(office.clone()), request).await;
    with_status(answer.into_response()).await
}

/// Leptos answers every error with 500; the status has to say what the code says.
async fn with_status(answer: Response) -> Result<Response, ApiError> {
    if answer.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(answer);
    }
    let body = axum::body::to_bytes(answer.into_body(), SMALL).await.unwrap_or_default();
    let fault: Fault = serde_json::from_slice(&body).map_err(|error| ApiError::Internal(format!("unreadable fault: {error}")))?;
    let status = match fault.code.as_str() {
        "malformed" => StatusCode::BAD_REQUEST,
        "unauthenticated" => StatusCode::UNAUTHORIZED,
        "not_allowed" => StatusCode::FORBIDDEN,
        "not_found" => StatusCode::NOT_FOUND,
        "too_many_attempts" => StatusCode::TOO_MANY_REQUESTS,
        "busy" => StatusCode::SERVICE_UNAVAILABLE,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, axum::Json(fault)).into_response())
}
