//! What a query means, by hand-written expectations on the memory engine; the server's tests hold SQL to the same answers.

mod reading;
mod ready;

use super::{memory::ByKind, *};
use crate::{
    Row,
    records::schema,
    row::Created,
    testing::{self, id},
    time::parse_instant,
};
use serde_json::json;
use std::sync::LazyLock;

pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);
pub(super) static ZONE: LazyLock<Zone> =
    LazyLock::new(|| Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] });
/// Who asks in these tests.
pub(super) const ME: Id = Id::from_u128(0xa);

/// Tuesday, 24 November 2026, 09:00 in Shanghai.
pub(super) fn context() -> Context<'static> {
    let now_ms = parse_instant("2026-11-24T01:00:00Z").unwrap();
    Context { schema: &SCHEMA, zone: &ZONE, now_ms, me: ME, team: vec![ME, id(0xb)] }
}

/// A row with an id, made by [`ME`] at a moment.
pub(super) fn made(mut row: Row, at: &str) -> Row {
    let clock = testing::clock(parse_instant(at).unwrap(), 1);
    row.created = Some(Created { first: clock, by: ME, last: clock });
    row
}

pub(super) fn run(rows: &[Row], query: &Query) -> Answer {
    let context = context();
    let plan = compile(query, &context).unwrap_or_else(|faults| panic!("{faults:#?}"));
    memory::answer(&plan, &rows.iter().collect::<ByKind>())
}

/// The small ids that a query finds.
pub(super) fn found(rows: &[Row], query: &Query) -> Vec<u128> {
    match run(rows, query) {
        Answer::Records { ids, .. } => ids.iter().map(Id::as_u128).collect(),
        groups => panic!("{groups:?}"),
    }
}

fn filtered(rows: &[Row], field: &str, op: &str, value: Value) -> Vec<u128> {
    let op = serde_json::from_value(json!(op)).unwrap();
    found(rows, &Query::of(&rows[0].kind).filter(Filter::field(field, op, value)))
}

fn rows(kind: &str, field: &str, values: &[Value]) -> Vec<Row> {
    let row = |(at, value): (usize, &Value)| testing::row(kind, id(at as u128 + 1), &[(field, value.clone())]);
    values.iter().enumerate().map(row).collect()
}

#[test]
fn texts_are_compared_as_searching_sees_them() {
    let rows = rows("account", "name", &["Café Łódź".into(), "ABC 贸易".into(), "cafe".into(), Value::Null]);
    let cases = [
        ("contains", json!("CAFE"), vec![1, 3]),
        ("not_contains", json!("cafe"), vec![2, 4]),
        ("is", json!("Cafe"), vec![3]),
        ("is", json!(["cafe", "abc  贸易"]), vec![2, 3]),
        ("is_not", json!("cafe"), vec![1, 2, 4]),
        ("starts_with", json!("caf"), vec![1, 3]),
        ("ends_with", json!("贸易"), vec![2]),
        ("empty", Value::Null, vec![4]),
        ("not_empty", Value::Null, vec![1, 2, 3]),
    ];
    for (op, value, expected) in cases {
        assert_eq!(filtered(&rows, "name", op, value.clone()), expected, "{op} {value}");
    }
}

#[test]
fn phones_are_compared_by_their_digits() {
    let phone = |typed: &str| crate::types::FieldType::from(crate::types::Phone::new()).rules().parse(typed).unwrap();
    let contacts = rows("contact", "mobile", &[phone("+86 138-0000-1111"), phone("(02) 2345 6789")]);
    assert_eq!(filtered(&contacts, "mobile", "contains", json!("0000 1111")), [1]);
    assert_eq!(filtered(&contacts, "mobile", "is", json!("02-2345-6789")), [2]);
    let office = json!([{ "label": "office", "value": "021 555 66" }, { "label": "", "value": "138" }]);
    let accounts = rows("account", "phones", &[office, Value::Null]);
    assert_eq!(filtered(&accounts, "phones", "starts_with", json!("0215")), [1]);
    assert_eq!(filtered(&accounts, "phones", "is_not", json!("138")), [2]);
}

#[test]
fn numbers_and_money_are_compared_exactly_and_by_currency() {
    let employees = rows("account", "employees", &[json!(5), json!(50), Value::Null]);
    for (op, value, expected) in [
        ("less", json!(50), vec![1]),
        ("at_most", json!(50), vec![1, 2]),
        ("more", json!(5), vec![2]),
        ("between", json!([5, 49]), vec![1]),
        ("is", json!([5, 7]), vec![1]),
        ("is_not", json!(5), vec![2, 3]),
    ] {
        assert_eq!(filtered(&employees, "employees", op, value), expected, "{op}");
    }
    let money = |minor: i64, currency: &str| json!({ "minor": minor, "currency": currency });
    let revenue = rows("account", "annual_revenue", &[money(100, "CNY"), money(900, "TWD"), money(300, "CNY")]);
    assert_eq!(filtered(&revenue, "annual_revenue", "more", json!("1 CNY")), [3]);
    assert_eq!(filtered(&revenue, "annual_revenue", "between", json!(["1 CNY", "3 CNY"])), [1, 3]);
    assert_eq!(filtered(&revenue, "annual_revenue.currency", "is", json!("twd")), [2]);
}

#[test]
fn days_are_those_of_the_companys_zone() {
    // 23:30 on the 23rd and 00:30 on the 24th in Shanghai.
    let moments = ["2026-11-23T15:30:00Z", "2026-11-23T16:30:00Z"].map(|text| json!(parse_instant(text).unwrap()));
    let done = rows("follow_up", "done_at", &moments);
    assert_eq!(filtered(&done, "done_at", "in", json!("today")), [2]);
    assert_eq!(filtered(&done, "done_at", "before", json!("today")), [1]);
    assert_eq!(filtered(&done, "done_at", "after", json!("yesterday")), [2]);
    assert_eq!(filtered(&done, "done_at", "in", json!({ "last_days": 2 })), [1, 2]);
    assert_eq!(filtered(&done, "done_at", "past", Value::Null), [1, 2]);

    let due = rows(
        "follow_up",
        "due",
        &["2026-11-24".into(), "2026-11-24T08:59".into(), "2026-11-24T09:01".into(), "2026-11-23".into()],
    );
    assert_eq!(filtered(&due, "due", "in", json!("today")), [1, 2, 3]);
    assert_eq!(filtered(&due, "due", "past", Value::Null), [2, 4], "a day only when it has ended, a time at once");
    assert_eq!(filtered(&due, "due", "in", json!({ "between": { "to": "2026-11-23" } })), [4]);

    let founded = rows("account", "founded", &["1999".into(), "2000-05".into(), "2000-01-01".into(), "--05-01".into()]);
    assert_eq!(filtered(&founded, "founded", "before", json!({ "between": { "from": "2000-01-01" } })), [1]);
    assert_eq!(filtered(&founded, "founded", "after", json!({ "between": { "to": "2000-01-01" } })), [2]);
    assert_eq!(
        filtered(&founded, "founded", "anniversary", json!({ "between": { "from": "2026-04-30", "to": "2026-05-02" } })),
        [4]
    );
}

#[test]
fn choices_references_sets_and_places() {
    let stages = rows("account", "stage", &["lost".into(), "customer".into(), Value::Null]);
    assert_eq!(filtered(&stages, "stage", "is", json!(["lost", "closed"])), [1]);
    assert_eq!(filtered(&stages, "stage", "is_not", json!("lost")), [2, 3], "nothing is not lost");
    let owners = rows("account", "owner", &[json!(ME), json!(id(0xb)), json!(id(0xc)), Value::Null]);
    assert_eq!(filtered(&owners, "owner", "is", json!("me")), [1]);
    assert_eq!(filtered(&owners, "owner", "is", json!("my_team")), [1, 2]);
    assert_eq!(filtered(&owners, "owner", "is_not", json!(["my_team"])), [3, 4]);
    let tags = rows("account", "tags", &[json!(["vip", "north"]), json!(["north"]), Value::Null]);
    assert_eq!(filtered(&tags, "tags", "has_any", json!(["vip", "south"])), [1]);
    assert_eq!(filtered(&tags, "tags", "has_all", json!(["vip", "north"])), [1]);
    assert_eq!(filtered(&tags, "tags", "has_none", json!(["vip"])), [2, 3]);
    assert_eq!(filtered(&tags, "tags", "empty", Value::Null), [3]);
    let places = rows("account", "place", &[json!({ "lat": 31.24, "lng": 121.49 }), json!({ "lat": 32.0, "lng": 121.49 })]);
    assert_eq!(filtered(&places, "place", "within", json!({ "lat": 31.2397, "lng": 121.4998, "metres": 1000 })), [1]);
    let left = rows("contact", "left_company", &[json!(true), json!(false), Value::Null]);
    assert_eq!(filtered(&left, "left_company", "is", json!(false)), [2]);
    assert_eq!(filtered(&left, "left_company", "is_not", json!(true)), [2, 3]);
}

#[test]
fn related_records_are_counted_in_both_directions_and_through_each_other() {
    let account = |n, grade: &str| testing::row("account", id(n), &[("grade", json!(grade))]);
    let contact = |n, of| testing::row("contact", id(n), &[("account", json!(id(of)))]);
    let visit = |n, of, with: &[u128]| {
        let with: Vec<Id> = with.iter().copied().map(id).collect();
        testing::row("follow_up", id(n), &[("account", json!(id(of))), ("channel", json!("visit")), ("contacts", json!(with))])
    };
    let rows = [
        account(1, "a"),
        account(2, "b"),
        account(3, "a"),
        contact(11, 1),
        contact(12, 2),
        visit(21, 1, &[11, 12]),
        visit(22, 1, &[]),
    ];
    let visits = |times| Filter::referred("follow_up", "account", times, Filter::field("channel", Operator::Is, "visit"));
    let accounts = |filter| found(&rows, &Query::of("account").filter(filter));
    assert_eq!(accounts(visits(Times::Some)), [1]);
    assert_eq!(accounts(visits(Times::None)), [2, 3]);
    assert_eq!(accounts(visits(Times::Exactly(2))), [1]);
    assert_eq!(accounts(visits(Times::AtMost(1))), [2, 3]);
    assert_eq!(accounts(Filter::Not(Box::new(visits(Times::AtLeast(3))))), [1, 2, 3]);

    let of_grade_a = Filter::refers("account", Times::Some, Filter::field("grade", Operator::Is, "a"));
    assert_eq!(found(&rows, &Query::of("contact").filter(of_grade_a.clone())), [11]);
    let with_both = Filter::refers("contacts", Times::AtLeast(2), Filter::default());
    assert_eq!(found(&rows, &Query::of("follow_up").filter(with_both)), [21]);
    // Visits in which a contact of an account graded A took part.
    let deep = Filter::refers("contacts", Times::Some, of_grade_a);
    assert_eq!(found(&rows, &Query::of("follow_up").filter(deep)), [21]);
    assert_eq!(
        found(&rows, &Query::of("contact").filter(Filter::referred("follow_up", "contacts", Times::Some, Filter::default()))),
        [11, 12]
    );
}

#[test]
fn sorting_goes_by_several_fields_with_nothing_last() {
    let row = |n, stage: Value, name: &str| {
        testing::row("account", id(n), &[("stage", stage), ("name", json!(name)), ("owner", json!(id(50 + n % 2)))])
    };
    let member = |n, name: &str| testing::row("member", id(n), &[("name", json!(name))]);
    let mut rows = vec![
        row(1, json!("lost"), "b"),
        row(2, json!("potential"), "B"),
        row(3, Value::Null, "a"),
        row(4, json!("potential"), "a"),
    ];
    let mut query = Query::of("account").sort("stage").sort("name");
    assert_eq!(found(&rows, &query), [4, 2, 1, 3], "choices in the order of their options");
    query.sort[0].descending = true;
    assert_eq!(found(&rows, &query), [1, 4, 2, 3], "nothing is last both ways");
    rows.extend([member(50, "Zoe"), member(51, "adam")]);
    assert_eq!(found(&rows, &Query::of("account").sort("owner")), [1, 3, 2, 4], "a reference by the name of whom it names");
    let limited = Query { limit: Some(2), ..Query::of("account").sort("name") };
    assert_eq!(run(&rows, &limited), Answer::Records { ids: vec![id(3), id(4)], total: 4 });
}

#[test]
fn money_is_summed_per_currency_and_never_across() {
    let row = |n, stage: &str, revenue: &str| {
        let money = crate::types::Money::new();
        let value = crate::types::FieldRules::parse(&money, revenue).unwrap();
        testing::row("account", id(n), &[("stage", json!(stage)), ("annual_revenue", value)])
    };
    let rows = [row(1, "lost", "1 TWD"), row(2, "lost", "2 CNY"), row(3, "lost", "3.01 CNY"), row(4, "potential", "")];
    let query = [Function::Sum, Function::Avg, Function::Max]
        .into_iter()
        .fold(Query::of("account"), |query, of| query.show(of, Some("annual_revenue")));
    let query = query.show(Function::Count, None).group("stage", None, true);
    let Answer::Groups { groups, total } = run(&rows, &query) else { panic!() };
    assert_eq!((groups.len(), total), (5, 5), "every stage, though most are empty");
    let money = |list: &[(i64, &str)]| {
        let money =
            |(minor, currency): &(i64, &str)| crate::types::MoneyValue { minor: *minor, currency: (*currency).to_owned() };
        Total::Money(list.iter().map(money).collect())
    };
    let lost = groups.iter().find(|group| group.keys == [json!("lost")]).unwrap();
    let sums = [
        money(&[(501, "CNY"), (100, "TWD")]),
        money(&[(251, "CNY"), (100, "TWD")]),
        money(&[(301, "CNY"), (100, "TWD")]),
        Total::Count(3),
    ];
    assert_eq!(lost.totals, sums);
    assert_eq!(groups[0].totals, [Total::Nothing, Total::Nothing, Total::Nothing, Total::Count(1)]);
}

#[test]
fn groups_by_buckets_sets_and_two_fields() {
    let row = |n, at: &str, channel: &str| {
        testing::row("follow_up", id(n), &[("done_at", json!(parse_instant(at).unwrap())), ("channel", json!(channel))])
    };
    // In Shanghai the second is on Monday, 30 November.
    let rows =
        [row(1, "2026-11-24T01:00:00Z", "visit"), row(2, "2026-11-29T16:00:00Z", "call"), row(3, "2026-12-14T00:00:00Z", "call")];
    let counted = |unit, empty| Query::of("follow_up").group("done_at", Some(unit), empty).show(Function::Count, None);
    let keys = |query: &Query| match run(&rows, query) {
        Answer::Groups { groups, .. } => {
            groups.iter().map(|group| (group.keys.clone(), group.totals[0].clone())).collect::<Vec<_>>()
        }
        records => panic!("{records:?}"),
    };
    let week = |day: &str, count| (vec![json!(day)], Total::Count(count));
    assert_eq!(keys(&counted(Unit::Week, false)), [week("2026-11-23", 1), week("2026-11-30", 1), week("2026-12-14", 1)]);
    assert_eq!(keys(&counted(Unit::Week, true))[2], week("2026-12-07", 0));
    assert_eq!(keys(&counted(Unit::Quarter, true)), [week("2026-10-01", 3)]);
    let both = keys(&counted(Unit::Month, false).group("channel", None, false));
    assert_eq!(both.last(), Some(&(vec![json!("2026-12-01"), json!("call")], Total::Count(1))));
    assert_eq!(both.len(), 3);

    let tagged = [json!(["a", "b"]), json!(["b"]), Value::Null]
        .iter()
        .enumerate()
        .map(|(n, tags)| testing::row("account", id(n as u128), &[("tags", tags.clone())]))
        .collect::<Vec<_>>();
    let Answer::Groups { groups, .. } =
        run(&tagged, &Query::of("account").group("tags", None, false).show(Function::Count, None))
    else {
        panic!()
    };
    let counts: Vec<_> = groups.iter().map(|group| (group.keys[0].clone(), group.totals[0].clone())).collect();
    assert_eq!(counts, [(json!("a"), Total::Count(1)), (json!("b"), Total::Count(2)), (Value::Null, Total::Count(1))]);
}

#[test]
fn without_records_a_figure_is_still_a_figure_and_groups_are_none() {
    let number = Query::of("account").show(Function::Count, None).show(Function::Sum, Some("employees"));
    let totals = vec![Total::Count(0), Total::Nothing];
    assert_eq!(run(&[], &number), Answer::Groups { groups: vec![Group { keys: vec![], totals }], total: 1 });
    assert_eq!(run(&[], &number.group("stage", None, false)), Answer::Groups { groups: vec![], total: 0 });
}

#[test]
fn deleted_records_are_not_found_and_a_count_needs_no_order() {
    let mut rows = rows("account", "name", &["a".into(), "b".into()]);
    rows[0].deleted = Some(crate::row::Deleted { seen: rows[0].clocks(), clock: testing::clock(1, 1), by: ME });
    let query = Query::of("account").sort("name");
    assert_eq!(found(&rows, &query), [2]);
    let context = context();
    assert_eq!(memory::count(&compile(&query, &context).unwrap(), &rows.iter().collect::<ByKind>()), 1);
}

#[test]
fn any_question_is_stored_and_answered() {
    let random = &mut testing::Random::new(7);
    let rows = super::testing::territory(random, &SCHEMA, &ZONE, context().now_ms);
    let source: ByKind = rows.iter().collect();
    for _ in 0..300 {
        let query = super::testing::query(random, &context());
        assert_eq!(Query::from_json(&serde_json::to_value(&query).unwrap()), Ok(query.clone()));
        let context = context();
        let plan = compile(&query, &context).unwrap();
        let (Answer::Records { total, .. } | Answer::Groups { total, .. }) = memory::answer(&plan, &source);
        assert!(query.is_grouped() || memory::count(&plan, &source) == total, "{query:?}");
    }
}

#[test]
fn my_team_is_who_is_with_me_and_whom_i_manage() {
    let (me, mate, report, other) = (id(1), id(2), id(3), id(4));
    let (ours, mine) = (id(10), id(11));
    let people = [(me, Some(ours)), (mate, Some(ours)), (report, Some(mine)), (other, None)];
    let team = team_of(me, people, [(ours, Some(other)), (mine, Some(me))]);
    assert_eq!(team, [mate, report, me]);
    assert_eq!(team_of(other, people, [(ours, Some(other))]), [me, mate, other]);
}
