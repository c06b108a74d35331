use crate::support::{Browser, Company, TestApp, app::header_of};
use axum::http::header;
use reqwest::Response;
use serde_json::json;
use server::secret::new_id;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(30);

/// An open stream of which the greeting was read.
async fn listen(browser: &Browser) -> Response {
    let mut response = browser.get("/api/v1/poke").await;
    assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/event-stream");
    assert!(next(&mut response).await, "an event at once");
    response
}

/// Waits for an event; false where the stream ended.
async fn next(response: &mut Response) -> bool {
    loop {
        match timeout(SOON, response.chunk()).await.expect("an event or the end").unwrap_or(None) {
            None => return false,
            Some(chunk) if chunk.starts_with(b"data:\n\n") => return true,
            Some(_) => {}
        }
    }
}

/// Events within a while.
async fn count(response: &mut Response, within: Duration) -> usize {
    let until = Instant::now() + within;
    let mut events = 0;
    while let Ok(Ok(Some(chunk))) = timeout(until.saturating_duration_since(Instant::now()), response.chunk()).await {
        events += chunk.windows(5).filter(|window| window == b"data:").count();
    }
    events
}

/// A committed change of what everybody sees, that only the database knows of.
async fn change(company: &Company) -> Uuid {
    company.record(new_id().unwrap(), "team", "company", json!({ "name": "East" })).await;
    company.id
}

#[tokio::test]
async fn a_change_is_an_event_and_hearing_of_it_often_is_no_more() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let other = Company::new(app.pool()).await;
    let mut mine = listen(&company.member("Wei", "rep").await.sign_in(&app).await).await;
    let mut theirs = listen(&other.member("Li", "rep").await.sign_in(&app).await).await;

    app.state.poker.changed(change(&company).await);
    assert!(next(&mut mine).await);

    change(&company).await;
    for _ in 0..20 {
        app.state.poker.changed(company.id);
    }
    assert_eq!(count(&mut mine, Duration::from_millis(800)).await, 1);
    assert_eq!(count(&mut theirs, Duration::from_millis(1)).await, 0);
}

#[tokio::test]
async fn other_instances_hear_of_it_by_notify() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let wei = company.member("Wei", "rep").await;
    let other = TestApp::on(app.database.clone(), |_| {}).await;
    let mut stream = listen(&wei.sign_in(&other).await).await;
    app.state.poker.changed(change(&company).await);
    assert!(next(&mut stream).await);
}

#[tokio::test]
async fn polling_stands_behind_a_lost_notify() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let mut stream = listen(&company.member("Wei", "rep").await.sign_in(&app).await).await;
    change(&company).await;
    assert!(next(&mut stream).await);
    assert_eq!(count(&mut stream, Duration::from_millis(700)).await, 0, "once is enough");
}

#[tokio::test]
async fn the_stream_ends_with_the_session_and_with_the_instance() {
    let app = TestApp::start().await;
    let wei = Company::new(app.pool()).await.member("Wei", "rep").await;
    let (leaving, staying) = (wei.sign_in(&app).await, wei.sign_in(&app).await);
    let (mut ended, mut open) = (listen(&leaving).await, listen(&staying).await);
    leaving.post("/api/v1/sign-out", &json!({})).await;
    assert!(!next(&mut ended).await);
    app.state.poker.close();
    assert!(!next(&mut open).await);
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let app = TestApp::start().await;
    assert_eq!(app.browser().get("/api/v1/poke").await.status(), 401);
}
