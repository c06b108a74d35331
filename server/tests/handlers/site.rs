use crate::support::{
    TestApp,
    app::{header_of, site},
    browser::refusal,
};
use axum::http::header;
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn every_page_is_the_shell_and_it_is_asked_for_again() {
    let app = TestApp::start().await;
    for path in ["/", "/accounts/1", "/sign-in/link", "/apiary"] {
        let response = app.browser().get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache");
        let etag = header_of(&response, header::ETAG).to_owned();
        assert!(response.text().await.unwrap().contains("<title>Rounds"));
        let again = app.browser().request(Method::GET, path).header(header::IF_NONE_MATCH, etag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    let worker = app.browser().get("/sw.js").await;
    assert_eq!(
        (header_of(&worker, header::CONTENT_TYPE), header_of(&worker, header::CACHE_CONTROL)),
        ("text/javascript; charset=utf-8", "no-cache")
    );
    let manifest = app.browser().get("/manifest.webmanifest").await;
    assert_eq!(header_of(&manifest, header::CONTENT_TYPE), "application/manifest+json");
}

#[tokio::test]
async fn hashed_files_stay_for_ever_and_come_packed_to_those_who_unpack() {
    let app = TestApp::start().await;
    let fetch = async |accept: &str| {
        app.browser().request(Method::GET, "/pkg/rounds.1.js").header(header::ACCEPT_ENCODING, accept).send().await.unwrap()
    };
    let (packed, plain) = (fetch("gzip, br").await, fetch("identity").await);
    for response in [&packed, &plain] {
        assert_eq!(header_of(response, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header_of(response, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert!(header_of(response, header::VARY).contains("accept-encoding"));
    }
    assert_eq!(header_of(&packed, header::CONTENT_ENCODING), "br");
    assert_eq!((packed.text().await.unwrap().as_str(), plain.text().await.unwrap().as_str()), ("packed", "export default 1"));
    let wasm = app.browser().get("/pkg/rounds.1.wasm").await;
    assert_eq!(header_of(&wasm, header::CONTENT_TYPE), "application/wasm");
}

#[tokio::test]
async fn a_missing_hashed_file_is_never_the_shell() {
    let app = TestApp::start().await;
    for path in ["/pkg/rounds.0.js", "/pkg/%00", "/pkg/"] {
        assert_eq!(refusal(app.browser().get(path).await).await, (404, "not_found".into()), "{path}");
    }
}

#[tokio::test]
async fn an_older_client_finds_its_files_on_every_instance_for_three_builds() {
    let first = TestApp::start().await;
    let database = first.database.clone();
    let mut last = first;
    for build in ["2", "3", "4"] {
        last = TestApp::with_site(database.clone(), |_| {}, site(build)).await;
    }
    let found = last.browser().get("/pkg/rounds.2.js").await;
    assert_eq!(
        (header_of(&found, header::CACHE_CONTROL), header_of(&found, header::CONTENT_ENCODING)),
        ("public, max-age=31536000, immutable", "")
    );
    assert_eq!(found.text().await.unwrap(), "export default 1");
    let packed =
        last.browser().request(Method::GET, "/pkg/rounds.3.js").header(header::ACCEPT_ENCODING, "br").send().await.unwrap();
    assert_eq!(header_of(&packed, header::CONTENT_ENCODING), "br");
    assert_eq!(last.browser().get("/pkg/rounds.1.js").await.status(), 404, "older than three builds");
}
