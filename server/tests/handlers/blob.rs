use crate::{
    support::{Browser, TestApp, app::header_of, browser::refusal},
    sync::Crew,
};
use axum::http::header;
use domain::{
    Id,
    records::Attachment,
    testing,
    types::Attachment as File,
    wire::{BLOBS, BlobAnswer, MAX_PART},
};
use reqwest::{Method, Response};
use serde_json::json;
use server::{
    db,
    now::{DAY_MS, now_ms},
    secret::{hex, new_id},
    upkeep,
};
use sha2::{Digest, Sha256};

const PART: usize = MAX_PART as usize;

/// A company in which Ann has an account with one file.
struct Scene {
    app: TestApp,
    crew: Crew,
    account: Id,
}

impl Scene {
    async fn new() -> Scene {
        let app = TestApp::start().await;
        let crew = Crew::new(&app).await;
        let account = new_id().unwrap();
        crew.accounts(&app, &[(account, crew.ann)]).await;
        Scene { app, crew, account }
    }

    async fn browser(&self, member: Id) -> Browser {
        self.crew.browser(&self.app, member).await
    }

    /// A record that mentions the bytes, and their address.
    async fn attach(&self, account: Id, bytes: &[u8], mime: &str) -> (Id, String) {
        let (record, sha256) = (new_id().unwrap(), hex(&Sha256::digest(bytes)));
        let file = json!({ "sha256": sha256, "name": "a", "size": bytes.len(), "mime": mime });
        let row = testing::row(Attachment::KIND, record, &[("account", json!(account)), ("file", file)]);
        let mut tx = db::tenant_tx(self.app.pool(), self.crew.org).await.unwrap();
        db::feed::bring_in(&mut tx, self.crew.org, vec![row]).await.unwrap();
        db::commit(tx).await.unwrap();
        (record, sha256)
    }

    async fn count(&self, query: &'static str) -> i64 {
        let mut tx = db::tenant_tx(self.app.pool(), self.crew.org).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut *tx).await.unwrap()
    }
}

async fn put(browser: &Browser, sha256: &str, from: usize, size: usize, part: &[u8]) -> Response {
    let path = format!("{BLOBS}{sha256}?from={from}&size={size}");
    browser.request(Method::PUT, &path).body(part.to_vec()).send().await.unwrap()
}

/// (received, complete) of an answer.
async fn has(response: Response) -> (u64, bool) {
    assert_eq!(response.status(), 200);
    let BlobAnswer { received, complete } = response.json().await.unwrap();
    (received, complete)
}

async fn send(browser: &Browser, sha256: &str, bytes: &[u8]) {
    for (at, part) in bytes.chunks(PART).enumerate() {
        put(browser, sha256, at * PART, bytes.len(), part).await;
    }
    assert_eq!(has(put(browser, sha256, 0, bytes.len(), &[]).await).await, (bytes.len() as u64, true));
}

async fn get(browser: &Browser, sha256: &str) -> Response {
    browser.get(&format!("{BLOBS}{sha256}")).await
}

fn bytes(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

#[tokio::test]
async fn a_cut_upload_goes_on_where_it_stopped_and_a_wrong_offset_is_told_the_right_one() {
    let scene = Scene::new().await;
    let ann = scene.browser(scene.crew.ann).await;
    let (all, size) = (bytes(2 * PART + 7), 2 * PART + 7);
    let (_, sha256) = scene.attach(scene.account, &all, "image/jpeg").await;
    assert_eq!(has(put(&ann, &sha256, 0, size, &[]).await).await, (0, false), "it only asks");
    assert_eq!(has(put(&ann, &sha256, 0, size, &all[..PART]).await).await, (PART as u64, false));
    // The answer was lost, a part comes twice, one comes too early, and one says to end after the end.
    for (from, part) in
        [(0, &all[..PART]), (0, &all[..9]), (PART + 1, &all[PART + 1..2 * PART]), (size, &[][..]), (PART, &[][..])]
    {
        assert_eq!(has(put(&ann, &sha256, from, size, part).await).await, (PART as u64, false), "{from}");
    }
    assert_eq!(refusal(get(&ann, &sha256).await).await, (404, "not_arrived".into()));
    assert_eq!(has(put(&ann, &sha256, PART, size, &all[PART..2 * PART]).await).await, (2 * PART as u64, false));
    assert_eq!(has(put(&ann, &sha256, 2 * PART, size, &all[2 * PART..]).await).await, (size as u64, true));
    assert_eq!(get(&ann, &sha256).await.bytes().await.unwrap(), all);
    assert_eq!(has(put(&ann, &sha256, 0, size, &all[..PART]).await).await, (size as u64, true), "there is nothing to add");
}

#[tokio::test]
async fn what_is_not_what_its_address_says_is_refused_and_not_kept() {
    let scene = Scene::new().await;
    let (ann, manager) = (scene.browser(scene.crew.ann).await, scene.browser(scene.crew.manager).await);
    let right = bytes(PART + 3);
    let (_, sha256) = scene.attach(scene.account, &right, "image/jpeg").await;
    let wrong = vec![0; right.len()];
    put(&ann, &sha256, 0, wrong.len(), &wrong[..PART]).await;
    // What one sends does not spoil what another sends.
    assert_eq!(has(put(&manager, &sha256, 0, right.len(), &right[..PART]).await).await, (PART as u64, false));
    let refused = refusal(put(&ann, &sha256, PART, wrong.len(), &wrong[PART..]).await).await;
    assert_eq!(refused, (422, "hash_mismatch".into()));
    assert_eq!(get(&ann, &sha256).await.status(), 404);
    assert_eq!(has(put(&ann, &sha256, 0, right.len(), &[]).await).await, (0, false));
    assert_eq!(has(put(&manager, &sha256, PART, right.len(), &right[PART..]).await).await, (right.len() as u64, true));
    assert_eq!(get(&ann, &sha256).await.bytes().await.unwrap(), right);
}

#[tokio::test]
async fn too_large_is_explained_and_what_is_no_part_is_refused() {
    let scene = Scene::new().await;
    let ann = scene.browser(scene.crew.ann).await;
    let (_, sha256) = scene.attach(scene.account, b"abc", "text/plain").await;
    let too_large = put(&ann, &sha256, 0, File::MAX_BYTES as usize + 1, b"a").await;
    assert_eq!(refusal(too_large).await, (413, "too_large".into()));
    assert_eq!(refusal(put(&ann, &sha256, 0, 2 * PART, &bytes(PART + 1)).await).await.0, 413);
    assert_eq!(has(put(&ann, &sha256, 0, 2, b"abc").await).await, (0, false), "a part longer than the whole");
    let beyond = format!("{BLOBS}{sha256}?from={}&size=3", u64::MAX);
    assert_eq!(has(ann.request(Method::PUT, &beyond).body("abc").send().await.unwrap()).await, (0, false));
    for path in [format!("{BLOBS}{sha256}"), format!("{BLOBS}{sha256}?from=-1&size=3"), format!("{BLOBS}{sha256}?from=a&size=3")]
    {
        let response = ann.request(Method::PUT, &path).body("abc").send().await.unwrap();
        assert_eq!(refusal(response).await, (400, "malformed".into()), "{path}");
    }
    for address in ["abc", &sha256.to_uppercase(), &sha256[1..], "%00", "..%2Fsync"] {
        assert_eq!(get(&ann, address).await.status(), 404, "{address}");
        assert_eq!(put(&ann, address, 0, 3, b"abc").await.status(), 404, "{address}");
    }
    assert_eq!(scene.count("SELECT count(*) FROM blob_part").await, 0);
}

#[tokio::test]
async fn only_who_sees_a_living_record_that_mentions_it_has_it_or_may_send_it() {
    let scene = Scene::new().await;
    let (ann, bob, manager) =
        (scene.browser(scene.crew.ann).await, scene.browser(scene.crew.bob).await, scene.browser(scene.crew.manager).await);
    let (record, sha256) = scene.attach(scene.account, b"confidential", "image/png").await;
    let stranger = Crew::new(&scene.app).await;
    let stranger = stranger.browser(&scene.app, stranger.administrator).await;
    for outsider in [&bob, &stranger] {
        assert_eq!(refusal(put(outsider, &sha256, 0, 12, b"confidential").await).await, (404, "unreferenced".into()));
    }
    send(&ann, &sha256, b"confidential").await;
    for insider in [&ann, &manager] {
        assert_eq!(get(insider, &sha256).await.text().await.unwrap(), "confidential");
    }
    for outsider in [&bob, &stranger] {
        assert_eq!(refusal(get(outsider, &sha256).await).await, (404, "not_found".into()));
    }
    assert_eq!(get(&scene.app.browser(), &sha256).await.status(), 401);
    assert_eq!(put(&scene.app.browser(), &sha256, 0, 1, b"a").await.status(), 401);
    let mut phone = scene.crew.phone(&scene.app, scene.crew.ann).await;
    phone.sync().await;
    phone.save(store::Draft::new().delete(Attachment::KIND, record)).await;
    phone.sync().await;
    assert_eq!(get(&ann, &sha256).await.status(), 404, "it is deleted");
    assert_eq!(put(&bob, &sha256, 0, 12, &[]).await.status(), 404);
}

#[tokio::test]
async fn what_was_deleted_before_it_was_sent_arrives_and_is_there_when_it_is_brought_back() {
    let scene = Scene::new().await;
    let ann = scene.browser(scene.crew.ann).await;
    let (record, sha256) = scene.attach(scene.account, b"a photo", "image/png").await;
    let mut phone = scene.crew.phone(&scene.app, scene.crew.manager).await;
    phone.sync().await;
    phone.save(store::Draft::new().delete(Attachment::KIND, record)).await;
    phone.sync().await;
    send(&ann, &sha256, b"a photo").await;
    assert_eq!(get(&ann, &sha256).await.status(), 404);
    phone.save(store::Draft::new().restore(Attachment::KIND, record)).await;
    phone.sync().await;
    assert_eq!(get(&ann, &sha256).await.text().await.unwrap(), "a photo");
}

#[tokio::test]
async fn the_same_bytes_are_there_once_whoever_sends_them_and_whatever_mentions_them() {
    let scene = Scene::new().await;
    let other = new_id().unwrap();
    scene.crew.accounts(&scene.app, &[(other, scene.crew.bob)]).await;
    let all = bytes(PART + 5);
    let (_, sha256) = scene.attach(scene.account, &all, "image/jpeg").await;
    scene.attach(other, &all, "image/jpeg").await;
    let (ann, bob) = (scene.browser(scene.crew.ann).await, scene.browser(scene.crew.bob).await);
    put(&bob, &sha256, 0, all.len(), &all[..PART]).await;
    send(&ann, &sha256, &all).await;
    assert_eq!(has(put(&bob, &sha256, PART, all.len(), &all[PART..]).await).await, (all.len() as u64, true));
    assert_eq!(get(&bob, &sha256).await.bytes().await.unwrap(), all);
    assert_eq!(scene.count("SELECT count(*) FROM blob").await, 1);
    assert_eq!(scene.count("SELECT sum(length(bytes)) FROM blob_part").await, all.len() as i64);
}

#[tokio::test]
async fn pictures_are_shown_and_kept_and_nothing_that_was_attached_ever_runs() {
    let scene = Scene::new().await;
    let ann = scene.browser(scene.crew.ann).await;
    let of = |response: &Response, name| header_of(response, name).to_owned();
    for (mime, kind, disposition) in [
        ("image/jpeg", "image/jpeg", "inline"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("application/pdf", "application/octet-stream", "attachment"),
        ("image/png\r\nx: y", "application/octet-stream", "attachment"),
        ("", "application/octet-stream", "attachment"),
    ] {
        let page = format!("<script>fetch('/api/v1/session')</script>{mime}");
        let (_, sha256) = scene.attach(scene.account, page.as_bytes(), mime).await;
        send(&ann, &sha256, page.as_bytes()).await;
        let response = get(&ann, &sha256).await;
        assert_eq!(
            (of(&response, header::CONTENT_TYPE), of(&response, header::CONTENT_DISPOSITION)),
            (kind.into(), disposition.into())
        );
        assert_eq!(of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let csp = of(&response, header::CONTENT_SECURITY_POLICY);
        assert!(csp.contains("sandbox") && csp.contains("default-src 'none'") && !csp.contains("script"), "{csp}");
        assert_eq!(of(&response, header::CACHE_CONTROL), "private, max-age=31536000, immutable");
        assert!(of(&response, header::VARY).contains("cookie"));
        assert_eq!(response.text().await.unwrap(), page);
    }
    let session = ann.get("/api/v1/session").await;
    assert_eq!(of(&session, header::CACHE_CONTROL), "no-store", "other answers are kept nowhere");
}

#[tokio::test]
async fn what_nothing_mentions_any_more_is_forgotten_after_a_month_and_nothing_else() {
    let scene = Scene::new().await;
    let ann = scene.browser(scene.crew.ann).await;
    let mut addresses = Vec::new();
    for text in ["kept", "deleted", "gone"] {
        let (record, sha256) = scene.attach(scene.account, text.as_bytes(), "text/plain").await;
        send(&ann, &sha256, text.as_bytes()).await;
        addresses.push((record, sha256));
    }
    let (_, half) = scene.attach(scene.account, &bytes(PART + 1), "image/jpeg").await;
    put(&ann, &half, 0, PART + 1, &bytes(PART)).await;
    let mut tx = db::tenant_tx(scene.app.pool(), scene.crew.org).await.unwrap();
    // A tombstone, which may be brought back, and one that upkeep has forgotten.
    sqlx::query("SELECT set_config('rounds.seq', seq::text, true) FROM org_feed").execute(&mut *tx).await.unwrap();
    sqlx::query("UPDATE record SET deleted = true, seq = (SELECT seq FROM org_feed) WHERE id = $1")
        .bind(addresses[1].0)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("DELETE FROM record WHERE id = $1").bind(addresses[2].0).execute(&mut *tx).await.unwrap();
    db::commit(tx).await.unwrap();
    assert_eq!(upkeep::once(scene.app.pool(), now_ms()).await.unwrap().files, 0, "it may be about to be mentioned");
    let later = upkeep::once(scene.app.pool(), now_ms() + 31 * DAY_MS).await.unwrap();
    assert_eq!(later.files, 1);
    assert_eq!(scene.count("SELECT count(*) FROM blob").await, 2);
    assert_eq!(scene.count("SELECT count(*) FROM blob_part").await, 2, "neither what never became whole");
    assert_eq!(get(&ann, &addresses[0].1).await.text().await.unwrap(), "kept");
}
