//! The order of the feed is the order of commits: whoever pulls while a writer is between stamp and COMMIT misses nothing.

use super::Crew;
use crate::support::{TestApp, build::stamp};
use domain::records::Account;
use serde_json::json;
use server::{db, secret::new_id};
use std::time::Duration;

#[tokio::test]
async fn a_pull_between_stamp_and_commit_misses_nothing() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let accounts = [new_id().unwrap(), new_id().unwrap()];
    crew.accounts(&app, &[(accounts[0], crew.ann), (accounts[1], crew.bob)]).await;
    let (mut ann, mut bob, mut manager) =
        (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await, crew.phone(&app, crew.manager).await);
    for phone in [&mut ann, &mut bob, &mut manager] {
        phone.sync().await;
    }
    for round in 0..5 {
        let (held, other) = (json!(format!("held {round}")), json!(format!("other {round}")));
        ann.set(Account::KIND, accounts[0], "short_name", held.clone()).await;
        bob.set(Account::KIND, accounts[1], "short_name", other.clone()).await;
        app.state.gates.stamped.close();
        let first = tokio::spawn(async move {
            ann.sync().await;
            ann
        });
        app.state.gates.stamped.reached().await;
        let mut second = tokio::spawn(async move {
            bob.sync().await;
            bob
        });
        // With a stamp taken earlier the second would be through by now, and the pull would step over the first.
        let _ = tokio::time::timeout(Duration::from_millis(200), &mut second).await;
        manager.sync().await;
        app.state.gates.stamped.open();
        ann = first.await.unwrap();
        bob = second.await.unwrap();
        manager.sync().await;
        assert_eq!(manager.row(accounts[0]).await.value("short_name"), held);
        assert_eq!(manager.row(accounts[1]).await.value("short_name"), other);
    }
}

/// The proof that the test above can fail: two writers who take their stamps before, as most do, lose a row for the puller.
#[tokio::test]
async fn a_stamp_taken_earlier_would_lose_a_row() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let accounts = [new_id().unwrap(), new_id().unwrap()];
    crew.accounts(&app, &[(accounts[0], crew.ann), (accounts[1], crew.bob)]).await;
    let mut manager = crew.phone(&app, crew.manager).await;
    manager.sync().await;
    let early_stamp = || async {
        let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
        let seq = stamp(&mut tx, crew.org).await;
        db::commit(tx).await.unwrap();
        seq
    };
    let (held, other) = (early_stamp().await, early_stamp().await);
    for (account, seq) in [(accounts[1], other), (accounts[0], held)] {
        let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
        sqlx::query("SELECT set_config('rounds.seq', $1, true)").bind(seq.to_string()).execute(&mut *tx).await.unwrap();
        let update = r#"UPDATE record SET seq = $2, state = jsonb_set(state, '{cells,name,v}', '"renamed"') WHERE id = $1"#;
        sqlx::query(update).bind(account).bind(seq).execute(&mut *tx).await.unwrap();
        db::commit(tx).await.unwrap();
        manager.sync().await;
    }
    assert_eq!(manager.row(accounts[1]).await.text("name"), "renamed");
    assert_ne!(manager.row(accounts[0]).await.text("name"), "renamed", "the early stamp was stepped over");
}
