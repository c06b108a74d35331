//! What the designer makes is answered on the device, without a network, as SQL written by hand answers it on the server.

use super::{Crew, Phone};
use crate::support::TestApp;
use domain::{
    Clock, Id, Row, Schema, Value,
    query::{
        Aggregate, Answer, CREATED_AT, Context, Function, Grouping, Operator, Query, Sort, SortBy, Times, Total, compile, memory,
        sketch::{How, Part, PartId, ROOT, Sketch},
        team_of,
    },
    records::{Account, Contact, FollowUp, SavedQuery, schema},
    row::Created,
    testing::row,
    time::{Unit, Zone},
};
use serde_json::json;
use server::{
    db,
    now::{DAY_MS, now_ms},
    secret::new_id,
    zone,
};
use std::sync::LazyLock;
use store::{Draft, Index};

static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);
const ZONE: &str = "Asia/Shanghai";

/// What is on a phone, answering without a network.
struct Offline {
    rows: Vec<std::sync::Arc<Row>>,
    zone: Zone,
    me: Id,
    now_ms: i64,
}

impl Offline {
    async fn of(phone: &Phone, me: Id, now_ms: i64) -> Offline {
        let (view, mut index) = (phone.view().await, Index::default());
        let rows = SCHEMA.kinds.iter().flat_map(|kind| index.rows(&view, &kind.name).to_vec()).collect();
        Offline { rows, zone: Zone { transitions: zone::transitions(ZONE, now_ms), name: ZONE.into() }, me, now_ms }
    }

    fn context(&self) -> Context<'_> {
        let of = |kind: &'static str, field: &'static str| {
            self.rows.iter().filter(move |row| row.kind == kind).map(move |row| (row.id, row.reference(field)))
        };
        let team = team_of(self.me, of("member", "team"), of("team", "manager"));
        Context { schema: &SCHEMA, zone: &self.zone, now_ms: self.now_ms, me: self.me, team }
    }

    /// The answer as lines of texts: ids of records, or keys and figures of groups.
    fn answer(&self, query: &Query) -> Vec<Vec<String>> {
        let context = self.context();
        let plan = compile(query, &context).unwrap_or_else(|faults| panic!("{faults:?}"));
        let text = |value: &Value| {
            value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
        };
        let figure = |total: &Total| match total {
            Total::Nothing => String::new(),
            Total::Count(count) => count.to_string(),
            Total::Number(number) => number.clone(),
            Total::Money(amounts) => {
                amounts.iter().map(|money| format!("{} {}", money.minor, money.currency)).collect::<Vec<_>>().join(", ")
            }
            Total::Value(value) => text(value),
        };
        match memory::answer(&plan, &self.rows.iter().map(AsRef::as_ref).collect::<memory::ByKind>()) {
            Answer::Records { ids, .. } => ids.iter().map(|id| vec![id.to_string()]).collect(),
            Answer::Groups { groups, .. } => {
                groups.iter().map(|group| group.keys.iter().map(text).chain(group.totals.iter().map(figure)).collect()).collect()
            }
        }
    }
}

/// A question as the designer puts it together.
struct Asked(Sketch);

impl Asked {
    fn about(kind: &str) -> Asked {
        let mut sketch = Sketch::of(&SCHEMA, kind);
        sketch.sort.clear();
        Asked(sketch)
    }

    fn on(mut self, group: PartId, field: &str, op: Operator, value: Value) -> Asked {
        let id = self.0.add_condition(group);
        self.0.choose_field(&SCHEMA, id, field);
        self.0.choose_operator(&SCHEMA, id, op);
        self.0.set_value(id, value);
        self
    }

    fn where_(self, field: &str, op: Operator, value: Value) -> Asked {
        self.on(ROOT, field, op, value)
    }

    /// Related records, of which those count that have this value.
    fn related(mut self, kind: Option<&str>, field: &str, times: Times, (asked, op, value): (&str, Operator, Value)) -> Asked {
        let id = self.0.add_condition(ROOT);
        self.0.choose_related(&SCHEMA, id, kind, field);
        self.0.choose_times(id, times);
        let Some(Part::Related { filter, .. }) = self.0.part(id).cloned() else { panic!() };
        if asked.is_empty() { self } else { self.on(filter, asked, op, value) }
    }

    fn sort(mut self, field: &str, descending: bool) -> Asked {
        self.0.sort.push(Sort { by: SortBy::Field(field.into()), descending });
        self
    }

    fn group(mut self, field: &str, bucket: Option<Unit>) -> Asked {
        self.0.group.push(Grouping { field: field.into(), bucket, with_empty: false });
        self
    }

    fn show(mut self, of: Function, field: Option<&str>) -> Asked {
        self.0.show.push(Aggregate { of, field: field.map(str::to_owned) });
        self.0.settle_order();
        self
    }

    /// As it is stored.
    fn query(self) -> Query {
        Query::from_json(&json!(self.0.query().0)).unwrap()
    }
}

fn made(mut row: Row, at: i64, by: Id) -> Row {
    let clock = Clock { ms: at, counter: 0, device: Id::nil() };
    row.created = Some(Created { first: clock, by, last: clock });
    row
}

/// Accounts of two reps, with contacts and follow-ups, spread over what the questions ask about.
async fn territory(app: &TestApp, crew: &Crew, now: i64) {
    let pick = |at: usize, of: &[&str]| json!(of[at % of.len()]);
    let today = Zone { transitions: zone::transitions(ZONE, now), name: ZONE.into() }.day(now);
    let mut rows = Vec::new();
    for at in 0..60usize {
        let account = new_id().unwrap();
        let owner = if at % 3 == 0 { crew.bob } else { crew.ann };
        let days = |days: usize| now - days as i64 * DAY_MS;
        let mut fields = vec![
            ("name", json!(format!("{} {at}", ["Alpha", "beta", "上海明珠", "Gamma"][at % 4]))),
            ("owner", json!(owner)),
            ("stage", pick(at / 2, &["potential", "engaged", "customer", "lost"])),
            ("grade", pick(at / 4, &["a", "b", "c"])),
            ("address", json!({ "city": pick(at, &["上海", "北京", "苏州", "杭州"]) })),
            ("employees", json!(at * 7)),
            ("annual_revenue", json!({ "minor": at as i64 * 1_001, "currency": pick(at, &["CNY", "CNY", "TWD"]) })),
        ];
        if at % 5 != 0 {
            fields.push(("source", pick(at, &["fair", "web", "referral"])));
        }
        rows.push(made(row(Account::KIND, account, &fields), days(at), owner));
        for n in 0..at % 4 {
            // Spread over the year that begins today, whichever day that is.
            let birthday = today.plus((at * 13 + n * 7) as i64 % 365).to_string().split_off(4);
            let contact = [("account", json!(account)), ("birthday", json!(format!("1980{birthday}")))];
            rows.push(row(Contact::KIND, new_id().unwrap(), &contact));
        }
        for n in 0..at % 3 {
            let done = [
                ("account", json!(account)),
                ("channel", pick(at + n, &["visit", "call"])),
                ("done_at", json!(days(at + 10 * n))),
            ];
            rows.push(row(FollowUp::KIND, new_id().unwrap(), &done));
        }
        if at % 4 == 1 {
            let due = today.plus(at as i64 % 9 - 4);
            rows.push(row(FollowUp::KIND, new_id().unwrap(), &[("account", json!(account)), ("due", json!(due))]));
        }
    }
    crew.bring_in(app, rows).await;
}

/// The questions in words, as the designer puts them, and as SQL. `$1` is the company, `$2` who asks, `$3` now; `seen` are the
/// living records that he sees.
fn questions() -> Vec<(&'static str, Query, &'static str)> {
    use Operator::{Anniversary, AtLeast, Contains, Empty, In, Is, IsNot, More, Past};
    let unlost = |asked: Asked| asked.where_("stage", IsNot, json!(["lost", "closed"]));
    let none = ("", Empty, Value::Null);
    let mut cities = Asked::about("account").where_("employees", More, json!(100));
    let any = cities.0.add_group(ROOT);
    let Some(Part::Group { parts, .. }) = cities.0.part(any).cloned() else { panic!() };
    cities.0.remove(parts[0]);
    cities.0.choose_how(any, How::Any);
    let cities = cities.on(any, "address.city", Contains, json!("上海")).on(any, "address.city", Contains, json!("北京"));
    vec![
        (
            "Which of my customers have nothing planned?",
            Asked::about("account")
                .where_("owner", Is, json!(["me"]))
                .where_("stage", Is, json!(["customer"]))
                .related(Some("follow_up"), "account", Times::None, ("done_at", Empty, Value::Null))
                .sort("name", false)
                .query(),
            "SELECT ARRAY[id::text] FROM seen a WHERE kind = 'account' AND body->>'owner' = $2::text AND body->>'stage' = 'customer'
             AND NOT EXISTS (SELECT FROM seen f WHERE f.kind = 'follow_up' AND f.body->>'account' = a.id::text AND f.body->>'done_at' IS NULL)
             ORDER BY lower(body->>'name' COLLATE \"C\"), id",
        ),
        (
            "Whom has nobody contacted for 30 days, of those not lost?",
            unlost(Asked::about("account"))
                .related(Some("follow_up"), "account", Times::None, ("done_at", In, json!({ "last_days": 30 })))
                .query(),
            "SELECT ARRAY[id::text] FROM seen a WHERE kind = 'account' AND body->>'stage' NOT IN ('lost', 'closed')
             AND NOT EXISTS (SELECT FROM seen f WHERE f.kind = 'follow_up' AND f.body->>'account' = a.id::text
                AND day(f.body->'done_at') BETWEEN day(to_jsonb($3)) - 29 AND day(to_jsonb($3))) ORDER BY id",
        ),
        (
            "What is overdue, the oldest first?",
            Asked::about("follow_up").where_("done_at", Empty, Value::Null).where_("due", Past, Value::Null).sort("due", false).query(),
            "SELECT ARRAY[id::text] FROM seen WHERE kind = 'follow_up' AND body->>'done_at' IS NULL AND (body->>'due')::date < day(to_jsonb($3))
             ORDER BY body->>'due', id",
        ),
        (
            "How many accounts are there at each stage, and what do they turn over?",
            Asked::about("account").group("stage", None).show(Function::Count, None).show(Function::Sum, Some("annual_revenue")).query(),
            "SELECT ARRAY[stage, sum(n)::text, string_agg(minor || ' ' || currency, ', ' ORDER BY currency)] FROM (
                SELECT body->>'stage' AS stage, body->'annual_revenue'->>'currency' AS currency, count(*) AS n,
                    sum((body->'annual_revenue'->>'minor')::bigint) AS minor
                FROM seen WHERE kind = 'account' GROUP BY 1, 2) AS each
             GROUP BY stage ORDER BY array_position(ARRAY['potential', 'engaged', 'customer', 'lost', 'closed'], stage)",
        ),
        (
            "How many visits and calls were there each month?",
            Asked::about("follow_up")
                .where_("done_at", Operator::NotEmpty, Value::Null)
                .group("done_at", Some(Unit::Month))
                .group("channel", None)
                .show(Function::Count, None)
                .query(),
            "SELECT ARRAY[month::text, channel, count(*)::text] FROM (
                SELECT date_trunc('month', day(body->'done_at'))::date AS month, body->>'channel' AS channel
                FROM seen WHERE kind = 'follow_up' AND body->>'done_at' IS NOT NULL) AS each
             GROUP BY month, channel ORDER BY month, array_position(ARRAY['visit', 'call'], channel)",
        ),
        (
            "Which accounts in Shanghai or Beijing have more than 100 employees, the largest first?",
            cities.sort("employees", true).query(),
            "SELECT ARRAY[id::text] FROM seen WHERE kind = 'account' AND (body->>'employees')::int > 100
             AND (body->'address'->>'city' LIKE '%上海%' OR body->'address'->>'city' LIKE '%北京%')
             ORDER BY (body->>'employees')::int DESC, id",
        ),
        (
            "Which contacts at accounts graded A have their birthday within 60 days?",
            Asked::about("contact")
                .where_("birthday", Anniversary, json!({ "next_days": 60 }))
                .related(None, "account", Times::Some, ("grade", Is, json!(["a"])))
                .sort("birthday.day_of_year", false)
                .query(),
            "SELECT ARRAY[c.id::text] FROM seen c JOIN seen a ON a.id::text = c.body->>'account' AND a.body->>'grade' = 'a'
             WHERE c.kind = 'contact' AND substring(c.body->>'birthday', 6) IN (
                SELECT to_char(day(to_jsonb($3)) + n, 'MM-DD') FROM generate_series(0, 59) AS n)
             ORDER BY substring(c.body->>'birthday', 6), c.id",
        ),
        (
            "Which accounts have at least two contacts?",
            Asked::about("account").related(Some("contact"), "account", Times::AtLeast(2), none).sort("name", true).query(),
            "SELECT ARRAY[a.id::text] FROM seen a JOIN seen c ON c.kind = 'contact' AND c.body->>'account' = a.id::text
             WHERE a.kind = 'account' GROUP BY a.id, a.body HAVING count(*) >= 2 ORDER BY lower(a.body->>'name' COLLATE \"C\") DESC, a.id",
        ),
        (
            "How many people work at our accounts on average, by source?",
            Asked::about("account").group("source", None).show(Function::Avg, Some("employees")).show(Function::Max, Some("employees")).query(),
            "SELECT ARRAY[coalesce(source, ''), trim_scale(round(avg(n), 6))::text, max(n)::text] FROM (
                SELECT body->>'source' AS source, (body->>'employees')::numeric AS n FROM seen WHERE kind = 'account') AS each
             GROUP BY source ORDER BY source COLLATE \"C\" NULLS LAST",
        ),
        (
            "How many accounts with 50 people or more came in the last 45 days, by owner?",
            Asked::about("account")
                .where_(CREATED_AT, In, json!({ "last_days": 45 }))
                .where_("employees", AtLeast, json!(50))
                .group("owner", None)
                .show(Function::Count, None)
                .query(),
            "SELECT ARRAY[owner, count(*)::text] FROM (
                SELECT body->>'owner' AS owner FROM seen WHERE kind = 'account' AND (body->>'employees')::int >= 50
                AND day(to_jsonb(created)) BETWEEN day(to_jsonb($3)) - 44 AND day(to_jsonb($3))) AS each
             GROUP BY owner ORDER BY owner COLLATE \"C\"",
        ),
    ]
}

#[tokio::test]
async fn ten_questions_are_answered_offline_as_sql_answers_them() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let now = now_ms();
    territory(&app, &crew, now).await;
    let mut counts = Vec::new();
    for member in [crew.ann, crew.manager] {
        let mut phone = crew.phone(&app, member).await;
        phone.sync().await;
        let offline = Offline::of(&phone, member, now).await;
        let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
        // The company's day of a moment in UTC milliseconds; the temporary schema comes first in no search path for functions.
        let day = format!(
            "CREATE FUNCTION pg_temp.day(ms jsonb) RETURNS date LANGUAGE sql AS $$ SELECT (to_timestamp((ms #>> '{{}}')::numeric / 1000) AT TIME ZONE '{ZONE}')::date $$"
        );
        sqlx::query(sqlx::AssertSqlSafe(day)).execute(&mut *tx).await.unwrap();
        for (question, query, sql) in questions() {
            let seen =
                "WITH seen AS (SELECT id, kind, body, ('x' || left(state->'created'->>'first', 12))::bit(48)::bigint AS created
                FROM record WHERE org_id = $1 AND NOT deleted AND sees($1, $2, root))";
            let sql = format!("{seen} {}", sql.replace("day(", "pg_temp.day(").replace("$3", "$3::bigint"));
            let answer = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(crew.org).bind(member).bind(now);
            let on_server: Vec<Vec<String>> =
                answer.fetch_all(&mut *tx).await.unwrap_or_else(|error| panic!("{question} {error}"));
            // The manager owns no customers.
            assert!(!on_server.is_empty() || member == crew.manager, "{question} finds nothing and proves nothing");
            assert_eq!(offline.answer(&query), on_server, "{question}");
            counts.push(on_server.len());
        }
    }
    assert_ne!(counts[..10], counts[10..], "a rep and his manager see different records");
}

/// A manager's question, shared with the reps, is on a rep's device and finds what the rep may see, and no more.
#[tokio::test]
async fn a_shared_question_finds_on_a_reps_device_what_the_rep_may_see() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let now = now_ms();
    territory(&app, &crew, now).await;
    let [mut manager, mut ann, mut bob, mut administrator] = [
        crew.phone(&app, crew.manager).await,
        crew.phone(&app, crew.ann).await,
        crew.phone(&app, crew.bob).await,
        crew.phone(&app, crew.administrator).await,
    ];
    let record = new_id().unwrap();
    let query = Asked::about("account").group("owner", None).show(Function::Count, None).query();
    manager.sync().await;
    let kind = SavedQuery::KIND;
    let draft = Draft::new().create(kind, record).put(kind, record, "name", json!("By owner"));
    let draft = draft.put(kind, record, "shared", json!("some")).put(kind, record, "role", json!("rep"));
    manager.save(draft.put(kind, record, "query", json!(query))).await;
    manager.sync().await;
    for phone in [&mut ann, &mut bob, &mut administrator] {
        phone.sync().await;
    }
    let mut found = Vec::new();
    for (phone, member) in [(&ann, crew.ann), (&bob, crew.bob), (&manager, crew.manager)] {
        let shared = Query::from_json(&phone.row(record).await.value("query")).unwrap();
        assert_eq!(shared, query);
        found.push(Offline::of(phone, member, now).await.answer(&shared));
    }
    let of = |owner: Id, count: &str| vec![owner.to_string(), count.to_owned()];
    assert_eq!(found[0], [of(crew.ann, "40")]);
    assert_eq!(found[1], [of(crew.bob, "20")]);
    let mut both = vec![of(crew.ann, "40"), of(crew.bob, "20")];
    both.sort();
    assert_eq!(found[2], both);
    // What the manager shares is his to change: a rep's attempt is refused, and leaves it as it was.
    ann.set(kind, record, "name", json!("Mine")).await;
    ann.exchange().await;
    ann.exchange().await;
    assert_eq!(ann.row(record).await.text("name"), "By owner");
    assert_eq!(ann.local.attention().await.unwrap().len(), 1);
    // Taken back from the reps, it is gone from their devices.
    manager.set(kind, record, "shared", json!("private")).await;
    manager.sync().await;
    bob.sync().await;
    assert!(bob.of_kind(kind).await.is_empty());
}
