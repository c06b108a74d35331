//! A base that is not what it should be is found out and mended, record by record (sync.md, item 16).

use super::phone::{ACCOUNT, MANAGER, Phone, REP, company};
use domain::{
    Row,
    hub::memory::MemoryHub,
    records::{Account, Contact},
    testing::{account, id, row},
};
use futures::executor::block_on;
use serde_json::json;
use store::{Backend, Change, Table};
use sync::{Compared, Comparison, Report, transport::Reply};

const CONTACTS: std::ops::Range<u128> = 1_000..1_600;

/// A company large enough that the tree has to be descended.
fn large() -> MemoryHub {
    let mut hub = company();
    hub.seed(CONTACTS.map(|n| row(Contact::KIND, id(n), &[("account", json!(id(ACCOUNT))), ("title", json!("buyer"))])));
    hub
}

fn compare_once(phone: &Phone, hub: &MemoryHub) -> Compared {
    let mut comparison = block_on(Comparison::begin(&phone.local)).unwrap();
    loop {
        let request = comparison.request();
        let answer = serde_json::to_string(&hub.digest(phone.member, &request)).unwrap();
        match block_on(comparison.take(&phone.local, &request, Reply::Ok(answer))).unwrap() {
            Compared::Asking => {}
            end => return end,
        }
    }
}

fn report(compared: Compared) -> Report {
    match compared {
        Compared::Done { report, .. } => report,
        other => panic!("not compared: {other:?}"),
    }
}

/// Changes the base as no answer of the server did.
fn damage(phone: &Phone, rows: &[Row], missing: &[u128]) {
    let removed: Vec<_> = missing.iter().map(|n| id(*n)).collect();
    block_on(phone.local.mend(&phone.snapshot().meta.cursor, rows, &removed)).unwrap();
}

fn living(phone: &Phone) -> Vec<Row> {
    let mut rows: Vec<Row> = phone.snapshot().base.into_iter().filter(Row::is_alive).collect();
    rows.sort_by_key(|row| row.id);
    rows
}

#[test]
fn a_whole_base_is_equal_in_one_question() {
    let mut hub = large();
    let mut rep = Phone::of(REP);
    rep.sync(&mut hub);
    let comparison = block_on(Comparison::begin(&rep.local)).unwrap();
    assert!(serde_json::to_string(&comparison.request()).unwrap().len() < 400);
    let report = report(compare_once(&rep, &hub));
    assert!(report.is_equal());
    assert_eq!(report.compared, living(&rep).len());
}

#[test]
fn what_is_missing_outdated_or_superfluous_is_counted_and_mended() {
    let mut hub = large();
    let mut rep = Phone::of(REP);
    rep.sync(&mut hub);
    let right = living(&rep);
    let mut outdated = rep.base(CONTACTS.start + 1).unwrap();
    outdated.seq -= 1;
    outdated.cells.remove("title");
    let stranger = account(id(77), "not hers", id(MANAGER));
    damage(&rep, &[outdated, stranger], &[CONTACTS.start, CONTACTS.end - 1]);
    assert_ne!(living(&rep), right);
    let found = report(compare_once(&rep, &hub));
    let expected = Report { compared: right.len() - 1, missing: 2, outdated: 1, superfluous: 1 };
    assert_eq!(found, expected);
    assert_eq!(living(&rep), right);
    assert!(report(compare_once(&rep, &hub)).is_equal());
}

#[test]
fn a_base_that_is_gone_comes_back_whole() {
    let mut hub = large();
    let mut rep = Phone::of(REP);
    rep.sync(&mut hub);
    let right = living(&rep);
    let everything = [Change::Clear { table: Table::Base }, Change::delete(Table::Meta, "pages")];
    block_on(rep.local.backend().transact(&[], |_| Ok((everything.to_vec(), ())))).unwrap();
    assert_eq!(report(compare_once(&rep, &hub)), Report { missing: right.len(), ..Report::default() });
    assert_eq!(living(&rep), right);
}

#[test]
fn a_missed_deletion_is_told_as_one() {
    let mut hub = large();
    let (mut rep, mut manager) = (Phone::of(REP), Phone::of(MANAGER));
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    let doomed = rep.base(CONTACTS.start).unwrap();
    manager.save(&store::Draft::new().delete(Contact::KIND, doomed.id));
    manager.sync(&mut hub);
    rep.sync(&mut hub);
    damage(&rep, std::slice::from_ref(&doomed), &[]);
    assert_eq!(report(compare_once(&rep, &hub)).superfluous, 1);
    assert!(!rep.base(CONTACTS.start).unwrap().is_alive(), "by its tombstone, not by its absence");
}

#[test]
fn only_what_the_member_sees_moves_the_feed_for_him() {
    let mut hub = large();
    let (mut rep, mut manager) = (Phone::of(REP), Phone::of(MANAGER));
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    hub.seed([account(id(88), "theirs", id(MANAGER))]);
    assert!(report(compare_once(&rep, &hub)).is_equal(), "what he cannot see does not matter");
    manager.set(Account::KIND, ACCOUNT, "industry", "medical");
    manager.sync(&mut hub);
    assert!(matches!(compare_once(&rep, &hub), Compared::PullFirst));
    rep.sync(&mut hub);
    assert!(report(compare_once(&rep, &hub)).is_equal());
}

#[test]
fn a_pull_in_between_leaves_the_mending_to_the_next_comparison() {
    let mut hub = large();
    let (mut rep, mut manager) = (Phone::of(REP), Phone::of(MANAGER));
    rep.sync(&mut hub);
    manager.sync(&mut hub);
    damage(&rep, &[], &[CONTACTS.start]);
    let mut comparison = block_on(Comparison::begin(&rep.local)).unwrap();
    let (request, last) = loop {
        let request = comparison.request();
        let reply = Reply::Ok(serde_json::to_string(&hub.digest(rep.member, &request)).unwrap());
        if !request.wanted.is_empty() {
            break (request, reply);
        }
        block_on(comparison.take(&rep.local, &request, reply)).unwrap();
    };
    manager.set(Account::KIND, ACCOUNT, "industry", "medical");
    manager.sync(&mut hub);
    rep.sync(&mut hub);
    let ended = block_on(comparison.take(&rep.local, &request, last)).unwrap();
    assert!(matches!(ended, Compared::PullFirst), "{ended:?}");
    assert_eq!(report(compare_once(&rep, &hub)).missing, 1);
}
