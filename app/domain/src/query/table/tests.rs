use super::*;
use crate::{
    query::{
        Function, Query, compile, memory,
        tests::{SCHEMA, context},
    },
    testing::{id, row},
    time::Unit,
};
use serde_json::json;

fn table(rows: &[crate::Row], query: &Query, lang: Lang) -> (Vec<String>, Vec<Vec<Cell>>) {
    let context = context();
    let plan = compile(query, &context).unwrap();
    let answer = memory::answer(&plan, &rows.iter().collect::<memory::ByKind>());
    let columns = Columns::of(&SCHEMA, query, &answer, lang).unwrap();
    let title = |id: Id| rows.iter().find(|row| row.id == id).map(|row| row.text("name").to_owned()).unwrap_or_default();
    let words = Words { lang, zone: context.zone, title: &title };
    let cells = match &answer {
        Answer::Records { ids, .. } => {
            let of = |id: &Id| rows.iter().find(|row| row.id == *id).unwrap();
            ids.iter().map(|id| columns.record(&|name| value_of(plan.kind, of(id), name), &words)).collect()
        }
        Answer::Groups { groups, .. } => groups.iter().map(|group| columns.group(group, &words)).collect(),
    };
    (columns.heads().map(str::to_owned).collect(), cells)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn number(number: &str) -> Cell {
    Cell::Number(number.into())
}

#[test]
fn records_show_words_numbers_and_names() {
    let owner = row("member", id(9), &[("name", json!("陈伟"))]);
    let account = row(
        "account",
        id(1),
        &[
            ("name", json!("明珠")),
            ("stage", json!("customer")),
            ("owner", json!(id(9))),
            ("annual_revenue", json!({ "minor": -120_050, "currency": "CNY" })),
            ("address", json!({ "city": "上海" })),
            ("tags", json!(["a", "b"])),
            ("employees", json!(7)),
        ],
    );
    let mut query = Query::of("account");
    query.columns = ["name", "stage", "owner", "annual_revenue", "address.city", "tags", "employees"].map(str::to_owned).to_vec();
    let (heads, cells) = table(&[owner, account], &query, Lang::ZhCn);
    assert_eq!(heads[3..6], ["年营收", "年营收 · 币种", "地址 · 城市"].map(str::to_owned));
    let expected =
        [text("明珠"), text("成交客户"), text("陈伟"), number("-1200.5"), text("CNY"), text("上海"), text("a、b"), number("7")];
    assert_eq!((cells[0][0].clone(), cells[0][2..].to_vec()), (expected[0].clone(), expected[2..].to_vec()));
    assert!(matches!(&cells[0][1], Cell::Text(stage) if !stage.is_ascii()));
}

#[test]
fn a_row_says_what_a_question_calls_by_name() {
    let mut made = row("contact", id(1), &[("birthday", json!("1980-12-23")), ("name", json!({ "family": "王" }))]);
    let kind = SCHEMA.kind("contact").unwrap();
    let of = |row: &crate::Row, name: &str| value_of(kind, row, name);
    assert_eq!([of(&made, "birthday.day_of_year"), of(&made, "name.family")], [json!("12-23"), json!("王")]);
    assert_eq!(
        [of(&made, "$created_at"), of(&made, "$created_by"), of(&made, "nothing")],
        [Value::Null, Value::Null, Value::Null]
    );
    let clock = crate::testing::clock(5, 1);
    made.created = Some(crate::row::Created { first: clock, by: id(9), last: clock });
    assert_eq!([of(&made, "$created_at"), of(&made, "$created_by")], [json!(5), json!(id(9))]);
}

#[test]
fn without_columns_of_its_own_a_question_shows_what_its_kind_lists() {
    for kind in &SCHEMA.kinds {
        let names = shown(kind, &Query::of(&kind.name));
        assert_eq!(names.first().map(String::as_str), Some(kind.title.as_ref()));
        assert!(names.iter().all(|name| Field::find(kind, name).is_some()));
        assert!(showable(kind).contains(&kind.title.to_string()));
    }
}

#[test]
fn groups_show_keys_and_figures_and_money_a_column_per_currency() {
    let account = |n, stage: Value, minor: i64, currency: &str| {
        row("account", id(n), &[("stage", stage), ("annual_revenue", json!({ "minor": minor, "currency": currency }))])
    };
    let rows = [account(1, json!("lost"), 500, "CNY"), account(2, json!("lost"), 7, "JPY"), account(3, Value::Null, 1, "CNY")];
    let query =
        Query::of("account").group("stage", None, false).show(Function::Count, None).show(Function::Sum, Some("annual_revenue"));
    let (heads, cells) = table(&rows, &query, Lang::En);
    assert_eq!(heads, ["Stage", "Count", "Annual revenue · Sum · CNY", "Annual revenue · Sum · JPY"]);
    assert_eq!(
        cells,
        [
            vec![text("Lost"), number("2"), number("5"), number("7")],
            vec![Cell::Nothing, number("1"), number("0.01"), Cell::Nothing],
        ]
    );
}

#[test]
fn buckets_show_their_first_day_and_extremes_their_moment() {
    let done = row("follow_up", id(1), &[("done_at", json!(1_795_482_000_000i64))]);
    let query = Query::of("follow_up").group("done_at", Some(Unit::Month), false).show(Function::Max, Some("done_at"));
    let (_, cells) = table(&[done], &query, Lang::En);
    assert_eq!(cells, [vec![Cell::Time("2026-11-01".into()), Cell::Time("2026-11-24T09:00".into())]]);
}
