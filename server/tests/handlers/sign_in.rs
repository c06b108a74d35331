use crate::support::{Browser, Company, Person, TestApp, app::header_of, browser::refusal, build::PASSWORD, database::Database};
use axum::http::header;
use reqwest::Response;
use serde_json::{Value, json};
use std::sync::Arc;

async fn sign_in(browser: &Browser, login: &str, password: &str) -> Response {
    browser.post("/api/v1/sign-in", &json!({ "login": login, "password": password, "device_label": "Wei's\u{0} phone" })).await
}

async fn person(app: &TestApp) -> Person {
    Company::new(app.pool()).await.member("Wei", "rep").await
}

#[tokio::test]
async fn e_mail_or_mobile_and_password_start_a_session() {
    let app = TestApp::start().await;
    let wei = person(&app).await;
    for login in ["wei@example.com", " Wei@Example.COM ", &wei.mobile, wei.mobile.trim_start_matches("+86")] {
        let mut browser = app.browser();
        let response = sign_in(&browser, login, PASSWORD).await;
        assert_eq!(response.status(), 200, "{login}");
        let set = header_of(&response, header::SET_COOKIE).to_owned();
        assert!(
            set.starts_with("rounds_session=") && set.contains("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict"),
            "{set}"
        );
        browser.keep_cookie(&response);
        let info: Value = response.json().await.unwrap();
        assert_eq!(info["member"], json!({ "id": wei.id, "name": "Wei", "role": "rep" }));
        assert_eq!(browser.get("/api/v1/session").await.status(), 200);
    }
    let labels: Vec<String> = sqlx::query_scalar("SELECT device_label FROM session").fetch_all(app.pool()).await.unwrap();
    assert_eq!(labels, ["Wei's phone"; 4]);
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let app = TestApp::on(Arc::new(Database::new().await), |config| config.origin = "https://crm.example.com".into()).await;
    person(&app).await;
    let response = sign_in(&app.browser(), "wei@example.com", PASSWORD).await;
    let set = header_of(&response, header::SET_COOKIE);
    assert!(set.starts_with("__Host-rounds_session=") && set.ends_with("; Secure"), "{set}");
    let mut browser = app.browser();
    browser.keep_cookie(&response);
    assert_eq!(browser.get("/api/v1/session").await.status(), 200);
    // Another site under the same domain could set a cookie of the plain name.
    browser.cookie = browser.cookie.map(|pair| pair.replace("__Host-", ""));
    assert_eq!(browser.get("/api/v1/session").await.status(), 401);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let app = TestApp::start().await;
    person(&app).await;
    let wrong = sign_in(&app.browser(), "wei@example.com", "guess").await;
    let unknown = sign_in(&app.browser(), "nobody@example.com", "guess").await;
    let nonsense = sign_in(&app.browser(), "not a login", "guess").await;
    let answers = [wrong, unknown, nonsense].map(|response| async { (response.status(), response.text().await.unwrap()) });
    let [wrong, unknown, nonsense] = answers;
    let (wrong, unknown, nonsense) = (wrong.await, unknown.await, nonsense.await);
    assert_eq!(wrong.0, 401);
    assert!(wrong == unknown && unknown == nonsense, "{wrong:?} {unknown:?} {nonsense:?}");
}

#[tokio::test]
async fn a_closed_account_does_not_sign_in_even_with_the_password() {
    let app = TestApp::start().await;
    Company::new(app.pool()).await.member_with("Gone", json!({ "name": "Gone", "role": "rep", "active": false })).await;
    assert_eq!(refusal(sign_in(&app.browser(), "gone@example.com", PASSWORD).await).await, (403, "member_inactive".into()));
    assert_eq!(refusal(sign_in(&app.browser(), "gone@example.com", "guess").await).await, (401, "wrong_credentials".into()));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_a_success_forgives() {
    let app = TestApp::start().await;
    person(&app).await;
    for _ in 0..9 {
        assert_eq!(sign_in(&app.browser(), "wei@example.com", "guess").await.status(), 401);
    }
    assert_eq!(sign_in(&app.browser(), "wei@example.com", PASSWORD).await.status(), 200);
    for _ in 0..10 {
        assert_eq!(sign_in(&app.browser(), "wei@example.com", "guess").await.status(), 401);
    }
    // The right password does not help any more, on no instance, and the answer says for how long.
    let other = TestApp::on(app.database.clone(), |_| {}).await;
    let response = sign_in(&other.browser(), "WEI@example.com", PASSWORD).await;
    let seconds: i64 = header_of(&response, header::RETRY_AFTER).parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    assert_eq!(refusal(response).await, (429, "too_many_attempts".into()));
    let stored: Vec<String> = sqlx::query_scalar("SELECT key FROM throttle").fetch_all(app.pool()).await.unwrap();
    assert!(stored.iter().all(|key| !key.contains("wei")), "{stored:?}");
}

#[tokio::test]
async fn one_address_cannot_try_many_names() {
    let app = TestApp::start().await;
    person(&app).await;
    sqlx::query("INSERT INTO throttle (key, window_start, count) SELECT 'address 127.0.0.1', w * 900000, 100 FROM generate_series($1, $1 + 1) AS w")
        .bind(server::now::now_ms() / 900_000)
        .execute(app.pool())
        .await
        .unwrap();
    assert_eq!(refusal(sign_in(&app.browser(), "wei@example.com", PASSWORD).await).await.0, 429);
}

#[tokio::test]
async fn a_person_of_two_companies_comes_into_the_one_used_last() {
    let app = TestApp::start().await;
    let first = person(&app).await;
    let second = Company::new(app.pool()).await.member("Other", "manager").await;
    sqlx::query("UPDATE membership SET identity_id = $1 WHERE org_id = $2")
        .bind(first.identity)
        .bind(second.org)
        .execute(app.pool())
        .await
        .unwrap();
    second.sign_in(&app).await;
    let info: Value = sign_in(&app.browser(), "wei@example.com", PASSWORD).await.json().await.unwrap();
    assert_eq!(info["org"]["id"], json!(second.org));
    assert_eq!(info["member"]["role"], "manager");
}
