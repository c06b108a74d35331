use crate::support::{Company, TestApp, browser::refusal};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_an_id() {
    let app = TestApp::start().await;
    for path in ["/", "/pkg/missing.js", "/api/v1/session", "/api/none", "/healthz"] {
        let response = app.browser().get(path).await;
        let headers = response.headers();
        let csp = headers["content-security-policy"].to_str().unwrap();
        assert_eq!(
            csp,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
             worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers["permissions-policy"].to_str().unwrap().starts_with("geolocation=(self), camera=(self)"));
        assert!(headers["x-request-id"].len() == 36);
        assert!(!headers.contains_key("strict-transport-security"), "plain http");
    }
    let secure = TestApp::on(app.database.clone(), |config| config.origin = "https://crm.example.com".into()).await;
    assert!(secure.browser().get("/").await.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn another_site_cannot_act_for_somebody() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let send = async |name: &str, value: &str| {
        browser.request(Method::POST, "/api/v1/sign-out").header(name, value).json(&json!({})).send().await.unwrap()
    };
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        assert_eq!(refusal(send(name, value).await).await, (403, "foreign_origin".into()), "{name} {value}");
    }
    assert_eq!(browser.get("/api/v1/session").await.status(), 200, "still signed in");
    assert_eq!(send("origin", &app.origin).await.status(), 204);
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_json() {
    let app = TestApp::start().await;
    for path in ["/api", "/api/", "/api/v2/sync", "/api/v1/session/x", "/api/fn"] {
        assert_eq!(refusal(app.browser().get(path).await).await, (404, "not_found".into()), "{path}");
    }
    for (method, path) in [
        (Method::GET, "/api/v1/sign-in"),
        (Method::DELETE, "/api/v1/session"),
        (Method::POST, "/accounts"),
        (Method::PUT, "/api/fn/my-devices"),
    ] {
        let response = app.browser().request(method, path).send().await.unwrap();
        assert_eq!(refusal(response).await, (405, "wrong_method".into()), "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_on_demand() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let response = browser.request(Method::GET, "/api/v1/session").header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
}

#[tokio::test]
async fn an_exhausted_pool_says_when_to_come_back() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let mut held = Vec::new();
    while let Ok(Ok(connection)) = timeout(Duration::from_millis(500), app.pool().acquire()).await {
        held.push(connection);
    }
    let response = browser.get("/api/v1/session").await;
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(refusal(response).await, (503, "busy".into()));
}
