//! What happens to every request and answer, whatever the route.

use crate::{error::ApiError, secret::new_id, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Instant};
use tracing::Instrument;

/// No inline script or style, nothing from elsewhere; wasm may be compiled.
const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Adds the security headers, and keeps answers of the API out of every cache, unless a handler knows better.
pub async fn secured(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if state.config.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses requests that change something and were made by another site: a second wall behind SameSite=Strict.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && is_foreign(request.headers(), &state.config.origin) {
        return ApiError::ForeignOrigin.into_response();
    }
    next.run(request).await
}

/// Browsers say where a request was made, and pages cannot change it. What sends neither header is no browser and carries
/// no cookie it was not given. A page served under another name of this server (localhost, its number) is its own site.
fn is_foreign(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text("sec-fetch-site")
        && site != "same-origin"
        && site != "none"
    {
        return true;
    }
    let Some(made_at) = text("origin") else { return false };
    let made_at_host = made_at.split_once("://").map(|(_, host)| host);
    made_at != origin && (made_at_host.is_none() || made_at_host != text("host"))
}

/// Gives every request an id and logs its method, path, status and time: never bodies, cookies or query strings.
pub async fn logged(request: Request, next: Next) -> Response {
    let id = new_id().unwrap_or_default();
    let (method, path, began) = (request.method().clone(), request.uri().path().to_owned(), Instant::now());
    let span = tracing::info_span!("request", %id, %method, path);
    async {
        let mut response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
        if path == "/healthz" && status == 200 {
            tracing::debug!(status, ms, "answered");
        } else {
            tracing::info!(status, ms, "answered");
        }
        if let Ok(id) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
    .instrument(span)
    .await
}

/// A panic is a bug of ours: the asker gets the same answer as for every other, and the instance goes on.
pub fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let text =
        payload.downcast_ref::<String>().cloned().or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    ApiError::Internal(format!("panic: {}", text.unwrap_or_default())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_foreign(&headers, "https://crm.example.com")
    }

    #[test]
    fn other_sites_are_foreign_and_ours_is_not_under_any_of_its_names() {
        assert!(!foreign(&[]));
        assert!(!foreign(&[("origin", "https://crm.example.com")]));
        assert!(!foreign(&[("origin", "http://localhost:8300"), ("host", "localhost:8300")]));
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(foreign(&[("origin", "https://evil.example")]));
        assert!(foreign(&[("origin", "null"), ("host", "crm.example.com")]));
        assert!(foreign(&[("sec-fetch-site", "cross-site")]));
        assert!(foreign(&[("sec-fetch-site", "same-site"), ("origin", "https://crm.example.com")]));
    }
}
