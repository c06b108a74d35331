//! Gates: asked again by the server, because what held on the device may hold no longer.

use super::*;
use crate::testing::row;

fn lost(n: u64) -> Act {
    set("stage", "lost", clock(n as i64, ANN))
}

fn waits_for_the_reason() -> Outcome {
    Outcome::Parked { reason: gates::reason("lost_reason") }
}

#[test]
fn an_account_is_lost_only_with_a_reason() {
    let mut hub = hub();
    assert_eq!(push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, lost(10)), waits_for_the_reason());
    assert_eq!(hub.rows[&id(ACCOUNT)].text("stage"), "");
    assert_eq!(notices(&hub, MANAGER), ["parked"], "nothing is dropped: somebody decides");
    let mut both = op(id(ANN), 2, id(ANN), 2, Account::KIND, id(ACCOUNT), lost(11));
    let why = set("lost_reason", "price", clock(12, ANN));
    both.writes.push(Write { kind: Account::KIND.into(), id: id(ACCOUNT), act: why });
    assert_eq!(outcomes(&mut hub, ANN, &[json!(both)]), [Outcome::Applied]);
}

#[test]
fn a_gate_that_held_on_the_device_and_holds_no_longer_parks_the_op() {
    let mut hub = hub();
    push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("lost_reason", "price", clock(10, ANN)));
    let seen = hub.seq;
    push(&mut hub, MANAGER, 1, seen, Account::KIND, ACCOUNT, set("lost_reason", Value::Null, clock(20, MANAGER)));
    assert_eq!(push(&mut hub, ANN, 2, seen, Account::KIND, ACCOUNT, lost(30)), waits_for_the_reason());
    let seen = hub.seq;
    push(&mut hub, MANAGER, 2, seen, Account::KIND, ACCOUNT, set("lost_reason", "closed down", clock(40, MANAGER)));
    assert_eq!(push(&mut hub, ANN, 3, seen, Account::KIND, ACCOUNT, lost(50)), Outcome::Applied);
    let cleared = set("lost_reason", Value::Null, clock(60, MANAGER));
    let seen = hub.seq;
    assert_eq!(push(&mut hub, MANAGER, 3, seen, Account::KIND, ACCOUNT, cleared), waits_for_the_reason());
}

#[test]
fn what_an_import_left_closed_holds_nobody_up() {
    let mut hub = hub();
    let fields = [("name", json!("旧客户")), ("stage", json!("lost")), ("owner", json!(id(ANN)))];
    hub.seed([row(Account::KIND, id(101), &fields)]);
    let seen = hub.seq;
    assert_eq!(push(&mut hub, ANN, 1, seen, Account::KIND, 101, set("industry", "retail", clock(10, ANN))), Outcome::Applied);
}
