//! A phone whose base was damaged finds out by itself and is mended.

use super::{Crew, phone::Phone};
use crate::support::{TestApp, browser::refusal};
use domain::{
    Id, Row,
    records::{Account, Contact},
    testing,
    wire::DIGEST,
};
use serde_json::{Value, json};
use server::{db, secret::new_id};
use std::collections::BTreeMap;
use store::Draft;
use sync::{Compared, Comparison, Report, transport::Reply};

/// One comparison from the phone's present state.
async fn compare(phone: &Phone) -> Compared {
    let mut comparison = Comparison::begin(&phone.local).await.unwrap();
    loop {
        let request = comparison.request();
        let response = phone.browser.post(DIGEST, &json!(request)).await;
        assert_eq!(response.status(), 200);
        let reply = Reply::Ok(response.text().await.unwrap());
        match comparison.take(&phone.local, &request, reply).await.unwrap() {
            Compared::Asking => {}
            end => return end,
        }
    }
}

async fn report(phone: &Phone) -> Report {
    match compare(phone).await {
        Compared::Done { report, .. } => report,
        other => panic!("not compared: {other:?}"),
    }
}

/// Changes the base as no answer of the server did.
async fn damage(phone: &Phone, rows: &[Row], missing: &[Id]) {
    let cursor = phone.local.meta().await.unwrap().cursor;
    phone.local.mend(&cursor, rows, missing).await.unwrap();
}

/// An account of Ann's with 600 contacts.
async fn contacts(app: &TestApp, crew: &Crew) -> (Id, Vec<Id>) {
    let account = new_id().unwrap();
    crew.accounts(app, &[(account, crew.ann)]).await;
    let ids: Vec<Id> = (0..600).map(|_| new_id().unwrap()).collect();
    let of = |id: &Id| testing::row(Contact::KIND, *id, &[("account", json!(account)), ("title", json!("buyer"))]);
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    db::feed::bring_in(&mut tx, crew.org, ids.iter().map(of).collect()).await.unwrap();
    db::commit(tx).await.unwrap();
    (account, ids)
}

#[tokio::test]
async fn a_damaged_base_is_found_out_and_mended() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, contacts) = contacts(&app, &crew).await;
    let foreign = new_id().unwrap();
    crew.accounts(&app, &[(foreign, crew.bob)]).await;
    let (mut ann, mut administrator) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.administrator).await);
    ann.sync().await;
    administrator.sync().await;
    let right: BTreeMap<Id, Row> = ann.living().await;
    assert_eq!(report(&ann).await, Report { compared: right.len(), ..Report::default() });

    let mut outdated = right[&contacts[1]].clone();
    outdated.seq -= 1;
    outdated.cells.remove("title");
    let stranger = administrator.row(foreign).await;
    damage(&ann, &[outdated, stranger], &[contacts[0], contacts[599]]).await;
    let expected = Report { compared: right.len() - 1, missing: 2, outdated: 1, superfluous: 1 };
    assert_eq!(report(&ann).await, expected);
    assert_eq!(ann.living().await, right);
    assert!(report(&ann).await.is_equal());

    administrator.set(Account::KIND, foreign, "short_name", json!("Bob's")).await;
    administrator.sync().await;
    assert!(report(&ann).await.is_equal(), "what she cannot see does not matter");
    administrator.save(Draft::new().delete(Contact::KIND, contacts[2])).await;
    administrator.set(Account::KIND, account, "short_name", json!("Ann's")).await;
    administrator.sync().await;
    assert!(matches!(compare(&ann).await, Compared::PullFirst));
    ann.sync().await;
    assert!(report(&ann).await.is_equal(), "tombstones count at neither end");
    damage(&ann, &[right[&contacts[2]].clone()], &[]).await;
    assert_eq!(report(&ann).await.superfluous, 1);
    assert!(!ann.row(contacts[2]).await.is_alive(), "by its tombstone, not by its absence");
}

#[tokio::test]
async fn a_comparison_gives_away_nothing_and_refuses_nonsense() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.bob)]).await;
    let (mut ann, mut bob) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await);
    ann.sync().await;
    bob.sync().await;
    let request = |of: &Phone| {
        let local = of.local.clone();
        async move { json!(Comparison::begin(&local).await.unwrap().request()) }
    };
    let ask = async |phone: &Phone, body: &Value| -> Value { phone.browser.post(DIGEST, body).await.json().await.unwrap() };
    let mut wanted = request(&ann).await;
    wanted["wanted"] = json!([account]);
    let answer = ask(&ann, &wanted).await;
    assert_eq!((answer.get("rows"), &answer["removed"]), (None, &json!([account])));
    let mut of_another = request(&bob).await;
    assert_eq!(ask(&ann, &of_another).await["behind"], json!(true), "another's device");
    of_another["feed_epoch"] = json!(7);
    assert_eq!(ask(&bob, &of_another).await["behind"], json!(true), "another epoch");
    let mut fresh = request(&bob).await;
    fresh["cursor"] = json!("");
    assert_eq!(ask(&bob, &fresh).await["behind"], json!(true), "nothing pulled yet");
    let many: BTreeMap<String, Value> = (0..33).map(|n| (format!("{n:02x}"), json!({ "count": 0, "xor": account }))).collect();
    let mut greedy = request(&bob).await;
    greedy["parts"] = json!(many);
    let (status, code) = refusal(bob.browser.post(DIGEST, &greedy).await).await;
    assert_eq!((status, code.as_str()), (422, "too_many_parts"));
}
