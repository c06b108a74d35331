//! Nothing pending is lost and nothing deleted comes back, however long a device was away.

use super::*;
use crate::{
    change::{Act, Op, Outcome},
    hub::{
        memory::MemoryHub,
        tests::{ACCOUNT, Device, MANAGER, NOW, REP, company},
    },
    records::{Account, FollowUp},
    row::Deleted,
    testing::{clock, id, op, row, set},
};
use serde_json::json;

const DOOMED: u128 = 30;

fn by(device: &Device, who: u128, n: u64, base_seq: u64, kind: &str, record: u128, act: Act) -> Op {
    op(device.id, n, id(who), base_seq, kind, id(record), act)
}

fn tombstone(kind: &str, record: u128) -> Row {
    let mut dead = row(kind, id(record), &[]);
    dead.deleted = Some(Deleted { seen: dead.clocks(), clock: clock(1, MANAGER), by: id(MANAGER) });
    dead
}

/// A rep's device that knows a follow-up which the manager then deletes; the server forgets it.
fn away_for_long() -> (MemoryHub, Device, Device) {
    let mut hub = company();
    let fields = [("account", json!(id(ACCOUNT))), ("due", json!("2026-12-01"))];
    hub.seed([row(FollowUp::KIND, id(DOOMED), &fields)]);
    let (mut rep, mut manager) = (Device::of(REP), Device::of(MANAGER));
    rep.sync(&mut hub, Vec::new());
    manager.sync(&mut hub, Vec::new());
    let delete = Act::Delete { clock: clock(NOW, MANAGER), seen: hub.rows[&id(DOOMED)].clocks() };
    let delete = by(&manager, MANAGER, 1, 2, FollowUp::KIND, DOOMED, delete);
    manager.sync(&mut hub, vec![delete]);
    let horizon = hub.seq;
    hub.prune(horizon);
    (hub, rep, manager)
}

#[test]
fn only_tombstones_up_to_the_horizon_are_forgotten() {
    let (hub, _, _) = away_for_long();
    assert!(!hub.rows.contains_key(&id(DOOMED)) && hub.rows.contains_key(&id(ACCOUNT)));
    assert_eq!((hub.floor, hub.forgotten.len()), (hub.seq, 1));
    let (alive, dead) = (row(Account::KIND, id(1), &[]), tombstone(Account::KIND, 1));
    let at = |row: &Row, seq| {
        let mut row = row.clone();
        row.seq = seq;
        row
    };
    assert!(!is_forgettable(&at(&alive, 5), 5));
    assert!(is_forgettable(&at(&dead, 5), 5) && !is_forgettable(&at(&dead, 6), 5));
}

#[test]
fn a_device_below_the_floor_hands_in_its_ops_and_loads_anew() {
    let (mut hub, mut rep, mut manager) = away_for_long();
    let edit = by(&rep, REP, 1, 2, Account::KIND, ACCOUNT, set("industry", "medical", clock(NOW, REP)));
    let refusal = rep.ask(&mut hub, vec![edit.clone()]).unwrap_err();
    assert_eq!((refusal.status, refusal.refused.code.as_str()), (409, "reset"));
    assert_eq!(hub.rows[&id(ACCOUNT)].text("industry"), "medical", "what it had is in");
    let seq = hub.seq;
    rep.cursor = None;
    let answer = rep.sync(&mut hub, vec![edit]);
    assert_eq!((answer.acks[0].outcome.clone(), answer.acks[0].seq), (Outcome::Applied, seq), "sent again, decided once");
    assert!(answer.rows.iter().all(|row| row.id != id(DOOMED)));
    assert!(manager.sync(&mut hub, Vec::new()).rows.iter().any(|row| row.text("industry") == "medical"));
}

#[test]
fn a_device_at_the_floor_goes_on_and_one_that_is_loading_too() {
    let (hub, _, manager) = away_for_long();
    let read = |text: &str| crate::hub::Cursor::read(Some(text));
    assert!(!crate::hub::Cursor::read(manager.cursor.as_deref()).is_below(hub.floor));
    assert!(!crate::hub::Cursor::read(None).is_below(hub.floor));
    assert!(
        !read(r#"{"target":1,"stage":{"load":{"phase":1,"id":"00000000-0000-0000-0000-000000000001"}}}"#).is_below(hub.floor)
    );
    assert!(read(r#"{"base":1,"stage":"idle"}"#).is_below(hub.floor));
}

#[test]
fn late_ops_on_what_is_forgotten_are_parked_and_bring_nothing_back() {
    let (mut hub, rep, _) = away_for_long();
    let at = clock(NOW, REP);
    let child = |n, record: u128| {
        let mut child = by(&rep, REP, n, 2, FollowUp::KIND, record, Act::Create { clock: at });
        let mut put = |field: &str, value: crate::Value| {
            let act = set(field, value, at);
            child.writes.push(crate::change::Write { kind: FollowUp::KIND.into(), id: id(record), act });
        };
        put("previous", json!(id(DOOMED)));
        put("account", json!(id(if record == 41 { DOOMED } else { ACCOUNT })));
        child
    };
    let ops = vec![
        by(&rep, REP, 1, 2, FollowUp::KIND, DOOMED, set("text", "met the buyer", at)),
        by(&rep, REP, 2, 2, FollowUp::KIND, DOOMED, Act::Create { clock: at }),
        by(&rep, REP, 3, 2, FollowUp::KIND, DOOMED, set("due", "2026-12-02", at)),
        child(4, 41),
        child(5, 42),
    ];
    let refusal = rep.ask(&mut hub, ops).unwrap_err();
    assert_eq!(refusal.refused.code, "reset");
    let outcomes: Vec<Outcome> =
        (1..=5).map(|n| hub.decided[&crate::ids::derived(rep.id, &n.to_string())].outcome.clone()).collect();
    let forgotten = Outcome::Parked { reason: FORGOTTEN.to_owned() };
    assert!(outcomes[..4].iter().all(|outcome| *outcome == forgotten), "{outcomes:?}");
    assert_eq!(outcomes[4], Outcome::Applied, "a new record of the same device is none of it");
    assert!(!hub.rows.contains_key(&id(DOOMED)) && !hub.rows.contains_key(&id(41)));
    assert!(hub.parked.values().any(|op| op.to_string().contains("met the buyer")), "with the user's text");
}

#[test]
fn a_right_that_ended_below_the_floor_is_not_remembered() {
    let (mut hub, _, mut manager) = away_for_long();
    let over = Interval::<String> { key: "k".into(), from: 1, to: Some(3) };
    assert!(is_over(&over, 3) && !is_over(&over, 2) && !is_over(&Interval::<String>::open("k", 1), 9));
    let rep = Device::of(REP);
    let give = by(&manager, MANAGER, 2, hub.seq, Account::KIND, ACCOUNT, set("owner", json!(id(MANAGER)), clock(NOW, MANAGER)));
    manager.sync(&mut hub, vec![give]);
    hub.seed([tombstone(FollowUp::KIND, DOOMED + 1)]);
    hub.prune(hub.seq);
    let edit = by(&rep, REP, 1, 2, Account::KIND, ACCOUNT, set("industry", "late", clock(NOW, REP)));
    let answer = rep.ask(&mut hub, vec![edit]).unwrap();
    assert_eq!(answer.acks[0].outcome, Outcome::Parked { reason: "no_access".to_owned() });
}
