//! JSON bodies: read within a limit, plain or gzipped, and every way of getting them wrong is a 4xx that names the field.

use crate::error::ApiError;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use flate2::read::MultiGzDecoder;
use futures::StreamExt;
use serde::de::DeserializeOwned;
use std::{io::Read, time::Duration};

/// What a body may hold unless its route says otherwise, in bytes after decompression.
pub const SMALL: usize = 64 * 1024;
/// What a sync request may hold, in bytes after decompression.
pub const SYNC: usize = domain::wire::MAX_REQUEST;

/// A JSON body of at most `LIMIT` bytes after decompression.
pub struct Json<T, const LIMIT: usize = SMALL>(pub T);

impl<T: DeserializeOwned, S: Send + Sync, const LIMIT: usize> FromRequest<S> for Json<T, LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        parse(&read(&parts.headers, body, LIMIT).await?).map(Json)
    }
}

/// The bytes of a JSON body, decompressed.
///
/// # Errors
/// 408 too slow, 413 too large, 415 not JSON or in an unknown encoding.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    if !is_json(headers) {
        return Err(ApiError::UnsupportedType);
    }
    let gzipped = match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => false,
        Some(b"gzip") => true,
        Some(_) => return Err(ApiError::UnsupportedType),
    };
    let bytes = within(body, limit).await?;
    if gzipped { gunzip(&bytes, limit) } else { Ok(bytes) }
}

/// The bytes of any body.
///
/// # Errors
/// 408 too slow, 413 too large.
pub async fn within(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    // A phone on a bad line may be slow, but must not hold a connection for ever.
    tokio::time::timeout(Duration::from_secs(60), collect(body, limit)).await.map_err(|_| ApiError::TooSlow)?
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let broken = |_| ApiError::Malformed { message: "The body broke off. Send it again.".into(), field: None };
        bytes.extend_from_slice(&chunk.map_err(broken)?);
        if bytes.len() > limit {
            return Err(ApiError::TooLarge { limit });
        }
    }
    Ok(bytes)
}

/// Reads JSON of one shape.
///
/// # Errors
/// 400, naming the field where there is one.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        malformed(error.inner(), (path != ".").then_some(path))
    })?;
    deserializer.end().map_err(|error| malformed(&error, None))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error, field: Option<String>) -> ApiError {
    let message = match (error.classify(), &field) {
        (serde_json::error::Category::Data, Some(field)) => format!("Correct the value of {field}."),
        (serde_json::error::Category::Data, None) => "Send a JSON object with the fields this address takes.".into(),
        _ => {
            format!("Send well-formed JSON; this breaks off or goes wrong at column {} of line {}.", error.column(), error.line())
        }
    };
    ApiError::Malformed { message, field }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Stops at the limit, so that a small body that unpacks to a huge one costs no more than an honest one.
fn gunzip(bytes: &[u8], limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut plain = Vec::with_capacity(limit.min(bytes.len() * 4));
    MultiGzDecoder::new(bytes).take(limit as u64 + 1).read_to_end(&mut plain).map_err(|_| ApiError::Malformed {
        message: "The body is not the gzip it says it is. Send it again.".into(),
        field: None,
    })?;
    if plain.len() > limit { Err(ApiError::TooLarge { limit }) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::io::Write;

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(rename = "list")]
        _list: Vec<u8>,
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let error = parse::<Outer>(br#"{"list":[1,"two"]}"#).unwrap_err();
        assert!(matches!(&error, ApiError::Malformed { field: Some(field), .. } if field == "list[1]"), "{error:?}");
        for garbage in ["", "{", "[]", "{}{}", "\u{0}", r#"{"list":[1]} x"#] {
            assert!(matches!(parse::<Outer>(garbage.as_bytes()), Err(ApiError::Malformed { .. })), "{garbage}");
        }
    }

    #[test]
    fn a_bomb_is_too_large_and_garbage_is_malformed() {
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; 50_000_000]).unwrap();
        let bomb = bomb.finish().unwrap();
        assert!(bomb.len() < 100_000);
        assert!(matches!(gunzip(&bomb, SYNC), Err(ApiError::TooLarge { limit: SYNC })));
        assert!(matches!(gunzip(b"not gzip", SMALL), Err(ApiError::Malformed { .. })));
    }
}
