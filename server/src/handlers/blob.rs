use crate::{
    db::{
        self, DbError,
        blob::{self, Sha256},
    },
    error::ApiError,
    json,
    now::now_ms,
    signed::{Caller, Signed},
    state::AppState,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    types::Attachment,
    wire::{BlobAnswer, MAX_PART},
};
use futures::stream;
use serde::Deserialize;

/// What a browser may show by itself. Anything else it may only save: what somebody attached must never run here.
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// Nothing in an answer with bytes of others may do anything, however it is opened.
const INERT: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// The address says what the bytes are, for as long as the same member is signed in.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// Which bytes of how many a part is.
#[derive(Deserialize)]
pub struct Part {
    from: u64,
    size: u64,
}

/// `GET /api/v1/blobs/{sha256}`: the bytes of a file, for who sees a living record that mentions it (sync.md, item 19).
pub async fn get_blob(State(state): State<AppState>, Path(address): Path<String>, signed: Signed) -> Result<Response, ApiError> {
    let (sha256, org) = (parse(&address)?, signed.org_id);
    let mut tx = db::tenant_tx(&state.pool, org).await?;
    let mime = blob::readable(&mut tx, org, signed.member_id, &sha256).await?.ok_or(ApiError::NotFound)?;
    let (size, sent_by) = blob::find(&mut tx, org, &sha256).await?.ok_or(ApiError::File {
        status: StatusCode::NOT_FOUND,
        code: "not_arrived",
        message: "The device on which this file was added has not sent it yet. Try again later.",
    })?;
    drop(tx);
    // Part by part, each with a connection of its own for a moment: a slow phone holds neither one nor the whole file.
    let parts = stream::try_unfold(0_i64, move |from| {
        let pool = state.pool.clone();
        async move {
            if from >= size {
                return Ok(None);
            }
            let mut tx = db::tenant_tx(&pool, org).await?;
            let bytes = blob::part(&mut tx, org, sent_by, &sha256, from).await?.filter(|bytes| !bytes.is_empty());
            let bytes = bytes.ok_or(DbError::Overtaken)?;
            let next = from + bytes.len() as i64;
            Ok::<_, DbError>(Some((bytes, next)))
        }
    });
    let is_shown = SHOWN.contains(&mime.as_str());
    let (kind, disposition) = if is_shown { (mime.as_str(), "inline") } else { ("application/octet-stream", "attachment") };
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, INERT),
        (header::CACHE_CONTROL, FOR_EVER),
        // Who signs in after him in the same browser has to ask for himself.
        (header::VARY, "cookie"),
    ] {
        headers.insert(name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("")));
    }
    headers.insert(header::CONTENT_LENGTH, size.into());
    Ok(response)
}

/// `PUT /api/v1/blobs/{sha256}?from=…&size=…`: takes the next part of a file, from who sees a record that mentions it or made
/// one; also from a revoked device, for what it handed in. Whatever was sent, the answer says where to go on: an empty part
/// only asks, a part that does not fit is as good as none.
pub async fn put_blob(
    State(state): State<AppState>,
    Path(address): Path<String>,
    part: Result<Query<Part>, QueryRejection>,
    Caller { signed, .. }: Caller,
    body: Body,
) -> Result<Json<BlobAnswer>, ApiError> {
    let sha256 = parse(&address)?;
    let Ok(Query(part)) = part else {
        return Err(ApiError::Malformed {
            message: "Say from which byte on, and of how many.".into(),
            field: Some("from".into()),
        });
    };
    if part.size > Attachment::MAX_BYTES {
        let message = "A file may have at most 25 MB. Make it smaller and add it again.";
        return Err(ApiError::File { status: StatusCode::PAYLOAD_TOO_LARGE, code: "too_large", message });
    }
    let bytes = json::within(body, MAX_PART as usize).await?;
    db::retrying(|| take(&state, &signed, &sha256, &part, &bytes)).await.map(Json)
}

async fn take(state: &AppState, signed: &Signed, sha256: &Sha256, part: &Part, bytes: &[u8]) -> Result<BlobAnswer, ApiError> {
    let (org, member, now) = (signed.org_id, signed.member_id, now_ms());
    let mut tx = db::tenant_tx(&state.pool, org).await?;
    if !blob::is_sendable(&mut tx, org, member, sha256).await? {
        let message = "No record that you may see mentions this file. Add it again where it belongs.";
        return Err(ApiError::File { status: StatusCode::NOT_FOUND, code: "unreferenced", message });
    }
    if let Some(size) = blob::still_wanted(&mut tx, org, sha256, now).await? {
        db::commit(tx).await?;
        return Ok(BlobAnswer { received: size as u64, complete: true });
    }
    let mut received = blob::received(&mut tx, org, member, sha256).await? as u64;
    let after = received + bytes.len() as u64;
    if part.from == received && !bytes.is_empty() && after <= part.size {
        blob::add_part(&mut tx, org, member, sha256, received as i64, bytes, now).await?;
        received = after;
    }
    let mut complete = received == part.size && blob::complete(&mut tx, org, member, sha256, part.size as i64, now).await?;
    // Somebody else may have sent the same meanwhile, which took these parts away.
    complete = complete || blob::find(&mut tx, org, sha256).await?.is_some();
    let is_wrong = received >= part.size && !complete;
    if is_wrong {
        blob::discard(&mut tx, org, member, sha256).await?;
    }
    db::commit(tx).await?;
    match is_wrong {
        true => Err(ApiError::File {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "hash_mismatch",
            message: "The file arrived damaged and was not kept. Add it again.",
        }),
        false => Ok(BlobAnswer { received, complete }),
    }
}

/// 64 lower-case hex digits.
fn parse(address: &str) -> Result<Sha256, ApiError> {
    let digit = |byte: u8| (byte as char).to_digit(16).filter(|_| !byte.is_ascii_uppercase()).map(|digit| digit as u8);
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?);
    let bytes: Option<Vec<u8>> = address.as_bytes().chunks(2).map(pair).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(ApiError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_64_lower_case_hex_digits() {
        assert_eq!(parse(&"0f".repeat(32)).unwrap(), [15; 32]);
        for wrong in
            ["", "0f", &"0F".repeat(32), &"0f".repeat(33), &"0g".repeat(32), &format!("{}0", "0f".repeat(31)), &"é".repeat(32)]
        {
            assert!(matches!(parse(wrong), Err(ApiError::NotFound)), "{wrong}");
        }
    }
}
