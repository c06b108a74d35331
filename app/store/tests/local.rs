//! Ops as they are kept: several at once, each once whatever becomes of the answer, and where the server put their clocks.

use domain::{
    Clock, Id,
    change::{Act, Op, Outcome, Write},
    testing::id,
    wire::{Ack, SyncAnswer},
};
use futures::executor::block_on;
use serde_json::json;
use store::{
    Local, StoreError,
    memory::{Fault, Memory},
};

fn local(memory: &Memory) -> Local<Memory> {
    block_on(Local::open(memory.clone(), id(1), id(2), id(3))).unwrap()
}

fn actions(count: u128) -> Vec<(Id, Vec<Write>)> {
    let stage = || Act::Set { field: "stage".into(), value: json!("customer"), clock: Clock::ZERO };
    (0..count).map(|n| (id(100 + n), vec![Write { kind: "account".into(), id: id(500 + n), act: stage() }])).collect()
}

fn outbox(local: &Local<Memory>) -> Vec<Op> {
    block_on(local.outbox()).unwrap().into_iter().map(|entry| entry.op).collect()
}

#[test]
fn each_is_an_op_with_a_number_of_its_own_in_the_order_given() {
    let memory = Memory::new();
    let local = local(&memory);
    block_on(local.act(id(99), actions(1).remove(0).1, 4)).unwrap();
    let ops = block_on(local.act_all(actions(3), 5)).unwrap();
    assert_eq!(ops.iter().map(|op| (op.n, op.op_id)).collect::<Vec<_>>(), [(2, id(100)), (3, id(101)), (4, id(102))]);
    assert_eq!(outbox(&local)[1..], ops);
    // Records may turn out to be one, and then the order of the ops decides.
    assert!(outbox(&local).windows(2).all(|pair| pair[0].clock() < pair[1].clock()), "{ops:#?}");
    assert_eq!(block_on(local.act_all(Vec::new(), 6)).unwrap(), []);
    assert_eq!(block_on(local.act(id(98), actions(1).remove(0).1, 4)).unwrap().n, 5);
}

#[test]
fn all_are_stored_or_none() {
    let memory = Memory::new();
    let local = local(&memory);
    memory.fail_next(Fault::Quota);
    assert_eq!(block_on(local.act_all(actions(3), 5)), Err(StoreError::Quota));
    assert_eq!(outbox(&local), []);
}

#[test]
fn asked_again_after_a_lost_answer_nothing_is_twice() {
    let memory = Memory::new();
    let local = local(&memory);
    memory.fail_next(Fault::AnswerLost);
    assert_eq!(block_on(local.act_all(actions(3), 5)), Err(StoreError::Lost));
    let stored = outbox(&local);
    assert_eq!(stored.len(), 3);
    assert_eq!(block_on(local.act_all(actions(3), 5)).unwrap(), stored);
    assert_eq!(outbox(&local), stored);
}

#[test]
fn a_clock_is_where_the_server_put_it_however_often_and_late_it_says_so() {
    let memory = Memory::new();
    let local = local(&memory);
    let (now, hour) = (10_000_000, 3_600_000);
    let written = block_on(local.act(id(100), actions(1).remove(0).1, now + hour)).unwrap();
    let seen = [("stage".to_owned(), written.clock())].into();
    let delete = Write { kind: "account".into(), id: id(500), act: Act::Delete { clock: Clock::ZERO, seen } };
    block_on(local.act(id(101), vec![delete], now + hour + 5)).unwrap();
    // The first answer, at `now`, was lost; this one is of ten seconds later.
    let ack = Ack { n: 1, op_id: id(100), seq: 7, clock_ms: Some(now), outcome: Outcome::Applied };
    let answer = SyncAnswer { acks: vec![ack], server_time: now + 10_000, ..SyncAnswer::default() };
    for _ in 0..2 {
        block_on(local.absorb(id(3), &answer, None, now + hour + 10_000)).unwrap();
        let ops = outbox(&local);
        assert_eq!(ops[0].clock(), Clock { ms: now, ..written.clock() });
        let Act::Delete { seen, .. } = &ops[1].writes[0].act else { panic!("{ops:#?}") };
        assert_eq!(seen["stage"], ops[0].clock());
        assert!(ops[1].clock() > ops[0].clock());
    }
}
