use super::*;
use crate::{Pulled, memory::Memory};
use domain::{
    Clock, Row, Value,
    change::Write,
    testing::{account, id, set},
    wire::SyncAnswer,
};
use futures::executor::block_on;
use serde_json::json;

const FIRST: u128 = 7;

type Happening = fn(&Local<Memory>);

fn opened() -> Local<Memory> {
    block_on(Local::open(Memory::new(), id(1), id(2), id(3))).unwrap()
}

fn still() -> Still {
    Still { site: "1a2b".into(), lang: "en".into(), from: 0, until: 1, html: "<p>华联</p>".into() }
}

fn draw(local: &Local<Memory>) {
    block_on(local.begin_still(id(FIRST))).unwrap();
    assert!(block_on(local.keep_still(id(FIRST), &still())).unwrap());
}

fn kept(local: &Local<Memory>) -> Option<String> {
    let found = block_on(local.backend().read(&[Read::get(Table::Meta, KEY)])).unwrap();
    value(&found[0]).map(str::to_owned)
}

fn is_kept(local: &Local<Memory>) -> bool {
    kept(local) == Some(text_of(&still()))
}

fn act(local: &Local<Memory>, n: u128) {
    let write = Write { kind: "account".into(), id: id(n), act: set("name", "华联", Clock::ZERO) };
    block_on(local.act(id(n), vec![write], 1)).unwrap();
}

fn answer(local: &Local<Memory>, rows: Vec<Row>, acks: Value) {
    let answer: SyncAnswer = serde_json::from_value(json!({
        "acks": acks, "rows": [], "removed": [], "cursor": "c", "more": false, "server_time": 0, "feed_epoch": 0
    }))
    .unwrap();
    let from = block_on(local.meta()).unwrap().cursor;
    let pulled = Pulled { from, rows, complete: true, ..Pulled::default() };
    block_on(local.absorb(id(3), &answer, Some(&pulled), 5)).unwrap();
}

#[test]
fn whatever_changes_what_is_shown_takes_it_away() {
    let changes: [(&str, Happening); 6] = [
        ("a save", |local| act(local, 21)),
        ("rows that came", |local| answer(local, vec![account(id(9), "Acme", id(2))], json!([]))),
        ("an op that was not taken", |local| {
            let refused =
                json!([{ "n": 1, "op_id": id(20), "seq": 0, "outcome": "rejected", "code": "forbidden", "message": "" }]);
            answer(local, Vec::new(), refused);
        }),
        ("its end", |local| block_on(local.resolve_attention(id(20))).unwrap()),
        ("another device", |local| _ = block_on(local.fork(id(3), id(4), None)).unwrap()),
        ("a comparison", |local| {
            let cursor = block_on(local.meta()).unwrap().cursor;
            block_on(local.mend(&cursor, &[account(id(8), "Bolt", id(2))], &[])).unwrap();
        }),
    ];
    let local = opened();
    act(&local, 20);
    for (name, change) in changes {
        draw(&local);
        assert!(is_kept(&local), "{name}");
        change(&local);
        assert_eq!(kept(&local), None, "{name}");
    }
}

#[test]
fn what_changes_nothing_that_is_shown_leaves_it() {
    let local = opened();
    answer(&local, vec![account(id(9), "Acme", id(2))], json!([]));
    draw(&local);
    answer(&local, Vec::new(), json!([]));
    block_on(local.keep_draft("log", Some("{}".into()))).unwrap();
    block_on(local.reset()).unwrap();
    assert!(is_kept(&local));
}

#[test]
fn what_was_drawn_while_something_happened_is_not_kept() {
    let local = opened();
    block_on(local.begin_still(id(FIRST))).unwrap();
    act(&local, 20);
    assert!(!block_on(local.keep_still(id(FIRST), &still())).unwrap());
    // Another tab began later: only its own is kept.
    block_on(local.begin_still(id(FIRST))).unwrap();
    block_on(local.begin_still(id(8))).unwrap();
    assert!(!block_on(local.keep_still(id(FIRST), &still())).unwrap());
    assert_eq!(kept(&local), None);
    assert!(block_on(local.keep_still(id(8), &still())).unwrap());
    // It is kept once, and stays while the next one is drawn.
    assert!(!block_on(local.keep_still(id(8), &still())).unwrap());
    block_on(local.begin_still(id(9))).unwrap();
    assert!(is_kept(&local));
}
