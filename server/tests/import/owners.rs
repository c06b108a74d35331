use super::{COMPANY, crm, folder, fresh, named, names, options};
use domain::wire::Role;
use server::import::{
    directory::{Directory, Entry, imported_id},
    plan::{self, Plan},
};
use uuid::Uuid;

const ACCOUNTS: &str = "name,Betreuer\nAcme,Bob\nBolt,ann@example.com\nCrux,\nDorn,Zoe\n";
const TEAMS: &str = "agent,manager,email\nBob,Mia,\nAnn,Mia,ann@example.com\nCid,Mia,\n";

fn owner(plan: &Plan, account: &str) -> String {
    let owner = named(plan, "account", account).values["owner"].as_str().unwrap();
    let member = plan.drafts.iter().find(|draft| draft.id.to_string() == owner);
    member.map_or(owner.to_owned(), |draft| draft.values["name"].as_str().unwrap().to_owned())
}

fn by_rule(words: &str) -> Plan {
    fresh(&folder(&[("accounts.csv", ACCOUNTS), ("sales_teams.csv", TEAMS)]), words)
}

#[test]
fn import_gives_an_account_to_whom_has_most_of_its_opportunities() {
    let plan = fresh(&crm(), "--money-unit millions:USD");
    for (account, agent) in [
        ("Bioholding", "Darcel Schlecht"),
        ("Codehow", "Anna Snelling"),
        ("Acme Corporation", "Violet Mclelland"),
        ("Green-Plus", "Zane Levy"),
    ] {
        assert_eq!(owner(&plan, account), agent, "{account}: of equals the first by name");
    }
    let spread = [owner(&plan, "Gekko & Co"), owner(&plan, "Bluth Company")];
    assert_eq!(spread, ["Moses Frase", "Darcel Schlecht"], "no opportunity: the rep with fewest accounts");
    assert!(plan.report.notes.iter().any(|note| note.starts_with("2 accounts")));
}

#[test]
fn import_follows_the_other_rules() {
    let turns = by_rule("--owner-by round-robin");
    assert_eq!(["Acme", "Bolt", "Crux", "Dorn"].map(|account| owner(&turns, account)), ["Ann", "Bob", "Cid", "Ann"]);
    let one = by_rule("--owner-by member:ANN@example.com");
    assert_eq!(owner(&one, "Acme"), "Ann");
    let column = by_rule("--owner-by column:betreuer");
    assert_eq!(["Acme", "Bolt", "Crux"].map(|account| owner(&column, account)), ["Bob", "Ann", "Cid"]);
    assert_eq!(names(&column, "account").len(), 3);
    assert_eq!(super::troubles(&column), ["accounts.csv:5:Betreuer"], "nobody is called Zoe");
}

#[test]
fn import_takes_an_owner_column_without_being_told() {
    let files = folder(&[("accounts.csv", "客户名称,负责人\n明珠,Cid\n"), ("sales_teams.csv", TEAMS)]);
    assert_eq!(owner(&fresh(&files, ""), "明珠"), "Cid");
}

#[test]
fn import_meets_what_the_company_has_by_name() {
    let (bob, acme, old) = (Uuid::from_u128(1), Uuid::from_u128(2), imported_id(COMPANY, "account", "Crux"));
    let entry = |kind: &str, id, name: &str| Entry { kind: kind.into(), id, name: name.into(), ..Entry::default() };
    let directory = Directory::of([
        Entry { role: Some(Role::Rep), email: Some("bob@example.com".into()), ..entry("member", bob, "Bob") },
        Entry { role: Some(Role::Administrator), ..entry("member", Uuid::from_u128(9), "Ada") },
        entry("account", acme, "ACME"),
        entry("account", old, "Renamed since"),
        Entry { is_gone: true, ..entry("account", Uuid::from_u128(5), "Bolt") },
    ]);
    let files = folder(&[("accounts.csv", "name,parent\nAcme,\nBolt,Renamed since\nCrux,\nRenamed since,\n")]);
    let plan = plan::plan(&files, &options("--owner-by member:bob@example.com"), COMPANY, &directory).unwrap();
    assert_eq!(names(&plan, "member"), Vec::<String>::new());
    assert_eq!(named(&plan, "account", "Acme").id, acme);
    assert_eq!(named(&plan, "account", "Bolt").id, imported_id(COMPANY, "account", "Bolt"), "the deleted one is another");
    assert_eq!(named(&plan, "account", "Crux").id, old);
    assert_eq!(super::troubles(&plan), ["accounts.csv:5:name"], "two lines would be one record");
    assert_eq!(owner(&plan, "Acme"), bob.to_string());
}
