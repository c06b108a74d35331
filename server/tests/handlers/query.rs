use crate::{
    support::{Browser, TestApp, browser::refusal},
    sync::Crew,
};
use domain::{
    Id,
    query::{Answer, Filter, Function, Operator, Query, Total, ready},
    records::FollowUp,
    testing,
    wire::{QUERY, QueryAnswer},
};
use serde_json::{Value, json};
use server::{
    db,
    now::{DAY_MS, now_ms},
    secret::new_id,
};

async fn ask(browser: &Browser, query: Value, records: bool) -> QueryAnswer {
    let response = browser.post(QUERY, &json!({ "query": query, "records": records })).await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.unwrap()
}

async fn bring_in(app: &TestApp, org: Id, rows: Vec<domain::Row>) {
    let mut tx = db::tenant_tx(app.pool(), org).await.unwrap();
    db::feed::bring_in(&mut tx, org, rows).await.unwrap();
    db::commit(tx).await.unwrap();
}

#[tokio::test]
async fn answers_over_what_the_asker_sees_and_over_the_company_for_administrators() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let accounts: Vec<Id> = (0..4).map(|_| new_id().unwrap()).collect();
    crew.accounts(
        &app,
        &[(accounts[0], crew.ann), (accounts[1], crew.bob), (accounts[2], crew.bob), (accounts[3], crew.administrator)],
    )
    .await;
    let other = Crew::new(&app).await;
    other.accounts(&app, &[(new_id().unwrap(), other.ann)]).await;
    let count = json!(Query::of("account").show(Function::Count, None));
    let mine = json!(Query::of("account").filter(Filter::field("owner", Operator::Is, "me")));
    let team = json!(Query::of("account").filter(Filter::field("owner", Operator::Is, "my_team")));
    for (member, seen, own, of_team) in
        [(crew.ann, 1, 1, 1), (crew.bob, 2, 2, 2), (crew.manager, 3, 0, 3), (crew.administrator, 4, 1, 1)]
    {
        let browser = crew.browser(&app, member).await;
        let Answer::Groups { groups, .. } = ask(&browser, count.clone(), false).await.answer else { panic!() };
        assert_eq!(groups[0].totals, [Total::Count(seen)]);
        for (query, expected) in [(&mine, own), (&team, of_team)] {
            let Answer::Records { total, .. } = ask(&browser, query.clone(), false).await.answer else { panic!() };
            assert_eq!(total, expected);
        }
    }
}

#[tokio::test]
async fn a_ready_made_query_finds_who_was_not_contacted_and_sends_the_records() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let [met, left] = [new_id().unwrap(), new_id().unwrap()];
    crew.accounts(&app, &[(met, crew.ann), (left, crew.ann)]).await;
    let done = |account: Id, days: i64| {
        testing::row(
            FollowUp::KIND,
            new_id().unwrap(),
            &[("account", json!(account)), ("done_at", json!(now_ms() - days * DAY_MS))],
        )
    };
    bring_in(&app, crew.org, vec![done(met, 3), done(met, 50), done(left, 40)]).await;
    let query = ready::all().into_iter().find(|ready| ready.id == "not_contacted_30").unwrap().query;
    let found = ask(&crew.browser(&app, crew.ann).await, json!(query), true).await;
    assert_eq!(found.answer, Answer::Records { ids: vec![left], total: 1 });
    assert_eq!((found.records[0].id, &found.records[0].fields["name"]), (left, &json!("明珠贸易")));
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_explained_at_its_place() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let wrong = json!({ "from": "account", "filter": { "all": [{ "field": { "field": "stge", "op": "empty" } }] } });
    let body: Value = browser.post(QUERY, &json!({ "query": wrong })).await.json().await.unwrap();
    assert_eq!(body["field"], "query.filter.all[0].field");
    assert_eq!(body["message"], "Choose another field: account has no stge.");
    let newer = json!({ "v": 9, "from": "account" });
    assert_eq!(refusal(browser.post(QUERY, &json!({ "query": newer })).await).await, (400, "malformed".into()));
    assert_eq!(refusal(app.browser().post(QUERY, &json!({ "query": { "from": "account" } })).await).await.0, 401);
}

#[tokio::test]
async fn too_many_groups_are_refused_and_too_many_records_cut() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account =
        |n: usize| testing::row("account", new_id().unwrap(), &[("name", json!(format!("{n}"))), ("owner", json!(crew.ann))]);
    bring_in(&app, crew.org, (0..10_050).map(account).collect()).await;
    let browser = crew.browser(&app, crew.ann).await;
    let Answer::Records { ids, total } =
        ask(&browser, json!({ "from": "account", "limit": 4_000_000_000u32 }), false).await.answer
    else {
        panic!()
    };
    assert_eq!((ids.len(), total), (10_000, 10_050));
    let each = (0..10).fold(Query::of("account").group("name", None, false), |query, _| query.show(Function::Count, None));
    let response = browser.post(QUERY, &json!({ "query": each })).await;
    assert_eq!(refusal(response).await, (422, "too_many_groups".into()));
}
