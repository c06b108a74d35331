//! After a restore from backup devices send again what they archived (sync.md, item 6).

use super::phone::{ACCOUNT, MANAGER, NOW, Phone, REP, company};
use domain::{
    change::Outcome,
    clock::TOLERANCE_MS,
    hub::memory::MemoryHub,
    records::{Account, FollowUp, Notice},
    testing::{self, id},
    time::DAY_MS,
    wire::SyncAnswer,
};
use futures::executor::block_on;
use serde_json::json;
use store::{Backend, Draft, Read, Table};
use sync::Step;

/// A record that no device has seen.
const UNKNOWN: u128 = 77;

/// A rep's device that has loaded, and the backup of its server.
fn loaded() -> (MemoryHub, Phone) {
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    (hub, rep)
}

fn archived(phone: &Phone) -> usize {
    block_on(phone.local.backend().read(&[Read::all(Table::Archive)])).unwrap()[0].len()
}

#[test]
fn what_the_backup_lacked_comes_back_once_and_without_conflicts() {
    let mut hub = company();
    let (mut rep, mut manager) = (Phone::of(REP), Phone::of(MANAGER));
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    rep.set(Account::KIND, ACCOUNT, "industry", "medical");
    rep.set(Account::KIND, ACCOUNT, "note", "first");
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    let backup = hub.clone();

    manager.set(Account::KIND, ACCOUNT, "industry", "pharma");
    rep.set(Account::KIND, ACCOUNT, "note", "first\n\nsecond");
    let made = Draft::new().create(FollowUp::KIND, id(30)).put(FollowUp::KIND, id(30), "account", json!(id(ACCOUNT)));
    let made = rep.save(&made);
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    rep.sync(&mut hub);
    let body = rep.base(ACCOUNT).unwrap().body();
    assert!(rep.snapshot().outbox.is_empty());

    hub.restore(backup);
    assert!(!hub.decided.contains_key(&made));
    let device = rep.snapshot().meta.device;
    assert!(matches!(rep.exchange(&mut hub), Step::Restarted { .. }));
    assert_ne!(rep.snapshot().meta.device, device);
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    rep.sync(&mut hub);
    assert_eq!((rep.base(ACCOUNT).unwrap().body(), manager.base(ACCOUNT).unwrap().body()), (body.clone(), body));
    assert!(manager.base(30).is_some() && hub.decided.contains_key(&made));
    assert!(hub.rows.values().all(|row| row.kind != Notice::KIND), "what was seen before is no conflict");
    assert!(hub.history.iter().all(|entry| !entry.lost));
}

#[test]
fn a_clock_that_is_set_makes_no_device_forget_what_it_sent() {
    for (acted, sent, started) in [(0, 0, 365), (365, 365, 365), (-365, 0, 0), (0, 365, 0), (0, -365, 365)] {
        let (mut hub, mut rep) = loaded();
        let backup = hub.clone();
        rep.time = NOW + acted * DAY_MS;
        let made = rep.set(Account::KIND, ACCOUNT, "industry", "medical");
        rep.time = NOW + sent * DAY_MS;
        rep.sync(&mut hub);
        rep.time = NOW + started * DAY_MS;
        rep.restart();
        hub.restore(backup);
        rep.sync(&mut hub);
        assert!(hub.decided.contains_key(&made), "clock set by {acted}, {sent} and {started} days");
    }
}

#[test]
fn what_was_acknowledged_is_kept_for_30_days_of_the_server() {
    let (mut hub, mut rep) = loaded();
    rep.set(Account::KIND, ACCOUNT, "industry", "medical");
    rep.sync(&mut hub);
    for (days, kept) in [(0, 1), (29, 1), (31, 0)] {
        let answer = SyncAnswer { server_time: NOW + days * DAY_MS, feed_epoch: hub.epoch, ..SyncAnswer::default() };
        block_on(rep.local.absorb(rep.snapshot().meta.device, &answer, None, rep.time)).unwrap();
        rep.restart();
        assert_eq!(archived(&rep), kept, "after {days} days");
    }
}

#[test]
fn what_was_parked_on_the_lost_server_is_sent_again_and_what_was_rejected_is_not() {
    let (mut hub, mut rep) = loaded();
    let backup = hub.clone();
    let parked = rep.set(Account::KIND, UNKNOWN, "industry", "medical");
    let rejected = rep.set(Account::KIND, ACCOUNT, "employees", "many");
    rep.sync(&mut hub);
    let attention = |rep: &Phone| -> Vec<_> { rep.snapshot().attention.into_iter().map(|one| one.op.op_id).collect() };
    assert_eq!(attention(&rep).len(), 2);

    hub.restore(backup.clone());
    rep.sync(&mut hub);
    assert!(hub.parked.contains_key(&parked), "those who may decide have it again");
    assert!(!hub.decided.contains_key(&rejected));
    assert_eq!(attention(&rep).len(), 2, "each of them once");

    hub.restore(backup);
    hub.seed([testing::account(id(UNKNOWN), "Found again", id(REP))]);
    rep.sync(&mut hub);
    assert_eq!(hub.decided[&parked].outcome, Outcome::Applied);
    assert_eq!(attention(&rep), [rejected]);
    assert_eq!(rep.base(UNKNOWN).unwrap().text("industry"), "medical");
}

#[test]
fn what_was_parked_keeps_its_place_when_the_clocks_are_moved_back() {
    let (mut hub, mut rep) = loaded();
    let backup = hub.clone();
    rep.time = NOW + 365 * DAY_MS;
    rep.set(Account::KIND, UNKNOWN, "industry", "first");
    rep.sync(&mut hub);
    let parked = &rep.snapshot().attention[0].op;
    assert!(parked.clock().ms <= NOW + TOLERANCE_MS, "moved with its batch, as by the server");

    hub.restore(backup);
    hub.seed([testing::account(id(UNKNOWN), "Found again", id(REP))]);
    rep.set(Account::KIND, UNKNOWN, "industry", "second");
    rep.sync(&mut hub);
    assert_eq!(hub.rows[&id(UNKNOWN)].text("industry"), "second");
}

#[test]
fn what_somebody_deleted_stays_deleted_under_whichever_ids_it_is_sent_again() {
    let (mut hub, mut rep) = loaded();
    let mut manager = Phone::of(MANAGER);
    manager.sync(&mut hub);
    let backup = hub.clone();
    let made = Draft::new().create(FollowUp::KIND, id(30)).put(FollowUp::KIND, id(30), "account", json!(id(ACCOUNT)));
    rep.save(&made);
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    manager.save(&Draft::new().delete(FollowUp::KIND, id(30)));
    manager.sync(&mut hub);
    for _ in 0..8 {
        hub.restore(backup.clone());
        rep.sync(&mut hub);
        manager.sync(&mut hub);
        assert!(!hub.rows[&id(30)].is_alive(), "the rep's device is {} now", rep.snapshot().meta.device);
    }
}

#[test]
fn what_was_written_under_two_wrong_clocks_keeps_its_order() {
    let (mut hub, mut rep) = loaded();
    let backup = hub.clone();
    rep.set(Account::KIND, ACCOUNT, "industry", "first");
    rep.sync(&mut hub);
    rep.time = NOW + DAY_MS;
    rep.set(Account::KIND, ACCOUNT, "industry", "second");
    rep.time = NOW + 365 * DAY_MS;
    rep.set(Account::KIND, ACCOUNT, "short_name", "third");
    rep.sync(&mut hub);
    let before = rep.base(ACCOUNT).unwrap();
    hub.restore(backup);
    rep.sync(&mut hub);
    let after = rep.base(ACCOUNT).unwrap();
    assert_eq!((after.text("industry"), after.clocks()), ("second", before.clocks()));
}
