//! Absence never deletes, and what a pull takes away without an explanation stays until the user lets it go (sync.md,
//! promise 7).

use super::phone::{MANAGER, Phone, REP, answer, company};
use domain::{
    hub::memory::MemoryHub,
    records::Account,
    testing::{account, id},
};
use futures::executor::block_on;
use serde_json::json;
use std::ops::Range;
use store::Draft;
use sync::{Step, transport::Reply};

const ACCOUNTS: Range<u128> = 100..140;

/// A rep whose device holds forty accounts, and what the server was before he had them.
fn territory() -> (MemoryHub, MemoryHub, Phone) {
    let mut hub = company();
    let backup = hub.clone();
    hub.seed(ACCOUNTS.map(|n| account(id(n), "Acme", id(REP))));
    let mut rep = Phone::of(REP);
    rep.sync(&mut hub);
    (hub, backup, rep)
}

/// How many of the accounts the device holds, and how many of them are kept back.
fn held(phone: &Phone) -> (usize, usize) {
    let base = phone.snapshot().base;
    let accounts = base.iter().filter(|row| row.is_alive() && ACCOUNTS.contains(&row.id.as_u128()));
    (accounts.count(), block_on(phone.local.withheld()).unwrap())
}

/// An exchange in whose answer the server takes these accounts away and says why for `explained` of them.
fn taken_away(hub: &mut MemoryHub, phone: &mut Phone, ids: Range<u128>, explained: u64) {
    let request = phone.request();
    let Reply::Ok(body) = answer(hub, phone.member, &request) else { panic!("not answered") };
    let mut body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["removed"] = json!(ids.map(id).collect::<Vec<_>>());
    body["explained"] = json!(explained);
    assert!(matches!(phone.take(&request, Reply::Ok(body.to_string())), Step::Taken { more: false, .. }));
}

#[test]
fn what_was_given_to_somebody_else_goes_without_a_question() {
    let (mut hub, _, mut rep) = territory();
    let mut manager = Phone::of(MANAGER);
    manager.sync(&mut hub);
    let given = ACCOUNTS.fold(Draft::new(), |draft, n| draft.put(Account::KIND, id(n), "owner", json!(id(MANAGER))));
    manager.save(&given);
    manager.sync(&mut hub);
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (0, 0));
}

#[test]
fn what_nothing_explains_stays_until_the_user_lets_it_go_and_everything_else_goes_on() {
    let (mut hub, _, mut rep) = territory();
    taken_away(&mut hub, &mut rep, ACCOUNTS, 39);
    assert_eq!(held(&rep), (40, 40), "one that is not explained puts all in question");
    let mine = rep.set(Account::KIND, ACCOUNTS.start, "industry", "medical");
    rep.sync(&mut hub);
    assert!(hub.decided.contains_key(&mine) && rep.snapshot().outbox.is_empty());
    assert_eq!(rep.base(ACCOUNTS.start).unwrap().text("industry"), "medical", "later pulls are taken over");
    assert_eq!(held(&rep), (40, 39), "what came again is in question no more");
    assert_eq!(block_on(rep.local.let_go()).unwrap().len(), 39);
    assert_eq!(held(&rep), (1, 0));
}

#[test]
fn what_an_earlier_page_changed_is_not_set_back_by_a_later_one_that_takes_it_away() {
    let (mut hub, _, mut rep) = territory();
    hub.page_rows = 10;
    let mut other = Phone::of(REP);
    other.sync(&mut hub);
    for n in ACCOUNTS.take(20) {
        other.set(Account::KIND, n, "industry", "medical");
    }
    other.sync(&mut hub);
    assert!(matches!(rep.exchange(&mut hub), Step::Taken { more: true, .. }));
    taken_away(&mut hub, &mut rep, ACCOUNTS, 0);
    assert_eq!(rep.base(ACCOUNTS.start).unwrap().text("industry"), "medical");
    assert_eq!(held(&rep), (40, 40));
}

#[test]
fn a_tombstone_goes_without_a_question() {
    let (mut hub, _, mut rep) = territory();
    rep.save(&Draft::new().delete(Account::KIND, id(ACCOUNTS.start)));
    rep.sync(&mut hub);
    taken_away(&mut hub, &mut rep, ACCOUNTS, 0);
    assert_eq!(held(&rep), (39, 39));
    assert!(rep.base(ACCOUNTS.start).is_none());
}

#[test]
fn what_the_device_never_had_raises_no_question() {
    let (mut hub, _, mut rep) = territory();
    taken_away(&mut hub, &mut rep, 500..600, 0);
    assert_eq!(held(&rep), (40, 0));
}

#[test]
fn an_event_that_arrives_late_answers_the_question() {
    let (mut hub, _, mut rep) = territory();
    taken_away(&mut hub, &mut rep, ACCOUNTS, 0);
    taken_away(&mut hub, &mut rep, 100..130, 30);
    assert_eq!(held(&rep), (10, 10));
}

#[test]
fn a_server_that_lost_most_takes_nothing_from_the_device_until_its_user_agrees() {
    let (mut hub, backup, mut rep) = territory();
    hub.restore(backup.clone());
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (40, 40));
    let again: Vec<_> = ACCOUNTS.take(30).map(|n| account(id(n), "Acme", id(REP))).collect();
    hub.seed(again);
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (40, 10), "what the server has again is in question no more");
    hub.restore(backup);
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (40, 40));
    block_on(rep.local.let_go()).unwrap();
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (0, 0));
}

#[test]
fn a_load_anew_that_lacks_a_few_asks_nobody() {
    let (mut hub, backup, mut rep) = territory();
    hub.restore(backup);
    let most: Vec<_> = ACCOUNTS.take(35).map(|n| account(id(n), "Acme", id(REP))).collect();
    hub.seed(most);
    rep.sync(&mut hub);
    assert_eq!(held(&rep), (35, 0));
}
