//! A device that becomes another one while answers to the first are on their way (sync.md, item 6).

use super::phone::{ACCOUNT, Phone, REP, answer, company};
use domain::{
    hub::memory::MemoryHub,
    records::Account,
    wire::{Refused, SyncAnswer},
};
use futures::executor::block_on;
use store::{Backend, Meta, Read, Table};
use sync::{Step, transport::Reply};

/// A rep with an op that waits.
fn waiting() -> (MemoryHub, Phone) {
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    rep.set(Account::KIND, ACCOUNT, "industry", "medical");
    (hub, rep)
}

fn forked() -> Reply {
    let refused = Refused { code: "device_forked".into(), message: String::new(), field: None, device: None, feed_epoch: None };
    Reply::Status { code: 409, body: serde_json::to_string(&refused).unwrap(), retry_after_s: None }
}

#[test]
fn an_answer_to_the_device_it_was_acknowledges_nothing() {
    let (mut hub, mut rep) = waiting();
    let request = rep.request();
    let late = answer(&mut hub, rep.member, &request);
    assert!(matches!(rep.take(&request, forked()), Step::Restarted { .. }));
    let became = rep.snapshot();
    assert_ne!(became.meta.device, request.device);
    assert!(matches!(rep.take(&request, late), Step::Taken { more: true, .. }));
    assert_eq!(rep.snapshot().meta, became.meta, "its numbers are of another device");
    assert!(matches!(rep.take(&request, forked()), Step::Restarted { ops: Some(ops) } if ops.len() == 1));
    assert_eq!(rep.snapshot().meta.device, became.meta.device, "it is another device already");
    rep.sync(&mut hub);
    assert_eq!(rep.base(ACCOUNT).unwrap().text("industry"), "medical");
}

#[test]
fn what_the_server_does_not_know_to_be_acknowledged_is_sent_as_another_device() {
    let (mut hub, mut rep) = waiting();
    let found = block_on(rep.local.backend().read(&[Read::get(Table::Meta, "device")])).unwrap();
    let meta = Meta { n: 8, acked_n: 7, ..Meta::read(&found[0]).unwrap() };
    block_on(rep.local.backend().transact(&[], |_| Ok((vec![meta.write()], ())))).unwrap();
    rep.set(Account::KIND, ACCOUNT, "note", "met the buyer");
    let request = rep.request();
    assert_eq!((request.settled_n, request.ops.len()), (7, 1), "the device takes 1 to 7 for acknowledged");
    let Reply::Ok(body) = answer(&mut hub, rep.member, &request) else { panic!("no answer") };
    assert_eq!(serde_json::from_str::<SyncAnswer>(&body).unwrap().expected_n, Some(1));
    assert!(matches!(rep.take(&request, Reply::Ok(body)), Step::Restarted { .. }));
    rep.sync(&mut hub);
    let account = rep.base(ACCOUNT).unwrap();
    assert_eq!((account.text("industry"), account.text("note")), ("medical", "met the buyer"));
}
