//! Files from the real store through the real router: the record first, its bytes after it, and nobody's who may not.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id,
    records::{Account, Attachment},
    wire::BLOBS,
};
use serde_json::json;
use server::secret::{hex, new_id};
use sha2::{Digest, Sha256};
use store::{Draft, FileState};

/// Adds a file to an account; it waits on the phone. Its address.
pub async fn attach(phone: &Phone, account: Id, bytes: &[u8]) -> String {
    let sha256 = hex(&Sha256::digest(bytes));
    phone.local.keep_file(&sha256, &bytes.to_vec(), 0).await.unwrap();
    let (kind, record) = (Attachment::KIND, new_id().unwrap());
    let file = json!({ "sha256": sha256, "name": "shelf.jpg", "size": bytes.len(), "mime": "image/jpeg" });
    phone
        .save(Draft::new().create(kind, record).put(kind, record, "account", json!(account)).put(kind, record, "file", file))
        .await;
    sha256
}

async fn status(phone: &Phone, sha256: &str) -> u16 {
    phone.browser.get(&format!("{BLOBS}{sha256}")).await.status().as_u16()
}

async fn state(phone: &Phone, sha256: &str) -> FileState {
    phone.local.files().await.unwrap().state(sha256)
}

#[tokio::test]
async fn a_photo_follows_its_record_and_the_manager_has_it() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut bob, mut manager) =
        (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(600_000).collect();
    let photo = attach(&ann, account, &bytes).await;
    assert!(ann.send_files().await, "nothing goes before its record");
    assert_eq!(state(&ann, &photo).await, FileState::Waiting);
    ann.sync().await;
    manager.sync().await;
    assert_eq!(manager.of_kind(Attachment::KIND).await.len(), 1, "the record is usable before the bytes");
    assert_eq!(status(&manager, &photo).await, 404);
    assert!(ann.send_files().await);
    assert_eq!(state(&ann, &photo).await, FileState::Sent);
    let found = manager.browser.get(&format!("{BLOBS}{photo}")).await;
    assert_eq!(found.bytes().await.unwrap(), bytes);
    bob.sync().await;
    assert_eq!((bob.of_kind(Attachment::KIND).await.len(), status(&bob, &photo).await), (0, 404));
}

#[tokio::test]
async fn who_loses_the_account_before_his_photo_was_sent_may_still_send_it_and_see_it_no_more() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, early) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann), (early, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    manager.sync().await;
    let photo = attach(&ann, account, b"a photo").await;
    ann.sync().await;
    manager.sync().await;
    manager.set(Account::KIND, account, "owner", json!(crew.bob)).await;
    manager.set(Account::KIND, early, "owner", json!(crew.bob)).await;
    manager.sync().await;
    ann.sync().await;
    // What she adds now comes too late, and waits for a decision.
    let late = attach(&ann, early, b"too late").await;
    assert!(matches!(ann.exchange().await, sync::Step::Taken { .. }));
    assert!(ann.send_files().await);
    assert_eq!((state(&ann, &photo).await, status(&ann, &photo).await), (FileState::Sent, 404));
    assert_eq!(status(&crew.phone(&app, crew.bob).await, &photo).await, 200);
    assert_eq!((state(&ann, &late).await, status(&manager, &late).await), (FileState::Sent, 404));
}

#[tokio::test]
async fn what_somebody_took_up_as_his_own_is_still_sent_by_who_has_its_bytes() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.bob)]).await;
    let (mut ann, manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    let photo = attach(&ann, account, b"a photo").await;
    ann.sync().await;
    let (_, waiting) = manager.browser.call("parked", json!({})).await;
    let (answer, taken) = manager.browser.call("take-up", json!({ "ops": [waiting[0]["op"]] })).await;
    assert_eq!((answer, &taken[0]["taken"]), (200, &json!(true)), "{taken}");
    assert_eq!(status(&manager, &photo).await, 404, "its bytes are with Ann");
    assert!(ann.send_files().await);
    assert_eq!((state(&ann, &photo).await, status(&manager, &photo).await), (FileState::Sent, 200));
}

#[tokio::test]
async fn a_revoked_device_hands_in_the_files_of_what_it_handed_in() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    let photo = attach(&ann, account, b"never sent").await;
    let device = ann.snapshot().await.meta.device;
    let administrator = crew.browser(&app, crew.administrator).await;
    assert_eq!(administrator.call("revoke-device", json!({ "device": device })).await.0, 200);
    assert!(matches!(ann.exchange().await, sync::Step::Revoked));
    assert!(ann.hand_in().await && ann.hand_in_files().await);
    assert_eq!(state(&ann, &photo).await, FileState::Sent);
}
