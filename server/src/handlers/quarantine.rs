use crate::{db, error::ApiError, json, json::Json, now::now_ms, signed::Caller, state::AppState};
use axum::{Json as Answer, extract::State};
use domain::{Id, Value, hub, records};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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
    Caller { signed, .. }: Caller,
    Json(hand_in): Json<HandIn, { json::SYNC }>,
) -> Result<Answer<HandedIn>, ApiError> {
    let kept = db::retrying(|| keep(&state, signed.org_id, signed.member_id, &hand_in)).await?;
    state.poker.changed(signed.org_id);
    Ok(Answer(HandedIn { kept }))
}

/// How many of the ops the server has now, those of an earlier attempt or push included.
async fn keep(state: &AppState, org: Id, author: Id, HandIn { device, ops }: &HandIn) -> Result<usize, ApiError> {
    let mut tx = db::tenant_tx(&state.pool, org).await?;
    let found = db::device::locked(&mut tx, org, *device).await?.ok_or(ApiError::NotFound)?;
    if found.member_id != author || found.revoked_at.is_none() {
        return Err(ApiError::NotAllowed);
    }
    let schema = records::schema();
    let id = |op: &Value| Id::try_parse(op.get("op_id")?.as_str()?).ok();
    let ids: Vec<Id> = ops.iter().filter_map(id).collect();
    let known = db::outcome::decided(&mut tx, org, &ids).await?;
    let new = ops.iter().filter(|op| id(op).is_some_and(|id| !known.contains(&id))).cloned().collect();
    let mut plan = hub::parked::hand_in(&schema, author, new, &db::feed::people(&mut tx, org).await?, now_ms());
    let kept = known.len() + plan.acks.len();
    if !plan.acks.is_empty() {
        let seq = db::feed::stamp(&mut tx, org).await?;
        plan.stamp(seq);
        db::feed::write(&mut tx, org, &plan, seq, &schema, &BTreeSet::new()).await?;
        db::outcome::park(&mut tx, org, *device, author, &plan.acks, now_ms()).await?;
        db::commit(tx).await?;
    }
    Ok(kept)
}
