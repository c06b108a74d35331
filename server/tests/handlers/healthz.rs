use crate::support::{TestApp, browser::refusal};

#[tokio::test]
async fn says_ok_while_the_database_answers_and_503_after() {
    let app = TestApp::start().await;
    let response = app.browser().get("/healthz").await;
    assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (200, "ok"));

    app.pool().close().await;
    let response = app.browser().get("/healthz").await;
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(refusal(response).await, (503, "busy".into()));
}
