//! A long time offline: what waited goes in full requests (promise 29).

use super::phone::{ACCOUNT, NOW, Phone, REP, company};
use domain::{
    Clock,
    change::Write,
    records::Account,
    testing::{id, set},
    wire::MAX_OPS,
};
use futures::executor::block_on;
use sync::Step;

const OPS: usize = 10_000;

#[test]
fn ten_thousand_waiting_ops_drain_in_full_requests() {
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    for n in 1..=OPS {
        let act = set("industry", format!("value {n}"), Clock::ZERO);
        let write = Write { kind: Account::KIND.into(), id: id(ACCOUNT), act };
        block_on(rep.local.act(id(1_000 + n as u128), vec![write], NOW)).unwrap();
    }
    for request in 1..=OPS / MAX_OPS {
        let step = rep.exchange(&mut hub);
        assert!(matches!(step, Step::Taken { .. }), "request {request}: {step:?}");
        assert_eq!(rep.snapshot().outbox.len(), OPS - request * MAX_OPS);
        assert!(matches!(step, Step::Taken { more: true, .. }), "the next one follows at once");
    }
    assert_eq!(hub.decided.len(), OPS);
    assert_eq!(rep.base(ACCOUNT).unwrap().text("industry"), format!("value {OPS}"));
}
