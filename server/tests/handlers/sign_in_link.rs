use crate::support::{Company, TestApp, browser::refusal};
use serde_json::json;
use server::{db, link, now::now_ms, secret::Token};

async fn issue(app: &TestApp, person: &crate::support::Person, now: i64) -> Token {
    let mut tx = db::begin(app.pool()).await.unwrap();
    let token = link::issue(&mut tx, person.org, person.id, now).await.unwrap();
    db::commit(tx).await.unwrap();
    token
}

#[tokio::test]
async fn a_link_works_once_whoever_is_faster() {
    let app = TestApp::start().await;
    let wei = Company::new(app.pool()).await.member("Wei", "rep").await;
    let token = issue(&app, &wei, now_ms()).await;
    let body = json!({ "token": token.reveal(), "device_label": "phone" });
    let (one, other) = (app.browser(), app.browser());
    let (one, other) = tokio::join!(one.post("/api/v1/sign-in/link", &body), other.post("/api/v1/sign-in/link", &body));
    let (mut won, lost) = if one.status() == 200 { (one, other) } else { (other, one) };
    assert_eq!(won.status(), 200);
    assert_eq!(refusal(lost).await, (401, "link_invalid".into()));
    let mut browser = app.browser();
    browser.keep_cookie(&won);
    assert!(won.chunk().await.unwrap().is_some());
    assert_eq!(browser.get("/api/v1/session").await.status(), 200);
    assert_eq!(refusal(browser.post("/api/v1/sign-in/link", &body).await).await, (401, "link_invalid".into()));
}

#[tokio::test]
async fn an_expired_or_invented_link_is_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let wei = Company::new(app.pool()).await.member("Wei", "rep").await;
    let expired = issue(&app, &wei, now_ms() - link::LINK_MS - 1).await;
    for token in [expired.reveal(), "", "\u{0}", &"9".repeat(64)] {
        let response = app.browser().post("/api/v1/sign-in/link", &json!({ "token": token })).await;
        assert_eq!(refusal(response).await, (401, "link_invalid".into()));
    }
}

#[tokio::test]
async fn a_closed_account_keeps_its_link_for_when_it_is_opened() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let gone = company.member_with("Gone", json!({ "name": "Gone", "active": false })).await;
    let body = json!({ "token": issue(&app, &gone, now_ms()).await.reveal() });
    assert_eq!(refusal(app.browser().post("/api/v1/sign-in/link", &body).await).await, (403, "member_inactive".into()));
    company.record(gone.id, "member", "company", json!({ "name": "Gone", "active": true })).await;
    assert_eq!(app.browser().post("/api/v1/sign-in/link", &body).await.status(), 200);
}
