//! Whatever is thrown at any route, the answer is a 4xx with a code and a sentence.

use crate::support::{Browser, Company, TestApp, browser::refusal};
use flate2::{Compression, write::GzEncoder};
use reqwest::Method;
use std::io::Write;

const ROUTES: &[&str] = &[
    "/api/v1/sync",
    "/api/v1/quarantine",
    "/api/v1/sign-in",
    "/api/v1/sign-in/link",
    "/api/v1/sync",
    "/api/v1/quarantine",
    "/api/v1/query",
    "/api/fn/change-password",
    "/api/fn/record-history",
    "/api/fn/issue-sign-in-link",
];

/// A small generator with a fixed seed: the same garbage every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn json(&mut self, depth: usize) -> String {
        const LEAVES: &[&str] =
            &["null", "true", "-1", "1e999", "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"网\"", "[]", "{}"];
        const KEYS: &[&str] = &["login", "password", "device_label", "token", "record", "member", "current", "new", "x"];
        match self.roll(if depth == 0 { 1 } else { 3 }) {
            0 => LEAVES[self.roll(LEAVES.len())].into(),
            1 => format!("[{},{}]", self.json(depth - 1), self.json(depth - 1)),
            _ => {
                let fields: Vec<String> =
                    (0..self.roll(4)).map(|_| format!("\"{}\":{}", KEYS[self.roll(KEYS.len())], self.json(depth - 1))).collect();
                format!("{{{}}}", fields.join(","))
            }
        }
    }

    fn bytes(&mut self) -> Vec<u8> {
        match self.roll(3) {
            0 => self.json(3).into_bytes(),
            1 => (0..self.roll(60)).map(|_| self.roll(256) as u8).collect(),
            _ => {
                let text = self.json(3).into_bytes();
                let cut = self.roll(text.len());
                text[..cut].to_vec()
            }
        }
    }
}

async fn check(browser: &Browser, route: &str, body: Vec<u8>, encoding: Option<&str>) {
    let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
    let mut request = browser.request(Method::POST, route).header("content-type", "application/json").body(body);
    if let Some(encoding) = encoding {
        request = request.header("content-encoding", encoding);
    }
    let (status, code) = refusal(request.send().await.unwrap()).await;
    assert!((400..500).contains(&status), "{route} answered {status} {code} to {shown}");
}

#[tokio::test]
async fn fuzzed_bodies_are_refused_politely() {
    let app = TestApp::start().await;
    let signed = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let mut dice = Dice(20_261_121);
    for browser in [app.browser(), signed] {
        for route in ROUTES {
            for _ in 0..60 {
                check(&browser, route, dice.bytes(), None).await;
            }
        }
    }
}

#[tokio::test]
async fn oversized_bombs_and_unknown_encodings_are_refused() {
    let app = TestApp::start().await;
    let signed = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 20_000_000]).unwrap();
    let bomb = bomb.finish().unwrap();
    for route in ROUTES {
        check(&signed, route, vec![b'['; 65 * 1024], None).await;
        check(&signed, route, vec![b'['; 60_000], None).await;
        check(&signed, route, bomb.clone(), Some("gzip")).await;
        check(&signed, route, b"not gzip".to_vec(), Some("gzip")).await;
        check(&signed, route, b"{}".to_vec(), Some("zstd")).await;
        let plain = signed.request(Method::POST, route).body("{}").send().await.unwrap();
        assert_eq!(refusal(plain).await, (415, "unsupported_type".into()), "{route}");
    }
    let response = signed
        .request(Method::POST, ROUTES[0])
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(bomb)
        .send()
        .await
        .unwrap();
    assert_eq!(refusal(response).await, (413, "too_large".into()));
}

#[tokio::test]
async fn a_wrong_type_names_its_field() {
    let app = TestApp::start().await;
    let response = app.browser().post("/api/v1/sign-in", &serde_json::json!({ "login": 7, "password": "x" })).await;
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(
        (&body["code"], &body["field"], &body["message"]),
        (&"malformed".into(), &"login".into(), &"Correct the value of login.".into())
    );
}

#[tokio::test]
async fn garbage_in_cookies_and_headers_is_nobody() {
    let app = TestApp::start().await;
    for cookie in ["rounds_session=", "rounds_session=\u{fffd}", "=;=;;", "rounds_session=0; rounds_session=1"] {
        let browser = app.browser().with_cookie(cookie.into());
        assert_eq!(refusal(browser.get("/api/v1/session").await).await, (401, "unauthenticated".into()), "{cookie}");
    }
}
