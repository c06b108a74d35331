//! What a device with a territory does natively, the database in memory: `cargo bench -p store --bench territory` prints
//! milliseconds for S (5,000 accounts and 20,000 follow-ups) and L (ten times as many), the best of five, and what is held.

use domain::{
    Id, Row, Value,
    records::{Account, FollowUp, schema},
    row::Created,
    testing::{clock, id, op, row, set},
    wire::SyncAnswer,
};
use futures::executor::block_on;
use serde_json::json;
use std::{sync::Arc, time::Instant};
use store::{Absorbed, Index, Local, Pulled, Search, View, memory::Memory};

/// How often each thing is measured: the best counts.
const TIMES: usize = 5;

/// What was measured, in milliseconds, each thing once in the order of its first time.
#[derive(Default)]
struct Table(Vec<(&'static str, f64)>);

impl Table {
    fn measure<T>(&mut self, what: &'static str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let answer = work();
        self.note(what, began.elapsed().as_secs_f64() * 1e3);
        answer
    }

    fn note(&mut self, what: &'static str, ms: f64) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, least)) => *least = least.min(ms),
            None => self.0.push((what, ms)),
        }
    }
}

fn main() {
    for accounts in [5_000, 50_000] {
        println!("{accounts:>6} accounts and {} follow-ups, in ms, the best of {TIMES}", 4 * accounts);
        let mut table = Table::default();
        let local = loaded(accounts, |_| {});
        let (mut held, mut all) = (0, 0);
        for _ in 0..TIMES {
            let before = resident();
            let whole = Instant::now();
            let mut start = table.measure("asking the database", || block_on(local.start()).expect("a start"));
            let (mut longest, began) = (0_f64, Instant::now());
            loop {
                let turn = Instant::now();
                let done = start.read(1);
                longest = longest.max(turn.elapsed().as_secs_f64() * 1e3);
                if done {
                    break;
                }
            }
            table.note("reading the pages", began.elapsed().as_secs_f64() * 1e3);
            table.note("reading a page, the longest", longest);
            let (mut view, mut index) = table.measure("the view", || start.shown());
            let found = table.measure("the list of accounts", || index.rows(&view, Account::KIND).len());
            assert_eq!(found, accounts as usize);
            let due = |row: &Row| !row.has("done_at") && row.text("due") < "2026-11-24" && row.reference("assigned_to").is_none();
            let rows = index.rows(&view, FollowUp::KIND);
            assert!(table.measure("the number due", || rows.iter().filter(|row| due(row)).count()) > 0);
            drop(rows);
            table.note("START TO FIRST LIST AND NUMBER DUE", whole.elapsed().as_secs_f64() * 1e3);
            held = held.max(resident().saturating_sub(before));
            table.measure("what refers to what", || index.prepare(&view, FollowUp::KIND, "account", usize::MAX));
            table.measure("a hundred timelines of accounts", || {
                for n in 0..100 {
                    let rows = index.referring(&view, FollowUp::KIND, "account", id(7 + n));
                    assert_eq!(rows.iter().filter(|row| row.get("text").is_some()).count(), 4);
                }
            });
            let mut names: Vec<(String, Id)> = Vec::new();
            table.measure("accounts by name", || {
                names = index.rows(&view, Account::KIND).iter().map(|row| (row.text("name").to_owned(), row.id)).collect();
                names.sort();
            });
            let change =
                |n: u64| op(id(3), n, id(2), 0, FollowUp::KIND, id(1_000_007), set("purpose", "visit", clock(n as i64, 3)));
            let mut save = |what, n| {
                table.measure(what, || {
                    let touched = view.add(change(n));
                    index.touch(&view, &touched)
                })
            };
            save("a save shown, the first", 1);
            save("a save shown, later", 2);
            let mut search = Search::new(Arc::default(), &schema());
            search.touch(view.rows().map(|row| row.id));
            table.measure("reading all for the search", || while !search.read(&view, &schema(), id(2), 5_000) {});
            all = all.max(resident().saturating_sub(before));
        }
        for _ in 0..TIMES {
            load(accounts, &mut table);
        }
        table.0.iter().for_each(|(what, ms)| println!("{ms:>10.1}  {what}"));
        println!("{held:>10} MB held at the first list, {all} with what refers to what and the search");
    }
}

/// Megabytes of this process in memory, where the system says.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or_default() / 1024
}

/// A first load: what the device does with the server's answers.
fn load(accounts: u128, table: &mut Table) {
    let (mut view, mut index, mut longest, mut sum) = (View::default(), Index::default(), 0_f64, [0.0; 3]);
    index.rows(&view, Account::KIND);
    loaded(accounts, |(times, absorbed)| {
        let began = Instant::now();
        let touched = view.pulled(absorbed.rows, &absorbed.removed, absorbed.settled);
        index.touch(&view, &touched);
        let shown = began.elapsed().as_secs_f64() * 1e3;
        let [read, stored] = times;
        longest = longest.max(stored + shown);
        (0..3).for_each(|at| sum[at] += [read, stored, shown][at]);
    });
    for (what, ms) in
        ["first load: reading the answers", "first load: storing the rows", "first load: showing them"].into_iter().zip(sum)
    {
        table.note(what, ms);
    }
    table.note("first load: storing and showing a pull of 500, the longest", longest);
}

/// A device that has loaded the territory. Of each pull is told how many milliseconds reading and storing it took, and what
/// came of it.
fn loaded(accounts: u128, mut pulled: impl FnMut(([f64; 2], Absorbed))) -> Local<Memory> {
    let local = block_on(Local::open(Memory::new(), id(1), id(2), id(3))).expect("a new database");
    for first in (0..5 * accounts).step_by(500) {
        let rows = (first..first + 500).map(|n| if n < accounts { account(n) } else { follow_up(n - accounts, accounts) });
        let text = serde_json::to_string(&json!({
            "acks": [], "rows": rows.collect::<Vec<_>>(), "removed": [], "cursor": "c", "more": false,
            "server_time": 0, "feed_epoch": 0
        }));
        let (text, began) = (text.expect("an answer"), Instant::now());
        let mut answer: SyncAnswer = domain::json::parse(&text).expect("an answer");
        let read = began.elapsed().as_secs_f64() * 1e3;
        let from = block_on(local.meta()).expect("the meta").cursor;
        let page = Pulled { from, rows: std::mem::take(&mut answer.rows), ..Pulled::default() };
        let began = Instant::now();
        let absorbed = block_on(local.absorb(id(3), &answer, Some(&page), 0)).expect("a page taken in");
        pulled(([read, began.elapsed().as_secs_f64() * 1e3], absorbed));
    }
    local
}

fn account(n: u128) -> Row {
    let phones = json!([{ "label": "office", "value": format!("+86 10 {n:08}") }]);
    let fields = [
        ("name", json!(format!("上海明珠贸易有限公司 {n}"))),
        ("stage", json!("customer")),
        ("grade", json!("a")),
        ("industry", json!("trade")),
        ("owner", json!(id(2))),
        ("address", json!({ "city": "上海", "street": format!("南京路 {n} 号") })),
        ("phones", phones),
    ];
    made(Account::KIND, id(n), n, &fields)
}

fn follow_up(n: u128, accounts: u128) -> Row {
    let day = n % 28 + 1;
    let fields = [
        ("account", json!(id(n % accounts))),
        ("channel", json!("visit")),
        ("text", json!(format!("Talked about the next order and the terms of delivery, asked for a sample. {n}"))),
        ("purpose", json!("offer")),
        ("due", json!(format!("2026-11-{day:02}"))),
        ("done_at", if n.is_multiple_of(2) { json!(1_795_000_000_000_u64 + n as u64) } else { Value::Null }),
    ];
    made(FollowUp::KIND, id(1_000_000 + n), n, &fields)
}

fn made(kind: &str, record: Id, n: u128, fields: &[(&str, Value)]) -> Row {
    let mut row = row(kind, record, fields);
    let at = clock(1_790_000_000_000 + n as i64, 3);
    row.created = Some(Created { first: at, by: id(2), last: at });
    row.cells.values_mut().for_each(|cell| (cell.clock, cell.actor, cell.seq) = (at, id(2), n as u64));
    row.seq = n as u64;
    row
}
