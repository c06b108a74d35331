//! Rights that move: who gets or loses a record learns it, though no row changed.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id, Schema,
    change::Outcome,
    hub::PAGE_ROWS,
    records::{Account, Contact, FollowUp, Member, Notice, Share, Team, Territory},
};
use serde_json::{Value, json};
use server::{db, expiry, now::now_ms, secret::new_id};
use store::Draft;

fn ids<const N: usize>() -> [Id; N] {
    std::array::from_fn(|_| new_id().unwrap())
}

/// An account of Ann's with a follow-up, and phones that have all they may.
struct Scene {
    app: TestApp,
    crew: Crew,
    account: Id,
    visit: Id,
    ann: Phone,
    bob: Phone,
    administrator: Phone,
}

impl Scene {
    async fn new() -> Scene {
        let app = TestApp::start().await;
        let crew = Crew::new(&app).await;
        let [account, visit] = ids();
        crew.accounts(&app, &[(account, crew.ann)]).await;
        let mut ann = crew.phone(&app, crew.ann).await;
        ann.sync().await;
        ann.save(Draft::new().create(FollowUp::KIND, visit).put(FollowUp::KIND, visit, "account", json!(account))).await;
        ann.sync().await;
        let (mut bob, mut administrator) = (crew.phone(&app, crew.bob).await, crew.phone(&app, crew.administrator).await);
        bob.sync().await;
        administrator.sync().await;
        Scene { app, crew, account, visit, ann, bob, administrator }
    }

    /// Whether Bob's device has the account and what is under it, after it heard of everything.
    async fn bob_has(&mut self) -> [bool; 2] {
        self.bob.sync().await;
        let living = self.bob.living().await;
        [self.account, self.visit].map(|id| living.contains_key(&id))
    }

    async fn count(&self, query: &'static str) -> i64 {
        let mut tx = db::tenant_tx(self.app.pool(), self.crew.org).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut *tx).await.unwrap()
    }
}

#[tokio::test]
async fn a_collaborator_gets_the_whole_account_and_loses_it() {
    let mut scene = Scene::new().await;
    let (account, bob) = (scene.account, scene.crew.bob);
    assert_eq!(scene.bob_has().await, [false, false]);
    scene.ann.set(Account::KIND, account, "collaborators", json!([bob])).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, true], "the visit too, though it did not change");
    scene.ann.set(Account::KIND, account, "collaborators", json!([])).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [false, false]);
    assert!(scene.bob.snapshot().await.base.iter().all(|row| row.id != account), "removed, which is no deletion");
    scene.administrator.sync().await;
    assert!(scene.administrator.row(account).await.is_alive());
}

#[tokio::test]
async fn what_was_deleted_while_somebody_had_no_right_to_it_goes_though_he_got_that_back_between_two_pages() {
    let mut scene = Scene::new().await;
    let (account, bob) = (scene.account, scene.crew.bob);
    scene.ann.set(Account::KIND, account, "collaborators", json!([bob])).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, true]);
    scene.ann.set(Account::KIND, account, "collaborators", json!([])).await;
    scene.ann.save(Draft::new().delete(FollowUp::KIND, scene.visit)).await;
    scene.ann.sync().await;
    // More than a page of his own: when he gets his right back, the pull is not over.
    let owned: Vec<(Id, Id)> = (0..PAGE_ROWS + 100).map(|_| (new_id().unwrap(), bob)).collect();
    scene.crew.accounts(&scene.app, &owned).await;
    scene.bob.exchange().await;
    scene.ann.set(Account::KIND, account, "collaborators", json!([bob])).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, false], "the visit was deleted meanwhile");
}

#[tokio::test]
async fn a_share_made_offline_opens_the_account_until_the_servers_clock_ends_it() {
    let mut scene = Scene::new().await;
    let ([share], account, until) = (ids(), scene.account, now_ms() + 3_600_000);
    let draft = Draft::new().create(Share::KIND, share).put(Share::KIND, share, "account", json!(account));
    let draft = draft.put(Share::KIND, share, "member", json!(scene.crew.bob)).put(Share::KIND, share, "until", json!(until));
    scene.ann.save(draft).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, true]);
    expiry::once(scene.app.pool(), &scene.app.state.poker, until - 1).await.unwrap();
    assert_eq!(scene.bob_has().await, [true, true], "not yet");
    // Bob writes while he has the right, and is heard after it ended.
    scene.bob.set(FollowUp::KIND, scene.visit, "text", json!("helped out")).await;
    expiry::once(scene.app.pool(), &scene.app.state.poker, until).await.unwrap();
    assert_eq!(scene.bob_has().await, [false, false]);
    scene.ann.sync().await;
    assert_eq!(scene.ann.row(scene.visit).await.text("text"), "helped out");
    assert!(scene.ann.row(share).await.is_alive(), "the share itself tells that there was one");
    // A share that is over when it arrives opens nothing; a longer one opens again.
    scene.ann.set(Share::KIND, share, "until", json!(now_ms() - 1)).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [false, false]);
    scene.ann.set(Share::KIND, share, "until", Value::Null).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, true]);
    expiry::once(scene.app.pool(), &scene.app.state.poker, i64::MAX).await.unwrap();
    assert_eq!(scene.bob_has().await, [true, true], "without an end there is none");
    scene.ann.save(Draft::new().delete(Share::KIND, share)).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [false, false]);
}

#[tokio::test]
async fn a_share_with_a_team_goes_with_the_team_and_does_not_take_an_owners_right() {
    let mut scene = Scene::new().await;
    let ([share, team], account) = (ids(), scene.account);
    let with_team = Draft::new().create(Share::KIND, share).put(Share::KIND, share, "account", json!(account));
    scene.ann.save(with_team.put(Share::KIND, share, "team", json!(scene.crew.team))).await;
    scene.ann.sync().await;
    assert_eq!(scene.bob_has().await, [true, true]);
    scene.administrator.sync().await;
    let draft = Draft::new().create(Team::KIND, team).put(Team::KIND, team, "name", json!("North"));
    scene.administrator.save(draft.put(Member::KIND, scene.crew.bob, "team", json!(team))).await;
    scene.administrator.sync().await;
    assert_eq!(scene.bob_has().await, [false, false], "he left the team");
    scene.administrator.set(Account::KIND, account, "collaborators", json!([scene.crew.bob])).await;
    scene.administrator.set(Share::KIND, share, "member", json!(scene.crew.bob)).await;
    scene.administrator.sync().await;
    assert_eq!(scene.bob_has().await, [true, true]);
    scene.administrator.save(Draft::new().delete(Share::KIND, share)).await;
    scene.administrator.sync().await;
    assert_eq!(scene.bob_has().await, [true, true], "he works on it besides");
}

#[tokio::test]
async fn a_territory_opens_its_accounts_to_its_people_and_to_those_around_it() {
    let mut scene = Scene::new().await;
    let ([east, shanghai], account) = (ids(), scene.account);
    let name = |draft: Draft, id: Id, name: &str| draft.create(Territory::KIND, id).put(Territory::KIND, id, "name", json!(name));
    let draft = name(name(Draft::new(), east, "华东"), shanghai, "上海").put(Territory::KIND, shanghai, "parent", json!(east));
    scene.administrator.save(draft.put(Account::KIND, account, "territory", json!(shanghai))).await;
    scene.administrator.sync().await;
    assert_eq!(scene.bob_has().await, [false, false]);
    let rows = "SELECT sum(seq)::bigint FROM record WHERE kind IN ('account', 'follow_up')";
    let (before, intervals) = (scene.count(rows).await, scene.count("SELECT count(*) FROM access").await);
    for (field, territory) in [("members", shanghai), ("manager", east)] {
        let value = if field == "members" { json!([scene.crew.bob]) } else { json!(scene.crew.bob) };
        scene.administrator.set(Territory::KIND, territory, field, value).await;
        scene.administrator.sync().await;
        assert_eq!(scene.bob_has().await, [true, true], "{field}");
        let nobody = if field == "members" { json!([]) } else { Value::Null };
        scene.administrator.set(Territory::KIND, territory, field, nobody).await;
        scene.administrator.sync().await;
        assert_eq!(scene.bob_has().await, [false, false], "{field}");
    }
    assert_eq!((scene.count(rows).await, scene.count("SELECT count(*) FROM access").await), (before, intervals));
}

#[tokio::test]
async fn a_contact_that_moves_leaves_those_who_do_not_see_where_to_and_a_late_edit_follows_it() {
    let mut scene = Scene::new().await;
    let [contact, elsewhere] = ids();
    scene.crew.accounts(&scene.app, &[(elsewhere, scene.crew.bob)]).await;
    let draft = Draft::new().create(Contact::KIND, contact).put(Contact::KIND, contact, "account", json!(scene.account));
    scene.ann.save(draft).await;
    scene.ann.sync().await;
    scene.administrator.sync().await;
    scene.administrator.set(Contact::KIND, contact, "account", json!(elsewhere)).await;
    scene.administrator.sync().await;
    // Ann has not heard of the move: her right to the contact where it stood holds.
    scene.ann.set(Contact::KIND, contact, "title", json!("Buyer")).await;
    scene.ann.sync().await;
    assert!(scene.ann.snapshot().await.attention.is_empty());
    assert!(!scene.ann.living().await.contains_key(&contact) && scene.ann.living().await.contains_key(&scene.account));
    scene.bob.sync().await;
    let moved = scene.bob.row(contact).await;
    assert_eq!((moved.text("title"), moved.reference("account")), ("Buyer", Some(elsewhere)));
}

#[tokio::test]
async fn who_has_left_loses_everything_and_what_he_owned_stays_with_his_manager() {
    let mut scene = Scene::new().await;
    let mut manager = scene.crew.phone(&scene.app, scene.crew.manager).await;
    manager.sync().await;
    scene.administrator.set(Member::KIND, scene.crew.ann, "active", json!(false)).await;
    scene.administrator.sync().await;
    let step = scene.ann.exchange().await;
    assert!(matches!(step, sync::Step::SignInNeeded), "{step:?}");
    assert!(scene.ann.living().await.contains_key(&scene.account), "nobody's device is emptied by a sign-in that ended");
    manager.sync().await;
    assert!(manager.living().await.contains_key(&scene.account));
    let open = "SELECT count(*) FROM member_scope WHERE to_seq IS NULL AND key LIKE 'member:%' AND member_id =
        (SELECT id FROM record WHERE kind = 'member' AND body->>'active' = 'false')";
    assert_eq!(scene.count(open).await, 0);
}

#[tokio::test]
async fn a_right_that_ended_is_not_used_by_a_device_that_comes_later() {
    let mut scene = Scene::new().await;
    let old = scene.ann.snapshot().await.meta.cursor.clone();
    let before = scene.ann.snapshot().await.meta.checkpoint;
    scene.administrator.set(Account::KIND, scene.account, "owner", json!(scene.crew.bob)).await;
    scene.administrator.sync().await;
    let browser = scene.crew.browser(&scene.app, scene.crew.ann).await;
    let device = new_id().unwrap();
    let op = json!({ "org": scene.crew.org, "device": device, "n": 1, "op_id": new_id().unwrap(), "actor": scene.crew.ann,
        "base_seq": before, "schema": Schema::VERSION, "at": 0, "writes": [{ "kind": Account::KIND, "id": scene.account, "act": "set",
        "field": "name", "value": "mine", "clock": format!("01a1edb98e00-0000-{}", device.simple()) }] });
    let request = json!({ "device": device, "schema": Schema::VERSION, "device_time": 0, "cursor": old, "ops": [op] });
    let answer: Value = browser.post(domain::wire::SYNC, &request).await.json().await.unwrap();
    let outcome: Outcome = serde_json::from_value(answer["acks"][0].clone()).unwrap();
    assert!(matches!(outcome, Outcome::Parked { reason } if reason == "no_access"), "{answer}");
    scene.bob.sync().await;
    assert_eq!(scene.bob.row(scene.account).await.text("name"), "明珠贸易");
    let notices = scene.bob.of_kind(Notice::KIND).await;
    let told = notices.iter().find(|notice| notice.text("reason") == "parked").expect("the owner is told");
    assert_eq!((told.value("lost"), told.reference("lost_by")), (json!("mine"), Some(scene.crew.ann)));
}

#[tokio::test]
async fn reorganising_five_teams_changes_members_and_neither_an_account_nor_a_key_on_one() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let people = ids::<5>().map(|rep| (rep, new_id().unwrap(), new_id().unwrap()));
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    let rows = people.iter().flat_map(|(rep, manager, team)| {
        use domain::testing::{member, team as team_of};
        [team_of(*team, *manager), member(*rep, "rep", Some(*team)), member(*manager, "manager", None)]
    });
    db::feed::bring_in(&mut tx, crew.org, rows.collect()).await.unwrap();
    db::commit(tx).await.unwrap();
    let owned: Vec<(Id, Id)> = (0..50).map(|at| (new_id().unwrap(), people[at % 5].0)).collect();
    crew.accounts(&app, &owned).await;
    let state = async || -> (i64, i64, i64, i64) {
        let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
        let query = "SELECT (SELECT sum(seq)::bigint FROM record WHERE kind = 'account'),
            (SELECT sum(from_seq + coalesce(to_seq, 0))::bigint FROM access), (SELECT count(*) FROM access),
            (SELECT sum(from_seq + coalesce(to_seq, 0))::bigint FROM record_root WHERE root LIKE 'record:%')";
        sqlx::query_as(query).fetch_one(&mut *tx).await.unwrap()
    };
    let before = state().await;
    let mut administrator = crew.phone(&app, crew.administrator).await;
    administrator.sync().await;
    let round = |draft: Draft, at: usize| {
        let (next, team) = (people[(at + 1) % 5].1, people[at].2);
        draft.put(Team::KIND, team, "manager", json!(next))
    };
    administrator.save((0..5).fold(Draft::new(), round)).await;
    administrator.sync().await;
    assert_eq!(state().await, before);
    let mut tx = db::tenant_tx(app.pool(), crew.org).await.unwrap();
    for (at, (rep, _, _)) in people.iter().enumerate() {
        let manager = people[(at + 1) % 5].1;
        let query = "SELECT count(*) FROM record WHERE kind = 'account' AND body->>'owner' = $2::text AND sees($1, $3, root)";
        let seen: i64 =
            sqlx::query_scalar(query).bind(crew.org).bind(rep.to_string()).bind(manager).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(seen, 10, "the new manager sees the team's accounts");
    }
}
