//! Registers, sets and deletes merge alike in every order and however often: all permutations of up to six writes, drawn
//! from few clocks so that ties happen.

use domain::{
    Clock, Id, Row, Value,
    change::{Act, Op},
    testing::{id, op},
};
use proptest::prelude::*;
use serde_json::json;

fn clocks() -> impl Strategy<Value = Clock> {
    (1..4i64, 0..2u16, 1..3u128).prop_map(|(ms, counter, device)| Clock { ms, counter, device: id(device) })
}

fn values() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![json!("a"), json!("b"), Value::Null])
}

fn acts() -> impl Strategy<Value = Act> {
    let field = || prop::sample::select(vec!["name", "grade"]).prop_map(str::to_owned);
    let tag = || prop::sample::select(vec![json!("x"), json!("y")]);
    let seen = prop::collection::vec(
        (1..7u64).prop_map(|n| op(id(1), n, Id::nil(), 0, "", Id::nil(), Act::Create { clock: Clock::ZERO }).op_id),
        0..3,
    );
    prop_oneof![
        3 => (field(), values(), clocks()).prop_map(|(field, value, clock)| Act::Set { field, value, clock }),
        2 => (tag(), clocks()).prop_map(|(element, clock)| Act::Add { field: "tags".into(), element, clock }),
        2 => (tag(), clocks(), seen).prop_map(|(element, clock, seen)| Act::Remove { field: "tags".into(), element, clock, seen }),
        1 => clocks().prop_map(|clock| Act::Create { clock }),
        1 => (prop::collection::btree_map(prop::sample::select(vec!["name", "grade", "tags", "$created"]).prop_map(str::to_owned), clocks(), 0..4), clocks())
            .prop_map(|(seen, clock)| Act::Delete { clock, seen }),
    ]
}

fn apply(order: &[usize], ops: &[Op]) -> Row {
    let mut row = Row::new("account", id(9));
    for at in order {
        row.apply(&ops[*at], &ops[*at].writes[0].act, 1);
    }
    row
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    shorter.iter().flat_map(|order| (0..count).map(|at| [&order[..at], &[count - 1], &order[at..]].concat())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_order_gives_one_row(acts in prop::collection::vec(acts(), 1..=6)) {
        let ops: Vec<Op> = acts.into_iter().enumerate().map(|(at, act)| op(id(1), at as u64 + 1, id(3), 0, "account", id(9), act)).collect();
        let expected = apply(&(0..ops.len()).collect::<Vec<_>>(), &ops);
        for order in permutations(ops.len()) {
            prop_assert_eq!(&apply(&order, &ops), &expected, "in the order {:?}", order);
        }
    }

    #[test]
    fn twice_is_once(acts in prop::collection::vec(acts(), 1..=6)) {
        let ops: Vec<Op> = acts.into_iter().enumerate().map(|(at, act)| op(id(1), at as u64 + 1, id(3), 0, "account", id(9), act)).collect();
        let once: Vec<usize> = (0..ops.len()).collect();
        let twice: Vec<usize> = once.iter().chain(&once).copied().collect();
        prop_assert_eq!(apply(&twice, &ops), apply(&once, &ops));
    }

    #[test]
    fn rows_survive_the_wire(acts in prop::collection::vec(acts(), 1..=6)) {
        let ops: Vec<Op> = acts.into_iter().enumerate().map(|(at, act)| op(id(1), at as u64 + 1, id(3), 0, "account", id(9), act)).collect();
        let row = apply(&(0..ops.len()).collect::<Vec<_>>(), &ops);
        let text = serde_json::to_string(&row).unwrap();
        prop_assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
    }
}

#[test]
fn an_addition_that_the_remover_had_not_seen_survives() {
    let mut row = Row::new("account", id(9));
    let add = |n, device| {
        op(
            id(device),
            n,
            id(3),
            0,
            "account",
            id(9),
            Act::Add { field: "tags".into(), element: json!("x"), clock: Clock { ms: 1, counter: 0, device: id(device) } },
        )
    };
    let (seen, unseen) = (add(1, 1), add(1, 2));
    let clock = Clock { ms: 9, counter: 0, device: id(1) };
    let remove = op(
        id(1),
        2,
        id(3),
        0,
        "account",
        id(9),
        Act::Remove { field: "tags".into(), element: json!("x"), clock, seen: vec![seen.op_id] },
    );
    for op in [&seen, &remove] {
        row.apply(op, &op.writes[0].act, 1);
    }
    assert_eq!(row.value("tags"), Value::Null);
    row.apply(&unseen, &unseen.writes[0].act, 1);
    assert_eq!(row.value("tags"), json!(["x"]));
}

#[test]
fn a_record_lives_again_by_an_edit_its_deleter_had_not_seen() {
    let clock = |ms, device| Clock { ms, counter: 0, device: id(device) };
    let write = |act| op(id(1), 1, id(3), 0, "account", id(9), act);
    let mut row = Row::new("account", id(9));
    let create = write(Act::Create { clock: clock(1, 1) });
    row.apply(&create, &create.writes[0].act, 1);
    let delete = write(Act::Delete { clock: clock(2, 1), seen: row.clocks() });
    row.apply(&delete, &delete.writes[0].act, 1);
    assert!(!row.is_alive());
    let edit = write(Act::Set { field: "name".into(), value: json!("A"), clock: clock(1, 2) });
    row.apply(&edit, &edit.writes[0].act, 1);
    assert!(row.is_alive());
}
