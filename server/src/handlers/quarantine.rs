use crate::{db, error::ApiError, json, json::Json, now::now_ms, signed::Signed, state::AppState};
use axum::{Json as Answer, extract::State};
use domain::{Id, Value, change::Outcome, hub::plan::Planned};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a revoked device hands in: [`domain::change::Op`]s as they are.
#[derive(Deserialize)]
pub struct HandIn {
    device: Uuid,
    ops: Vec<Value>,
}

#[derive(Serialize)]
pub struct HandedIn {
    kept: usize,
}

/// `POST /api/v1/quarantine`: keeps the unsent work of a revoked device for a manager to take up (sync.md, item 12).
/// Nothing of it is applied, and handing in twice keeps it once.
pub async fn quarantine(
    State(state): State<AppState>,
    signed: Signed,
    Json(hand_in): Json<HandIn, { json::SYNC }>,
) -> Result<Answer<HandedIn>, ApiError> {
    let parked: Vec<Planned> = hand_in.ops.into_iter().filter_map(planned).collect();
    let mut tx = db::tenant_tx(&state.pool, signed.org_id).await?;
    let device = db::device::find(&mut tx, signed.org_id, hand_in.device).await?.ok_or(ApiError::NotFound)?;
    if device.member_id != signed.member_id || device.revoked_at.is_none() {
        return Err(ApiError::NotAllowed);
    }
    db::feed::write_parked(&mut tx, signed.org_id, hand_in.device, signed.member_id, &parked, now_ms()).await?;
    db::commit(tx).await?;
    Ok(Answer(HandedIn { kept: parked.len() }))
}

fn planned(op: Value) -> Option<Planned> {
    let op_id = Id::try_parse(op.get("op_id")?.as_str()?).ok()?;
    let n = op.get("n")?.as_u64().filter(|n| *n < 1 << 53)?;
    let outcome = Outcome::Parked { reason: "device_revoked".to_owned() };
    Some(Planned { n, op_id, fingerprint: op_id, seq: 0, outcome, parked: Some(op) })
}
