use crate::{
    support::{Browser, TestApp, browser::refusal},
    sync::Crew,
};
use calamine::{Data, Reader, Xlsx};
use domain::{
    Id, Lang,
    query::{Function, Query},
    records::{Account, FollowUp},
    testing::row,
    time::parse_instant,
    wire::{WORKBOOK, WorkbookRequest},
};
use serde_json::json;
use server::secret::new_id;
use std::io::Cursor;

/// The lines of the one sheet, and what it is called.
async fn read(browser: &Browser, query: &Query, title: &str, lang: Lang) -> (String, Vec<Vec<Data>>) {
    let request = WorkbookRequest { query: json!(query), title: title.into(), lang };
    let response = browser.post(WORKBOOK, &json!(request)).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().ends_with("spreadsheetml.sheet"));
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(response.bytes().await.unwrap())).unwrap();
    let (name, range) = book.worksheets().remove(0);
    (name, range.rows().map(<[Data]>::to_vec).collect())
}

fn text(text: &str) -> Data {
    Data::String(text.into())
}

#[tokio::test]
async fn a_workbook_holds_what_its_asker_sees_with_names_numbers_and_times() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let [own, others, visit] = [new_id().unwrap(), new_id().unwrap(), new_id().unwrap()];
    let account = |id: Id, name: &str, owner: Id| {
        let revenue = json!({ "minor": 1_234_550, "currency": "CNY" });
        row(
            Account::KIND,
            id,
            &[("name", json!(name)), ("owner", json!(owner)), ("stage", json!("customer")), ("annual_revenue", revenue)],
        )
    };
    let done = json!(parse_instant("2026-11-24T01:30:00Z").unwrap());
    let visit = row(FollowUp::KIND, visit, &[("account", json!(own)), ("done_at", done), ("due", json!("2026-11-25"))]);
    crew.bring_in(&app, vec![account(own, "=1+1", crew.ann), account(others, "明珠贸易", crew.bob), visit]).await;
    let (ann, manager) = (crew.browser(&app, crew.ann).await, crew.browser(&app, crew.manager).await);

    let mut accounts = Query::of("account").sort("name");
    accounts.columns = ["name", "stage", "owner", "annual_revenue", "employees"].map(str::to_owned).to_vec();
    let (name, lines) = read(&ann, &accounts, "客户/全部", Lang::ZhCn).await;
    assert_eq!(name, "客户全部");
    assert_eq!(lines.len(), 2, "a rep gets his own account only");
    assert_eq!(lines[0][..4], ["客户名称", "阶段", "负责人", "年营收"].map(text));
    let owner = format!("member {}", crew.ann);
    assert_eq!(lines[1], [text("=1+1"), text("成交客户"), text(&owner), Data::Float(12_345.5), text("CNY"), Data::Empty]);
    assert_eq!(read(&manager, &accounts, "All", Lang::En).await.1.len(), 3);

    let mut visits = Query::of("follow_up");
    visits.columns = ["account", "done_at", "due"].map(str::to_owned).to_vec();
    let (_, lines) = read(&ann, &visits, "", Lang::En).await;
    assert_eq!(lines[1][0], text("=1+1"));
    let time = |cell: &Data| match cell {
        Data::DateTime(time) => time.as_f64(),
        other => panic!("{other:?}"),
    };
    // Excel counts days from the end of 1899; the moment is the company's, eight hours ahead.
    assert!((time(&lines[1][1]) - (46_350.0 + 9.5 / 24.0)).abs() < 1e-6 && (time(&lines[1][2]) - 46_351.0).abs() < 1e-6);

    let by_owner =
        Query::of("account").group("owner", None, false).show(Function::Count, None).show(Function::Sum, Some("annual_revenue"));
    let (_, lines) = read(&manager, &by_owner, "By owner", Lang::En).await;
    assert_eq!(lines[0], ["Owner", "Count", "Annual revenue · Sum · CNY"].map(text));
    assert!(lines[1..].contains(&vec![text(&owner), Data::Float(1.0), Data::Float(12_345.5)]));
}

#[tokio::test]
async fn a_workbook_of_a_wrong_question_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let browser = crew.browser(&app, crew.ann).await;
    let wrong = json!({ "query": { "from": "account", "group": [{ "field": "note" }] }, "title": "", "lang": "en" });
    let response = browser.post(WORKBOOK, &wrong).await;
    assert_eq!(response.status(), 400);
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["field"], "query.group[0]");
    assert_eq!(refusal(app.browser().post(WORKBOOK, &wrong).await).await.0, 401);
}
