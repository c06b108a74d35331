use crate::support::{Company, TestApp, app::header_of, browser::refusal};
use axum::http::header;
use serde_json::json;

#[tokio::test]
async fn the_session_ends_on_the_server_and_twice_is_no_error() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    for _ in 0..2 {
        let response = browser.post("/api/v1/sign-out", &json!({})).await;
        assert_eq!(response.status(), 204);
        assert!(header_of(&response, header::SET_COOKIE).starts_with("rounds_session=; Path=/; Max-Age=0"));
    }
    assert_eq!(refusal(browser.get("/api/v1/session").await).await, (401, "unauthenticated".into()));
}
