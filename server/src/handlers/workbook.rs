use super::query::{Asked, SCHEMA, ask, explained};
use crate::{db, error::ApiError, json::Json, signed::Signed, state::AppState, workbook::Sheet};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    Id, Value,
    query::{
        Answer, CREATED_AT, CREATED_BY,
        table::{Columns, Words},
    },
    wire::{MAX_WORKBOOK_RECORDS, WorkbookRequest},
};
use rust_xlsxwriter::XlsxError;
use serde_json::Map;
use std::collections::{BTreeSet, HashMap};

/// So many records are read at once.
const CHUNK: usize = 1_000;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `POST /api/v1/query/workbook`: what a query finds among all that the member sees, as an Excel workbook.
pub async fn workbook(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<WorkbookRequest>,
) -> Result<Response, ApiError> {
    let mut asked = ask(&state, &signed, &request.query, MAX_WORKBOOK_RECORDS).await?;
    let columns = Columns::of(&SCHEMA, &asked.query, &asked.answer, request.lang).ok_or(ApiError::NotFound)?;
    let heads: Vec<&str> = columns.heads().collect();
    let mut sheet = Sheet::new(&request.title, &heads).map_err(failed)?;
    match asked.answer.clone() {
        Answer::Records { ids, .. } => {
            for ids in ids.chunks(CHUNK) {
                let records = records(&mut asked, &signed, ids).await?;
                let of = |id: &Id| records.get(id).map(|fields| move |name: &str| fields.get(name).cloned().unwrap_or_default());
                let mut named = BTreeSet::new();
                ids.iter().filter_map(of).for_each(|value| columns.named(&value, &mut named));
                let titles = titles(&mut asked, &signed, named).await?;
                let title = |id: Id| titles.get(&id).cloned().unwrap_or_default();
                let words = Words { lang: request.lang, zone: &asked.zone, title: &title };
                for value in ids.iter().filter_map(of) {
                    sheet.put(&columns.record(&value, &words)).map_err(failed)?;
                }
            }
        }
        Answer::Groups { groups, .. } => {
            let mut named = BTreeSet::new();
            groups.iter().for_each(|group| columns.named_by(group, &mut named));
            let titles = titles(&mut asked, &signed, named).await?;
            let title = |id: Id| titles.get(&id).cloned().unwrap_or_default();
            let words = Words { lang: request.lang, zone: &asked.zone, title: &title };
            for group in &groups {
                sheet.put(&columns.group(group, &words)).map_err(failed)?;
            }
        }
    }
    drop(asked);
    let bytes = tokio::task::spawn_blocking(move || sheet.finish()).await;
    let bytes = bytes.map_err(|error| ApiError::Internal(error.to_string()))?.map_err(failed)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(XLSX))];
    let saved = [(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"))];
    Ok((kind, saved, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], bytes).into_response())
}

/// The fields of records by the names that queries have for them.
async fn records(asked: &mut Asked, signed: &Signed, ids: &[Id]) -> Result<HashMap<Id, Map<String, Value>>, ApiError> {
    let bodies = db::query::bodies(&mut asked.tx, signed.org_id, &asked.survivors, ids).await.map_err(explained)?;
    let mut created = db::query::created(&mut asked.tx, signed.org_id, ids).await.map_err(explained)?;
    let record = |(id, body): (Id, Value)| {
        let Value::Object(mut fields) = body else { return None };
        if let Some(created) = created.remove(&id) {
            if created.first.ms > 0 {
                fields.insert(CREATED_AT.to_owned(), created.first.ms.into());
            }
            if !created.by.is_nil() {
                fields.insert(CREATED_BY.to_owned(), created.by.to_string().into());
            }
        }
        Some((id, fields))
    };
    Ok(bodies.into_iter().filter_map(record).collect())
}

async fn titles(asked: &mut Asked, signed: &Signed, named: BTreeSet<Id>) -> Result<HashMap<Id, String>, ApiError> {
    let ids: Vec<Id> = named.into_iter().collect();
    db::query::titles(&mut asked.tx, signed.org_id, signed.member_id, &SCHEMA, &ids).await.map_err(explained)
}

fn failed(error: XlsxError) -> ApiError {
    ApiError::Internal(error.to_string())
}
