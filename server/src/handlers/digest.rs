use crate::{
    db::{self, Tx},
    error::ApiError,
    json,
    json::Json,
    signed::Signed,
    state::AppState,
};
use axum::{Json as Answer, extract::State};
use domain::{
    digest::{self, MAX_PARTS, MAX_WANTED, Tree},
    hub::{Cursor, page::Pull},
    wire::{DigestAnswer, DigestRequest},
};

/// `POST /api/v1/digest`: compares what a device holds with what its member sees, at equal checkpoints (sync.md, item 16).
/// They are equal when a pull from the device's cursor would bring nothing: what others write where he cannot see it does
/// not matter.
pub async fn digest(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<DigestRequest, { json::SYNC }>,
) -> Result<Answer<DigestAnswer>, ApiError> {
    if request.parts.len() > MAX_PARTS || request.wanted.len() > MAX_WANTED {
        let message = format!("Ask for at most {MAX_PARTS} parts and {MAX_WANTED} records at once.");
        return Err(ApiError::Invalid { code: "too_many_parts", message, field: Some("parts") });
    }
    let mut tx = db::pull::snapshot(&state.pool, signed.org_id).await?;
    if !is_level(&mut tx, &signed, &request).await? {
        return Ok(Answer(DigestAnswer { behind: true, ..DigestAnswer::default() }));
    }
    let living = match request.parts.is_empty() {
        true => Vec::new(),
        false => db::pull::living(&mut tx, signed.org_id, signed.member_id).await?,
    };
    let rows = match request.wanted.is_empty() {
        true => Vec::new(),
        false => db::pull::rows(&mut tx, signed.org_id, signed.member_id, &request.wanted).await?,
    };
    Ok(Answer(digest::answer(&request, &Tree::new(living), rows)))
}

/// Whether the device has everything up to this snapshot. A device that has to be told something first is told by its pull.
async fn is_level(tx: &mut Tx, signed: &Signed, request: &DigestRequest) -> Result<bool, ApiError> {
    let (org, member) = (signed.org_id, signed.member_id);
    let head = db::pull::head(tx, org).await?;
    let device = db::device::find(tx, org, request.device).await?;
    let is_known = device.is_some_and(|device| device.member_id == member && device.revoked_at.is_none());
    let mut pull = Pull::new(Cursor::read(Some(&request.cursor)), head.seq, || 0);
    if !is_known || request.feed_epoch != head.epoch || !pull.can_compare(head.floor) {
        return Ok(false);
    }
    while let Some(fetch) = pull.next().cloned() {
        let fetched = db::pull::fetch(tx, org, member, &fetch).await?;
        if !fetched.is_empty() {
            return Ok(false);
        }
        pull.take(fetched);
    }
    Ok(true)
}
