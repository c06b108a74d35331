//! What the server decides about a push, rule by rule; whole runs are in the simulation.

mod claims;
mod gated;

use super::*;
use crate::{
    hub::memory::MemoryHub,
    records::{self, Account, FollowUp, Notice},
    testing::{account, clock, id, member, op, set, team},
    wire::SyncRequest,
};
use serde_json::json;

const ANN: u128 = 1;
const BOB: u128 = 2;
const MANAGER: u128 = 3;
const ACCOUNT: u128 = 100;

fn hub() -> MemoryHub {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    hub.seed([
        team(id(9), id(MANAGER)),
        member(id(ANN), "rep", Some(id(9))),
        member(id(BOB), "rep", Some(id(9))),
        member(id(MANAGER), "manager", None),
    ]);
    hub.seed([account(id(ACCOUNT), "明珠贸易", id(ANN))]);
    hub
}

/// Pushes one act of a member on the account or a follow-up; each member has one device of the same number.
fn push(hub: &mut MemoryHub, who: u128, n: u64, base_seq: u64, kind: &str, record: u128, act: Act) -> Outcome {
    let op = op(id(who), n, id(who), base_seq, kind, id(record), act);
    let request = SyncRequest {
        device: id(who),
        feed_epoch: 0,
        schema: Schema::VERSION,
        cursor: Some(format!(r#"{{"base":{base_seq},"stage":"idle"}}"#)),
        ops: vec![serde_json::to_value(op).unwrap()],
        settled_n: 0,
        pending: 1,
        device_time: 0,
        ..SyncRequest::default()
    };
    let answer = hub.sync(id(who), 1_000_000, &request).unwrap();
    answer.acks.into_iter().next().expect("an ack").outcome
}

fn notices(hub: &MemoryHub, recipient: u128) -> Vec<String> {
    let of = |row: &&Row| row.kind == Notice::KIND && row.reference("recipient") == Some(id(recipient));
    hub.rows.values().filter(of).map(|row| row.text("reason").to_owned()).collect()
}

#[test]
fn an_edit_of_what_its_author_had_seen_is_no_conflict() {
    let mut hub = hub();
    assert_eq!(push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("industry", "a", clock(10, ANN))), Outcome::Applied);
    let seen = hub.seq;
    assert_eq!(
        push(&mut hub, MANAGER, 1, seen, Account::KIND, ACCOUNT, set("industry", "b", clock(20, MANAGER))),
        Outcome::Applied
    );
    assert!(notices(&hub, ANN).is_empty());
}

#[test]
fn an_unseen_edit_is_a_conflict_for_both_whoever_wins() {
    for (ms, kept) in [(20, "b"), (5, "a")] {
        let mut hub = hub();
        push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("industry", "a", clock(10, ANN)));
        assert_eq!(
            push(&mut hub, MANAGER, 1, 2, Account::KIND, ACCOUNT, set("industry", "b", clock(ms, MANAGER))),
            Outcome::Merged
        );
        assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), kept);
        assert_eq!((notices(&hub, ANN), notices(&hub, MANAGER)), (vec!["conflict".to_owned()], vec!["conflict".to_owned()]));
        assert_eq!(hub.history.iter().filter(|entry| entry.lost).count(), 1);
    }
}

#[test]
fn a_device_cannot_claim_to_have_seen_what_it_was_not_given() {
    let mut hub = hub();
    push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("industry", "a", clock(10, ANN)));
    let mut op = op(id(MANAGER), 1, id(MANAGER), 1_000, Account::KIND, id(ACCOUNT), set("industry", "b", clock(20, MANAGER)));
    op.base_seq = u64::MAX / 2;
    let request = SyncRequest {
        device: id(MANAGER),
        feed_epoch: 0,
        schema: Schema::VERSION,
        cursor: None,
        ops: vec![json!(op)],
        settled_n: 0,
        pending: 0,
        device_time: 0,
        ..SyncRequest::default()
    };
    let answer = hub.sync(id(MANAGER), 1_000_000, &request).unwrap();
    assert_eq!(answer.acks[0].outcome, Outcome::Merged);
}

#[test]
fn both_owners_set_at_once_are_told_and_their_manager_too() {
    let mut hub = hub();
    push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("collaborators_note", "x", clock(1, ANN)));
    push(&mut hub, ANN, 2, 2, Account::KIND, ACCOUNT, set("owner", json!(id(BOB)), clock(10, ANN)));
    let schema = records::schema();
    assert!(needs_people(&[json!({ "writes": [{ "kind": "account", "act": "set", "field": "owner" }] })], &schema));
    push(&mut hub, MANAGER, 1, 2, Account::KIND, ACCOUNT, set("owner", json!(id(MANAGER)), clock(20, MANAGER)));
    assert_eq!((notices(&hub, ANN).len(), notices(&hub, MANAGER).len()), (1, 1));
}

#[test]
fn numbers_must_be_dense_and_the_expected_one_is_said() {
    let mut hub = hub();
    let op = op(id(ANN), 5, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", "a", clock(10, ANN)));
    let request = SyncRequest {
        device: id(ANN),
        feed_epoch: 0,
        schema: Schema::VERSION,
        cursor: None,
        ops: vec![json!(op)],
        settled_n: 0,
        pending: 1,
        device_time: 0,
        ..SyncRequest::default()
    };
    let answer = hub.sync(id(ANN), 0, &request).unwrap();
    assert_eq!((answer.acks.len(), answer.expected_n), (0, Some(1)));
}

#[test]
fn an_op_is_taken_whole_or_not_at_all() {
    let mut hub = hub();
    let mut two = op(id(ANN), 1, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", "a", clock(10, ANN)));
    two.writes.push(Write { kind: Account::KIND.into(), id: id(ACCOUNT), act: set("employees", "many", clock(10, ANN)) });
    let request = SyncRequest {
        device: id(ANN),
        feed_epoch: 0,
        schema: Schema::VERSION,
        cursor: None,
        ops: vec![json!(two)],
        settled_n: 0,
        pending: 1,
        device_time: 0,
        ..SyncRequest::default()
    };
    let answer = hub.sync(id(ANN), 1_000_000, &request).unwrap();
    assert!(
        matches!(&answer.acks[0].outcome, Outcome::Rejected { code, field, .. } if code == "not_a_whole_number" && field.as_deref() == Some("employees"))
    );
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "");
}

#[test]
fn a_reschedule_that_had_not_seen_the_completion_becomes_a_follow_up() {
    let mut hub = hub();
    push(&mut hub, ANN, 1, 2, FollowUp::KIND, 200, Act::Create { clock: clock(5, ANN) });
    push(&mut hub, ANN, 2, 2, FollowUp::KIND, 200, set("account", json!(id(ACCOUNT)), clock(6, ANN)));
    push(&mut hub, ANN, 3, 2, FollowUp::KIND, 200, set("due", "2026-12-01", clock(7, ANN)));
    let seen = hub.seq;
    push(&mut hub, MANAGER, 1, seen, FollowUp::KIND, 200, set("due", "2026-12-09", clock(8, MANAGER)));
    assert_eq!(push(&mut hub, ANN, 4, seen, FollowUp::KIND, 200, set("done_at", 99, clock(9, ANN))), Outcome::Merged);
    let open: Vec<&Row> = hub.rows.values().filter(|row| row.kind == FollowUp::KIND && row.get("done_at").is_none()).collect();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].text("due"), open[0].reference("previous")), ("2026-12-09", Some(id(200))));
}

#[test]
fn a_clock_far_ahead_is_moved_back_but_not_before_what_its_device_wrote_earlier() {
    let (now, mut hub) = (1_000_000, hub());
    // A little ahead, which is tolerated; then a year ahead.
    push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("industry", "a", clock(now + 100_000, ANN)));
    push(&mut hub, ANN, 2, 2, Account::KIND, ACCOUNT, set("industry", "b", clock(now + 31_536_000_000, ANN)));
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "b");
    assert!(hub.rows[&id(ACCOUNT)].cells["industry"].clock.ms <= now + TOLERANCE_MS);
    // Without anything before, it is as late as the server.
    push(&mut hub, MANAGER, 1, 2, Account::KIND, ACCOUNT, set("source", "c", clock(now + 31_536_000_000, MANAGER)));
    assert_eq!(hub.rows[&id(ACCOUNT)].cells["source"].clock.ms, now);
}

/// Found by simulation: the second would have been moved onto the very clock of the first.
#[test]
fn what_is_moved_back_comes_after_what_its_device_wrote_within_the_tolerance() {
    let (now, mut hub) = (1_000_000, hub());
    let of = |n, value: &str, ms| op(id(ANN), n, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", value, clock(ms, ANN)));
    let ops = [("first", 110_000), ("second", 220_000), ("third", 270_000)];
    let ops = (1..).zip(ops).map(|(n, (value, ahead))| json!(of(n, value, now + ahead))).collect();
    let request = SyncRequest { device: id(ANN), schema: 1, ops, pending: 3, ..SyncRequest::default() };
    hub.sync(id(ANN), now, &request).unwrap();
    let written: Vec<(i64, &str)> = hub
        .history
        .iter()
        .map(|entry| (entry.clock.ms, entry.value.as_str().unwrap_or_default()))
        .filter(|(ms, _)| *ms > 0)
        .collect();
    assert_eq!(written, [(now + 110_000, "first"), (now + 110_001, "second"), (now + 110_002, "third")]);
}

#[test]
fn a_clock_set_twice_keeps_the_order_of_what_was_written_between() {
    let (now, mut hub) = (1_000_000, hub());
    push(&mut hub, ANN, 1, 2, Account::KIND, ACCOUNT, set("industry", "a", clock(now, ANN)));
    let of = |n, value: &str, ms| op(id(ANN), n, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", value, clock(ms, ANN)));
    let ops = vec![json!(of(2, "an hour ahead", now + 3_600_000)), json!(of(3, "a year ahead", now + 31_536_000_000))];
    let request = SyncRequest {
        device: id(ANN),
        feed_epoch: 0,
        schema: Schema::VERSION,
        cursor: None,
        ops,
        settled_n: 1,
        pending: 2,
        ..SyncRequest::default()
    };
    let answer = hub.sync(id(ANN), now + 1_000, &request).unwrap();
    let (hour, year) = (999 - 3_600_000, 1_000 - 31_536_000_000);
    assert_eq!(answer.shifted_ms, Some(year));
    assert_eq!(answer.told_shifts(), [(now + 3_600_000, hour), (now + 31_536_000_000, year)]);
    let written: Vec<(i64, &str)> = hub
        .history
        .iter()
        .map(|entry| (entry.clock.ms, entry.value.as_str().unwrap_or_default()))
        .filter(|(ms, _)| *ms > 0)
        .collect();
    assert_eq!(written, [(now, "a"), (now + 999, "an hour ahead"), (now + 1_000, "a year ahead")]);
}

#[test]
fn a_clock_ahead_keeps_its_order_also_where_the_first_edit_was_taken_from_a_copy_of_the_device() {
    let (now, mut hub) = (1_000_000, hub());
    let of = |device, n, value: &str, ms| {
        op(id(device), n, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", value, clock(ms, device)))
    };
    let send = |hub: &mut MemoryHub, device, ops: Vec<Op>, now| {
        let ops = ops.into_iter().map(|op| json!(op)).collect();
        let request = SyncRequest { device: id(device), schema: Schema::VERSION, ops, ..SyncRequest::default() };
        hub.sync(id(ANN), now, &request).unwrap();
    };
    let first = of(50, 1, "first", now + 86_400_000);
    send(&mut hub, 50, vec![first.clone()], now);
    let again = Op { op_id: first.op_id, ..of(51, 1, "first", now + 86_400_000) };
    let (second, third) = (of(51, 2, "second", now + 86_400_001), of(51, 3, "third", now + 86_500_000));
    send(&mut hub, 51, vec![again, second, third], now + 1_000);
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "third");
    let of_value = |value: &str| hub.history.iter().find(|entry| entry.value == value).unwrap().clock.ms;
    assert!(of_value("first") < of_value("second") && of_value("second") < of_value("third"));
}

#[test]
fn what_a_copy_of_the_device_sent_with_its_clock_put_right_was_seen_by_who_made_it() {
    let (now, mut hub, day) = (1_000_000, hub(), 86_400_000);
    let send = |hub: &mut MemoryHub, device, ops: Vec<Op>, now| {
        let ops = ops.into_iter().map(|op| json!(op)).collect();
        let request = SyncRequest { device: id(device), schema: Schema::VERSION, ops, ..SyncRequest::default() };
        hub.sync(id(ANN), now, &request).unwrap()
    };
    let of = |device, n, act| op(id(device), n, id(ANN), 2, Account::KIND, id(ACCOUNT), act);
    let edit = |device, ms| of(device, 1, set("industry", "steel", clock(ms, 50)));
    // The copy learned by how much its clock is ahead, the server was restored to what it was before, and the copy sends again.
    send(&mut hub, 50, vec![edit(50, now)], now);
    // The device itself knows nothing of that and deletes what it edited.
    let mut seen = hub.rows[&id(ACCOUNT)].clocks();
    seen.insert("industry".to_owned(), clock(now + day, 50));
    let again = Op { op_id: edit(50, now).op_id, ..edit(51, now + day) };
    let delete = of(51, 2, Act::Delete { seen, clock: clock(now + day + 1_000, 50) });
    let answer = send(&mut hub, 51, vec![again, delete], now + 3_000);
    assert_eq!(answer.acks[0].clock_ms, Some(now), "how the first one was taken");
    assert!(!hub.rows[&id(ACCOUNT)].is_alive());
}

#[test]
fn where_a_clock_was_put_is_told_the_same_again_and_what_follows_comes_after_it() {
    let (now, mut hub, hour) = (1_000_000, hub(), 3_600_000);
    let of = |n, value: &str, ms| op(id(ANN), n, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", value, clock(ms, ANN)));
    let mut send = |ops: &[Op], at| {
        let ops = ops.iter().map(|op| json!(op)).collect();
        let request = SyncRequest { device: id(ANN), schema: Schema::VERSION, ops, ..SyncRequest::default() };
        let answer = hub.sync(id(ANN), at, &request).unwrap();
        (answer.acks.iter().map(|ack| ack.clock_ms).collect::<Vec<_>>(), answer.shifted_ms)
    };
    let (first, second) = (of(1, "first", now + hour), of(2, "second", now + hour + 1_000));
    assert_eq!(send(std::slice::from_ref(&first), now), (vec![Some(now)], Some(-hour)));
    let ten_later = now + 10_000;
    assert_eq!(send(std::slice::from_ref(&first), ten_later), (vec![Some(now)], None));
    let by = ten_later - (now + hour + 1_000);
    assert_eq!(send(&[first, second], ten_later), (vec![Some(now), Some(ten_later)], Some(by)));
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "second");
}

/// What becomes of ops that a new device of Ann's sends.
fn outcomes(hub: &mut MemoryHub, device: u128, ops: &[Value]) -> Vec<Outcome> {
    outcomes_of(hub, ANN, device, ops)
}

fn outcomes_of(hub: &mut MemoryHub, who: u128, device: u128, ops: &[Value]) -> Vec<Outcome> {
    let request = SyncRequest { device: id(device), schema: Schema::VERSION, ops: ops.to_vec(), ..SyncRequest::default() };
    hub.sync(id(who), 1_000_000, &request).unwrap().acks.into_iter().map(|ack| ack.outcome).collect()
}

#[test]
fn an_id_that_is_known_stands_for_what_came_under_it_and_nothing_else() {
    let mut hub = hub();
    let of = |device, n, value: &str| {
        let op = op(id(device), n, id(ANN), 2, Account::KIND, id(ACCOUNT), set("industry", value, clock(10, device)));
        json!(Op { op_id: id(50), ..op })
    };
    assert_eq!(outcomes(&mut hub, 7, &[of(7, 1, "a")]), [Outcome::Applied]);
    let again = [of(8, 1, "b"), of(8, 2, "a")];
    for _ in 0..2 {
        let [refused, known] = &outcomes(&mut hub, 8, &again)[..] else { panic!("two acks") };
        assert!(bears_anothers_id(refused), "{refused:?}");
        assert_eq!(known, &Outcome::Applied);
    }
    assert_eq!(outcomes(&mut hub, 9, &[of(9, 1, "a")]), [Outcome::Applied], "what was refused stands for nothing");
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "a");
}

#[test]
fn what_a_newer_app_sent_is_known_again_under_another_device() {
    let mut hub = hub();
    let of = |device: u128, n: u64| json!({ "op_id": id(50), "device": id(device), "n": n, "command": "of tomorrow" });
    let parked = Outcome::Parked { reason: UNKNOWN_OPERATION.to_owned() };
    for device in [7, 8] {
        assert_eq!(outcomes(&mut hub, device, &[of(device, 1)]), std::slice::from_ref(&parked));
    }
}
