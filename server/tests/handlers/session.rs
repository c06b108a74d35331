use crate::support::{Company, TestApp, app::header_of, browser::refusal};
use axum::http::header;
use domain::wire::{self, Role, SessionInfo};
use reqwest::Method;
use serde_json::json;
use server::now::{DAY_MS, HOUR_MS, now_ms};

#[tokio::test]
async fn tells_who_is_signed_in_to_what_and_renews_the_cookie() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let browser = company.member("Chen", "administrator").await.sign_in(&app).await;
    let response = browser.get("/api/v1/session").await;
    assert!(header_of(&response, header::SET_COOKIE).starts_with(browser.cookie.as_deref().unwrap()));
    assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-store");
    let info: SessionInfo = response.json().await.unwrap();
    assert_eq!((info.org.id, info.org.zone.as_str(), info.org.currency.as_str()), (company.id, "Asia/Shanghai", "CNY"));
    assert_eq!((info.member.name.as_str(), info.member.role), ("Chen", Role::Administrator));
    assert!((info.server_time - now_ms()).abs() < 60_000);
    assert_eq!(info.transitions.iter().map(|change| change.1).collect::<Vec<_>>(), [8 * 3600]);
}

#[tokio::test]
async fn ends_after_ninety_idle_days_and_with_the_account() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let wei = company.member("Wei", "rep").await;
    let browser = wei.sign_in(&app).await;
    let seen = async |at: i64| sqlx::query("UPDATE session SET last_seen_at = $1").bind(at).execute(app.pool()).await.unwrap();

    seen(now_ms() - 90 * DAY_MS + HOUR_MS).await;
    assert_eq!(browser.get("/api/v1/session").await.status(), 200);
    let touched: i64 = sqlx::query_scalar("SELECT last_seen_at FROM session").fetch_one(app.pool()).await.unwrap();
    assert!(now_ms() - touched < 60_000, "being used counts");

    seen(now_ms() - 90 * DAY_MS - 1_000).await;
    assert_eq!(refusal(browser.get("/api/v1/session").await).await, (401, "unauthenticated".into()));

    seen(now_ms()).await;
    company.record(wei.id, "member", "company", json!({ "name": "Wei", "role": "rep", "active": false })).await;
    assert_eq!(browser.get("/api/v1/session").await.status(), 401);
}

#[tokio::test]
async fn being_seen_is_written_at_most_hourly() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let half_an_hour_ago = now_ms() - HOUR_MS / 2;
    sqlx::query("UPDATE session SET last_seen_at = $1").bind(half_an_hour_ago).execute(app.pool()).await.unwrap();
    assert_eq!(browser.get("/api/v1/session").await.status(), 200);
    let seen: i64 = sqlx::query_scalar("SELECT last_seen_at FROM session").fetch_one(app.pool()).await.unwrap();
    assert_eq!(seen, half_an_hour_ago);
}

#[tokio::test]
async fn an_unknown_role_gives_the_fewest_rights() {
    let app = TestApp::start().await;
    let odd = Company::new(app.pool()).await.member_with("Odd", json!({ "name": "Odd", "role": "emperor" })).await;
    let info: SessionInfo = odd.sign_in(&app).await.get("/api/v1/session").await.json().await.unwrap();
    assert_eq!(info.member.role, Role::Rep);
}

#[tokio::test]
async fn another_members_device_has_no_session_here_and_cannot_end_it() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let (wei, anna) = (company.member("Wei", "rep").await, company.member("Anna", "rep").await);
    let browser = wei.sign_in(&app).await;
    let ask = async |method: Method, path: &str, member: String| {
        browser.request(method, path).header(wire::MEMBER, member).json(&json!({})).send().await.unwrap()
    };
    for named in [anna.id.to_string(), "nobody".to_owned()] {
        for (method, path) in [(Method::GET, wire::SESSION), (Method::POST, wire::SYNC), (Method::POST, wire::QUARANTINE)] {
            assert_eq!(ask(method, path, named.clone()).await.status(), 401, "{path} for {named}");
        }
        let left = ask(Method::POST, wire::SIGN_OUT, named).await;
        assert_eq!((left.status().as_u16(), left.headers().get(header::SET_COOKIE)), (204, None));
    }
    assert_eq!(ask(Method::GET, wire::SESSION, wei.id.to_string()).await.status(), 200);
}
