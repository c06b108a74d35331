//! Two server processes on one Postgres, killed without warning while four devices write 2,000 ops: nothing is lost,
//! nothing is there twice.

use super::{
    Crew,
    phone::Phone,
    process::{Process, free_port},
};
use crate::support::{Browser, TestApp};
use domain::{
    Id,
    records::{Account, FollowUp, Notice},
    testing::Random,
};
use serde_json::json;
use server::{now::now_ms, secret::new_id};
use std::time::Duration;
use store::Draft;

const OPS: usize = 2_000;

/// A rep who edits the same accounts as his colleagues.
fn draft(random: &mut Random, accounts: &[Id], at: usize) -> Draft {
    let account = accounts[random.below(accounts.len())];
    let new = new_id().unwrap();
    match random.below(4) {
        0 => Draft::new().put(Account::KIND, account, "industry", json!(format!("industry {at}"))),
        1 => Draft::new().put(Account::KIND, account, "short_name", json!(format!("name {at}"))),
        2 => Draft::new().put(Account::KIND, account, "tags", json!([format!("tag {at}")])),
        _ => Draft::new().create(FollowUp::KIND, new).put(FollowUp::KIND, new, "account", json!(account)).put(
            FollowUp::KIND,
            new,
            "text",
            json!(format!("text {at}")),
        ),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_ops_survive_killed_servers() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let accounts: Vec<Id> = (0..20).map(|_| new_id().unwrap()).collect();
    crew.accounts(&app, &accounts.iter().map(|account| (*account, crew.ann)).collect::<Vec<_>>()).await;
    let mut servers = [free_port(), free_port()].map(|port| Process::start(&app.database.url, port));
    let mut random = Random::new(7);
    let mut phones = Vec::new();
    for member in [crew.ann, crew.ann, crew.manager, crew.administrator] {
        let cookie = format!("rounds_session={}", crew.session(&app, member).await);
        let browsers = [0, 1].map(|at| Browser::new(&servers[at].origin()).with_cookie(cookie.clone()));
        phones.push((Phone::new(browsers[0].clone(), crew.org, member).await, browsers));
    }
    for (phone, _) in &mut phones {
        eventually(phone).await;
    }
    let mut made = Vec::new();
    while made.len() < OPS {
        for (phone, browsers) in &mut phones {
            phone.browser = browsers[random.below(2)].clone();
            for _ in 0..25 {
                made.push(phone.save(draft(&mut random, &accounts, made.len())).await.op_id);
            }
            // A device that is answered by nobody keeps its work and goes on.
            phone.sync_patiently().await;
        }
        if random.chance(30) {
            servers[random.below(2)].kill_and_restart();
        }
    }
    for _ in 0..2 {
        for (phone, _) in &mut phones {
            eventually(phone).await;
        }
    }
    let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let decided: Vec<Id> = sqlx::query_scalar("SELECT op_id FROM op_outcome WHERE outcome->>'outcome' IN ('applied', 'merged')")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    let unique: std::collections::BTreeSet<&Id> = decided.iter().collect();
    assert_eq!((unique.len(), decided.len()), (made.len(), made.len()), "each op exactly once");
    assert!(made.iter().all(|op| unique.contains(op)));
    let texts: i64 =
        sqlx::query_scalar("SELECT count(*) FROM record WHERE kind = 'follow_up'").fetch_one(&mut *tx).await.unwrap();
    let mut views = Vec::new();
    for (phone, _) in &phones {
        let mut living = phone.living().await;
        living.retain(|_, row| row.kind != Notice::KIND);
        views.push(living);
    }
    assert_eq!(views[0].values().filter(|row| row.kind == FollowUp::KIND).count() as i64, texts);
    assert!(views.iter().all(|view| *view == views[0]), "every device has the same");
}

async fn eventually(phone: &mut Phone) {
    let deadline = now_ms() + 60_000;
    while !phone.sync_patiently().await {
        assert!(now_ms() < deadline, "stuck for a minute");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
