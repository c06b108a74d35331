//! Who sees what: a device holds only what its member may read, and loses it when the right ends.

use super::Crew;
use crate::support::TestApp;
use domain::{
    change::Outcome,
    records::{Account, FollowUp, Member, Team},
};
use serde_json::{Value, json};
use server::secret::new_id;
use store::Draft;

#[tokio::test]
async fn a_rep_gets_his_own_a_manager_his_teams_an_administrator_everything() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let accounts: Vec<_> = (0..4).map(|_| new_id().unwrap()).collect();
    crew.accounts(
        &app,
        &[(accounts[0], crew.ann), (accounts[1], crew.bob), (accounts[2], crew.bob), (accounts[3], crew.administrator)],
    )
    .await;
    for (member, count) in [(crew.ann, 1), (crew.bob, 2), (crew.manager, 3), (crew.administrator, 4)] {
        let mut phone = crew.phone(&app, member).await;
        phone.sync().await;
        assert_eq!(phone.of_kind(Account::KIND).await.len(), count);
        assert_eq!(phone.of_kind(Member::KIND).await.len(), 4, "colleagues are known to everybody");
    }
}

#[tokio::test]
async fn reassigning_an_account_takes_all_of_it_from_one_and_gives_all_of_it_to_the_other() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, visit) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut ann, mut bob, mut manager) =
        (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await, crew.phone(&app, crew.manager).await);
    ann.sync().await;
    bob.sync().await;
    ann.save(Draft::new().create(FollowUp::KIND, visit).put(FollowUp::KIND, visit, "account", json!(account))).await;
    ann.sync().await;
    manager.sync().await;
    manager.set(Account::KIND, account, "owner", json!(crew.bob)).await;
    manager.sync().await;
    // Made before Ann's device hears of it: her right held when she acted.
    ann.set(FollowUp::KIND, visit, "text", json!("met the buyer")).await;
    ann.sync().await;
    bob.sync().await;
    assert!(!ann.living().await.contains_key(&account) && !ann.living().await.contains_key(&visit));
    assert_eq!(bob.row(visit).await.text("text"), "met the buyer");
    assert!(bob.living().await.contains_key(&account));
    assert!(manager.living().await.contains_key(&account), "the manager keeps both reps' accounts");
}

#[tokio::test]
async fn a_member_who_changes_team_changes_managers() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let (account, team) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let (mut manager, mut administrator) = (crew.phone(&app, crew.manager).await, crew.phone(&app, crew.administrator).await);
    manager.sync().await;
    assert!(manager.living().await.contains_key(&account));
    administrator.sync().await;
    let moved = Draft::new().create(Team::KIND, team).put(Team::KIND, team, "name", json!("North"));
    administrator.save(moved.put(Member::KIND, crew.ann, "team", json!(team))).await;
    administrator.sync().await;
    manager.sync().await;
    assert!(!manager.living().await.contains_key(&account));
    let rewritten: i64 = {
        let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
        let query = "SELECT count(*) FROM access WHERE to_seq IS NOT NULL";
        sqlx::query_scalar(query).fetch_one(&mut *tx).await.unwrap()
    };
    assert_eq!(rewritten, 0, "moving people touches no account");
}

#[tokio::test]
async fn a_rep_cannot_write_members_and_cannot_reach_what_he_does_not_see() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.bob)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    ann.set(Member::KIND, crew.ann, "role", json!("administrator")).await;
    ann.set(Account::KIND, account, "name", json!("mine")).await;
    ann.set(Account::KIND, new_id().unwrap(), "name", json!("nobody's")).await;
    ann.save(Draft::new().create(Account::KIND, account).put(Account::KIND, account, "owner", json!(crew.ann))).await;
    ann.sync().await;
    let outcomes: Vec<Outcome> = {
        let mut attention = ann.snapshot().await.attention;
        attention.sort_by_key(|one| one.op.n);
        attention.into_iter().map(|one| one.outcome).collect()
    };
    assert!(matches!(&outcomes[0], Outcome::Rejected { code, .. } if code == "not_allowed"));
    let parked = |outcome: &Outcome| matches!(outcome, Outcome::Parked { .. });
    assert!(outcomes.len() == 4 && outcomes[1..].iter().all(parked), "{outcomes:?}");
    assert_eq!(ann.of_kind(Account::KIND).await.len(), 0);
    let name: Value = {
        let mut tx = server::db::tenant_tx(app.pool(), crew.org).await.unwrap();
        sqlx::query_scalar("SELECT body->'name' FROM record WHERE id = $1").bind(account).fetch_one(&mut *tx).await.unwrap()
    };
    assert_eq!(name, json!("明珠贸易"));
}
