use crate::{
    db::{self, DbError},
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
use tokio::sync::Semaphore;

static SCHEMA: LazyLock<Schema> = LazyLock::new(records::schema);

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
    let mut query = Query::from_json(&request.query).map_err(refused)?;
    query.limit = Some(query.limit.map_or(MAX_QUERY_RECORDS, |limit| limit.min(MAX_QUERY_RECORDS)));
    let _turn = tokio::time::timeout(TURN, AT_ONCE.acquire()).await.map_err(|_| ApiError::Busy)?;
    let answered = answer(&state, &signed, &query, request.records).await;
    answered.map(Answer).map_err(|error| match &error {
        ApiError::Database(cause) if cause.is_timeout() => {
            too_much("query_too_slow", "This takes too long. Add a condition and ask again.")
        }
        ApiError::Database(DbError::TooMany) => too_much("too_many_groups", "Group by a field with fewer different values."),
        _ => error,
    })
}

async fn answer(state: &AppState, signed: &Signed, query: &Query, records: bool) -> Result<QueryAnswer, ApiError> {
    let (org, member, now_ms) = (signed.org_id, signed.member_id, now_ms());
    let company = db::org::find(&state.pool, org).await?.ok_or(ApiError::Unauthenticated)?;
    let zone = Zone { transitions: zone::transitions(&company.zone, now_ms), name: company.zone };
    let mut tx = db::pull::snapshot(&state.pool, org).await?;
    db::query::limit(&mut tx, STATEMENT_MS).await?;
    let team = db::query::team_of(&mut tx, org, member).await?;
    let context = Context { schema: &SCHEMA, zone: &zone, now_ms, me: member, team };
    let plan = query::compile(query, &context).map_err(|mut faults| refused(faults.swap_remove(0)))?;
    let survivors = db::query::survivors(&mut tx, org, member).await?;
    let answer = db::query::answer(&mut tx, org, member, &survivors, &plan).await?;
    let found = match &answer {
        query::Answer::Records { ids, .. } if records => found(db::query::bodies(&mut tx, org, &survivors, ids).await?, ids),
        _ => Vec::new(),
    };
    Ok(QueryAnswer { answer, records: found, server_time: now_ms })
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
