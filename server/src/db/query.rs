//! Queries over what a member may see of the company, as SQL: the second engine for [`domain::query`]'s plans.
//!
//! The text is put together from the plan; what a person typed is always a bind parameter, names of the schema are literals.

mod expression;
pub mod merged;
mod pattern;
mod select;

use super::{DbError, Result, Tx, feed, pull};
use domain::{
    Lang, Schema,
    json::FromJson,
    query::{Answer, Partial, Plan, Tally},
    row::Created,
};
pub use merged::{Survivors, survivors};
use select::{Bind, Select};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Postgres, postgres::PgArguments, query::QueryAs};
use std::collections::HashMap;
use uuid::Uuid;

statements! {
    /// One transaction's questions end after so many milliseconds. The lists of related records are hashed in memory, or
    /// they would be searched for every record; compiling to machine code costs more than it gives.
    LIMITS = "SELECT set_config('statement_timeout', $1::bigint::text, true), set_config('work_mem', '64MB', true),
        set_config('jit', 'off', true)";
    PEOPLE = "SELECT id, kind, body->>'team', body->>'manager' FROM record WHERE org_id = $1 AND kind IN ('member', 'team') AND NOT deleted";
    BODIES = "SELECT id, body FROM record WHERE org_id = $1 AND id = ANY($2)";
    /// Which kinds ($3) are called by which of their fields ($4).
    TITLES = "SELECT r.id, r.kind, r.body->k.title FROM unnest($3::text[], $4::text[]) AS k (kind, title)
        JOIN record r ON r.org_id = $1 AND r.kind = k.kind AND r.id = ANY($5) WHERE sees($1, $2, r.root)";
    CREATED = "SELECT id, state->'created' FROM record WHERE org_id = $1 AND id = ANY($2) AND state ? 'created'";
}

/// The rows of partial sums that are read at most: more groups than anybody looks at, and no more than fit in memory.
const MAX_PARTIALS: usize = 100_000;

/// Lets each statement of the transaction take so long and no longer.
pub async fn limit(tx: &mut Tx, milliseconds: i64) -> Result<()> {
    sqlx::query(LIMITS).bind(milliseconds).execute(&mut **tx).await?;
    Ok(())
}

/// Whom "my team" means to a member.
pub async fn team_of(tx: &mut Tx, org: Uuid, member: Uuid) -> Result<Vec<Uuid>> {
    let found: Vec<(Uuid, String, Option<String>, Option<String>)> =
        sqlx::query_as(PEOPLE).bind(org).fetch_all(&mut **tx).await?;
    let id = |text: &Option<String>| text.as_deref().and_then(|text| Uuid::try_parse(text).ok());
    let of_kind = |wanted: &'static str| found.iter().filter(move |(_, kind, ..)| kind == wanted);
    let people = of_kind("member").map(|(member, _, team, _)| (*member, id(team)));
    let teams = of_kind("team").map(|(team, .., manager)| (*team, id(manager)));
    Ok(domain::query::team_of(member, people, teams))
}

/// The fields of records as questions see them, in no particular order.
pub async fn bodies(tx: &mut Tx, org: Uuid, survivors: &Survivors, ids: &[Uuid]) -> Result<Vec<(Uuid, Value)>> {
    let mut found: Vec<(Uuid, Value)> = sqlx::query_as(BODIES).bind(org).bind(ids).fetch_all(&mut **tx).await?;
    for account in found.iter_mut().filter_map(|(_, body)| body.get_mut("account")) {
        let stands = account.as_str().and_then(|id| survivors.get(&Uuid::try_parse(id).ok()?));
        *account = stands.map_or_else(|| account.take(), |stands| json!(stands));
    }
    Ok(found)
}

/// When and by whom records were made, of those of which it is known.
pub async fn created(tx: &mut Tx, org: Uuid, ids: &[Uuid]) -> Result<HashMap<Uuid, Created>> {
    let found: Vec<(Uuid, Value)> = sqlx::query_as(CREATED).bind(org).bind(ids).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().filter_map(|(id, created)| Some((id, Created::from_json(&created).ok()?))).collect())
}

/// The names of those of these records that the member sees.
pub async fn titles(tx: &mut Tx, org: Uuid, member: Uuid, schema: &Schema, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let kinds: Vec<&str> = schema.kinds.iter().map(|kind| kind.name.as_ref()).collect();
    let fields: Vec<&str> = schema.kinds.iter().map(|kind| kind.title.as_ref()).collect();
    let titles = sqlx::query_as(TITLES).bind(org).bind(member).bind(kinds).bind(fields).bind(ids);
    let found: Vec<(Uuid, String, Option<Value>)> = titles.fetch_all(&mut **tx).await?;
    let title = |(id, kind, value): (Uuid, String, Option<Value>)| {
        let kind = schema.kind(&kind)?;
        Some((id, kind.field(&kind.title)?.ty.rules().print(&value?, Lang::En)))
    };
    Ok(found.into_iter().filter_map(title).collect())
}

/// What a query finds among the records that the member sees.
///
/// # Errors
/// [`DbError::is_timeout`] when it took too long, [`DbError::TooMany`] when it has too many groups.
pub async fn answer(tx: &mut Tx, org: Uuid, member: Uuid, survivors: &Survivors, plan: &Plan<'_>) -> Result<Answer> {
    let mut select = Select::new(survivors);
    if !plan.is_grouped() {
        let text = select.records(plan);
        let found: Vec<(Uuid, i64)> =
            bound(sqlx::query_as(AssertSqlSafe(text)), org, member, select).fetch_all(&mut **tx).await?;
        let total = found.first().map_or(0, |(_, total)| *total as u64);
        return Ok(Answer::Records { ids: found.into_iter().map(|(id, _)| id).collect(), total });
    }
    let text = select.groups(plan, MAX_PARTIALS + 1);
    let found: Vec<PartialRow> = bound(sqlx::query_as(AssertSqlSafe(text)), org, member, select).fetch_all(&mut **tx).await?;
    if found.len() > MAX_PARTIALS {
        return Err(DbError::TooMany);
    }
    let mut tally = Tally::new(plan);
    found.into_iter().for_each(|row| tally.put(row.read(plan)));
    Ok(tally.finish())
}

fn bound<'q, O>(
    query: QueryAs<'q, Postgres, O, PgArguments>,
    org: Uuid,
    member: Uuid,
    select: Select,
) -> QueryAs<'q, Postgres, O, PgArguments> {
    // Hardly two questions have the same text: keeping their statements would only fill the connection.
    let query = query.persistent(false).bind(org).bind(member).bind(pull::fixed(member));
    select.binds.into_iter().fold(query, |query, bind| match bind {
        Bind::Text(text) => query.bind(text),
        Bind::Texts(texts) => query.bind(texts),
        Bind::Ids(ids) => query.bind(ids),
        Bind::Float(number) => query.bind(number),
    })
}

#[derive(sqlx::FromRow)]
struct PartialRow {
    measure: Option<i32>,
    g0: Option<String>,
    g1: Option<String>,
    currency: Option<String>,
    count: i64,
    sum: Option<String>,
    least: Option<String>,
    most: Option<String>,
}

impl PartialRow {
    fn read(self, plan: &Plan) -> Partial {
        Partial {
            keys: [self.g0, self.g1].into_iter().take(plan.group.len()).collect(),
            measure: self.measure.map(|at| at as usize),
            currency: self.currency,
            count: self.count as u64,
            sum: self.sum.and_then(|sum| sum.parse().ok()).unwrap_or_default(),
            least: self.least,
            most: self.most,
        }
    }
}
