//! What was deleted 180 days ago is forgotten; whoever was away longer loses nothing and brings nothing back.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id, Schema,
    change::Outcome,
    hub::floor::RETENTION_MS,
    records::{Account, Contact, FollowUp},
    wire::SYNC,
};
use serde_json::json;
use server::{
    db,
    now::{DAY_MS, now_ms},
    secret::new_id,
    upkeep,
};
use store::Draft;
use sync::Step;

async fn count(app: &TestApp, crew: &Crew, query: &'static str) -> i64 {
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut *tx).await.unwrap()
}

const TOMBSTONES: &str = "SELECT count(*) FROM record WHERE deleted";
const OUTCOMES: &str = "SELECT count(*) FROM op_outcome";

/// Upkeep as it would be if all that happened so far had happened so long ago.
async fn upkeep_after(app: &TestApp, crew: &Crew, ms: i64) -> upkeep::Forgotten {
    upkeep::once(app.pool(), now_ms()).await.unwrap();
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    sqlx::query("UPDATE feed_mark SET at = at - $1").bind(ms).execute(&mut *tx).await.unwrap();
    db::commit(tx).await.unwrap();
    upkeep::once(app.pool(), now_ms()).await.unwrap()
}

/// An account of Ann's with two contacts, one of which the manager deletes; Ann's phone does not hear of it.
async fn deleted_behind_her_back(app: &TestApp, crew: &Crew) -> (Phone, Phone, [Id; 3]) {
    let ids = [new_id().unwrap(), new_id().unwrap(), new_id().unwrap()];
    let [account, doomed, other] = ids;
    crew.accounts(app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(app, crew.ann).await, crew.phone(app, crew.manager).await);
    ann.sync().await;
    for contact in [doomed, other] {
        let made = Draft::new().create(Contact::KIND, contact).put(Contact::KIND, contact, "account", json!(account));
        ann.save(made.put(Contact::KIND, contact, "name", json!("王芳"))).await;
    }
    ann.sync().await;
    manager.sync().await;
    manager.save(Draft::new().delete(Contact::KIND, doomed)).await;
    manager.sync().await;
    (ann, manager, ids)
}

#[tokio::test]
async fn a_device_away_for_longer_loses_nothing_and_brings_nothing_back() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (mut ann, mut manager, [account, doomed, other]) = deleted_behind_her_back(&app, &crew).await;
    assert_eq!(count(&app, &crew, TOMBSTONES).await, 1);
    assert_eq!(upkeep_after(&app, &crew, RETENTION_MS).await.records, 1);
    assert_eq!(count(&app, &crew, TOMBSTONES).await, 0);

    ann.set(Contact::KIND, other, "title", json!("buyer")).await;
    let late = ann.set(Contact::KIND, doomed, "title", json!("left the company")).await;
    let child = new_id().unwrap();
    ann.save(Draft::new().create(FollowUp::KIND, child).put(FollowUp::KIND, child, "account", json!(account))).await;
    assert!(matches!(ann.exchange().await, Step::Restarted { .. }), "the server asks it to load anew");
    assert!(ann.living().await.contains_key(&doomed), "until then the old base is shown");
    ann.sync().await;
    manager.sync().await;
    assert!(!ann.living().await.contains_key(&doomed));
    assert_eq!((ann.row(other).await.text("title"), manager.row(other).await.text("title")), ("buyer", "buyer"));
    assert!(manager.living().await.contains_key(&child));
    let attention = ann.snapshot().await.attention;
    assert_eq!(attention.iter().map(|one| one.op.op_id).collect::<Vec<_>>(), [late.op_id]);
    assert_eq!(attention[0].outcome, Outcome::Parked { reason: "forgotten".into() });
    let parked = "SELECT count(*) FROM parked_op WHERE reason = 'forgotten' AND op::text LIKE '%left the company%'";
    assert_eq!(count(&app, &crew, parked).await, 1, "the server keeps the text too");
    assert_eq!(count(&app, &crew, "SELECT count(*) FROM record WHERE kind = 'contact'").await, 1);
}

#[tokio::test]
async fn a_deleted_account_is_forgotten_with_its_history_and_nothing_can_be_put_under_it() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    manager.sync().await;
    manager.save(Draft::new().delete(Account::KIND, account)).await;
    manager.sync().await;
    upkeep_after(&app, &crew, RETENTION_MS).await;
    for left in ["SELECT count(*) FROM access", "SELECT count(*) FROM field_history"] {
        assert_eq!(count(&app, &crew, left).await, 0, "{left}");
    }
    let child = new_id().unwrap();
    ann.save(Draft::new().create(FollowUp::KIND, child).put(FollowUp::KIND, child, "account", json!(account))).await;
    ann.save(Draft::new().restore(Account::KIND, account)).await;
    ann.sync().await;
    assert_eq!(ann.snapshot().await.attention.len(), 2, "both are parked");
    assert_eq!(count(&app, &crew, "SELECT count(*) FROM record WHERE kind IN ('account', 'follow_up')").await, 0);
}

#[tokio::test]
async fn nothing_younger_is_forgotten_and_a_device_at_the_floor_goes_on() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (mut ann, mut manager, [_, doomed, other]) = deleted_behind_her_back(&app, &crew).await;
    assert_eq!(upkeep_after(&app, &crew, RETENTION_MS - DAY_MS).await.records, 0);
    ann.sync().await;
    assert!(!ann.living().await.contains_key(&doomed), "a tombstone tells her");
    assert_eq!(upkeep_after(&app, &crew, DAY_MS).await.records, 1);
    manager.set(Contact::KIND, other, "title", json!("buyer")).await;
    manager.sync().await;
    assert!(matches!(ann.exchange().await, Step::Taken { .. }), "she has seen the delete");
    assert_eq!(ann.row(other).await.text("title"), "buyer");
}

#[tokio::test]
async fn an_answer_the_device_never_had_is_kept() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let (device, account) = (new_id().unwrap(), new_id().unwrap());
    let clock = format!("01a1edb98e00-0000-{}", device.simple());
    let request = json!({ "device": device, "schema": Schema::VERSION, "device_time": 0, "ops": [{ "org": crew.org, "device": device, "n": 1,
        "op_id": new_id().unwrap(), "actor": crew.ann, "base_seq": 0, "schema": Schema::VERSION, "at": 0,
        "writes": [{ "kind": Account::KIND, "id": account, "act": "create", "clock": clock }] }] });
    let first: serde_json::Value = browser.post(SYNC, &request).await.json().await.unwrap();
    upkeep_after(&app, &crew, RETENTION_MS).await;
    let again: serde_json::Value = browser.post(SYNC, &request).await.json().await.unwrap();
    assert_eq!(first["acks"], again["acks"]);
    assert_eq!(count(&app, &crew, OUTCOMES).await, 1);
    let settled = json!({ "device": device, "schema": Schema::VERSION, "device_time": 0, "settled_n": 1, "pending": 1 });
    assert_eq!(browser.post(SYNC, &settled).await.status(), 200);
    upkeep_after(&app, &crew, RETENTION_MS).await;
    assert_eq!(count(&app, &crew, OUTCOMES).await, 0);
}
