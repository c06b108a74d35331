use super::{COMPANY, crm, folder, fresh, named, names, options, troubles};
use proptest::prelude::*;
use serde_json::json;
use server::import::{directory::Directory, encoding, folder::Folder, plan};

#[test]
fn import_takes_people_teams_and_accounts_with_parents_below_them() {
    let plan = fresh(&crm(), "--money-unit millions:USD");
    assert_eq!(names(&plan, "member").len(), 5 + 4 + 1, "reps, their managers, and somebody to administer");
    assert_eq!(
        names(&plan, "team"),
        ["Central - Dustin Brinkmann", "Central - Melvin Marxen", "East - Cara Losch", "West - Summer Sewald"]
    );
    let team = named(&plan, "team", "Central - Dustin Brinkmann");
    let manager = named(&plan, "member", "Dustin Brinkmann");
    assert_eq!(team.values["manager"], json!(manager.id.to_string()));
    assert_eq!((&manager.values["role"], &manager.values["team"]), (&json!("manager"), &json!(team.id.to_string())));
    assert_eq!(named(&plan, "member", "Moses Frase").values["team"], json!(team.id.to_string()));
    assert_eq!(names(&plan, "account").len(), 8);
    let child = named(&plan, "account", "dambase");
    assert_eq!(child.values["parent"], json!(named(&plan, "account", "Inity").id.to_string()));
    assert_eq!(plan.report.troubles, []);
}

#[test]
fn import_keeps_values_as_written_with_their_unit() {
    let plan = fresh(&crm(), "--money-unit millions:USD");
    let account = named(&plan, "account", "Bioholding");
    assert_eq!(account.values["address"], json!({ "street": "Philipines" }));
    assert_eq!(named(&plan, "account", "Bluth Company").values["industry"], json!("technolgy"));
    assert_eq!(account.values["annual_revenue"], json!({ "minor": 58_734_000_000_i64, "currency": "USD" }));
    assert_eq!((&account.values["founded"], &account.values["employees"]), (&json!("2012"), &json!(1356)));
}

#[test]
fn import_needs_a_unit_for_amounts() {
    assert_eq!(plan::without_unit(&crm()), Some(("revenue".into(), "2173.98".into())));
    assert_eq!(plan::without_unit(&folder(&[("accounts.csv", "name,revenue\nAcme,12 EUR\n")])), None);
}

#[test]
fn import_keeps_columns_without_a_field_on_the_record() {
    let files =
        folder(&[("accounts.csv", "name,Fax,Kundennr\nAcme,123,\nBolt,,K-7\n"), ("sales_teams.csv", "agent,hobby\nAnn,chess\n")]);
    let plan = fresh(&files, "--owner-by round-robin");
    assert_eq!(named(&plan, "account", "Acme").values["imported"], json!({ "Fax": "123" }));
    assert_eq!(named(&plan, "account", "Bolt").values["imported"], json!({ "Kundennr": "K-7" }));
    assert_eq!(named(&plan, "member", "Ann").values["imported"], json!({ "hobby": "chess" }));
    assert!(plan.report.notes[0].contains("Fax, Kundennr"));
}

#[test]
fn import_reports_bad_lines_by_line_and_column_and_takes_the_others() {
    let accounts = "account,year_established,employees,subsidiary_of\n\
        Acme,1996,12,Nowhere Inc\n\
        Bolt,19x6,many,\n\
        ,1990,5,\n\
        Crux,1991\n\
        acme,1992,7,\n\
        Dorn,1993,8,Dorn\n\
        Echo,1994,9,Foxt\n\
        Foxt,1995,9,Echo\n";
    let teams = "agent,manager,office,email\nAnn,Mia,North,ann@example.com\nBob,Mia,North,ANN@example.com\nAnn,Mia,South,\n";
    let plan = fresh(&folder(&[("accounts.csv", accounts), ("sales_teams.csv", teams)]), "--owner-by round-robin");
    assert_eq!(names(&plan, "account"), ["Acme", "Dorn", "Echo", "Foxt"]);
    assert_eq!(
        troubles(&plan),
        [
            "accounts.csv:2:subsidiary_of",
            "accounts.csv:3:year_established",
            "accounts.csv:3:employees",
            "accounts.csv:4:account",
            "accounts.csv:5:",
            "accounts.csv:6:account",
            "accounts.csv:7:subsidiary_of",
            "accounts.csv:9:subsidiary_of",
            "sales_teams.csv:3:email",
            "sales_teams.csv:4:agent",
        ]
    );
    assert_eq!(plan.report.lines_out(), 4 + 2);
    assert_eq!(named(&plan, "account", "Acme").values["imported"], json!({ "subsidiary_of": "Nowhere Inc" }), "no name is lost");
    assert_eq!(named(&plan, "account", "Foxt").values["imported"], json!({ "subsidiary_of": "Echo" }));
    assert!(plan.report.to_string().contains("accounts.csv, line 3, column employees: Enter a whole number"));
}

#[test]
fn import_reads_chinese_files_in_their_own_encodings() {
    let mainland = (
        "客户名称,行业,年营收(万元),母公司,微信群\n上海明珠贸易有限公司,零售,\"1,200.5\",华强集团,走访一群\n华强集团,五金,,,\n",
        "业务员,主管,办事处\n王芳,李强,上海\n",
    );
    let taiwan = (
        "客戶名稱,產業,年營收,上層客戶,備註群\n臺北明珠貿易股份有限公司,零售,\"1,200.5\",華強集團,走訪一群\n華強集團,五金,,,\n",
        "業務,主管,辦事處\n陳怡君,林志明,臺北\n",
    );
    for (label, (accounts, teams)) in [("gb18030", mainland), ("big5", taiwan), ("utf-8", mainland), ("utf-8", taiwan)] {
        let encode = |text: &str| encoding::by_name(label).unwrap().encode(text).0.into_owned();
        let files = [("accounts.csv".to_owned(), encode(accounts)), ("sales_teams.csv".to_owned(), encode(teams))];
        let plan = fresh(&Folder::of(&files, None), "--owner-by round-robin --money-unit 万:CNY");
        assert_eq!(plan.report.troubles, [], "{label}");
        let child = plan.drafts.iter().find(|draft| draft.values.contains_key("parent")).unwrap();
        assert_eq!(child.values["annual_revenue"]["minor"], json!(1_200_500_000));
        assert!(child.values["imported"].to_string().contains("一群"));
        assert_eq!(names(&plan, "member").len(), 3);
    }
}

#[test]
fn import_says_what_is_missing_instead_of_guessing() {
    let refused = |files: &[(&str, &str)], words: &str| {
        plan::plan(&folder(files), &options(words), COMPANY, &Directory::default()).unwrap_err()
    };
    assert!(refused(&[("notes.txt", "")], "").contains("accounts.csv"));
    assert!(refused(&[("accounts.csv", "name\nAcme\n")], "").contains("--owner-by"));
    assert!(refused(&[("accounts.csv", "name\nAcme\n")], "--owner-by column:Rep").contains("no column Rep"));
    assert!(refused(&[("accounts.csv", "name\nAcme\n")], "--owner-by member:zoe@example.com").contains("zoe@example.com"));
    assert!(refused(&[("accounts.csv", "colour\nred\n")], "--owner-by round-robin").contains("column with the names"));
    assert!(refused(&[("accounts.csv", "name\nAcme\n"), ("sales_pipeline.csv", "a,b\n1,2\n")], "").contains("sales_agent"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn import_of_any_bytes_never_panics(accounts: Vec<u8>, teams: Vec<u8>, rest in "(account|name|parent|owner|,|;|\"|\\n|\\r|[a-c]|\\PC){0,60}") {
        let files = [("accounts.csv", rest.clone().into_bytes()), ("sales_teams.csv", teams), ("sales_pipeline.csv", accounts.clone())];
        let files: Vec<_> = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        for label in ["utf-8", "gb18030", "big5", "utf-16le"] {
            let folder = Folder::of(&files, encoding::by_name(label));
            let _ = plan::plan(&folder, &options("--owner-by round-robin --money-unit ones:CNY"), COMPANY, &Directory::default());
            let _ = plan::plan(&folder, &options(""), COMPANY, &Directory::default());
        }
        encoding::decode(&accounts, None);
        let folder = Folder::of(&[("accounts.csv".to_owned(), accounts), ("sales_teams.csv".to_owned(), rest.into_bytes())], None);
        let _ = plan::plan(&folder, &options("--owner-by round-robin"), COMPANY, &Directory::default());
    }
}
