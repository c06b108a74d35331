//! A server brought back from a backup gets back from its devices what the backup lacked, and nothing twice.

use super::{Crew, files::attach, phone::Phone};
use crate::support::{TestApp, database::Database};
use domain::{
    Id, Value,
    records::{Account, FollowUp, Notice},
    wire::BLOBS,
};
use serde_json::json;
use server::{db, secret::new_id};
use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};
use store::Draft;
use sync::Step;

/// A file that goes with the test.
struct Backup(PathBuf);

impl Backup {
    fn new() -> Backup {
        Backup(env::temp_dir().join(format!("rounds-{}.backup", new_id().unwrap())))
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn command(word: &str, file: &Path, database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-server"));
    command.arg(word).arg(file).env("DATABASE_URL", &database.url).env("ROUNDS_LOG", "error");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn run(word: &str, file: &Path, database: &Database) {
    let output = command(word, file, database).output().unwrap();
    assert!(output.status.success(), "{word}: {}", said(&output));
}

/// What people see on a device, without what a new feed numbers anew.
async fn shown(phone: &Phone) -> BTreeMap<Id, Value> {
    let living = phone.living().await.into_values().filter(|row| row.kind != Notice::KIND);
    living.map(|row| (row.id, json!(row.body()))).collect()
}

async fn count(app: &TestApp, crew: &Crew, query: &'static str) -> i64 {
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut *tx).await.unwrap()
}

async fn follow_up(phone: &Phone, account: Id, text: &str) -> Id {
    let id = new_id().unwrap();
    let draft = Draft::new().create(FollowUp::KIND, id).put(FollowUp::KIND, id, "account", json!(account));
    phone.save(draft.put(FollowUp::KIND, id, "text", json!(text))).await;
    id
}

#[tokio::test]
async fn devices_bring_back_what_the_backup_lacked_and_nothing_twice() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let [account, other] = [new_id().unwrap(), new_id().unwrap()];
    crew.accounts(&app, &[(account, crew.ann), (other, crew.bob)]).await;
    let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    manager.sync().await;
    ann.set(Account::KIND, account, "note", json!("first")).await;
    ann.set(Account::KIND, account, "industry", json!("medical")).await;
    let before = follow_up(&ann, account, "before the backup").await;
    let doomed = follow_up(&ann, account, "deleted after the backup").await;
    ann.sync().await;
    manager.sync().await;
    let backup = Backup::new();
    run("backup", &backup.0, &app.database);

    ann.set(Account::KIND, account, "note", json!("first\n\nsecond")).await;
    ann.set(Account::KIND, account, "industry", json!("pharma")).await;
    let after = follow_up(&ann, account, "after the backup").await;
    ann.save(Draft::new().delete(FollowUp::KIND, doomed)).await;
    manager.set(Account::KIND, other, "tags", json!(["key"])).await;
    manager.set(FollowUp::KIND, before, "due", json!("2026-12-01")).await;
    for _ in 0..2 {
        ann.sync().await;
        manager.sync().await;
    }
    let (of_ann, of_manager) = (shown(&ann).await, shown(&manager).await);
    assert!(of_ann.contains_key(&after) && !of_ann.contains_key(&doomed));
    assert!(ann.snapshot().await.outbox.is_empty(), "all of it was acknowledged and seen");

    let empty = Arc::new(Database::empty().await);
    run("restore", &backup.0, &empty);
    let restored = TestApp::on(empty, |_| {}).await;
    assert_eq!(count(&restored, &crew, "SELECT count(*) FROM record WHERE kind = 'follow_up' AND NOT deleted").await, 2);
    let device = ann.snapshot().await.meta.device;
    ann.browser = crew.browser(&restored, crew.ann).await;
    manager.browser = crew.browser(&restored, crew.manager).await;
    let unsent = follow_up(&ann, account, "not sent yet").await;
    assert!(matches!(ann.exchange().await, Step::Restarted { .. }), "the epoch is another");
    assert_ne!(ann.snapshot().await.meta.device, device, "it is another device now");
    // The answer to the first batch is lost: it is sent again, and decided once.
    let request = ann.local.request(None, 0, "test").await.unwrap();
    assert_eq!(ann.browser.post(domain::wire::SYNC, &json!(request)).await.status(), 200);
    for _ in 0..2 {
        ann.sync().await;
        manager.sync().await;
    }
    let (mut now_ann, mut now_manager) = (shown(&ann).await, shown(&manager).await);
    assert!(now_ann.remove(&unsent).is_some() && now_manager.remove(&unsent).is_some());
    assert_eq!((now_ann, now_manager), (of_ann, of_manager));
    for phone in [&ann, &manager] {
        assert!(phone.of_kind(Notice::KIND).await.is_empty(), "what was seen before is no conflict");
        let snapshot = phone.snapshot().await;
        assert!(snapshot.outbox.is_empty() && snapshot.attention.is_empty());
    }
    let twice = "SELECT count(*) FROM (SELECT 1 FROM field_history WHERE NOT lost GROUP BY op_id, record_id, field, value
        HAVING count(*) > 1) AS twice";
    assert_eq!(count(&restored, &crew, twice).await, 0);
    let lost = "SELECT count(*) FROM field_history WHERE lost";
    assert_eq!(count(&restored, &crew, lost).await, 0);
}

#[tokio::test]
async fn a_second_restore_of_one_backup_is_noticed_too_and_every_table_is_in_it() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    follow_up(&ann, account, "met the buyer").await;
    let photo = attach(&ann, account, &[7; 300_000]).await;
    ann.sync().await;
    assert!(ann.send_files().await);
    let backup = Backup::new();
    run("backup", &backup.0, &app.database);
    let mut epochs = Vec::new();
    for _ in 0..2 {
        let database = Database::empty().await;
        run("restore", &backup.0, &database);
        let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM org_feed").fetch_one(&database.pool).await.unwrap();
        epochs.push(epoch);
        let restored = TestApp::on(Arc::new(database), |_| {}).await;
        for table in [
            "record",
            "record_root",
            "field_history",
            "access",
            "member_scope",
            "device",
            "op_outcome",
            "session",
            "blob",
            "blob_part",
        ] {
            let rows = || sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let mut there = db::tenant_tx(restored.pool(), crew.org).await.unwrap();
            let mut here = db::tenant_tx(app.pool(), crew.org).await.unwrap();
            let counted: i64 = sqlx::query_scalar(rows()).fetch_one(&mut *there).await.unwrap();
            let expected: i64 = sqlx::query_scalar(rows()).fetch_one(&mut *here).await.unwrap();
            assert!(counted == expected && counted > 0, "{table}: {counted} of {expected}");
        }
        let found = crew.browser(&restored, crew.ann).await.get(&format!("{BLOBS}{photo}")).await;
        assert_eq!(found.bytes().await.unwrap(), vec![7; 300_000], "the backup has the bytes of files");
    }
    assert!(1 < epochs[0] && epochs[0] < epochs[1], "{epochs:?}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_a_sentence() {
    let database = Database::new().await;
    let backup = Backup::new();
    let output = command("backup", &backup.0, &database).env("PATH", "/nonexistent").output().unwrap();
    assert!(!output.status.success() && said(&output).starts_with("pg_dump was not found. Install"), "{}", said(&output));
    run("backup", &backup.0, &database);
    assert_eq!(fs::metadata(&backup.0).unwrap().permissions().mode() & 0o777, 0o600, "nobody else may read it");
    let nowhere = command("backup", Path::new("/nonexistent/file"), &database).output().unwrap();
    assert!(said(&nowhere).contains("cannot be written"), "{}", said(&nowhere));
    let again = command("backup", &backup.0, &database).output().unwrap();
    assert!(said(&again).contains("exists already"), "{}", said(&again));
    let full = command("restore", &backup.0, &database).output().unwrap();
    assert!(!full.status.success() && said(&full).contains("is not empty"), "{}", said(&full));
    let empty = Database::empty().await;
    let damaged = Backup::new();
    fs::write(&damaged.0, b"PGDMP, or so it says").unwrap();
    let output = command("restore", &damaged.0, &empty).output().unwrap();
    assert!(!output.status.success() && said(&output).contains("pg_restore"), "{}", said(&output));
    let mut wordless = Command::new(env!("CARGO_BIN_EXE_rounds-server"));
    let output = wordless.arg("restore").env("DATABASE_URL", &empty.url).output().unwrap();
    assert!(said(&output).contains("rounds-server restore FILE"), "{}", said(&output));
}
