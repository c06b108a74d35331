//! Ops that wait for a decision: taken up, handed over, dismissed; never dropped.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id, Value,
    change::Outcome,
    records::{Account, FollowUp, Notice},
};
use serde_json::json;
use server::secret::new_id;
use store::Draft;

/// Ann made a visit and edited an account after she had lost it to Bob, from a device that came too late.
async fn parked(app: &TestApp) -> (Crew, Id, Id, Phone) {
    let crew = Crew::new(app).await;
    let (account, visit) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(app, &[(account, crew.bob)]).await;
    let mut ann = crew.phone(app, crew.ann).await;
    ann.sync().await;
    ann.set(Account::KIND, account, "industry", json!("from Ann")).await;
    let made = Draft::new().create(FollowUp::KIND, visit).put(FollowUp::KIND, visit, "account", json!(account));
    ann.save(made).await;
    ann.set(FollowUp::KIND, visit, "text", json!("met the buyer")).await;
    ann.sync().await;
    let attention = ann.snapshot().await.attention;
    assert_eq!(attention.len(), 3);
    assert!(attention.iter().all(|one| matches!(one.outcome, Outcome::Parked { .. })), "{attention:?}");
    (crew, account, visit, ann)
}

fn ops(waiting: &Value) -> Vec<Value> {
    waiting.as_array().unwrap().iter().map(|item| item["op"].clone()).collect()
}

async fn reasons(phone: &mut Phone) -> Vec<String> {
    phone.sync().await;
    let mut found: Vec<_> = phone.of_kind(Notice::KIND).await.iter().map(|notice| notice.text("reason").to_owned()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn the_owner_takes_up_what_was_parked_as_his_own_act_and_its_author_is_named() {
    let app = TestApp::start().await;
    let (crew, account, visit, mut ann) = parked(&app).await;
    let mut bob = crew.phone(&app, crew.bob).await;
    assert_eq!(reasons(&mut bob).await, ["parked", "parked"], "the third names no record that he owns");
    let mut manager = crew.phone(&app, crew.manager).await;
    assert_eq!(reasons(&mut manager).await, ["parked", "parked", "parked"]);
    // An edit after Ann's: who takes hers up has seen it and decides against it.
    bob.set(Account::KIND, account, "industry", json!("from Bob")).await;
    bob.sync().await;
    let (_, waiting) = manager.browser.call("parked", json!({})).await;
    assert_eq!(ops(&waiting).len(), 3);
    let (status, taken) = manager.browser.call("take-up", json!({ "ops": ops(&waiting) })).await;
    assert_eq!(status, 200, "{taken}");
    assert!(taken.as_array().unwrap().iter().all(|item| item["taken"] == json!(true)), "{taken}");
    bob.sync().await;
    assert_eq!(bob.row(account).await.text("industry"), "from Ann");
    assert_eq!(bob.row(account).await.cells["industry"].actor, crew.manager, "his own act");
    assert_eq!(bob.row(visit).await.text("text"), "met the buyer");
    let (_, history) = bob.browser.call("record-history", json!({ "record": account })).await;
    let items = history.as_array().unwrap();
    let entry = items.iter().find(|item| item["value"] == json!("from Ann")).unwrap();
    assert_eq!((&entry["actor"], &entry["on_behalf_of"]), (&json!(crew.manager), &json!(crew.ann)));
    assert!(items.iter().any(|item| item["value"] == json!("from Bob") && item.get("on_behalf_of").is_none()));
    assert_eq!(reasons(&mut ann).await, ["taken_up", "taken_up", "taken_up"]);
    assert_eq!(manager.browser.call("parked", json!({})).await.1, json!([]));
    assert_eq!(bob.browser.call("take-up", json!({ "ops": [ops(&waiting)[0]] })).await.0, 404, "it is decided");
}

#[tokio::test]
async fn what_cannot_be_done_waits_on_and_says_why() {
    let app = TestApp::start().await;
    let (crew, account, _, _) = parked(&app).await;
    let bob = crew.browser(&app, crew.bob).await;
    let (_, waiting) = bob.call("parked", json!({})).await;
    assert_eq!(ops(&waiting).len(), 2);
    let mut administrator = crew.phone(&app, crew.administrator).await;
    administrator.sync().await;
    administrator.set(Account::KIND, account, "owner", json!(crew.administrator)).await;
    administrator.sync().await;
    let (_, taken) = bob.call("take-up", json!({ "ops": ops(&waiting) })).await;
    assert!(taken.as_array().unwrap().iter().all(|item| item["taken"] == json!(false)), "{taken}");
    assert_eq!(taken[0]["code"], json!("no_access"));
    assert_eq!(bob.call("parked", json!({})).await.1, waiting);
}

#[tokio::test]
async fn it_can_be_handed_over_and_dismissed_by_those_it_waits_for_only() {
    let app = TestApp::start().await;
    let (crew, _, _, mut ann) = parked(&app).await;
    let (bob, manager) = (crew.browser(&app, crew.bob).await, crew.browser(&app, crew.manager).await);
    let (_, waiting) = manager.call("parked", json!({})).await;
    let last = ops(&waiting).pop().unwrap();
    for function in ["take-up", "dismiss", "hand-over"] {
        let arguments = json!({ "ops": [last], "member": crew.bob });
        assert_eq!(bob.call(function, arguments).await.0, 404, "{function}: it does not wait for him");
        assert_eq!(ann.browser.call(function, json!({ "ops": [last], "member": crew.ann })).await.0, 404, "nor for its author");
    }
    for _ in 0..2 {
        assert_eq!(manager.call("hand-over", json!({ "ops": [last], "member": crew.bob })).await.0, 200);
    }
    assert_eq!(ops(&bob.call("parked", json!({})).await.1).len(), 3);
    let mut phone = crew.phone(&app, crew.bob).await;
    assert_eq!(reasons(&mut phone).await, ["parked", "parked", "parked"]);
    assert_eq!(bob.call("dismiss", json!({ "ops": ops(&waiting) })).await.0, 200);
    assert_eq!(manager.call("parked", json!({})).await.1, json!([]));
    assert_eq!(reasons(&mut ann).await, ["dismissed", "dismissed", "dismissed"]);
    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM parked_op WHERE resolution = 'dismissed' AND resolved_by = $1")
        .bind(crew.bob)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(kept, 3, "it stays stored");
}
