//! Queries over what a member may see of the company, as SQL: the second engine for [`domain::query`]'s plans.
//!
//! The text is put together from the plan; what a person typed is always a bind parameter, names of the schema are literals.

mod expression;
pub mod merged;
mod pattern;
mod select;

use super::{DbError, Result, Tx, feed, pull};
use domain::query::{Answer, Partial, Plan, Tally};
pub use merged::{Survivors, survivors};
use select::{Bind, Select};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Postgres, postgres::PgArguments, query::QueryAs};
use uuid::Uuid;

statements! {
    /// One transaction's questions end after so many milliseconds. The lists of related records are hashed in memory, or
    /// they would be searched for every record; compiling to machine code costs more than it gives.
    LIMITS = "SELECT set_config('statement_timeout', $1::bigint::text, true), set_config('work_mem', '64MB', true),
        set_config('jit', 'off', true)";
    PEOPLE = "SELECT id, kind, body->>'team', body->>'manager' FROM record WHERE org_id = $1 AND kind IN ('member', 'team') AND NOT deleted";
    BODIES = "SELECT id, body FROM record WHERE org_id = $1 AND id = ANY($2)";
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
