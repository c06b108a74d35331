use crate::{
    db::{self, DbError, Tx, query::Survivors},
    error::ApiError,
    json::Json,
    now::now_ms,
    signed::Signed,
    state::AppState,
    zone,
};
use axum::{Json as Answer, extract::State};
use domain::{
    Lang, Schema, Value,
    query::{self, Context, Fault, Query},
    records,
    time::Zone,
    wire::{FoundRecord, MAX_QUERY_RECORDS, QueryAnswer, QueryRequest},
};
use std::{collections::HashMap, sync::LazyLock, time::Duration};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(records::schema);

/// Of an instance's connections questions get these; the others are for syncing, which nobody shall wait for.
static AT_ONCE: Semaphore = Semaphore::const_new(4);
/// How long a question waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// How long Postgres may work on one.
const STATEMENT_MS: i64 = 10_000;

/// `POST /api/v1/query`: what a query finds among all that the member sees: the whole company for an administrator.
pub async fn query(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<QueryRequest>,
) -> Result<Answer<QueryAnswer>, ApiError> {
    let mut asked = ask(&state, &signed, &request.query, MAX_QUERY_RECORDS).await?;
    let records = match &asked.answer {
        query::Answer::Records { ids, .. } if request.records => {
            let bodies = db::query::bodies(&mut asked.tx, signed.org_id, &asked.survivors, ids).await;
            found(bodies.map_err(explained)?, ids)
        }
        _ => Vec::new(),
    };
    Ok(Answer(QueryAnswer { answer: asked.answer, records, server_time: asked.now_ms }))
}

/// A question that was answered, and the snapshot in which more can be read about the answer.
pub(super) struct Asked {
    pub query: Query,
    pub answer: query::Answer,
    pub zone: Zone,
    pub now_ms: i64,
    pub survivors: Survivors,
    pub tx: Tx,
    _turn: SemaphorePermit<'static>,
}

/// Asks a question among all that the member sees, for at most so many records.
pub(super) async fn ask(state: &AppState, signed: &Signed, query: &Value, most: u32) -> Result<Asked, ApiError> {
    let mut query = Query::from_json(query).map_err(refused)?;
    query.limit = Some(query.limit.map_or(most, |limit| limit.min(most)));
    let turn = tokio::time::timeout(TURN, AT_ONCE.acquire()).await.map_err(|_| ApiError::Busy)?;
    let turn = turn.map_err(|_| ApiError::Busy)?;
    let (org, member, now_ms) = (signed.org_id, signed.member_id, now_ms());
    let company = db::org::find(&state.pool, org).await?.ok_or(ApiError::Unauthenticated)?;
    let zone = Zone { transitions: zone::transitions(&company.zone, now_ms), name: company.zone };
    let mut tx = db::pull::snapshot(&state.pool, org).await?;
    db::query::limit(&mut tx, STATEMENT_MS).await?;
    let team = db::query::team_of(&mut tx, org, member).await?;
    let context = Context { schema: &SCHEMA, zone: &zone, now_ms, me: member, team };
    let plan = query::compile(&query, &context).map_err(|mut faults| refused(faults.swap_remove(0)))?;
    let survivors = db::query::survivors(&mut tx, org, member).await?;
    let answer = db::query::answer(&mut tx, org, member, &survivors, &plan).await.map_err(explained)?;
    drop(plan);
    Ok(Asked { query, answer, zone, now_ms, survivors, tx, _turn: turn })
}

/// What a question failed by, with what to do about it where its asker can.
pub(super) fn explained(error: DbError) -> ApiError {
    match error {
        error if error.is_timeout() => too_much("query_too_slow", "This takes too long. Add a condition and ask again."),
        DbError::TooMany => too_much("too_many_groups", "Group by a field with fewer different values."),
        error => error.into(),
    }
}

fn found(bodies: Vec<(domain::Id, Value)>, order: &[domain::Id]) -> Vec<FoundRecord> {
    let mut bodies: HashMap<_, _> = bodies.into_iter().collect();
    let record = |id: &domain::Id| match bodies.remove(id) {
        Some(Value::Object(fields)) => Some(FoundRecord { id: *id, fields }),
        _ => None,
    };
    order.iter().filter_map(record).collect()
}

fn refused(fault: Fault) -> ApiError {
    let field = if fault.place.is_empty() { "query".to_owned() } else { format!("query.{}", fault.place) };
    ApiError::Malformed { message: fault.problem.message(Lang::En), field: Some(field) }
}

fn too_much(code: &'static str, message: &str) -> ApiError {
    ApiError::Invalid { code, message: message.into(), field: Some("query") }
}
