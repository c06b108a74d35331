//! What a hostile or broken device sends is refused or kept harmless, with a 4xx and a sentence, never a 5xx.

use super::Crew;
use crate::support::{TestApp, browser::refusal};
use domain::{Schema, Value, records::Account, wire::SYNC};
use serde_json::json;
use server::secret::new_id;

fn request(device: domain::Id, ops: Vec<Value>) -> Value {
    json!({ "device": device, "schema": Schema::VERSION, "device_time": 0, "ops": ops })
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_whole() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let device = new_id().unwrap();
    for body in [
        json!({}),
        json!([]),
        json!({ "device": "x", "schema": Schema::VERSION, "device_time": 0 }),
        json!({ "device": device, "schema": -1, "device_time": 0 }),
        json!({ "device": device, "schema": Schema::VERSION, "device_time": "now" }),
        request(device, vec![json!(null)]),
        request(device, vec![json!({ "n": 1 })]),
        request(device, vec![json!({ "n": -1, "op_id": device })]),
        request(device, vec![json!({ "n": 1.5, "op_id": device })]),
        request(device, vec![json!({ "n": 1, "op_id": "nothing" })]),
        request(device, vec![json!({ "n": u64::MAX, "op_id": device })]),
        request(device, (1..=501).map(|n| json!({ "n": n, "op_id": device })).collect()),
    ] {
        let shown = body.to_string();
        let (status, code) = refusal(browser.post(SYNC, &body).await).await;
        assert!((400..500).contains(&status), "{status} {code} to {}", &shown[..shown.len().min(200)]);
    }
    let (status, code) = refusal(app.browser().post(SYNC, &request(device, vec![])).await).await;
    assert_eq!((status, code.as_str()), (401, "unauthenticated"));
}

#[tokio::test]
async fn ops_that_cannot_be_taken_block_nothing_and_change_nothing() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let (device, account) = (new_id().unwrap(), new_id().unwrap());
    let clock = format!("01a1edb98e00-0000-{}", device.simple());
    let op = |n: u64, write: Value| {
        json!({ "org": crew.org, "device": device, "n": n, "op_id": new_id().unwrap(), "actor": crew.ann, "base_seq": u64::MAX / 2, "schema": Schema::VERSION, "at": 0,
            "writes": [write] })
    };
    let create = |n| op(n, json!({ "kind": Account::KIND, "id": account, "act": "create", "clock": clock }));
    let set = |n, field: &str, value: Value| {
        op(n, json!({ "kind": Account::KIND, "id": account, "act": "set", "field": field, "value": value, "clock": clock }))
    };
    let mut forged = create(3);
    forged["actor"] = json!(crew.manager);
    let mut foreign = create(4);
    foreign["org"] = json!(new_id().unwrap());
    let ops = vec![
        create(1),
        set(2, "name", json!("x".repeat(300))),
        forged,
        foreign,
        set(5, "phones", json!({ "not": "a list" })),
        set(6, "tags", json!(["a"])),
        set(7, "Robert'); DROP TABLE record;--", json!(1)),
        set(8, "name", json!("\u{0}")),
        json!({ "n": 9, "op_id": new_id().unwrap(), "writes": "from the future" }),
        op(10, json!({ "kind": "unheard_of", "id": new_id().unwrap(), "act": "create", "clock": clock })),
        set(11, "x_own", json!({ "any": ["thing"] })),
        set(12, "name", json!("<script>alert(1)</script>")),
    ];
    let response = browser.post(SYNC, &request(device, ops)).await;
    assert_eq!(response.status(), 200);
    let answer: Value = response.json().await.unwrap();
    let outcomes: Vec<&str> = answer["acks"].as_array().unwrap().iter().map(|ack| ack["outcome"].as_str().unwrap()).collect();
    let expected = [
        "applied", "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "parked", "applied",
        "applied", "applied",
    ];
    assert_eq!(outcomes, expected, "{answer}");
    let row = answer["rows"].as_array().unwrap().iter().find(|row| row["id"] == json!(account)).expect("the account comes back");
    assert_eq!(row["cells"]["name"]["v"], json!("<script>alert(1)</script>"));
    assert_eq!(row["cells"]["x_own"]["v"], json!({ "any": ["thing"] }), "unknown fields are kept");
}

#[tokio::test]
async fn a_record_of_another_company_is_out_of_reach_and_out_of_sight() {
    let app = TestApp::start().await;
    let (ours, theirs) = (Crew::new(&app).await, Crew::new(&app).await);
    let account = new_id().unwrap();
    theirs.accounts(&app, &[(account, theirs.ann)]).await;
    let browser = ours.browser(&app, ours.administrator).await;
    let device = new_id().unwrap();
    let clock = format!("01a1edb98e00-0000-{}", device.simple());
    let op = |n: u64, device_said: Value, write: Value| {
        json!({ "org": ours.org, "device": device_said, "n": n, "op_id": new_id().unwrap(), "actor": ours.administrator,
            "base_seq": u64::MAX, "schema": Schema::VERSION, "at": 0, "writes": [write] })
    };
    let write =
        |act: &str| json!({ "kind": Account::KIND, "id": account, "act": act, "field": "name", "value": "ours", "clock": clock });
    let ops = vec![
        op(1, json!(device), write("set")),
        op(2, json!(new_id().unwrap()), write("create")),
        op(3, json!(device), json!({ "kind": "contact", "id": new_id().unwrap(), "act": "create", "clock": clock })),
        op(4, json!(device), json!({ "kind": "follow_up", "id": account, "act": "delete", "clock": clock, "seen": {} })),
        op(5, json!(device), write("create")),
    ];
    let mut body = request(device, ops);
    // A cursor from beyond the end, as from another company with more in it.
    body["cursor"] = json!(r#"{"base":999999999,"target":999999999,"stage":"idle"}"#);
    let answer: Value = browser.post(SYNC, &body).await.json().await.unwrap();
    let outcomes: Vec<&str> = answer["acks"].as_array().unwrap().iter().map(|ack| ack["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["parked", "rejected", "applied", "parked", "applied"], "{answer}");
    let mut tx = server::db::tenant_tx(app.pool(), theirs.org).await.unwrap();
    let (name, deleted): (Value, bool) =
        sqlx::query_as("SELECT body->'name', deleted FROM record WHERE id = $1").bind(account).fetch_one(&mut *tx).await.unwrap();
    assert_eq!((name, deleted), (json!("明珠贸易"), false), "the same id in two companies is two records");
    assert!(!answer.to_string().contains("明珠贸易"));
}

#[tokio::test]
async fn a_hundred_thousand_ops_at_once_are_refused_and_the_device_goes_on() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let device = new_id().unwrap();
    let flood = (1..=100_000).map(|n| json!({ "n": n, "op_id": device })).collect();
    let (status, code) = refusal(browser.post(SYNC, &request(device, flood)).await).await;
    assert_eq!((status, code.as_str()), (413, "too_large"));
    assert_eq!(browser.post(SYNC, &request(device, vec![])).await.status(), 200);
}

#[tokio::test]
async fn a_repetition_is_answered_byte_for_byte_and_another_op_under_its_number_is_a_fork() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let (device, account) = (new_id().unwrap(), new_id().unwrap());
    let op = |op_id, name: &str| {
        let clock = format!("01a1edb98e00-0000-{}", device.simple());
        json!({ "org": crew.org, "device": device, "n": 1, "op_id": op_id, "actor": crew.ann, "base_seq": 0, "schema": Schema::VERSION, "at": 0, "writes": [
            { "kind": Account::KIND, "id": account, "act": "create", "clock": clock },
            { "kind": Account::KIND, "id": account, "act": "set", "field": "name", "value": name, "clock": clock },
        ] })
    };
    let op_id = new_id().unwrap();
    let mut acks = Vec::new();
    for _ in 0..3 {
        let answer: Value = browser.post(SYNC, &request(device, vec![op(op_id, "A")])).await.json().await.unwrap();
        acks.push(answer["acks"].to_string());
    }
    assert!(acks.iter().all(|ack| *ack == acks[0]), "{acks:?}");
    // Nothing but known ops, as after a restore: another device, whose first answer was lost.
    let heir = new_id().unwrap();
    for _ in 0..2 {
        let answer: Value = browser.post(SYNC, &request(heir, vec![op(op_id, "A")])).await.json().await.unwrap();
        assert_eq!(answer["acks"].to_string(), acks[0]);
    }
    for other in [op(op_id, "B"), op(new_id().unwrap(), "A")] {
        let (status, code) = refusal(browser.post(SYNC, &request(device, vec![other])).await).await;
        assert_eq!((status, code.as_str()), (409, "device_forked"));
    }
    let theirs = crew.browser(&app, crew.bob).await;
    let (status, code) = refusal(theirs.post(SYNC, &request(device, vec![])).await).await;
    assert_eq!((status, code.as_str()), (409, "device_forked"), "a device belongs to one member");
}

#[tokio::test]
async fn a_wrong_clock_is_shifted_and_wins_nothing_beyond() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let (device, account) = (new_id().unwrap(), new_id().unwrap());
    let future = server::now::now_ms() + 31_536_000_000;
    let write = |act: &str, ms: i64, rest: Value| {
        let mut write =
            json!({ "kind": Account::KIND, "id": account, "act": act, "clock": format!("{ms:012x}-0000-{}", device.simple()) });
        write.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        write
    };
    let op = |n: u64, write: Value| json!({ "org": crew.org, "device": device, "n": n, "op_id": new_id().unwrap(), "actor": crew.ann, "base_seq": 0, "schema": Schema::VERSION, "at": 0, "writes": [write] });
    let ops = vec![
        op(1, write("create", future, json!({}))),
        op(2, write("set", future + 1, json!({ "field": "name", "value": "first" }))),
        op(3, write("set", future + 2, json!({ "field": "name", "value": "second" }))),
    ];
    let answer: Value = browser.post(SYNC, &request(device, ops.clone())).await.json().await.unwrap();
    assert!(answer["shifted_ms"].as_i64().unwrap() < -31_000_000_000);
    let row = answer["rows"].as_array().unwrap().iter().find(|row| row["id"] == json!(account)).unwrap();
    assert_eq!(row["cells"]["name"]["v"], json!("second"), "the device's own order is kept");
    let clock: domain::Clock = row["cells"]["name"]["c"].as_str().unwrap().parse().unwrap();
    assert!(clock.ms <= server::now::now_ms());
    assert_eq!(answer["acks"][2]["clock_ms"], json!(clock.ms));
    // Where they were put is told again when the answer was lost, also to the heir of the device.
    for device in [device, new_id().unwrap()] {
        let again: Value = browser.post(SYNC, &request(device, ops.clone())).await.json().await.unwrap();
        assert_eq!(again["acks"], answer["acks"]);
    }
}

#[tokio::test]
async fn a_revoked_device_hands_in_what_it_has_and_nothing_of_it_is_applied() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let device = new_id().unwrap();
    assert_eq!(browser.post(SYNC, &request(device, vec![])).await.status(), 200);
    let hand_in = json!({ "device": device, "ops": [{ "n": 1, "op_id": new_id().unwrap(), "writes": [] }] });
    let (status, _) = refusal(browser.post(domain::wire::QUARANTINE, &hand_in).await).await;
    assert_eq!(status, 403, "only a revoked device hands in");
    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    sqlx::query("UPDATE device SET revoked_at = 1 WHERE device_id = $1").bind(device).execute(&mut *tx).await.unwrap();
    server::db::commit(tx).await.unwrap();
    let refused: Value = browser.post(SYNC, &request(device, vec![])).await.json().await.unwrap();
    assert_eq!((refused["code"].as_str(), &refused["device"]), (Some("device_revoked"), &json!(device)));
    for _ in 0..2 {
        assert_eq!(browser.post(domain::wire::QUARANTINE, &hand_in).await.status(), 200);
    }
    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM parked_op WHERE reason = 'device_revoked'").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(kept, 1);
}
