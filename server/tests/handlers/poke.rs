use crate::support::{Browser, Company, TestApp, app::header_of, build::stamp};
use axum::http::header;
use reqwest::Response;
use serde_json::json;
use server::db;
use std::time::{Duration, Instant};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(3);

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

/// A committed change that only the database knows of.
async fn change(app: &TestApp, company: &Company) -> i64 {
    let mut tx = db::tenant_tx(app.pool(), company.id).await.unwrap();
    let seq = stamp(&mut tx, company.id).await;
    db::commit(tx).await.unwrap();
    seq
}

#[tokio::test]
async fn a_change_is_an_event_and_a_burst_is_few() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let other = Company::new(app.pool()).await;
    let mut mine = listen(&company.member("Wei", "rep").await.sign_in(&app).await).await;
    let mut theirs = listen(&other.member("Li", "rep").await.sign_in(&app).await).await;

    let began = Instant::now();
    app.state.poker.changed(company.id, change(&app, &company).await);
    assert!(next(&mut mine).await);
    assert!(began.elapsed() < Duration::from_millis(250), "the first goes out at once: {:?}", began.elapsed());

    for _ in 0..20 {
        app.state.poker.changed(company.id, change(&app, &company).await);
    }
    let events = count(&mut mine, Duration::from_millis(800)).await;
    assert!((1..=4).contains(&events), "{events}");
    assert_eq!(count(&mut theirs, Duration::from_millis(1)).await, 0);
}

#[tokio::test]
async fn other_instances_hear_of_it_by_notify() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let wei = company.member("Wei", "rep").await;
    let other = TestApp::on(app.database.clone(), |_| {}).await;
    let mut stream = listen(&wei.sign_in(&other).await).await;
    app.state.poker.changed(company.id, change(&app, &company).await);
    assert!(next(&mut stream).await);
}

#[tokio::test]
async fn polling_stands_behind_a_lost_notify() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let mut stream = listen(&company.member("Wei", "rep").await.sign_in(&app).await).await;
    change(&app, &company).await;
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
