//! The demo company, without and with a database.

use crate::support::{TestApp, database::Database};
use domain::{
    Row, Schema, Value, hub, records,
    time::{Zone, is_overdue},
};
use serde_json::json;
use server::{
    db,
    demo::{self, Printed},
};
use std::collections::{BTreeMap, BTreeSet};

/// 2026-11-24T02:00:00Z: ten in the morning in Shanghai.
const NOW: i64 = 1_795_485_600_000;

fn all() -> (Vec<Row>, Schema) {
    let mut rows = demo::people(NOW);
    rows.extend(demo::rows(0..demo::ACCOUNTS, NOW));
    (rows, records::schema())
}

#[test]
fn demo_is_the_same_every_time_and_each_account_is_by_itself() {
    assert_eq!(demo::rows(0..30, NOW), demo::rows(0..30, NOW));
    assert_eq!(
        demo::rows(7..8, NOW),
        demo::rows(0..10, NOW).split_off(demo::rows(0..7, NOW).len())[..demo::rows(7..8, NOW).len()]
    );
    let ids = |now| demo::rows(0..1, now).into_iter().map(|row| row.id).next();
    assert_eq!(ids(NOW), ids(NOW + 86_400_000 * 30), "ids do not depend on the day");
}

#[test]
fn demo_values_are_canonical_and_its_references_lead_somewhere() {
    let (rows, schema) = all();
    let ids: BTreeSet<String> = rows.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(ids.len(), rows.len());
    for row in &rows {
        let kind = schema.kind(&row.kind).unwrap();
        for field in kind.fields.iter().filter(|field| field.required) {
            assert!(!row.value(&field.name).is_null(), "{} lacks {}", row.kind, field.name);
        }
        for name in row.cells.keys().chain(row.sets.keys()) {
            let (field, value) = (kind.field(name).unwrap_or_else(|| panic!("{} has no {name}", row.kind)), row.value(name));
            assert_eq!(field.check(&value), Ok(value.clone()), "{} {name}", row.kind);
            let named = if field.ty.refers_to().is_some() { value } else { Value::Null };
            let named = if let Value::Array(many) = named { many } else { vec![named] };
            assert!(named.iter().filter_map(Value::as_str).all(|id| ids.contains(id)), "{} {name}", row.kind);
        }
        assert_eq!(kind.closed_gate(&|field| row.value(field)), None, "{row:?}");
        assert!(row.clocks().values().all(|clock| clock.ms <= NOW), "{row:?}");
    }
}

#[test]
fn demo_looks_like_a_company_at_work() {
    let (rows, schema) = all();
    let of = |kind: &str| rows.iter().filter(|row| row.kind == kind).collect::<Vec<_>>();
    let people = hub::People::from_rows(&rows);
    let role = |role: &str| of("member").iter().filter(|row| row.text("role") == role).count();
    assert_eq!((role("administrator"), role("manager"), role("rep"), people.teams.len()), (1, 2, 8, 3));
    let mut owned: BTreeMap<String, usize> = BTreeMap::new();
    let mut under: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    of("account").iter().for_each(|row| *owned.entry(row.text("owner").to_owned()).or_default() += 1);
    assert_eq!(owned.remove(""), Some(8), "the pool");
    assert_eq!((owned.len(), owned.values().max()), (8, Some(&200)), "the first rep has half");
    for (at, kind) in ["contact", "follow_up"].into_iter().enumerate() {
        of(kind).iter().for_each(|row| under.entry(row.text("account").to_owned()).or_default()[at] += 1);
    }
    assert!(
        under.len() == 400
            && under.values().all(|[contacts, follow_ups]| (1..=3).contains(contacts) && (2..=6).contains(follow_ups))
    );
    let zone = Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 28_800)] };
    let first = owned.iter().max_by_key(|(_, count)| **count).unwrap().0;
    let open: Vec<&str> = of("follow_up")
        .iter()
        .filter(|row| row.get("done_at").is_none() && row.text("assigned_to") == first)
        .map(|row| row.text("due"))
        .collect();
    let today = zone.day(NOW).to_string();
    let overdue = open.iter().filter(|due| is_overdue(due, NOW, &zone)).count();
    let due_today = open.iter().filter(|due| due.starts_with(&today) && !is_overdue(due, NOW, &zone)).count();
    assert!(
        (4..40).contains(&overdue) && (2..25).contains(&due_today) && open.len() > 60,
        "{overdue} {due_today} {}",
        open.len()
    );
    let texts: BTreeSet<&str> = of("follow_up").iter().map(|row| row.text("text")).collect();
    assert!(texts.len() > 200 && texts.iter().all(|text| !text.contains('{')), "{texts:?}");
    let names: BTreeSet<&str> = of("account").iter().map(|row| row.text("name")).collect();
    assert!(names.len() > 390, "{}", names.len());
    assert!(
        !of("comment").is_empty()
            && of("comment")
                .iter()
                .all(|row| people.members[&row.created.as_ref().unwrap().by].role == domain::wire::Role::Manager)
    );
    assert!(of("account").iter().all(|row| !hub::scope::locks_of(row, &schema, 0).is_empty()));
}

#[test]
fn demo_of_a_large_territory_has_days_one_can_get_through() {
    let rows = demo::rows(40_000..42_000, NOW);
    let today = |row: &&Row| row.kind == "follow_up" && row.get("done_at").is_none() && row.text("due") < "2026-11-26";
    assert!(rows.iter().filter(today).count() < 20);
}

#[tokio::test]
async fn demo_is_made_once_grows_when_asked_and_its_people_sign_in() {
    let app = TestApp::start().await;
    let printed = demo::ensure(app.pool(), 20, NOW).await.unwrap();
    let Printed::SignIns(sign_ins) = &printed else { panic!() };
    for (_, _, email, password) in sign_ins {
        let body = json!({ "login": email, "password": password, "device_label": "test" });
        assert_eq!(app.browser().post("/api/v1/sign-in", &body).await.status(), 200, "{email}");
        assert!(printed.to_string().contains(email) && printed.to_string().contains(password));
    }
    let before = count(app.pool()).await;
    assert_eq!(demo::ensure(app.pool(), 20, NOW + 1000).await.unwrap(), printed);
    assert_eq!(count(app.pool()).await, before, "the second start changes nothing");
    demo::ensure(app.pool(), 30, NOW + 2000).await.unwrap();
    assert_eq!(count(app.pool()).await.1, before.1 + 10);
}

#[tokio::test]
async fn demo_is_not_made_beside_a_real_company() {
    let database = Database::new().await;
    crate::support::Company::new(&database.pool).await;
    assert_eq!(demo::ensure(&database.pool, 20, NOW).await.unwrap(), Printed::OtherCompany);
    assert_eq!(db::org::count(&database.pool).await.unwrap(), 1);
}

/// (seq, accounts) of the demo company.
async fn count(pool: &db::Pool) -> (i64, i64) {
    let org = db::org::by_name(pool, "走访演示 Rounds Demo").await.unwrap().unwrap().id;
    let mut tx = db::tenant_tx(pool, org).await.unwrap();
    let sql = "SELECT (SELECT seq FROM org_feed WHERE org_id = $1), (SELECT count(*) FROM record WHERE org_id = $1 AND kind = 'account')";
    sqlx::query_as(sql).bind(org).fetch_one(&mut *tx).await.unwrap()
}
