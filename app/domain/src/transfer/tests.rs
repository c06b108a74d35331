use super::*;
use crate::{
    records::{Account, Contact},
    types::Reference,
};
use proptest::prelude::*;
use serde_json::json;

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn filled(kind: &KindSpec, headers: &[String]) -> Vec<Option<String>> {
    Columns::of(kind, headers).columns.iter().map(|column| column.field.map(|field| field.name.to_string())).collect()
}

#[test]
fn columns_are_known_by_name_label_and_alias_in_three_languages() {
    let account = Account::spec();
    for headers in [
        ["account", "sector", "year_established", "office_location", "subsidiary_of"],
        ["客户名称", "行业", "成立年份", "地点", "母公司"],
        ["客戶名稱（必填）", "產業", "成立時間", "地址", "上層客戶"],
        ["Customer", "INDUSTRY", "Founded", "Address", "parent-account"],
    ] {
        let wanted = ["name", "industry", "founded", "address", "parent"].map(|field| Some(field.to_owned()));
        assert_eq!(filled(&account, &texts(headers)), wanted, "{headers:?}");
    }
    assert_eq!(
        filled(&Contact::spec(), &texts(["姓名", "手机", "Phone", "生日"]))[1..],
        ["mobile", "phones", "birthday"].map(|f| Some(f.to_owned()))
    );
}

#[test]
fn a_second_column_and_unknown_ones_keep_their_header() {
    let account = Account::spec();
    let columns = Columns::of(&account, &texts(["name", "Company", "fax", "fax", ""]));
    assert_eq!(columns.without_field().collect::<Vec<_>>(), ["Company", "fax", "fax (4)", "(5)"]);
    let reading = columns.read(&texts(["Acme", "Acme Inc", "1", "2", "3"]), None);
    assert_eq!(reading.values["name"], json!("Acme"));
    assert_eq!(reading.others.len(), 4);
    assert!(filled(&account, &texts(["imported"]))[0].is_none(), "what only we fill is no column");
}

#[test]
fn values_are_read_as_their_type_and_references_by_name() {
    let account = Account::spec();
    let columns =
        Columns::of(&account, &texts(["account", "sector", "year_established", "employees", "subsidiary_of", "office_location"]));
    let reading = columns.read(&texts(["Bluth Company", " technolgy ", "1993", "3,027", "Acme Corporation", "Philipines"]), None);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.values["industry"], json!("technolgy"), "kept as written");
    assert_eq!(reading.values["employees"], json!(3027));
    assert_eq!(reading.values["address"], json!({ "street": "Philipines" }));
    assert_eq!((reading.names[0].field.as_str(), reading.names[0].text.as_str()), ("parent", "Acme Corporation"));
}

#[test]
fn a_required_reference_is_there_when_it_is_named() {
    let account = FieldSpec::new("account", Reference::new("account"), ["Account", "客户", "客戶"]).required();
    let kind = KindSpec::new("visit", 1, ["Visit", "拜访", "拜訪"], vec![account]);
    let columns = Columns::of(&kind, &texts(["客户"]));
    assert_eq!(columns.read(&texts(["Acme"]), None).problems, []);
    let missing = CellProblem { column: "客户".into(), reason: Reason::Value(Problem::Required) };
    assert_eq!(columns.read(&texts([" "]), None).problems, [missing]);
}

#[test]
fn every_bad_cell_of_a_line_is_reported() {
    let account = Account::spec();
    let columns = Columns::of(&account, &texts(["account", "year_established", "employees", "sector"]));
    let reading = columns.read(&texts(["", "19x6", "many", "\u{fffd}"]), None);
    let found: Vec<_> = reading.problems.iter().map(|problem| (problem.column.as_str(), problem.reason.clone())).collect();
    let wrong = |problem| Reason::Value(problem);
    assert_eq!(
        found,
        [
            ("year_established", wrong(Problem::NotADate)),
            ("employees", wrong(Problem::NotAWholeNumber)),
            ("sector", Reason::Garbled),
            ("account", wrong(Problem::Required)),
        ]
    );
}

#[test]
fn money_needs_a_unit_unless_every_amount_states_its_own() {
    let account = Account::spec();
    let columns = Columns::of(&account, &texts(["account", "revenue"]));
    let [bare, own] = [texts(["Acme", "1100.04"]), texts(["Acme", "US$ 5"])];
    assert_eq!(columns.without_unit([&own, &bare]), Some(("revenue".to_owned(), "1100.04".to_owned())));
    assert_eq!(columns.without_unit([&own, &texts(["Acme", ""])]), None);
    let unit: MoneyUnit = "millions:usd".parse().unwrap();
    let usd = |minor: i64| json!({ "minor": minor, "currency": "USD" });
    assert_eq!(columns.read(&bare, Some(&unit)).values["annual_revenue"], usd(110_004_000_000));
    assert_eq!(columns.read(&own, Some(&unit)).values["annual_revenue"], usd(500_000_000));
    assert_eq!(columns.read(&own, None).values["annual_revenue"], usd(500));
    for cell in ["5 EUR", "5万", "abc", "--1"] {
        assert_eq!(columns.read(&texts(["Acme", cell]), Some(&unit)).problems.len(), 1, "{cell}");
    }
}

#[test]
fn units_are_a_scale_and_a_currency() {
    assert_eq!("万：cny".parse(), Ok(MoneyUnit { scale: 10_000, currency: "CNY".into() }));
    for wrong in ["", "USD", "dozens:USD", "millions:", "millions:US", "millions:美元"] {
        assert!(wrong.parse::<MoneyUnit>().is_err(), "{wrong}");
    }
}

#[test]
fn reasons_are_sentences_in_three_languages() {
    let name = || "A".to_owned();
    for reason in [
        Reason::Value(Problem::NotADate),
        Reason::Garbled,
        Reason::Width { cells: 2, headers: 3 },
        Reason::Repeated { line: 4 },
        Reason::Unknown { name: name() },
        Reason::Ambiguous { name: name() },
        Reason::Circle { name: name() },
    ] {
        let all = Lang::ALL.map(|lang| reason.message(lang));
        assert!(all.iter().all(|text| text.ends_with(['.', '。'])), "{all:?}");
        assert!(all[0] != all[1] && all[1] != all[2]);
    }
}

proptest! {
    #[test]
    fn any_table_is_read_without_panic(headers in prop::collection::vec("\\PC*", 0..6), cells in prop::collection::vec("\\PC*", 0..8)) {
        for kind in crate::records::schema().kinds {
            let columns = Columns::of(&kind, &headers);
            let unit = MoneyUnit { scale: 100_000_000, currency: "USD".into() };
            let reading = columns.read(&cells, Some(&unit));
            prop_assert!(reading.values.values().all(|value| !value.is_null()));
            columns.without_unit([&cells]);
        }
    }

    #[test]
    fn any_cell_of_any_field_is_read_without_panic(cell in "\\PC*|[0-9:;, +xX.年月日至周-]{0,24}") {
        for kind in crate::records::schema().kinds {
            for field in &kind.fields {
                let header = vec![field.name.to_string()];
                Columns::of(&kind, &header).read(std::slice::from_ref(&cell), None);
            }
        }
    }
}
