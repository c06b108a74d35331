//! Merged accounts and collisions (sync.md, "Merge rules"): nothing below a merged account is rewritten, whoever sees the
//! survivor has all of it, and undoing is exact.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id, Row, Value,
    change::Outcome,
    merging::MERGED_INTO,
    records::{Account, Collision, Comment, Contact, FollowUp, Notice, Share},
};
use serde_json::json;
use server::{db, secret::new_id, upkeep};
use std::collections::BTreeMap;
use store::Draft;

fn ids<const N: usize>() -> [Id; N] {
    std::array::from_fn(|_| new_id().unwrap())
}

/// Ann and Bob have an account each with something of every sort under it, their manager sees both, Eve neither.
struct Scene {
    app: TestApp,
    crew: Crew,
    anns: Id,
    bobs: Id,
    eves: Id,
    ann: Phone,
    bob: Phone,
    manager: Phone,
    eve: Phone,
}

impl Scene {
    async fn new() -> Scene {
        let app = TestApp::start().await;
        let crew = Crew::new(&app).await;
        let [anns, bobs, eves] = ids();
        crew.join(&app, eves).await;
        crew.accounts(&app, &[(anns, crew.ann), (bobs, crew.bob)]).await;
        let (ann, bob) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await);
        let (manager, eve) = (crew.phone(&app, crew.manager).await, crew.phone(&app, eves).await);
        let mut scene = Scene { app, crew, anns, bobs, eves, ann, bob, manager, eve };
        scene.all_sync().await;
        for (account, at_hand) in [(anns, true), (bobs, false)] {
            let [contact, visit, comment] = ids();
            let under = |draft: Draft, kind: &str, id: Id| draft.create(kind, id).put(kind, id, "account", json!(account));
            let draft = under(under(under(Draft::new(), Contact::KIND, contact), FollowUp::KIND, visit), Comment::KIND, comment);
            let draft = draft.put(Comment::KIND, comment, "follow_up", json!(visit));
            if at_hand {
                scene.ann.save(draft).await
            } else {
                scene.bob.save(draft).await
            };
        }
        scene.all_sync().await;
        scene
    }

    async fn all_sync(&mut self) {
        for phone in [&mut self.ann, &mut self.bob, &mut self.manager, &mut self.eve] {
            phone.sync().await;
        }
    }

    async fn merge(&mut self, from: Id, into: Id) {
        self.manager.set(Account::KIND, from, MERGED_INTO, json!(into)).await;
        self.manager.sync().await;
        self.all_sync().await;
    }

    /// What each of them has of accounts and what is under them, as values.
    async fn held(&self) -> [BTreeMap<Id, BTreeMap<String, Value>>; 4] {
        let mut all = Vec::new();
        for phone in [&self.ann, &self.bob, &self.manager, &self.eve] {
            let rows = phone.living().await.into_values();
            let kinds = [Account::KIND, Contact::KIND, FollowUp::KIND, Comment::KIND];
            let business = rows.filter(|row| kinds.contains(&row.kind.as_str()));
            all.push(business.map(|row| (row.id, row.body().into_iter().collect())).collect());
        }
        all.try_into().unwrap()
    }

    async fn sums(&self) -> (i64, i64) {
        let mut tx = db::tenant_tx(self.app.pool(), self.crew.org).await.unwrap();
        let query = "SELECT (SELECT sum(seq)::bigint FROM record WHERE kind IN ('contact', 'follow_up', 'comment')),
            (SELECT count(*) FROM access WHERE to_seq IS NULL)";
        sqlx::query_as(query).fetch_one(&mut *tx).await.unwrap()
    }
}

fn count(held: &BTreeMap<Id, BTreeMap<String, Value>>) -> usize {
    held.len()
}

/// Each writes another account of those that are one, and needs all of them: who began with what the other needs last would
/// wait for him, and he for him.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_writes_merged_accounts_at_once_waits_for_nobody_who_waits_for_him() {
    let mut scene = Scene::new().await;
    let (anns, bobs) = (scene.anns, scene.bobs);
    scene.merge(bobs, anns).await;
    for round in 0..40 {
        scene.ann.set(Account::KIND, anns, "note", json!(format!("Ann {round}"))).await;
        scene.bob.set(Account::KIND, bobs, "access_note", json!(format!("Bob {round}"))).await;
        scene.manager.set(Account::KIND, [anns, bobs][round % 2], "website", json!(format!("{round}.example"))).await;
        tokio::join!(scene.ann.sync(), scene.bob.sync(), scene.manager.sync());
    }
    // A session tells the statistics a second later.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let deadlocks: i64 = sqlx::query_scalar(counted).fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(deadlocks, 0);
}

#[tokio::test]
async fn merging_keeps_every_relation_for_both_and_undoing_restores_exactly() {
    let mut scene = Scene::new().await;
    let (anns, bobs) = (scene.anns, scene.bobs);
    let (before, sums) = (scene.held().await, scene.sums().await);
    assert_eq!(before.each_ref().map(count), [4, 4, 8, 0]);
    // As the app does: Ann works on what stays, and what stays takes over what it lacks.
    let merge = Draft::new().put(Account::KIND, anns, MERGED_INTO, json!(bobs));
    scene.manager.save(merge.put(Account::KIND, bobs, "collaborators", json!([scene.crew.ann]))).await;
    scene.manager.sync().await;
    scene.all_sync().await;
    let merged = scene.held().await;
    assert_eq!(merged.each_ref().map(count), [8, 8, 8, 0], "both have all of it, and nobody else anything");
    assert_eq!(scene.sums().await.0, sums.0, "nothing below is written");

    let undo = Draft::new().put(Account::KIND, anns, MERGED_INTO, Value::Null);
    scene.ann.save(undo.put(Account::KIND, bobs, "collaborators", json!([]))).await;
    scene.ann.sync().await;
    scene.all_sync().await;
    assert_eq!(scene.held().await, before);
    assert_eq!(scene.sums().await, sums);
    // Also for devices that come anew.
    for (member, count) in [(scene.crew.ann, 4), (scene.crew.bob, 4)] {
        let mut phone = scene.crew.phone(&scene.app, member).await;
        phone.sync().await;
        let business =
            phone.living().await.into_values().filter(|row| row.kind == Account::KIND || row.reference("account").is_some());
        assert_eq!(business.count(), count);
    }
}

#[tokio::test]
async fn an_edit_that_had_not_seen_the_merge_follows_the_survivor_and_a_new_child_stays_where_it_was_put() {
    let mut scene = Scene::new().await;
    let (anns, bobs, [child]) = (scene.anns, scene.bobs, ids());
    scene.ann.set(Account::KIND, anns, "industry", json!("medical")).await;
    scene.ann.set(Account::KIND, anns, "name", json!("明珠医疗")).await;
    scene.ann.save(Draft::new().create(Contact::KIND, child).put(Contact::KIND, child, "account", json!(anns))).await;
    scene.merge(anns, bobs).await;
    scene.all_sync().await;
    let survivor = scene.bob.row(bobs).await;
    assert_eq!([survivor.text("industry"), survivor.text("name")], ["medical", "明珠医疗"]);
    assert_eq!(scene.bob.row(anns).await.text("industry"), "");
    assert_eq!(scene.bob.row(child).await.reference("account"), Some(anns), "whoever sees the survivor has it");
    let of = |row: &Row| (row.text("reason").to_owned(), row.value("lost"));
    let told: Vec<_> = scene.ann.of_kind(Notice::KIND).await.iter().map(of).collect();
    assert_eq!(told, [("conflict".to_owned(), json!("明珠贸易"))], "of what was replaced on the survivor");
    assert!(scene.ann.snapshot().await.attention.is_empty());
}

#[tokio::test]
async fn a_parked_edit_that_had_not_seen_the_merge_is_taken_up_at_the_survivor() {
    let mut scene = Scene::new().await;
    let (anns, bobs) = (scene.anns, scene.bobs);
    // Offline, without a right to it.
    scene.eve.set(Account::KIND, anns, "industry", json!("medical")).await;
    scene.merge(anns, bobs).await;
    let (_, waiting) = scene.manager.browser.call("parked", json!({})).await;
    let (status, taken) = scene.manager.browser.call("take-up", json!({ "ops": [waiting[0]["op"]] })).await;
    assert_eq!(status, 200, "{taken}");
    assert_eq!(taken[0]["taken"], json!(true), "{taken}");
    scene.all_sync().await;
    let industries = [scene.bob.row(bobs).await, scene.bob.row(anns).await];
    assert_eq!(industries.each_ref().map(|row| row.text("industry")), ["medical", ""]);
}

#[tokio::test]
async fn chains_are_followed_and_of_two_merges_into_each_other_the_later_to_arrive_is_refused() {
    let mut scene = Scene::new().await;
    let (anns, bobs, [third]) = (scene.anns, scene.bobs, ids());
    scene.crew.accounts(&scene.app, &[(third, scene.crew.bob)]).await;
    scene.all_sync().await;
    let mut administrator = scene.crew.phone(&scene.app, scene.crew.administrator).await;
    administrator.sync().await;
    // All offline: Ann edits, the administrator merges the other way round.
    scene.ann.set(Account::KIND, anns, "industry", json!("medical")).await;
    administrator.set(Account::KIND, third, MERGED_INTO, json!(anns)).await;
    for (from, into) in [(anns, bobs), (bobs, third)] {
        scene.manager.set(Account::KIND, from, MERGED_INTO, json!(into)).await;
    }
    scene.manager.sync().await;
    administrator.sync().await;
    let refused = administrator.snapshot().await.attention;
    assert!(matches!(&refused[0].outcome, Outcome::Rejected { code, .. } if code == "merge_circle"), "{refused:?}");
    scene.all_sync().await;
    scene.bob.sync().await;
    assert_eq!(scene.bob.row(third).await.get(MERGED_INTO), None);
    let industries = [scene.bob.row(anns).await, scene.bob.row(bobs).await, scene.bob.row(third).await];
    assert_eq!(industries.each_ref().map(|row| row.text("industry")), ["", "", "medical"], "it goes to the end of the chain");
}

#[tokio::test]
async fn what_opens_or_closes_the_survivor_does_so_for_what_was_merged_into_it() {
    let mut scene = Scene::new().await;
    let (anns, bobs, [share]) = (scene.anns, scene.bobs, ids());
    scene.merge(anns, bobs).await;
    let draft = Draft::new().create(Share::KIND, share).put(Share::KIND, share, "account", json!(bobs));
    scene.bob.save(draft.put(Share::KIND, share, "member", json!(scene.eves))).await;
    scene.bob.sync().await;
    scene.all_sync().await;
    assert_eq!(count(&scene.held().await[3]), 8);
    scene.bob.save(Draft::new().delete(Share::KIND, share)).await;
    scene.bob.sync().await;
    scene.all_sync().await;
    assert_eq!(count(&scene.held().await[3]), 0);
}

/// A new account as the form makes it.
fn made(account: Id, name: &str, owner: Id) -> Draft {
    Draft::new().create(Account::KIND, account).put(Account::KIND, account, "name", json!(name)).put(
        Account::KIND,
        account,
        "owner",
        json!(owner),
    )
}

#[tokio::test]
async fn a_company_that_two_made_offline_under_variants_of_its_name_is_one_case_for_ever() {
    let mut scene = Scene::new().await;
    let [one, other] = ids();
    scene.ann.save(made(one, "上海明珠贸易有限公司", scene.crew.ann)).await;
    scene.bob.save(made(other, "上海（明珠）贸易 有限责任公司", scene.crew.bob)).await;
    scene.all_sync().await;
    scene.all_sync().await;
    let case = |rows: Vec<Row>| <[Row; 1]>::try_from(rows).expect("one case");
    for phone in [&scene.ann, &scene.bob, &scene.manager] {
        let [case] = case(phone.of_kind(Collision::KIND).await);
        assert_eq!((case.text("state"), case.value("evidence")), ("open", json!(["name"])));
        let told = phone.of_kind(Notice::KIND).await;
        assert_eq!(told.iter().map(|notice| notice.text("reason")).collect::<Vec<_>>(), ["collision"]);
    }
    assert!(scene.eve.of_kind(Collision::KIND).await.is_empty() && scene.eve.of_kind(Notice::KIND).await.is_empty());
    let (anns, bobs) = (scene.ann.living().await, scene.bob.living().await);
    assert!(anns.contains_key(&one) && !anns.contains_key(&other), "both stay, each with his own");
    assert!(bobs.contains_key(&other) && !bobs.contains_key(&one));

    // One who sees only one of them cannot decide; what he said waits for who can.
    let [open] = case(scene.ann.of_kind(Collision::KIND).await);
    scene.ann.set(Collision::KIND, open.id, "state", json!("kept_apart")).await;
    scene.ann.sync().await;
    assert!(matches!(scene.ann.snapshot().await.attention[0].outcome, Outcome::Parked { .. }));
    scene.manager.set(Account::KIND, one, MERGED_INTO, json!(other)).await;
    scene.manager.sync().await;
    scene.all_sync().await;
    let [merged] = case(scene.bob.of_kind(Collision::KIND).await);
    assert_eq!((merged.text("state"), merged.cells["state"].actor), ("merged", scene.crew.manager));
    scene.manager.set(Account::KIND, one, MERGED_INTO, Value::Null).await;
    scene.manager.sync().await;
    assert_eq!(case(scene.manager.of_kind(Collision::KIND).await)[0].text("state"), "open", "undone, it is a question again");
    scene.manager.set(Collision::KIND, open.id, "state", json!("kept_apart")).await;
    scene.manager.set(Account::KIND, one, "name", json!("上海明珠贸易股份有限公司")).await;
    scene.manager.sync().await;
    let [kept] = case(scene.manager.of_kind(Collision::KIND).await);
    assert_eq!((kept.text("state"), kept.text("first_name").is_empty()), ("kept_apart", false), "never asked again");
}

#[tokio::test]
async fn what_was_there_before_is_known_by_upkeep_and_an_import_asks_nobody() {
    let mut scene = Scene::new().await;
    let [one, other, late] = ids();
    let mut tx = db::tenant_tx(scene.app.pool(), scene.crew.org).await.unwrap();
    let owner = scene.crew.ann;
    let rows = [one, other].map(|id| domain::testing::account(id, "Acme Ltd", owner));
    db::feed::bring_in(&mut tx, scene.crew.org, rows.into()).await.unwrap();
    // As it was before there were keys.
    sqlx::query("DELETE FROM account_key").execute(&mut *tx).await.unwrap();
    db::commit(tx).await.unwrap();
    scene.ann.sync().await;
    assert!(scene.ann.of_kind(Collision::KIND).await.is_empty(), "an import is one company's own list");
    upkeep::once(scene.app.pool(), server::now::now_ms()).await.unwrap();
    scene.ann.save(made(late, "ACME Limited", owner)).await;
    scene.ann.sync().await;
    assert_eq!(scene.ann.of_kind(Collision::KIND).await.len(), 2, "one with each of them");
}
