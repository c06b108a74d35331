//! What the pages of one pull say together.

use super::phone::{ACCOUNT, Phone, REP, company};
use domain::{Id, Row, testing::id, wire::SyncAnswer};
use sync::transport::Reply;

/// The pages of a pull of the rep's, each with rows and removals; the last one completes it.
fn pulled(pages: [(Vec<Row>, Vec<Id>); 2]) -> Phone {
    let mut rep = Phone::of(REP);
    rep.sync(&mut company());
    for (at, (rows, removed)) in pages.into_iter().enumerate() {
        let request = rep.request();
        let (cursor, checkpoint) = (format!("page {at}"), Some(90 + at as u64));
        let explained = removed.len() as u64;
        let answer =
            SyncAnswer { rows: rows.into(), removed, explained, cursor, checkpoint, more: at == 0, ..SyncAnswer::default() };
        rep.take(&request, Reply::Ok(serde_json::to_string(&answer).unwrap()));
    }
    rep
}

#[test]
fn what_one_page_takes_and_a_later_one_brings_is_there() {
    let row = company().rows[&id(ACCOUNT)].clone();
    let rep = pulled([(Vec::new(), vec![id(ACCOUNT)]), (vec![row.clone()], Vec::new())]);
    assert_eq!(rep.base(ACCOUNT), Some(row));
}

#[test]
fn what_one_page_brings_and_a_later_one_takes_is_gone() {
    let row = company().rows[&id(ACCOUNT)].clone();
    let rep = pulled([(vec![row], Vec::new()), (Vec::new(), vec![id(ACCOUNT)])]);
    assert_eq!(rep.base(ACCOUNT), None);
}
