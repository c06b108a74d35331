//! A field made mandatory after an app was built: what the app sends is taken, and the record's owner is asked.

use super::Crew;
use crate::support::TestApp;
use domain::{
    Value,
    records::{Account, Contact, Notice},
    wire::SYNC,
};
use serde_json::json;
use server::secret::new_id;

#[tokio::test]
async fn an_old_apps_record_is_taken_and_asked_about_once_until_somebody_fills_it_in() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    // A device of before: its contacts needed no name.
    let (device, contact) = (new_id().unwrap(), new_id().unwrap());
    let clock = format!("01a1edb98e00-0000-{}", device.simple());
    let old = |n: u64, act: Value| {
        let mut write = json!({ "kind": Contact::KIND, "id": contact, "clock": clock });
        write.as_object_mut().unwrap().extend(act.as_object().unwrap().clone());
        json!({ "org": crew.org, "device": device, "n": n, "op_id": new_id().unwrap(), "actor": crew.ann, "base_seq": 0,
            "schema": 0, "at": 0, "writes": [write] })
    };
    let mut made = old(1, json!({ "act": "create" }));
    let belongs =
        json!({ "kind": Contact::KIND, "id": contact, "act": "set", "field": "account", "value": account, "clock": clock });
    made["writes"].as_array_mut().unwrap().push(belongs);
    let titled = old(2, json!({ "act": "set", "field": "title", "value": "buyer" }));
    for op in [made, titled] {
        let request = json!({ "device": device, "schema": 0, "device_time": 0, "ops": [op] });
        let answer: Value = ann.browser.post(SYNC, &request).await.json().await.unwrap();
        assert_eq!(answer["acks"][0]["outcome"], json!("applied"), "{answer}");
    }
    ann.sync().await;
    let notices = ann.of_kind(Notice::KIND).await;
    let [notice] = &notices[..] else { panic!("one notice, not {notices:?}") };
    assert_eq!((notice.text("reason"), notice.text("field")), ("incomplete", "name"));
    assert_eq!(notice.reference("record"), Some(contact));

    manager.sync().await;
    manager.set(Contact::KIND, contact, "name", json!({ "family": "王", "given": "芳" })).await;
    manager.sync().await;
    ann.sync().await;
    assert_eq!(Notice(&ann.row(notice.id).await).read(), Some(true));
    assert!(manager.of_kind(Notice::KIND).await.is_empty());
    let emptied = ann.set(Account::KIND, account, "name", Value::Null).await;
    ann.sync().await;
    assert_eq!(ann.of_kind(Notice::KIND).await.len(), 1, "op {} is of today's form", emptied.op_id);
}
