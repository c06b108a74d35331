//! How long questions over a large territory take in memory, and how long of that nobody else gets a turn:
//! `cargo run --release -p domain --example query_speed`.

use domain::{
    Row, Schema, Value,
    query::{Context, Filter, Function, Operator, Plan, Query, compile, memory, ready},
    records::schema,
    testing::{Random, id, row},
    time::{DAY_MS, Unit, Zone},
};
use serde_json::json;
use std::{
    cell::Cell,
    pin::pin,
    task::{self, Waker},
    time::Instant,
};

const ACCOUNTS: usize = 50_000;
const FOLLOW_UPS: usize = 200_000;
const NOW: i64 = 1_795_482_000_000;

fn territory(random: &mut Random) -> Vec<Row> {
    let stages = ["potential", "engaged", "customer", "lost", "closed"];
    let account = |n: usize, random: &mut Random| {
        let currency = ["CNY", "TWD"][random.below(2)];
        let fields: [(&str, Value); 6] = [
            ("name", json!(format!("上海明珠贸易 {}", random.below(ACCOUNTS)))),
            ("stage", json!(stages[random.below(5)])),
            ("grade", json!(["a", "b", "c", "d"][random.below(4)])),
            ("owner", json!(id(random.below(50) as u128 + 1))),
            ("annual_revenue", json!({ "minor": random.below(1_000_000), "currency": currency })),
            ("address", json!({ "region": "江苏省", "city": format!("{}市", random.below(200)), "street": "中山路 1 号" })),
        ];
        row("account", id(1_000_000 + n as u128), &fields)
    };
    let follow_up = |n: usize, random: &mut Random| {
        let fields: [(&str, Value); 4] = [
            ("account", json!(id(1_000_000 + random.below(ACCOUNTS) as u128))),
            ("channel", json!(["visit", "call", "message"][random.below(3)])),
            ("due", json!("2026-11-24")),
            ("done_at", json!(NOW - random.below(400) as i64 * DAY_MS)),
        ];
        row("follow_up", id(9_000_000 + n as u128), &fields)
    };
    let mut rows: Vec<Row> = (0..ACCOUNTS).map(|n| account(n, random)).collect();
    rows.extend((0..FOLLOW_UPS).map(|n| follow_up(n, random)));
    rows
}

fn main() {
    let (schema, zone): (Schema, Zone) = (schema(), Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] });
    let rows = territory(&mut Random::new(1));
    let source: memory::ByKind = rows.iter().collect();
    let context = Context { schema: &schema, zone: &zone, now_ms: NOW, me: id(1), team: vec![id(1), id(2)] };
    let accounts = || Query::of("account");
    let by_stage = accounts().group("stage", None, true).show(Function::Sum, Some("annual_revenue"));
    let neglected = ready::all().into_iter().find(|ready| ready.id == "not_contacted_30").map(|ready| ready.query);
    let visits = Query::of("follow_up").group("done_at", Some(Unit::Week), true).group("channel", None, false);
    let of_grade_a = Filter::refers("account", domain::query::Times::Some, Filter::field("grade", Operator::Is, "a"));
    let questions = [
        ("value by stage, 50,000", by_stage),
        ("not contacted for 30 days, 50,000 / 200,000", neglected.unwrap_or_else(accounts)),
        ("follow-ups by week and channel, 200,000", visits.show(Function::Count, None)),
        ("follow-ups of accounts graded A, 50,000 / 200,000", Query::of("follow_up").filter(of_grade_a)),
        (
            "name contains, sorted by stage and name, 50,000",
            accounts().filter(Filter::field("name", Operator::Contains, "明珠贸易 1")).sort("stage").sort("name"),
        ),
        ("all sorted by name, 50,000", accounts().sort("name")),
        ("counted by name, 50,000", accounts().group("name", None, false).show(Function::Count, None)),
    ];
    for (name, query) in questions {
        let plan = match compile(&query, &context) {
            Ok(plan) => plan,
            Err(faults) => return println!("{faults:?}"),
        };
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(memory::answer(&plan, &source));
                start.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{:>8.1} ms, {:>5.1} ms of it at once  {name}", times[times.len() / 2], longest_turn(&plan, &source));
    }
}

/// The longest time between two places at which the engine would rest, milliseconds.
fn longest_turn(plan: &Plan, source: &memory::ByKind) -> f64 {
    let (last, longest) = (Cell::new(Instant::now()), Cell::new(0f64));
    let turn = || longest.set(longest.get().max(last.replace(Instant::now()).elapsed().as_secs_f64() * 1000.0));
    let mut rest = || {
        turn();
        None
    };
    let answered = pin!(memory::answer_in_turns(plan, source, &mut rest)).poll(&mut task::Context::from_waker(Waker::noop()));
    std::hint::black_box(answered.is_ready());
    turn();
    longest.get()
}
