//! What devices tell of themselves, and the end of a device.

use super::Crew;
use crate::support::TestApp;
use domain::{
    Id, Schema, Value,
    records::{Account, Member, Notice},
    wire::{QUARANTINE, SYNC, StorageReport, SyncRequest},
};
use serde_json::json;
use server::{now::now_ms, secret::new_id};
use sync::Step;

#[tokio::test]
async fn a_device_says_how_it_is_to_its_owner_and_to_administrators() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let ann = crew.browser(&app, crew.ann).await;
    let (device, now) = (new_id().unwrap(), now_ms());
    let request = SyncRequest {
        device,
        schema: Schema::VERSION,
        pending: 3,
        oldest_at: Some(now - 7_260_000),
        device_time: now - 60_000,
        app: "0.1.0".into(),
        storage: Some(StorageReport { used: 5, quota: 9, protected: true }),
        ..SyncRequest::default()
    };
    assert_eq!(ann.post(SYNC, &json!(request)).await.status(), 200);
    // The next request is silent about storage, and what was said stays.
    let silent = SyncRequest { storage: None, pending: 4, ..request };
    assert_eq!(ann.post(SYNC, &json!(silent)).await.status(), 200);
    crew.phone(&app, crew.bob).await.sync().await;

    let (_, mine) = ann.call("my-devices", json!({})).await;
    assert_eq!(mine.as_array().unwrap().len(), 1);
    let item = &mine[0];
    assert_eq!(
        (&item["id"], &item["member"], &item["pending"], &item["app_version"], &item["label"], &item["revoked"]),
        (&json!(device), &json!(crew.ann), &json!(4), &json!("0.1.0"), &json!("test device"), &json!(false))
    );
    assert_eq!(item["storage"], json!({ "used": 5, "quota": 9, "protected": true }));
    let (offset, oldest) = (item["clock_offset_ms"].as_i64().unwrap(), item["oldest_pending_at"].as_i64().unwrap());
    assert_eq!(oldest - offset, now - 7_260_000, "by the server's time");
    assert!(offset >= 60_000);

    let administrator = crew.browser(&app, crew.administrator).await;
    assert_eq!(administrator.call("all-devices", json!({})).await.1.as_array().unwrap().len(), 2);
    for member in [crew.ann, crew.manager] {
        let (status, fault) = crew.browser(&app, member).await.call("all-devices", json!({})).await;
        assert_eq!((status, &fault["code"]), (403, &json!("not_allowed")));
    }
}

#[tokio::test]
async fn a_revoked_device_hands_in_its_work_and_its_session_is_good_for_nothing_else() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    ann.set(Account::KIND, account, "industry", json!("sent")).await;
    let sent = ann.snapshot().await.outbox[0].op.clone();
    ann.sync().await;
    ann.set(Account::KIND, account, "industry", json!("unsent")).await;
    let device = ann.snapshot().await.meta.device;
    let revoke = json!({ "device": device });
    for stranger in [crew.bob, crew.manager] {
        let (status, _) = crew.browser(&app, stranger).await.call("revoke-device", revoke.clone()).await;
        assert_eq!(status, 404, "not one of his");
    }
    let administrator = crew.browser(&app, crew.administrator).await;
    assert_eq!(administrator.call("revoke-device", revoke.clone()).await, (200, Value::Null));
    assert!(matches!(ann.exchange().await, Step::Revoked));
    // What is stolen with the device is a session that gets no data, under whatever device number.
    assert_eq!(ann.browser.get(domain::wire::SESSION).await.status(), 401);
    let fresh = json!({ "device": new_id().unwrap(), "schema": Schema::VERSION, "device_time": 0 });
    assert_eq!(ann.browser.post(SYNC, &fresh).await.status(), 401);
    for _ in 0..2 {
        assert!(ann.hand_in().await);
    }
    let again = json!({ "device": device, "ops": [sent] });
    assert_eq!(ann.browser.post(QUARANTINE, &again).await.json::<Value>().await.unwrap()["kept"], 1);

    let manager = crew.browser(&app, crew.manager).await;
    let (_, waiting) = manager.call("parked", json!({})).await;
    assert_eq!(waiting.as_array().unwrap().len(), 1, "what was sent before is decided already");
    assert_eq!((&waiting[0]["author"], &waiting[0]["reason"]), (&json!(crew.ann), &json!("device_revoked")));
    assert_eq!(waiting[0]["writes"][0]["value"], json!("unsent"));
    let mut phone = crew.phone(&app, crew.manager).await;
    phone.sync().await;
    let notices: Vec<_> = phone.of_kind(Notice::KIND).await;
    assert_eq!(notices.iter().map(|notice| notice.text("reason")).collect::<Vec<_>>(), ["quarantined"]);
    assert_eq!(phone.row(account).await.text("industry"), "sent", "nothing of it is applied");
    let own = crew.browser(&app, crew.ann).await;
    assert_eq!(own.call("my-devices", json!({})).await.1[0]["revoked"], json!(true));
    assert_eq!(own.call("parked", json!({})).await.1, json!([]), "its author does not decide");
}

#[tokio::test]
async fn a_device_of_one_who_left_can_be_revoked_and_hands_in() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account: Id = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut administrator) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.administrator).await);
    ann.sync().await;
    ann.set(Account::KIND, account, "industry", json!("unsent")).await;
    administrator.sync().await;
    administrator.set(Member::KIND, crew.ann, "active", json!(false)).await;
    administrator.sync().await;
    assert!(matches!(ann.exchange().await, Step::SignInNeeded));
    let revoke = json!({ "device": ann.snapshot().await.meta.device });
    assert_eq!(administrator.browser.call("revoke-device", revoke).await.0, 200);
    assert!(matches!(ann.exchange().await, Step::Revoked));
    assert!(ann.hand_in().await);
    let (_, waiting) = administrator.browser.call("parked", json!({})).await;
    assert_eq!(waiting.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn more_work_than_one_request_holds_is_handed_in_whole() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account: Id = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    for letter in ["x", "y", "z"] {
        ann.set(Account::KIND, account, "industry", json!(letter.repeat(400_000))).await;
    }
    let revoke = json!({ "device": ann.snapshot().await.meta.device });
    let administrator = crew.browser(&app, crew.administrator).await;
    assert_eq!(administrator.call("revoke-device", revoke).await.0, 200);
    assert!(matches!(ann.exchange().await, Step::Revoked));
    assert!(ann.hand_in().await);
    let (_, waiting) = administrator.call("parked", json!({})).await;
    assert_eq!(waiting.as_array().unwrap().len(), 3);
}
