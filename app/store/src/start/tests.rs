use super::*;
use crate::{Absorbed, Change, Pulled, memory::Memory};
use domain::{
    Value,
    change::{Act, Write},
    merging::MERGED_INTO,
    row::Deleted,
    testing::{Random, clock, id, row},
    wire::SyncAnswer,
};
use futures::executor::block_on;
use serde_json::json;
use std::collections::BTreeSet;

fn opened(backend: Memory) -> Local<Memory> {
    block_on(Local::open(backend, id(1), id(2), id(3))).unwrap()
}

fn any_row(random: &mut Random, n: u128) -> Row {
    let account = json!(id(random.below(20) as u128));
    let mut made = match n {
        0..20 if random.chance(10) => row("account", id(n), &[(MERGED_INTO, account)]),
        0..20 => row("account", id(n), &[("name", json!(format!("华联 {n}")))]),
        _ => row("contact", id(n), &[("account", account)]),
    };
    if random.chance(10) {
        made.deleted = Some(Deleted { seen: made.clocks(), clock: clock(9, 1), by: id(2) });
    }
    made.seq = random.draw() % 1_000;
    made
}

fn pull(local: &Local<Memory>, rows: Vec<Row>, removed: Vec<Id>) -> Absorbed {
    let answer: SyncAnswer = serde_json::from_value(json!({
        "acks": [], "rows": [], "removed": [], "cursor": "c", "more": false, "server_time": 0, "feed_epoch": 0
    }))
    .unwrap();
    let (from, explained) = (block_on(local.meta()).unwrap().cursor, removed.len() as u64);
    let pulled = Pulled { from, rows, removed, explained, complete: true };
    block_on(local.absorb(id(3), &answer, Some(&pulled), 0)).unwrap()
}

fn all(view: &View) -> Vec<Row> {
    let mut rows: Vec<Row> = view.rows().map(|row| Row::clone(row)).collect();
    rows.sort_by_key(|row| row.id);
    rows
}

fn listed(view: &View, index: &mut Index, kind: &str) -> BTreeSet<(Id, u64, Option<Id>)> {
    index.rows(view, kind).iter().map(|row| (row.id, row.seq, row.reference("account"))).collect()
}

/// Page by page, over whatever pulls left and with work waiting, it is what the whole database says, and so are the lists.
#[test]
fn what_is_read_page_by_page_is_the_whole() {
    for seed in 0..30 {
        let mut random = Random::new(seed);
        let local = opened(Memory::new());
        for _ in 0..12 {
            let many = if random.chance(20) { 1_500 } else { 40 };
            let changed: BTreeSet<u128> = (0..random.below(many)).map(|_| random.below(1_200) as u128).collect();
            let rows: Vec<Row> = changed.into_iter().map(|n| any_row(&mut random, n)).collect();
            let removed = (0..random.below(3)).map(|_| id(2_000 - random.below(1_990) as u128)).collect();
            pull(&local, rows, removed);
        }
        for n in 0..random.below(4) as u128 {
            let (kind, field) = if n == 0 { ("account", "name") } else { ("contact", "account") };
            let act = Act::Set { field: field.to_owned(), value: Value::Null, clock: clock(0, 0) };
            let record = id(if n == 0 { 1 } else { 20 + random.below(1_300) as u128 });
            block_on(local.act(id(9_000 + n), vec![Write { kind: kind.to_owned(), id: record, act }], 50)).unwrap();
        }
        let whole = block_on(local.snapshot()).unwrap();
        let expected = View::new(whole.base, whole.outbox.into_iter().map(|entry| entry.op));
        let mut start = block_on(local.start()).unwrap();
        while !start.read(1) {}
        let (view, mut index) = start.shown();
        assert_eq!((all(&view), view.waiting()), (all(&expected), expected.waiting()), "seed {seed}");
        for kind in ["account", "contact", "none"] {
            let made_anew = listed(&expected, &mut Index::default(), kind);
            assert_eq!(listed(&view, &mut index, kind), made_anew, "seed {seed}");
        }
    }
}

/// Another tab may merge pages between the two questions of a start: the ranges asked for are the whole table all the same.
#[test]
fn ranges_are_the_whole_table() {
    let local = opened(Memory::new());
    let mut random = Random::new(1);
    pull(&local, (0..9_500).map(|n| any_row(&mut random, n)).collect(), Vec::new());
    let pages = block_on(local.pages()).unwrap();
    let before = block_on(local.backend().read(&[Read::all(Table::Base)])).unwrap().concat();
    for known in [pages, Pages::default()] {
        for every in [1, 2, 3, 100] {
            assert_eq!(block_on(local.backend().read(&known.ranges(every))).unwrap().concat(), before);
        }
    }
}

#[test]
fn a_page_of_an_earlier_app_is_written_anew_once_and_says_the_same() {
    let backend = Memory::new();
    let local = opened(backend.clone());
    let text = r#"{"names":["account","name"],"clocks":["000000000005-0000-00000000000000000000000000000001"],
        "members":["00000000-0000-0000-0000-000000000002"],"rows":[{"i":"00000000-0000-0000-0000-000000000007","k":0,"s":3,
        "+":[0,0,0],"c":[[1,"Acme",0,0,3]]}],"removed":["00000000-0000-0000-0000-000000000008"]}"#;
    let single = row("account", id(6), &[("name", json!("single"))]);
    let put = |table, key: &str, text: &str| Change::put(table, key, text);
    let changes = vec![
        put(Table::Base, &id(6).to_string(), &serde_json::to_string(&single).unwrap()),
        put(Table::Base, "p000000000000", text),
        put(Table::Meta, "pages", "[[0,2]]"),
    ];
    block_on(backend.transact(&[], |_| Ok((changes.clone(), ())))).unwrap();
    let read = || {
        let mut start = block_on(local.start()).unwrap();
        while !start.read(1) {}
        let (earlier, damaged) = start.to_renew();
        assert!(damaged.is_empty());
        (earlier, all(&start.shown().0))
    };
    let (earlier, rows) = read();
    assert_eq!((earlier.clone(), rows.len()), (vec!["p000000000000".to_owned()], 2));
    for key in earlier.iter().chain(&earlier) {
        block_on(local.renew(key)).unwrap();
    }
    assert_eq!(read(), (Vec::new(), rows));
    block_on(local.renew("p000000000009")).unwrap();
}

#[test]
fn what_is_damaged_is_told_until_it_is_mended() {
    let backend = Memory::new();
    let local = opened(backend.clone());
    let named = |n: u128| row("account", id(n), &[("name", json!(format!("华联 {n}")))]);
    pull(&local, (0..2_500).map(named).collect(), Vec::new());
    let pages = block_on(backend.read(&[Read::all(Table::Base)])).unwrap().concat();
    assert_eq!(pages.len(), 3);
    let damaged = |page: &(String, String), n: u128| {
        let (right, wrong) = (format!("华联 {n}\""), format!("华联 {}\"", n + 1));
        Change::put(Table::Base, page.0.as_str(), page.1.replacen(&right, &wrong, 1))
    };
    let changes = vec![damaged(&pages[0], 7), Change::delete(Table::Base, pages[1].0.as_str()), damaged(&pages[2], 2_007)];
    block_on(backend.transact(&[], |_| Ok((changes.clone(), ())))).unwrap();
    let read = || {
        let mut start = block_on(local.start()).unwrap();
        while !start.read(2) {}
        let (earlier, damaged) = start.to_renew();
        assert!(earlier.is_empty());
        (damaged, all(&start.shown().0))
    };
    let (damaged, left) = read();
    assert_eq!(damaged, [2, 0, 1].map(|at: usize| pages[at].0.as_str()));
    let is_lost = |n: &u128| [7, 2_007].contains(n) || (1_000..2_000).contains(n);
    let rows = (0..2_500).filter(|n| !is_lost(n)).map(named).collect::<Vec<_>>();
    assert_eq!(left, rows, "missing, and never something else");
    assert_eq!(block_on(local.digest()).unwrap().1.len(), rows.len(), "and so a comparison finds it");
    let others = 3_000..3_500;
    pull(&local, others.clone().map(named).collect(), Vec::new());
    pull(&local, Vec::new(), others.map(id).collect());
    assert_eq!(read(), (damaged.clone(), rows), "nothing is merged into what is damaged");
    let missing: Vec<Row> = (0..2_500).filter(is_lost).map(named).collect();
    block_on(local.mend(&Some("c".to_owned()), &missing, &[])).unwrap();
    assert_eq!(read().0.len(), 3, "until the pages are written anew");
    damaged.iter().for_each(|key| block_on(local.renew(key)).unwrap());
    assert_eq!(read(), (Vec::new(), (0..2_500).map(named).collect()));
}
