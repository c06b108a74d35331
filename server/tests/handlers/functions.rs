use crate::support::{
    Company, TestApp,
    browser::refusal,
    build::{PASSWORD, stamp},
};
use reqwest::Method;
use serde_json::{Value, json};
use server::{db, secret::new_id};
use uuid::Uuid;

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let wei = Company::new(app.pool()).await.member("Wei", "rep").await;
    let (here, there) = (wei.sign_in(&app).await, wei.sign_in(&app).await);

    let (status, fault) = here.call("change-password", json!({ "current": "guess", "new": "a longer torch" })).await;
    assert_eq!((status, &fault["code"], &fault["field"]), (422, &json!("wrong_password"), &json!("current")));
    let (status, fault) = here.call("change-password", json!({ "current": PASSWORD, "new": "short" })).await;
    assert_eq!((status, &fault["code"], &fault["field"]), (422, &json!("password_length"), &json!("new")));

    assert_eq!(here.call("change-password", json!({ "current": PASSWORD, "new": "a longer torch" })).await, (200, Value::Null));
    assert_eq!(here.get("/api/v1/session").await.status(), 200);
    assert_eq!(there.get("/api/v1/session").await.status(), 401);
    let sign_in = async |password: &str| {
        app.browser().post("/api/v1/sign-in", &json!({ "login": wei.email, "password": password })).await.status()
    };
    assert_eq!((sign_in(PASSWORD).await.as_u16(), sign_in("a longer torch").await.as_u16()), (401, 200));
}

#[tokio::test]
async fn who_came_by_a_link_sets_a_first_password() {
    let app = TestApp::start().await;
    let wei = Company::new(app.pool()).await.member("Wei", "rep").await;
    sqlx::query("UPDATE identity SET password_hash = NULL").execute(app.pool()).await.unwrap();
    assert_eq!(app.browser().post("/api/v1/sign-in", &json!({ "login": wei.email, "password": "" })).await.status(), 401);
    let (status, _) = wei.sign_in(&app).await.call("change-password", json!({ "current": "", "new": "a longer torch" })).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_down() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "rep").await.sign_in(&app).await;
    for _ in 0..10 {
        assert_eq!(browser.call("change-password", json!({ "current": "guess", "new": "a longer torch" })).await.0, 422);
    }
    let (status, fault) = browser.call("change-password", json!({ "current": PASSWORD, "new": "a longer torch" })).await;
    assert_eq!((status, &fault["code"]), (429, &json!("too_many_attempts")));
}

/// An account with one value in its history, written on a device that has the same id, open to those who hold `key`.
async fn account(app: &TestApp, company: &Company, key: &str) -> Uuid {
    let id = new_id().unwrap();
    let root = format!("account:{id}");
    company.record(id, "account", &root, json!({ "name": "Ace" })).await;
    let mut tx = db::tenant_tx(app.pool(), company.id).await.unwrap();
    let seq = stamp(&mut tx, company.id).await;
    sqlx::query("INSERT INTO access (org_id, root, key, from_seq) VALUES ($1, $2, $3, $4)")
        .bind(company.id)
        .bind(&root)
        .bind(key)
        .bind(seq)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("INSERT INTO field_history (org_id, record_id, field, seq, op_id, clock, actor, value, lost, at) VALUES ($1, $2, 'name', $3, $2, $4, $2, '\"Ase\"', true, 7)")
        .bind(company.id).bind(id).bind(seq).bind(domain::Clock { ms: 7, counter: 0, device: id }.to_string()).execute(&mut *tx).await.unwrap();
    db::commit(tx).await.unwrap();
    id
}

async fn give_key(app: &TestApp, person: &crate::support::Person, key: &str) {
    let mut tx = db::tenant_tx(app.pool(), person.org).await.unwrap();
    let seq = stamp(&mut tx, person.org).await;
    sqlx::query("INSERT INTO member_scope (org_id, member_id, key, from_seq) VALUES ($1, $2, $3, $4)")
        .bind(person.org)
        .bind(person.id)
        .bind(key)
        .bind(seq)
        .execute(&mut *tx)
        .await
        .unwrap();
    db::commit(tx).await.unwrap();
}

#[tokio::test]
async fn history_is_for_those_who_see_the_record() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let (owner, stranger, chief) =
        (company.member("Wei", "rep").await, company.member("Li", "rep").await, company.member("Chen", "administrator").await);
    give_key(&app, &owner, "owner:wei").await;
    give_key(&app, &stranger, "owner:li").await;
    let elsewhere = Company::new(app.pool()).await.member("Far", "administrator").await;
    let record = account(&app, &company, "owner:wei").await;
    let mut tx = db::tenant_tx(app.pool(), company.id).await.unwrap();
    sqlx::query("INSERT INTO device (org_id, device_id, member_id, label, first_seen_at, last_seen_at) VALUES ($1, $2, $3, 'Wei’s phone', 1, 1)")
        .bind(company.id).bind(record).bind(owner.id).execute(&mut *tx).await.unwrap();
    db::commit(tx).await.unwrap();
    let history = async |person: &crate::support::Person| {
        person.sign_in(&app).await.call("record-history", json!({ "record": record })).await
    };

    let (status, items) = history(&owner).await;
    let expected = json!([{ "field": "name", "value": "Ase", "actor": record, "at": 7, "lost": true, "device": "Wei’s phone" }]);
    assert_eq!((status, items), (200, expected));
    assert_eq!(history(&chief).await.0, 200);
    assert_eq!(history(&stranger).await.0, 404);
    assert_eq!(history(&elsewhere).await.0, 404, "another company's administrator");
}

#[tokio::test]
async fn links_are_issued_by_administrators_and_the_team_s_manager() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool()).await;
    let (manager, other, chief) = (
        company.member("Mei", "manager").await,
        company.member("Bo", "manager").await,
        company.member("Chen", "administrator").await,
    );
    let team = new_id().unwrap();
    company.record(team, "team", "company", json!({ "name": "East", "manager": manager.id })).await;
    let wei = company.member_with("Wei", json!({ "name": "Wei", "role": "rep", "team": team })).await;
    let issue = async |person: &crate::support::Person, member: Uuid| {
        person.sign_in(&app).await.call("issue-sign-in-link", json!({ "member": member })).await
    };

    for issuer in [&manager, &chief] {
        let (status, address) = issue(issuer, wei.id).await;
        assert_eq!(status, 200);
        let (page, token) = address.as_str().unwrap().split_once('#').unwrap();
        assert_eq!(page, format!("{}/sign-in/link", app.origin));
        assert_eq!(app.browser().post("/api/v1/sign-in/link", &json!({ "token": token })).await.status(), 200);
    }
    for (issuer, member) in [(&other, wei.id), (&wei, wei.id), (&wei, chief.id), (&manager, chief.id)] {
        let (status, fault) = issue(issuer, member).await;
        assert_eq!((status, &fault["code"]), (403, &json!("not_allowed")));
    }
    let elsewhere = Company::new(app.pool()).await.member("Far", "rep").await;
    assert_eq!(issue(&chief, elsewhere.id).await.0, 404, "another company's member");
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_4xx() {
    let app = TestApp::start().await;
    let browser = Company::new(app.pool()).await.member("Wei", "administrator").await.sign_in(&app).await;
    for function in
        ["change-password", "record-history", "issue-sign-in-link", "revoke-device", "take-up", "hand-over", "dismiss"]
    {
        for body in ["", "{", "null", "[]", "{}", r#"{"record":7,"member":"x","current":[],"new":{},"device":"x","ops":[1]}"#] {
            let request = browser
                .request(Method::POST, &format!("/api/fn/{function}"))
                .header("content-type", "application/json")
                .header("accept", "text/html")
                .header("referer", "/x");
            assert_eq!(refusal(request.body(body).send().await.unwrap()).await, (400, "malformed".into()), "{function} {body}");
        }
    }
    assert_eq!(refusal(browser.post("/api/fn/no-such", &json!({})).await).await, (404, "not_found".into()));
    assert_eq!(refusal(app.browser().post("/api/fn/my-devices", &json!({})).await).await, (401, "unauthenticated".into()));
}
