//! Filters as they are typed find the records that the same question, asked of the query engine, finds.

use domain::{
    Row, Schema,
    query::{Context, Query, compile, memory},
    records::schema,
    search::{Han, Typed, Word, also_called, lower},
    testing::{id, row},
    time::Zone,
};
use serde_json::json;
use std::sync::LazyLock;

static HAN: LazyLock<Han> = LazyLock::new(|| Han::read(&han::table()).unwrap());
static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);
/// 24 November 2026 in Shanghai.
const NOW: i64 = 1_795_482_000_000;

fn territory() -> Vec<Row> {
    let account = |n: u128, name: &str, stage: &str, grade: &str, owner: u128| {
        let fields = [
            ("name", json!(name)),
            ("stage", json!(stage)),
            ("grade", json!(grade)),
            ("owner", json!(id(owner))),
            ("employees", json!(n * 100)),
        ];
        row("account", id(n), &fields)
    };
    let follow_up = |n: u128, account: u128, due: &str, done: Option<i64>| {
        row(
            "follow_up",
            id(n),
            &[("account", json!(id(account))), ("due", json!(due)), ("done_at", json!(done)), ("channel", json!("visit"))],
        )
    };
    let member = |n: u128, name: &str| row("member", id(n), &[("name", json!(name)), ("team", json!(id(80)))]);
    vec![
        account(1, "上海明珠", "customer", "a", 71),
        account(2, "北京明珠", "potential", "b", 71),
        account(3, "Acme", "customer", "b", 72),
        follow_up(21, 1, "2026-11-20", None),
        follow_up(22, 1, "2026-11-10", Some(NOW)),
        follow_up(23, 2, "2026-11-24", None),
        follow_up(24, 3, "2026-11-30", None),
        member(71, "王芳"),
        member(72, "John Smith"),
        row(
            "contact",
            id(41),
            &[("account", json!(id(3))), ("decision_role", json!("decision_maker")), ("left_company", json!(true))],
        ),
    ]
}

/// What passes the filters, as `account 1 2, follow_up 21`.
fn found(text: &str) -> String {
    let rows = territory();
    let source: memory::ByKind = rows.iter().collect();
    let zone = Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] };
    let context = Context { schema: &SCHEMA, zone: &zone, now_ms: NOW, me: id(71), team: vec![id(71), id(72)] };
    let typed = Typed::read(&HAN, &SCHEMA, text);
    assert!(typed.words.is_empty() && !typed.filters.is_empty(), "{text} is {typed:?}");
    let of_kind = |kind: &domain::KindSpec| {
        let filter = lower(&SCHEMA, kind, &typed.filters, zone.day(NOW))?;
        let plan = compile(&Query::of(&kind.name).filter(filter), &context).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let mut ids: Vec<u128> = memory::passing(&plan, &source).iter().map(|id| id.as_u128()).collect();
        ids.sort_unstable();
        let ids = ids.iter().map(|id| format!(" {id}")).collect::<String>();
        (!ids.is_empty()).then(|| format!("{}{ids}", kind.name))
    };
    SCHEMA.kinds.iter().filter_map(of_kind).collect::<Vec<_>>().join(", ")
}

#[test]
fn filters_find_what_they_say() {
    for (text, expected) in [
        ("stage:customer kind:account", "account 1 3"),
        ("stage:cust kind:account", "account 1 3"),
        ("阶段:成交客户 kind:account", "account 1 3"),
        ("階段:潛在 kind:客戶", "account 2"),
        ("Stage:Customer Kind:Account", "account 1 3"),
        ("-stage:customer kind:account", "account 2"),
        ("stage:!customer kind:account", "account 2"),
        ("stage:customer,potential kind:account", "account 1 2 3"),
        ("阶段\u{ff1a}成交客户 kind:account", "account 1 3"),
        ("owner:me kind:account", "account 1 2"),
        ("负责人:我 kind:account", "account 1 2"),
        ("owner:team kind:account", "account 1 2 3"),
        ("owner:smith kind:account", "account 3"),
        ("owner:\"john smith\" kind:account", "account 3"),
        ("employees:>100 kind:account", "account 2 3"),
        ("employees:>=200 employees:<300 kind:account", "account 2"),
        ("name:明珠 grade:b", "account 2, follow_up 23"),
        ("due:<today kind:follow_up", "follow_up 21"),
        ("due:today kind:follow_up", "follow_up 23"),
        ("due:今天 kind:跟进", "follow_up 23"),
        ("due:>today kind:follow_up", "follow_up 24"),
        ("due:<=today kind:follow_up", "follow_up 21 23"),
        ("due:>=today kind:follow_up", "follow_up 23 24"),
        ("due:overdue kind:follow_up", "follow_up 21"),
        ("due:7d kind:follow_up", "follow_up 23 24"),
        ("due:2026-11 kind:follow_up", "follow_up 21 23 24"),
        ("due:2026-11-30 kind:follow_up", "follow_up 24"),
        ("due:本周 kind:follow_up", "follow_up 23"),
        ("done_at:7d kind:follow_up", "follow_up 22"),
        ("done_at:any kind:follow_up", "follow_up 22"),
        ("doneat:none kind:follow_up", "follow_up 21 23 24"),
        ("left_company:yes kind:contact", "contact 41"),
        // Through the account, and of the account through what belongs to it.
        ("stage:customer owner:me due:<today", "account 1, follow_up 21"),
        ("决策角色:决策人", "account 3, contact 41"),
        ("grade:a", "account 1, follow_up 21 22"),
        ("stage:nonsense", ""),
        ("due:nonsense", ""),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_filter_is_words() {
    let read = |text: &str| {
        let typed = Typed::read(&HAN, &SCHEMA, text);
        (typed.words.iter().map(Word::text).collect::<Vec<_>>().join("|"), typed.filters.len())
    };
    for (text, words, filters) in [
        ("明珠 stage:customer 贸易", "明珠|贸易", 1),
        ("10:30 http://acme.cn", "10:30|http://acme.cn", 0),
        ("stage: 明珠", "明珠", 0),
        ("stage:", "", 0),
        ("阶段:成交客户", "", 1),
        (":x", ":x", 0),
        ("-", "-", 0),
        ("\"a b\" c", "a b|c", 0),
        ("\"unfinished phrase", "unfinished phrase", 0),
        ("+86 138 0013 8000", "800138000", 0),
        ("明珠\u{3000}贸易", "明珠|贸易", 0),
        ("   ", "", 0),
        ("a b c d e f g h i j", "a|b|c|d|e|f|g|h", 0),
    ] {
        assert_eq!(read(text), (words.to_owned(), filters), "{text}");
    }
}

#[test]
fn places_are_found_by_what_else_people_call_them() {
    let places = |text: &str| also_called(&HAN, &Typed::read(&HAN, &SCHEMA, text).words);
    for (text, place) in [
        ("customers", ""),
        ("customer", "account"),
        ("顾客", "account"),
        ("顧客", "account"),
        ("公用客戶池", "account"),
        ("撞单", "account"),
        ("打卡", "log"),
        ("dk", "log"),
        ("跟進紀錄", "log"),
        ("签到", "log"),
        ("check-in", "log"),
        ("聯絡人", "contact"),
        ("lxr", "contact"),
        ("匯出", "sync"),
        ("待傳送", "sync"),
        ("設定", "settings"),
        ("sz", "settings"),
        ("shezhi", "settings"),
        ("簽核", "decisions"),
        ("使用者", "member"),
        ("報表", "saved_query"),
        ("行程", "today"),
        ("new account", "new_account"),
        ("xyzzy", ""),
    ] {
        assert_eq!(places(text).first().copied().unwrap_or_default(), place, "{text}");
    }
    assert!(places("").is_empty());
}

#[test]
fn a_filter_says_its_field_in_the_language_of_the_reader() {
    let typed = Typed::read(&HAN, &SCHEMA, "stage:customer");
    assert_eq!(typed.filters[0].shown(&SCHEMA, domain::Lang::ZhCn), "阶段: customer");
    assert_eq!(typed.filters[0].typed, "stage:customer");
}
