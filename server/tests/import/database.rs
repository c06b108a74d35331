use super::{crm, folder, options};
use crate::support::{TestApp, database::Database};
use domain::{
    Row, Schema,
    change::{Act, Op},
};
use serde_json::{Value, json};
use server::{
    db::{self, Pool},
    import::{directory::imported_id, import, report::Report},
};
use uuid::Uuid;

const ORIGIN: &str = "https://crm.example.com";
const NOW: i64 = 1_795_219_200_000;

async fn run(pool: &Pool, words: &str) -> Report {
    import(pool, ORIGIN, &crm(), &options(words), NOW).await.unwrap()
}

async fn org(pool: &Pool) -> Uuid {
    db::org::by_name(pool, "crm").await.unwrap().unwrap().id
}

async fn body(pool: &Pool, id: Uuid) -> Value {
    let org = org(pool).await;
    let mut tx = db::tenant_tx(pool, org).await.unwrap();
    sqlx::query_scalar("SELECT body FROM record WHERE org_id = $1 AND id = $2")
        .bind(org)
        .bind(id)
        .fetch_one(&mut *tx)
        .await
        .unwrap()
}

/// (seq of the feed, records, members, links).
async fn counts(pool: &Pool) -> (i64, i64, i64, i64) {
    let Some(org) = db::org::by_name(pool, "crm").await.unwrap() else { return (0, 0, 0, 0) };
    let mut tx = db::tenant_tx(pool, org.id).await.unwrap();
    let sql = "SELECT (SELECT seq FROM org_feed WHERE org_id = $1), (SELECT count(*) FROM record WHERE org_id = $1),
        (SELECT count(*) FROM membership WHERE org_id = $1), (SELECT count(*) FROM sign_in_link WHERE org_id = $1)";
    sqlx::query_as(sql).bind(org.id).fetch_one(&mut *tx).await.unwrap()
}

#[tokio::test]
async fn import_makes_a_company_whose_people_sign_in_by_link_and_see_their_accounts() {
    let app = TestApp::start().await;
    let report = run(app.pool(), "--money-unit millions:USD").await;
    assert!(report.is_new_company);
    assert_eq!(counts(app.pool()).await, (1, 4 + 10 + 8, 10, 10));
    assert_eq!(report.links.len(), 10);
    let link = report.links.iter().find(|link| link.name == "Violet Mclelland").unwrap();
    let token = link.address.strip_prefix(&format!("{ORIGIN}/sign-in/link#")).unwrap();
    let body = json!({ "token": token, "device_label": "test" });
    assert_eq!(app.browser().post("/api/v1/sign-in/link", &body).await.status(), 200);

    let org = org(app.pool()).await;
    let mut tx = db::tenant_tx(app.pool(), org).await.unwrap();
    for (member, sees) in [
        ("Violet Mclelland", true),
        ("Cara Losch", true),
        ("Administrator", true),
        ("Zane Levy", false),
        ("Summer Sewald", false),
    ] {
        let (member, account) = (imported_id(org, "member", member), imported_id(org, "account", "Acme Corporation"));
        let visible: bool = sqlx::query_scalar("SELECT sees($1, $2, 'record:' || $3::text)")
            .bind(org)
            .bind(member)
            .bind(account)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(visible, sees, "{member}");
    }
}

#[tokio::test]
async fn import_twice_adds_nothing_and_raises_no_seq() {
    let database = Database::new().await;
    run(&database.pool, "--money-unit millions:USD").await;
    let before = counts(&database.pool).await;
    let again = run(&database.pool, "--money-unit millions:USD").await;
    assert_eq!(counts(&database.pool).await, before);
    assert!(!again.is_new_company && again.links.is_empty());
    assert!(again.counts.values().all(|count| count.added + count.changed == 0));
    assert_eq!(run(&database.pool, "--money-unit millions:USD --links").await.links.len(), 9, "everybody of the file");
}

#[tokio::test]
async fn import_leaves_what_people_changed() {
    let database = Database::new().await;
    run(&database.pool, "--money-unit millions:USD").await;
    let org = org(&database.pool).await;
    let (account, rep) = (imported_id(org, "account", "Bluth Company"), imported_id(org, "member", "Zane Levy"));
    edit(&database.pool, account, rep, "industry", json!("technology")).await;
    let files = folder(&[("accounts.csv", "account,sector,employees\nBluth Company,retail,4000\n")]);
    let report = import(&database.pool, ORIGIN, &files, &options("--owner-by member:Zane~Levy"), NOW + 1000).await.unwrap();
    assert_eq!(report.counts["account"].changed, 1);
    assert!(report.notes.iter().any(|note| note.starts_with("1 values")), "{:?}", report.notes);
    let body = body(&database.pool, account).await;
    assert_eq!((&body["industry"], &body["employees"], &body["owner"]), (&json!("technology"), &json!(4000), &json!(rep)));
}

async fn edit(pool: &Pool, id: Uuid, actor: Uuid, field: &str, value: Value) {
    let org = org(pool).await;
    let mut tx = db::tenant_tx(pool, org).await.unwrap();
    let mut row: Row = db::directory::locked(&mut tx, org, &[id].into()).await.unwrap().remove(0);
    let clock = row.clocks().into_values().max().unwrap().next(NOW + 500, Uuid::from_u128(1));
    let act = Act::Set { field: field.to_owned(), value, clock };
    let op = Op {
        org,
        device: Uuid::from_u128(1),
        n: 1,
        op_id: Uuid::from_u128(2),
        actor,
        base_seq: 1,
        schema: Schema::VERSION,
        at: NOW,
        writes: vec![],
    };
    row.apply(&op, &act, 2);
    db::feed::bring_in(&mut tx, org, vec![row]).await.unwrap();
    db::commit(tx).await.unwrap();
}

#[tokio::test]
async fn import_that_is_only_tried_or_that_fails_half_way_leaves_nothing() {
    let database = Database::new().await;
    let tried = run(&database.pool, "--money-unit millions:USD --dry-run").await;
    assert_eq!((tried.counts["account"].added, tried.links.len()), (8, 0));
    assert_eq!(counts(&database.pool).await, (0, 0, 0, 0));
    sqlx::query("ALTER TABLE sign_in_link ADD CHECK (false)").execute(&database.pool).await.unwrap();
    let failed = import(&database.pool, ORIGIN, &crm(), &options("--money-unit millions:USD"), NOW).await.unwrap_err();
    assert!(failed.contains("went wrong") && !failed.contains("sign_in_link"), "{failed}");
    assert_eq!(counts(&database.pool).await, (0, 0, 0, 0));
}

#[tokio::test]
async fn import_asks_for_the_unit_of_amounts() {
    let database = Database::new().await;
    let refused = import(&database.pool, ORIGIN, &crm(), &options(""), NOW).await.unwrap_err();
    assert!(refused.contains("--money-unit millions:USD") && refused.contains("revenue"), "{refused}");
}

#[tokio::test]
async fn import_into_two_companies_keeps_one_identity_for_one_address() {
    let database = Database::new().await;
    let files = folder(&[("sales_teams.csv", "agent,manager,email\nAnn,Mia,ann@example.com\n")]);
    for company in ["One", "Two"] {
        import(&database.pool, ORIGIN, &files, &options(&format!("--company {company}")), NOW).await.unwrap();
    }
    let mut tx = db::begin(&database.pool).await.unwrap();
    let count = "SELECT count(*) FROM membership m JOIN identity i ON i.id = m.identity_id WHERE i.email = 'ann@example.com'";
    let memberships: i64 = sqlx::query_scalar(count).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(memberships, 2);
}
