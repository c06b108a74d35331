//! Older than the floor: nothing pending lost, nothing deleted resurrected (sync.md, item 11 and promise 6).

use super::phone::{ACCOUNT, MANAGER, Phone, REP, company};
use domain::{
    change::Outcome,
    hub::memory::MemoryHub,
    records::{Account, FollowUp},
    testing::id,
};
use serde_json::json;
use store::Draft;
use sync::Step;

const DOOMED: u128 = 30;

/// The rep's device has a follow-up that the server forgot meanwhile.
fn away_for_long() -> (MemoryHub, Phone) {
    let mut hub = company();
    let (mut rep, mut manager) = (Phone::of(REP), Phone::of(MANAGER));
    let follow_up = Draft::new().create(FollowUp::KIND, id(DOOMED));
    rep.save(&follow_up.put(FollowUp::KIND, id(DOOMED), "account", json!(id(ACCOUNT))));
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    manager.save(&Draft::new().delete(FollowUp::KIND, id(DOOMED)));
    manager.sync(&mut hub);
    hub.prune(hub.seq);
    (hub, rep)
}

#[test]
fn what_waited_arrives_and_what_was_deleted_is_gone() {
    let (mut hub, mut rep) = away_for_long();
    let kept = rep.set(Account::KIND, ACCOUNT, "industry", "medical");
    let late = rep.set(FollowUp::KIND, DOOMED, "text", "met the buyer");
    rep.sync(&mut hub);
    assert!(rep.base(DOOMED).is_none() && !hub.rows.contains_key(&id(DOOMED)));
    assert_eq!(rep.base(ACCOUNT).unwrap().text("industry"), "medical");
    assert_eq!(hub.decided[&kept].outcome, Outcome::Applied);
    let attention = rep.snapshot().attention;
    let [one] = &attention[..] else { panic!("one op needs attention, not {attention:?}") };
    assert_eq!((one.op.op_id, &one.outcome), (late, &Outcome::Parked { reason: "forgotten".to_owned() }));
    assert!(serde_json::to_string(&one.op).unwrap().contains("met the buyer"));
}

#[test]
fn until_the_new_base_is_complete_the_old_one_and_its_checkpoint_stay() {
    let (mut hub, mut rep) = away_for_long();
    let before = rep.snapshot();
    assert!(matches!(rep.exchange(&mut hub), Step::Restarted { .. }));
    rep.set(Account::KIND, ACCOUNT, "industry", "medical");
    let between = rep.snapshot();
    assert_eq!((between.base, between.meta.checkpoint), (before.base, before.meta.checkpoint));
    assert_eq!(between.outbox[0].op.base_seq, before.meta.checkpoint, "the user acted on what he saw");
    rep.sync(&mut hub);
    assert!(rep.base(DOOMED).is_none());
    assert_eq!(rep.snapshot().meta.checkpoint, hub.seq);
}
