//! What one device writes offline, the other sees: merged field by field, the loser kept and told.

use super::Crew;
use crate::support::TestApp;
use domain::{
    Value,
    records::{Account, Comment, FollowUp, Notice},
    spec::{RootRule, Writers},
};
use serde_json::json;
use server::secret::new_id;
use store::Draft;

#[tokio::test]
async fn two_edits_of_one_account_are_both_kept_and_of_one_field_the_loser_is_told() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    manager.sync().await;

    ann.set(Account::KIND, account, "phones", json!([{ "label": "", "value": "021 5555 0000" }])).await;
    ann.set(Account::KIND, account, "industry", json!("medical")).await;
    // Within one millisecond the order would be the devices', not the people's.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    manager.set(Account::KIND, account, "note", json!("ask for Mr Wang")).await;
    manager.set(Account::KIND, account, "industry", json!("pharma")).await;
    ann.sync().await;
    manager.sync().await;
    ann.sync().await;

    let (here, there) = (ann.row(account).await, manager.row(account).await);
    assert_eq!(here, there);
    assert_eq!(here.text("industry"), "pharma", "the later edit is kept");
    assert_eq!((here.text("note"), here.value("phones")[0]["value"].as_str()), ("ask for Mr Wang", Some("021 5555 0000")));
    for phone in [&ann, &manager] {
        let notices = phone.of_kind(Notice::KIND).await;
        let [notice] = &notices[..] else { panic!("one notice each, not {notices:?}") };
        assert_eq!((notice.value("lost"), notice.value("kept")), (json!("medical"), json!("pharma")));
        let devices = ["lost_device", "kept_device"].map(|field| notice.text(field).to_owned());
        assert_eq!(devices, ["test device", "test device"], "devices are named as their owners know them");
    }
    let lost: Vec<(String, Value)> =
        sqlx::query_as("SELECT field, value FROM field_history WHERE lost").fetch_all(app.pool()).await.unwrap();
    // Row-level security hides the history from a connection that names no company.
    assert!(lost.is_empty());
    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let lost: Vec<(String, Value)> =
        sqlx::query_as("SELECT field, value FROM field_history WHERE lost").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(lost, [("industry".to_owned(), json!("medical"))]);
}

#[tokio::test]
async fn every_kind_that_reps_write_created_offline_is_seen_on_the_other_device() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    let mut second = crew.phone(&app, crew.ann).await;
    manager.sync().await;
    let account = new_id().unwrap();
    let own = Draft::new().create(Account::KIND, account).put(Account::KIND, account, "name", json!("新客户"));
    ann.save(own.put(Account::KIND, account, "owner", json!(crew.ann))).await;
    let schema = domain::records::schema();
    for kind in schema.kinds.iter().filter(|kind| kind.writers == Writers::Everyone && kind.name != Account::KIND) {
        let record = new_id().unwrap();
        let draft = Draft::new().create(&kind.name, record).put(&kind.name, record, "account", json!(account));
        let shared = match &kind.root {
            RootRule::Shared(field) => draft.put(&kind.name, record, field, json!("company")),
            _ => draft,
        };
        ann.save(shared).await;
        ann.sync().await;
        // What is for its member alone is on his other devices, and on nobody else's.
        let other = if let RootRule::Member(_) = kind.root { &mut second } else { &mut manager };
        other.sync().await;
        assert_eq!(other.row(record).await.reference("account"), Some(account), "{}", kind.name);
    }
}

#[tokio::test]
async fn a_visit_with_its_next_step_is_one_op() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, log, next) = (new_id().unwrap(), new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    let draft = Draft::new()
        .create(FollowUp::KIND, log)
        .put(FollowUp::KIND, log, "account", json!(account))
        .put(FollowUp::KIND, log, "done_at", json!(1_795_000_000_000i64))
        .put(FollowUp::KIND, log, "text", json!("聊了报价"))
        .create(FollowUp::KIND, next)
        .put(FollowUp::KIND, next, "account", json!(account))
        .put(FollowUp::KIND, next, "due", json!("2026-12-01"));
    ann.save(draft).await;
    ann.sync().await;
    manager.sync().await;
    let comment = new_id().unwrap();
    manager
        .save(Draft::new().create(Comment::KIND, comment).put(Comment::KIND, comment, "account", json!(account)).put(
            Comment::KIND,
            comment,
            "text",
            json!("好"),
        ))
        .await;
    manager.sync().await;
    ann.sync().await;
    assert_eq!(manager.row(log).await.seq, manager.row(next).await.seq, "both are of one commit");
    assert_eq!(ann.row(comment).await.text("text"), "好");
}

#[tokio::test]
async fn complete_wins_over_reschedule_which_becomes_a_follow_up_of_its_own() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, promise) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    let made = Draft::new().create(FollowUp::KIND, promise).put(FollowUp::KIND, promise, "account", json!(account));
    ann.save(made.put(FollowUp::KIND, promise, "due", json!("2026-12-01"))).await;
    ann.sync().await;
    manager.sync().await;
    ann.set(FollowUp::KIND, promise, "done_at", json!(1_795_000_000_000i64)).await;
    manager.set(FollowUp::KIND, promise, "due", json!("2026-12-09")).await;
    ann.sync().await;
    manager.sync().await;
    ann.sync().await;
    let done = ann.row(promise).await;
    assert_eq!((done.text("due"), done.get("done_at").is_some()), ("2026-12-01", true));
    let open: Vec<_> = ann.of_kind(FollowUp::KIND).await.into_iter().filter(|row| row.get("done_at").is_none()).collect();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].text("due"), open[0].reference("previous")), ("2026-12-09", Some(promise)));
    assert_eq!(ann.of_kind(FollowUp::KIND).await, manager.of_kind(FollowUp::KIND).await);
}

#[tokio::test]
async fn a_deleted_account_lives_again_by_what_its_deleter_had_not_seen() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, visit) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    manager.sync().await;
    manager.save(Draft::new().delete(Account::KIND, account)).await;
    ann.save(Draft::new().create(FollowUp::KIND, visit).put(FollowUp::KIND, visit, "account", json!(account))).await;
    manager.sync().await;
    assert!(!manager.row(account).await.is_alive());
    ann.sync().await;
    manager.sync().await;
    assert!(manager.row(account).await.is_alive() && ann.row(account).await.is_alive());
    let reasons: Vec<_> = manager.of_kind(Notice::KIND).await.iter().map(|notice| notice.text("reason").to_owned()).collect();
    assert_eq!(reasons, ["revived"]);
}

#[tokio::test]
async fn paragraphs_edited_by_both_are_both_in_the_note() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    ann.set(Account::KIND, account, "note", json!("first\n\nsecond\n\nthird")).await;
    ann.sync().await;
    manager.sync().await;
    ann.set(Account::KIND, account, "note", json!("first!\n\nsecond\n\nthird")).await;
    manager.set(Account::KIND, account, "note", json!("first\n\nsecond\n\nthird?")).await;
    ann.sync().await;
    manager.sync().await;
    ann.sync().await;
    assert_eq!(ann.row(account).await.text("note"), "first!\n\nsecond\n\nthird?");
    assert!(ann.of_kind(Notice::KIND).await.is_empty());
}
