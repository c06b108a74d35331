//! Each ready-made query against a territory small enough to know the answer.

use super::{ME, context, found, made, run};
use crate::{
    Lang, Row, Value,
    query::{Answer, Query, Total, compile, ready},
    testing::{self, id},
    time::parse_instant,
};
use serde_json::json;

fn query(name: &str) -> Query {
    ready::all().into_iter().find(|ready| ready.id == name).unwrap().query
}

fn row(kind: &str, n: u128, made_at: &str, fields: &[(&str, Value)]) -> Row {
    made(testing::row(kind, id(n), fields), made_at)
}

fn done(at: &str) -> Value {
    json!(parse_instant(at).unwrap())
}

/// Today is Tuesday, 24 November 2026.
fn territory() -> Vec<Row> {
    let account = |n, made_at: &str, name: &str, stage: &str, source: &str, city: &str, owner| {
        let known = |text: &str, value: Value| if text.is_empty() { Value::Null } else { value };
        let (source, address) = (known(source, json!(source)), known(city, json!({ "city": city })));
        row(
            "account",
            n,
            made_at,
            &[
                ("name", json!(name)),
                ("stage", json!(stage)),
                ("source", source),
                ("address", address),
                ("owner", json!(id(owner))),
            ],
        )
    };
    let follow_up = |n, account, fields: &[(&str, Value)]| {
        let mut follow_up = row("follow_up", n, "2026-10-01T00:00:00Z", fields);
        follow_up.cells.extend(testing::row("follow_up", id(n), &[("account", json!(id(account)))]).cells.clone());
        follow_up
    };
    let contact = |n, birthday: &str, left: Value| {
        row("contact", n, "2026-01-01T00:00:00Z", &[("birthday", json!(birthday)), ("left_company", left)])
    };
    vec![
        account(1, "2026-10-31T15:59:59Z", "Delta", "customer", "fair", "上海", 0xa),
        account(2, "2026-10-31T16:00:00Z", "alpha", "potential", "fair", "上海", 0xa),
        account(3, "2026-11-20T00:00:00Z", "Beta", "lost", "web", "台北市", 0xb),
        account(4, "2026-11-01T00:00:00Z", "Gamma", "engaged", "", "", 0xb),
        // Delta: planned and contacted today.
        follow_up(21, 1, &[("due", json!("2026-11-25")), ("assigned_to", json!(ME))]),
        follow_up(22, 1, &[("due", json!("2026-11-20")), ("done_at", done("2026-11-24T00:30:00Z"))]),
        // alpha: contacted on 26 October, the 30th day that today is the last of, one minute before it began.
        follow_up(23, 2, &[("done_at", done("2026-10-25T15:59:00Z"))]),
        // Beta: overdue, but lost. Gamma: overdue since this morning, last contacted 61 days ago.
        follow_up(24, 3, &[("due", json!("2026-11-23")), ("assigned_to", json!(id(0xb)))]),
        follow_up(25, 4, &[("due", json!("2026-11-24T08:00"))]),
        follow_up(26, 4, &[("done_at", done("2026-09-24T12:00:00Z"))]),
        follow_up(27, 4, &[("due", json!("2026-11-30")), ("assigned_to", json!(ME)), ("done_at", done("2026-09-20T12:00:00Z"))]),
        contact(31, "1980-12-23", Value::Null),
        contact(32, "--11-24", json!(false)),
        contact(33, "1980-12-24", Value::Null),
        contact(34, "1980-11-25", json!(true)),
        contact(35, "1980", Value::Null),
    ]
}

#[test]
fn lists() {
    let rows = territory();
    for (name, expected) in [
        ("my_week", vec![25, 21]),
        ("overdue", vec![24, 25]),
        ("my_overdue", vec![25]),
        ("no_next_step", vec![2]),
        ("not_contacted_30", vec![2, 4]),
        ("not_contacted_60", vec![4]),
        ("not_contacted_90", vec![]),
        ("birthdays", vec![32, 31]),
        ("new_this_month", vec![4, 2]),
    ] {
        let mut found = found(&rows, &query(name));
        if name == "new_this_month" {
            assert_eq!(found.remove(0), 3, "the newest first");
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn figures() {
    let rows = territory();
    let groups = |name: &str| match run(&rows, &query(name)) {
        Answer::Groups { groups, .. } => {
            groups.into_iter().map(|group| (group.keys[0].clone(), group.totals[0].clone())).collect::<Vec<_>>()
        }
        records => panic!("{records:?}"),
    };
    let count = |key: Value, count| (key, Total::Count(count));
    let stages = ["potential", "engaged", "customer", "lost", "closed"];
    assert_eq!(groups("by_stage"), stages.map(|stage| count(json!(stage), u64::from(stage != "closed"))));
    assert_eq!(groups("by_owner"), [count(json!(id(0xa)), 2), count(json!(id(0xb)), 2)]);
    assert_eq!(groups("by_source"), [count(json!("fair"), 2), count(json!("web"), 1), count(Value::Null, 1)]);
    assert_eq!(groups("late_by_person"), [count(json!(id(0xb)), 1), count(Value::Null, 1)]);
    assert_eq!(groups("new_by_month"), [count(json!("2026-10-01"), 1), count(json!("2026-11-01"), 3)]);
    let weeks = groups("done_by_week");
    assert_eq!((weeks.len(), &weeks[0], &weeks[1]), (11, &count(json!("2026-09-14"), 1), &count(json!("2026-09-21"), 1)));
    assert_eq!(weeks.iter().filter(|(_, total)| *total == Total::Count(1)).count(), 4, "empty weeks stand between them");
    assert_eq!(groups("by_area"), [count(json!("上海"), 2), count(json!("台北市"), 1), count(Value::Null, 1)]);
}

#[test]
fn mine_and_my_teams() {
    let mine =
        |field: &str, n, name: &str, value: Value| row(field, n, "2026-01-01T00:00:00Z", &[(name, json!(ME)), ("stage", value)]);
    let rows = [
        mine("account", 1, "owner", json!("customer")),
        mine("account", 2, "owner", json!("lost")),
        row("account", 3, "2026-01-01T00:00:00Z", &[("owner", json!(id(0xb))), ("stage", json!("customer"))]),
        row("follow_up", 4, "2026-01-01T00:00:00Z", &[("assigned_to", json!(ME)), ("done_at", done("2026-11-23T09:00:00Z"))]),
        row("follow_up", 5, "2026-01-01T00:00:00Z", &[("assigned_to", json!(ME)), ("done_at", done("2026-11-22T09:00:00Z"))]),
        row(
            "follow_up",
            6,
            "2026-01-01T00:00:00Z",
            &[("assigned_to", json!(id(0xbad))), ("done_at", done("2026-11-23T09:00:00Z"))],
        ),
    ];
    assert_eq!(found(&rows, &query("my_not_contacted")), [1]);
    let groups = |name: &str| match run(&rows, &query(name)) {
        Answer::Groups { groups, .. } => groups,
        records => panic!("{records:?}"),
    };
    let [week] = groups("team_week").try_into().unwrap();
    assert_eq!((week.keys, week.totals), (vec![json!(ME)], vec![Total::Count(1)]));
    let stages = groups("my_stages");
    assert_eq!(stages.iter().filter(|group| group.totals[0] == Total::Count(1)).count(), 2, "what others own is not counted");
}

#[test]
fn all_are_labelled_and_survive_being_stored() {
    let mut ids = std::collections::BTreeSet::new();
    for ready in ready::all() {
        assert!(ids.insert(ready.id) && Lang::ALL.iter().all(|lang| !ready.label.get(*lang).is_empty()));
        let text = serde_json::to_string(&ready.query).unwrap();
        assert_eq!(Query::from_text(&text).unwrap(), ready.query);
        assert!(compile(&ready.query, &context()).is_ok(), "{}", ready.id);
    }
    assert_eq!(ids.len(), 19);
}
