//! After a restore from backup devices send again what they archived (sync.md, item 6).

use super::phone::{ACCOUNT, MANAGER, Phone, REP, company};
use domain::{
    records::{Account, FollowUp, Notice},
    testing::id,
};
use serde_json::json;
use store::Draft;
use sync::Step;

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
