use crate::{db, error::ApiError, site::SiteFile, state::AppState};
use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

const SHELL: &str = "/index.html";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";
const SHORT: &str = "public, max-age=3600";

/// Everything that is not the API: a file of the site, a hashed file of one of the last builds, or the shell, from which
/// the app shows whatever page the address names. A missing file under `/pkg` is 404: a shell taken for a script is worse.
pub async fn site(State(state): State<AppState>, request: Request) -> Result<Response, ApiError> {
    let (path, headers) = (request.uri().path(), request.headers());
    if path == "/api" || path.starts_with("/api/") {
        return Err(ApiError::NotFound);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::WrongMethod);
    }
    let wanted = if path == "/" { SHELL } else { path };
    if let Some(found) = packed_first(wanted, headers, |path| state.site.get(path).cloned()) {
        return Ok(answer(wanted, headers, found));
    }
    if wanted.starts_with("/pkg/") {
        return older(&state, wanted, headers).await;
    }
    let shell = packed_first(SHELL, headers, |path| state.site.get(path).cloned()).ok_or(ApiError::NotFound)?;
    Ok(answer(SHELL, headers, shell))
}

/// The compressed form where there is one and the client takes it.
fn packed_first<T>(path: &str, headers: &HeaderMap, get: impl Fn(&str) -> Option<T>) -> Option<(T, bool)> {
    let packed = if takes_brotli(headers) { get(&format!("{path}.br")) } else { None };
    packed.map(|file| (file, true)).or_else(|| get(path).map(|file| (file, false)))
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br") && !parts.any(|quality| matches!(quality, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn answer(path: &str, headers: &HeaderMap, (file, packed): (SiteFile, bool)) -> Response {
    let cache = if path.starts_with("/pkg/") {
        IMMUTABLE
    } else if path == SHELL || path == "/sw.js" || path.ends_with(".webmanifest") {
        REVALIDATE
    } else {
        SHORT
    };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.etag));
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { file_response(file.body, &file.content_type, packed) };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::try_from(file.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// A file that an installed older client still asks for; any instance has it.
async fn older(state: &AppState, path: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let mut found = None;
    if takes_brotli(headers) {
        found = db::site_file::find(&state.pool, &format!("{path}.br")).await?.map(|file| (file, true));
    }
    if found.is_none() {
        found = db::site_file::find(&state.pool, path).await?.map(|file| (file, false));
    }
    let ((body, content_type), packed) = found.ok_or(ApiError::NotFound)?;
    let mut response = file_response(body.into(), &content_type, packed);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE));
    Ok(response)
}

fn file_response(body: Bytes, content_type: &str, packed: bool) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str| {
            takes_brotli(&[(header::ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect())
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("br;q=0.5"));
        assert!(!takes("gzip") && !takes("br;q=0") && !takes("brother"));
    }
}
