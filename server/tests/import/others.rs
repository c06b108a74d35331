//! Files of any other kind: contacts, follow-ups.

use super::{COMPANY, folder, fresh, options, troubles};
use crate::support::database::Database;
use domain::{Schema, records, testing::sample, transfer::has_files};
use server::{
    db,
    import::{
        directory::{Directory, imported_id},
        folder::Folder,
        import, plan,
    },
};
use uuid::Uuid;

const TEAMS: &str = "agent,manager,email\nAnn,Mia,ann@example.com\nBob,Max,\n";
const ACCOUNTS: &str = "name,owner\nAcme,Ann\nBolt,Bob\n";
const CONTACTS: &str = "姓名,客户,手机,传真\n王芳,Acme,138 0000 0000,12\n李强,Bolt,,\n张伟,Nowhere,,\n";
const FOLLOW_UPS: &str = "account,contacts,for what,due,assigned to\nAcme,王芳,Call back,2026-11-24 09:30,ann@example.com\nAcme,赵敏,Visit,2026-11-25,Ann\nAcme,,Visit,soon,Ann\n";

/// The files in the order of their names: what refers comes before what is referred to.
fn files() -> Folder {
    folder(&[
        ("1.csv", ""),
        ("follow_ups.csv", FOLLOW_UPS),
        ("联系人.csv", CONTACTS),
        ("accounts.csv", ACCOUNTS),
        ("sales_teams.csv", TEAMS),
    ])
}

#[test]
fn import_takes_contacts_and_follow_ups_and_reports_what_they_do_not_find() {
    let plan = fresh(&files(), "");
    let count = |kind: &str| plan.drafts.iter().filter(|draft| draft.kind == kind).count();
    assert_eq!([count("contact"), count("follow_up")], [2, 2]);
    assert_eq!(troubles(&plan), ["follow_ups.csv:3:contacts", "follow_ups.csv:4:due", "联系人.csv:4:客户"]);
    assert_eq!(plan.report.lines_out(), 2);
    let report = plan.report.to_string();
    assert!(report.contains("联系人.csv, line 4, column 客户: Nothing is called \"Nowhere\""), "{report}");
    assert!(report.contains("with this as plain text") && report.contains("联系人.csv: kept on each record"), "{report}");
}

#[test]
fn import_takes_a_file_of_any_kind_that_everyone_may_write() {
    let schema: Schema = records::schema();
    for kind in schema.kinds.iter().filter(|kind| has_files(kind) && kind.name != "account") {
        let needed = || kind.fields.iter().filter(|field| field.required || field.name == "account");
        let header: Vec<&str> = needed().map(|field| field.name.as_ref()).collect();
        let cells: Vec<String> = needed().map(|field| sample(field).unwrap_or("Acme".to_owned())).collect();
        let text = format!("{}\n{}\n", header.join(","), cells.join(","));
        let plan = fresh(
            &folder(&[(&format!("{}s.csv", kind.name), &text), ("accounts.csv", ACCOUNTS), ("sales_teams.csv", TEAMS)]),
            "",
        );
        assert_eq!(plan.report.troubles, [], "{}", kind.name);
        assert_eq!(plan.drafts.iter().filter(|draft| draft.kind == kind.name).count(), 1, "{}", kind.name);
    }
}

#[test]
fn import_needs_the_column_of_what_a_record_belongs_to() {
    let refused = plan::plan(&folder(&[("contacts.csv", "name\nAnn\n")]), &options(""), COMPANY, &Directory::default());
    assert!(refused.unwrap_err().contains("contacts.csv needs a column for each of: Account"));
}

#[tokio::test]
async fn imported_contacts_and_follow_ups_are_seen_by_whose_account_it_is_and_come_once() {
    let database = Database::new().await;
    let (files, options) = (files(), options(""));
    let run = || import(&database.pool, "https://crm.example.com", &files, &options, 1_795_219_200_000);
    let first = run().await.unwrap();
    assert_eq!([first.counts["contact"].added, first.counts["follow_up"].added], [2, 2]);
    let org = db::org::by_name(&database.pool, "crm").await.unwrap().unwrap().id;
    let mut tx = db::tenant_tx(&database.pool, org).await.unwrap();
    let sql = "SELECT kind, count(*) FROM record WHERE org_id = $1 AND sees($1, $2, root) AND kind IN ('contact', 'follow_up') GROUP BY kind ORDER BY kind";
    for (member, seen) in [
        ("Ann", vec![("contact", 1), ("follow_up", 2)]),
        ("Mia", vec![("contact", 1), ("follow_up", 2)]),
        ("Bob", vec![("contact", 1)]),
    ] {
        let found: Vec<(String, i64)> =
            sqlx::query_as(sql).bind(org).bind(imported_id(org, "member", member)).fetch_all(&mut *tx).await.unwrap();
        let found: Vec<(&str, i64)> = found.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        assert_eq!(found, seen, "{member}");
    }
    let linked: Vec<Uuid> = sqlx::query_scalar(
        "SELECT contact.id FROM record AS contact JOIN record AS follow_up ON follow_up.org_id = contact.org_id AND follow_up.body->'contacts' ? contact.id::text
        WHERE contact.org_id = $1",
    )
    .bind(org)
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert_eq!(linked.len(), 1);
    db::commit(tx).await.unwrap();
    let again = run().await.unwrap();
    assert!(again.counts.values().all(|count| count.added + count.changed == 0), "{:?}", again.counts);
    let contacts = folder(&[("contacts.csv", "name,account,title\n王芳,acme,Buyer\n")]);
    let alone = import(&database.pool, "https://crm.example.com", &contacts, &options, 1_795_219_300_000).await.unwrap();
    assert_eq!((alone.counts["contact"].added, alone.counts["contact"].changed), (0, 1), "found again by name and account");
}
