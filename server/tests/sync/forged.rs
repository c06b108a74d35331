//! What no honest app sends opens nothing that its sender may not see, hides nothing from others, and is in the log by who
//! and why, never by what.

use super::{
    Crew,
    process::{Process, free_port},
};
use crate::support::{Browser, TestApp};
use domain::{
    Id, Schema, Value,
    records::{Account, Contact, Member, Notice, Share, Territory},
    wire::{DIGEST, SYNC},
};
use serde_json::json;
use server::{now::now_ms, secret::new_id};

/// Ann at a device of her own making.
struct Forger {
    browser: Browser,
    org: Id,
    ann: Id,
    device: Id,
}

impl Forger {
    async fn new(app: &TestApp, crew: &Crew) -> Forger {
        Forger { browser: crew.browser(app, crew.ann).await, org: crew.org, ann: crew.ann, device: new_id().unwrap() }
    }

    fn write(&self, kind: &str, id: Id, act: &str, rest: Value) -> Value {
        let mut write =
            json!({ "kind": kind, "id": id, "act": act, "clock": format!("{:012x}-0000-{}", now_ms(), self.device.simple()) });
        write.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        write
    }

    fn set(&self, kind: &str, id: Id, field: &str, value: impl Into<Value>) -> Value {
        self.write(kind, id, "set", json!({ "field": field, "value": value.into() }))
    }

    fn create(&self, kind: &str, fields: &[(&str, Value)]) -> Vec<Value> {
        let id = new_id().unwrap();
        let fields = fields.iter().map(|(field, value)| self.set(kind, id, field, value.clone()));
        [self.write(kind, id, "create", json!({}))].into_iter().chain(fields).collect()
    }

    /// Sends ops of these writes, each claiming to know all there will ever be; their outcomes' names, and the answer.
    async fn send(&self, ops: Vec<Vec<Value>>, cursor: Option<&str>) -> (Vec<String>, Value) {
        let ops = ops.into_iter().map(|writes| (new_id().unwrap(), writes)).collect();
        self.send_under(ops, cursor).await
    }

    /// The same, each op under an id of the forger's choice.
    async fn send_under(&self, ops: Vec<(Id, Vec<Value>)>, cursor: Option<&str>) -> (Vec<String>, Value) {
        let op = |(n, (op_id, writes)): (usize, (Id, Vec<Value>))| {
            json!({ "org": self.org, "device": self.device, "n": n, "op_id": op_id, "actor": self.ann,
                "base_seq": u64::MAX, "schema": Schema::VERSION, "at": 0, "writes": writes })
        };
        let ops: Vec<Value> = (1..).zip(ops).map(op).collect();
        let body =
            json!({ "device": self.device, "schema": Schema::VERSION, "device_time": now_ms(), "ops": ops, "cursor": cursor });
        let answer: Value = self.browser.post(SYNC, &body).await.json().await.unwrap();
        let acks = answer["acks"].as_array().into_iter().flatten();
        (acks.map(|ack| ack["outcome"].as_str().unwrap().to_owned()).collect(), answer)
    }
}

#[tokio::test]
async fn no_op_opens_what_its_author_does_not_see() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (hers, his, contact) = (new_id().unwrap(), new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(hers, crew.ann), (his, crew.bob)]).await;
    let mut bob = crew.phone(&app, crew.bob).await;
    bob.sync().await;
    let draft = store::Draft::new().create(Contact::KIND, contact).put(Contact::KIND, contact, "account", json!(his));
    bob.save(draft.put(Contact::KIND, contact, "name", json!({ "family": "王" }))).await;
    bob.sync().await;
    let forger = Forger::new(&app, &crew).await;
    let attempts = vec![
        forger.create(Share::KIND, &[("account", json!(his)), ("member", json!(crew.ann))]),
        forger.create(Contact::KIND, &[("account", json!(his)), ("name", json!({ "family": "李" }))]),
        vec![forger.set(Account::KIND, his, "owner", json!(crew.ann))],
        vec![forger.write(Account::KIND, his, "add", json!({ "field": "collaborators", "element": crew.ann }))],
        vec![forger.set(Contact::KIND, contact, "account", json!(hers))],
        vec![forger.write(Account::KIND, his, "delete", json!({ "seen": {} }))],
        vec![forger.write(Account::KIND, his, "create", json!({}))],
        // One write she may do drags along none that she may not.
        vec![forger.set(Account::KIND, hers, "name", "taken along"), forger.set(Account::KIND, his, "owner", json!(crew.ann))],
        forger.create(Notice::KIND, &[("recipient", json!(crew.bob)), ("reason", json!("conflict"))]),
        forger.create(Territory::KIND, &[("name", json!("All")), ("members", json!([crew.ann]))]),
        vec![forger.set(Member::KIND, crew.ann, "role", "administrator")],
    ];
    let count = attempts.len();
    let (outcomes, answer) = forger.send(attempts, None).await;
    assert_eq!(outcomes.len(), count);
    assert!(outcomes.iter().all(|outcome| outcome == "parked" || outcome == "rejected"), "{outcomes:?}");
    let shown = |answer: &Value| {
        let ids: Vec<&Value> = answer["rows"].as_array().into_iter().flatten().map(|row| &row["id"]).collect();
        [his, contact].map(|id| ids.contains(&&json!(id)))
    };
    assert_eq!(shown(&answer), [false, false]);
    // Cursors of any shape ask for no more than she sees.
    for stage in [
        json!("fresh"),
        json!({ "load": { "phase": 0, "id": Id::nil() } }),
        json!({ "changes": { "seq": 0, "id": Id::nil() } }),
        json!({ "granted": { "id": Id::nil() } }),
    ] {
        for target in [0, 2, u64::MAX] {
            let cursor = json!({ "base": 0, "target": target, "stage": stage }).to_string();
            let (_, answer) = forger.send(Vec::new(), Some(&cursor)).await;
            assert_eq!(shown(&answer), [false, false], "{cursor}");
        }
    }
    let idle = answer["cursor"].as_str().unwrap();
    let wanted =
        json!({ "device": forger.device, "feed_epoch": answer["feed_epoch"], "cursor": idle, "wanted": [his, contact, hers] });
    let compared: Value = forger.browser.post(DIGEST, &wanted).await.json().await.unwrap();
    assert!(compared["rows"].as_array().is_some_and(|rows| rows.len() == 1 && rows[0]["id"] == json!(hers)), "{compared}");
    bob.sync().await;
    assert_eq!(bob.row(his).await.reference("owner"), Some(crew.bob));
    assert_eq!(bob.row(contact).await.reference("account"), Some(his));
    let notices = bob.of_kind(Notice::KIND).await;
    assert!(notices.iter().all(|notice| notice.text("reason") == "parked"), "he is told what waits, by the server: {notices:?}");
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    assert_ne!(ann.row(hers).await.text("name"), "taken along");
}

#[tokio::test]
async fn a_kind_that_nobody_knows_is_its_makers_alone() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let forger = Forger::new(&app, &crew).await;
    let made = forger.create("unheard_of", &[("name", json!("'; DROP TABLE record;--")), ("owner", json!(crew.bob))]);
    let id: Id = made[0]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(forger.send(vec![made], None).await.0, ["applied"]);
    for (member, is_maker) in [(crew.ann, true), (crew.bob, false), (crew.manager, false), (crew.administrator, false)] {
        let mut phone = crew.phone(&app, member).await;
        phone.sync().await;
        assert_eq!(phone.living().await.contains_key(&id), is_maker);
    }
}

#[tokio::test]
async fn who_claims_to_have_seen_everything_hides_no_conflict() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut manager = crew.phone(&app, crew.manager).await;
    manager.sync().await;
    manager.set(Account::KIND, account, "industry", json!("retail")).await;
    manager.sync().await;
    let forger = Forger::new(&app, &crew).await;
    assert_eq!(forger.send(vec![vec![forger.set(Account::KIND, account, "industry", "mine")]], None).await.0, ["merged"]);
    manager.sync().await;
    let notices = manager.of_kind(Notice::KIND).await;
    assert!(notices.iter().any(|notice| notice.text("reason") == "conflict"), "{notices:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_says_who_sent_what_no_app_sends_and_nothing_of_its_content() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let mut process = Process::logging(&app.database.url, free_port());
    let mut forger = Forger::new(&app, &crew).await;
    forger.browser = Browser::new(&process.origin()).with_cookie(forger.browser.cookie.clone().unwrap());
    while forger.browser.request(reqwest::Method::GET, "/healthz").send().await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let ops = vec![
        forger.create(Account::KIND, &[("name", json!("a secret name"))]),
        vec![forger.set(Account::KIND, new_id().unwrap(), "name", "a secret name")],
        vec![forger.set(Member::KIND, crew.ann, "role", "administrator")],
    ];
    assert_eq!(forger.send(ops, None).await.0, ["applied", "parked", "rejected"]);
    let flood: Vec<Value> = (1..=501).map(|n| json!({ "n": n, "op_id": forger.device })).collect();
    let body = json!({ "device": forger.device, "schema": Schema::VERSION, "device_time": now_ms(), "ops": flood });
    assert_eq!(forger.browser.post(SYNC, &body).await.status(), 422);
    let log = process.end();
    let line = log.lines().find(|line| line.contains("not taken")).unwrap_or_else(|| panic!("{log}"));
    for part in [crew.org.to_string(), crew.ann.to_string(), forger.device.to_string()] {
        assert!(line.contains(&part), "{line}");
    }
    for reason in ["unknown_record", "not_allowed", "base_seq_ahead"] {
        assert!(line.contains(reason), "{line}");
    }
    assert!(log.contains("too_many_ops"), "{log}");
    assert!(!log.contains("a secret name"));
}

#[tokio::test]
async fn an_op_under_the_id_of_another_is_not_taken_for_it() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, op_id) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let devices = [Forger::new(&app, &crew).await, Forger::new(&app, &crew).await, Forger::new(&app, &crew).await];
    let first = |forger: &Forger| (op_id, vec![forger.set(Account::KIND, account, "industry", "medical")]);
    let other = |forger: &Forger| (op_id, vec![forger.set(Account::KIND, account, "short_name", "明珠")]);

    let [one, two, three] = &devices;
    assert_eq!(one.send_under(vec![first(one)], None).await.0, ["applied"]);
    let (outcomes, answer) = two.send_under(vec![other(two), first(two)], None).await;
    assert_eq!(outcomes, ["rejected", "applied"], "its author keeps what was refused, and is told");
    assert_eq!(answer["acks"][0]["code"], "anothers_id");
    let (_, again) = two.send_under(vec![other(two), first(two)], None).await;
    assert_eq!(again["acks"], answer["acks"], "a repetition is answered alike");
    assert_eq!(three.send_under(vec![first(three)], None).await.0, ["applied"], "what was refused stands for nothing");

    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let body: Value =
        sqlx::query_scalar("SELECT body FROM record WHERE id = $1").bind(account).fetch_one(&mut *tx).await.unwrap();
    assert_eq!((&body["industry"], body.get("short_name")), (&json!("medical"), None));
}
