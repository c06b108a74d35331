//! The two query engines, on the same records, give the same answers.

use crate::support::database::Database;
use domain::{
    Id, Row, Schema,
    query::{Context, Query, compile, memory, testing},
    testing::Random,
    time::Zone,
};
use serde_json::json;
use server::{
    db::{self, Pool, org::Org, query::Survivors},
    secret::new_id,
    zone,
};
use std::{collections::HashSet, sync::Arc};
use store::{Index, View};

/// 2026-11-24T01:00:00Z.
const NOW: i64 = 1_795_482_000_000;
/// Without daylight saving, with it on both halves of the earth, and with odd offsets.
const ZONES: [&str; 5] = ["Asia/Shanghai", "America/New_York", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"];
const PER_MEMBER: usize = 100;

/// How many random questions are asked; each is asked as a rep, a manager or an administrator.
fn cases() -> usize {
    std::env::var("ROUNDS_QUERY_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

struct Company {
    org: Id,
    zone: Zone,
    rows: Vec<Row>,
}

impl Company {
    async fn new(pool: &Pool, random: &mut Random, schema: &Schema, zone: &str) -> Company {
        let zone = Zone { transitions: zone::transitions(zone, NOW), name: zone.to_owned() };
        let org = new_id().unwrap();
        let rows = testing::territory(random, schema, &zone, NOW);
        let mut tx = db::begin(pool).await.unwrap();
        let new = Org { id: org, name: "任何".into(), zone: zone.name.clone(), currency: "CNY".into() };
        db::org::insert(&mut tx, &new, NOW).await.unwrap();
        db::enter(&mut tx, org).await.unwrap();
        db::feed::bring_in(&mut tx, org, rows.clone()).await.unwrap();
        db::commit(tx).await.unwrap();
        Company { org, zone, rows }
    }

    /// The records that the `at`-th member sees, as they are on his device.
    async fn seen_by(&self, pool: &Pool, schema: &Schema, at: usize) -> Seen {
        let me = testing::id(schema, "member", at);
        let mut tx = db::pull::snapshot(pool, self.org).await.unwrap();
        let team = db::query::team_of(&mut tx, self.org, me).await.unwrap();
        let sees = "SELECT id FROM record WHERE org_id = $1 AND sees($1, $2, root)";
        let visible: Vec<Id> = sqlx::query_scalar(sees).bind(self.org).bind(me).fetch_all(&mut *tx).await.unwrap();
        let visible: HashSet<Id> = visible.into_iter().collect();
        let view = View::new(self.rows.iter().filter(|row| visible.contains(&row.id)).cloned(), []);
        let mut index = Index::default();
        let rows = schema.kinds.iter().flat_map(|kind| index.rows(&view, &kind.name).to_vec()).collect();
        Seen { me, team, rows, survivors: db::query::survivors(&mut tx, self.org, me).await.unwrap() }
    }
}

struct Seen {
    me: Id,
    team: Vec<Id>,
    rows: Vec<Arc<Row>>,
    survivors: Survivors,
}

impl Seen {
    fn asker<'a>(&'a self, company: &'a Company, schema: &'a Schema) -> Asker<'a> {
        let context = Context { schema, zone: &company.zone, now_ms: NOW, me: self.me, team: self.team.clone() };
        Asker { context, source: self.rows.iter().map(AsRef::as_ref).collect() }
    }
}

struct Asker<'a> {
    context: Context<'a>,
    source: memory::ByKind<'a>,
}

#[tokio::test]
async fn sql_and_memory_give_the_same_answer_to_any_question() {
    let (database, schema, random) = (Database::new().await, domain::records::schema(), &mut Random::new(20_261_124));
    let (mut asked, mut grouped, mut found, mut merged) = (0, 0, 0, 0);
    for round in 0.. {
        let company = Company::new(&database.pool, random, &schema, ZONES[round % ZONES.len()]).await;
        for at in 0..3 {
            let seen = company.seen_by(&database.pool, &schema, at).await;
            merged += seen.survivors.len();
            let Asker { context, source } = seen.asker(&company, &schema);
            let mut tx = db::pull::snapshot(&database.pool, company.org).await.unwrap();
            db::query::limit(&mut tx, 60_000).await.unwrap();
            for _ in 0..PER_MEMBER {
                let query = testing::query(random, &context);
                let plan = compile(&query, &context).unwrap();
                let here = memory::answer(&plan, &source);
                let there = db::query::answer(&mut tx, company.org, context.me, &seen.survivors, &plan).await;
                let shown = || format!("member {at} in {}: {}", company.zone.name, serde_json::to_string(&query).unwrap());
                let there = there.unwrap_or_else(|error| panic!("{error}\n{}", shown()));
                assert_eq!(here, there, "memory is left, SQL is right\n{}", shown());
                (asked, grouped) = (asked + 1, grouped + usize::from(query.is_grouped()));
                found += usize::from(memory::count(&plan, &source) > 0);
                if asked == cases() {
                    println!("{asked} questions, {grouped} of them grouped, {found} with something found");
                    assert!(found > asked / 3 && grouped > asked / 4, "most questions must find something to prove anything");
                    assert!(merged > 0, "some accounts must have given way to others");
                    return;
                }
            }
        }
    }
}

#[tokio::test]
async fn sql_does_ready_made_queries_alike() {
    let (database, schema, random) = (Database::new().await, domain::records::schema(), &mut Random::new(1));
    let company = Company::new(&database.pool, random, &schema, ZONES[1]).await;
    for at in 0..3 {
        let seen = company.seen_by(&database.pool, &schema, at).await;
        let asker = seen.asker(&company, &schema);
        let mut tx = db::pull::snapshot(&database.pool, company.org).await.unwrap();
        for ready in domain::query::ready::all() {
            let plan = compile(&ready.query, &asker.context).unwrap();
            let there = db::query::answer(&mut tx, company.org, asker.context.me, &seen.survivors, &plan).await.unwrap();
            assert_eq!(memory::answer(&plan, &asker.source), there, "{}", ready.id);
        }
    }
}

/// What a person types stays a value, whatever it looks like.
#[tokio::test]
async fn sql_is_not_what_a_person_types() {
    let (database, schema, random) = (Database::new().await, domain::records::schema(), &mut Random::new(1));
    let company = Company::new(&database.pool, random, &schema, ZONES[0]).await;
    let seen = company.seen_by(&database.pool, &schema, 0).await;
    let asker = seen.asker(&company, &schema);
    let mut tx = db::pull::snapshot(&database.pool, company.org).await.unwrap();
    for typed in ["'; DROP TABLE record; --", "\\", "\\d+", "[", "*[", "(?i)a", "***=a", "$1", "%_", "a{1,99999}"] {
        for (field, op, value) in [
            ("name", "contains", json!(typed)),
            ("name", "is", json!([typed])),
            ("address.city", "starts_with", json!(typed)),
            ("address", "ends_with", json!(typed)),
            ("tags", "has_any", json!([typed])),
        ] {
            let condition = json!({ "field": field, "op": op, "value": value });
            let query = Query::from_json(&json!({ "from": "account", "filter": { "field": condition } })).unwrap();
            let plan = compile(&query, &asker.context).unwrap();
            let there = db::query::answer(&mut tx, company.org, asker.context.me, &seen.survivors, &plan).await.unwrap();
            assert_eq!(memory::answer(&plan, &asker.source), there, "{field} {op} {typed}");
        }
    }
}
