use super::*;
use crate::{
    change::Outcome,
    hub::{
        memory::MemoryHub,
        tests::{ACCOUNT, Device, MANAGER, NOW, REP, company},
    },
    records::Notice,
    testing::{clock, id, member, op, row, set},
};

const OTHER: u128 = 3;
const NEW: u128 = 50;

type Fields = Vec<(&'static str, Value)>;

fn account(n: u128, name: &str, more: &[(&'static str, Value)]) -> Row {
    let fields = [&[("name", json!(name)), ("owner", json!(id(REP)))][..], more].concat();
    row(Account::KIND, id(n), &fields)
}

fn equal(one: &Row, other: &Row) -> Vec<&'static str> {
    evidence(&(one, Likeness::of(one)), &(other, Likeness::of(other))).into_iter().collect()
}

#[test]
fn evidence_is_a_number_a_registered_name_or_a_name_with_something_else() {
    let city = |city: &str, street: &str| ("address", json!({ "city": city, "street": street }));
    let phone = |number: &str| ("phones", json!([{ "label": "", "value": number }]));
    let number = |number: &str| ("registration_number", json!(number));
    let cases: [(&str, Fields, &str, Fields, &[&str]); 12] = [
        ("Acme Ltd", vec![], "ACME Limited", vec![], &["name"]),
        ("Acme Ltd", vec![], "Acme", vec![], &[]),
        ("全家便利商店", vec![], "全家便利商店", vec![], &[]),
        ("全家", vec![phone("021 5555 0000")], "全家", vec![phone("+86 21 5555 0000")], &["name", "phones"]),
        ("全家", vec![phone("021 5555 0000")], "罗森", vec![phone("021 5555 0000")], &[]),
        ("全家", vec![city("上海", "南京路 12 号")], "全家", vec![city("上海", "南京路12号")], &["address", "name"]),
        ("全家", vec![city("上海", "南京路 12 号")], "全家", vec![city("上海", "南京路 13 号")], &[]),
        ("A", vec![number("91350100M000100Y43")], "B", vec![number("91350100m000100y43 ")], &["registration_number"]),
        ("Acme Ltd", vec![number("91350100M000100Y43")], "Acme Ltd", vec![number("22099131")], &[]),
        ("Acme Ltd", vec![city("Berlin", "")], "Acme Ltd", vec![city("Bonn", "")], &[]),
        ("Acme Ltd", vec![("parent", json!(id(9)))], "Acme Ltd", vec![("parent", json!(id(9)))], &[]),
        ("Acme Ltd", vec![("merged_into", json!(id(9)))], "Acme Ltd", vec![], &[]),
    ];
    for (one, about_one, other, about_other, expected) in cases {
        let (one, other) = (account(1, one, &about_one), account(2, other, &about_other));
        assert_eq!(equal(&one, &other), expected, "{one:?} {other:?}");
        assert_eq!(equal(&other, &one), expected, "the other way round");
    }
    assert!(equal(&account(1, "Acme Ltd", &[("parent", json!(id(2)))]), &account(2, "Acme Ltd", &[])).is_empty());
}

/// A company of which one rep has "Acme Ltd", and another knows nothing of it.
fn hub() -> MemoryHub {
    let mut hub = company();
    hub.seed([account(ACCOUNT, "Acme Ltd", &[]), member(id(OTHER), "rep", None), member(id(4), "administrator", None)]);
    hub
}

fn made(device: &Device, n: u64, record: u128, name: &str) -> crate::change::Op {
    let at = clock(NOW, 100 + OTHER);
    let mut made = op(device.id, n, id(OTHER), 1, Account::KIND, id(record), Act::Create { clock: at });
    for (field, value) in [("name", json!(name)), ("owner", json!(id(OTHER)))] {
        made.writes.push(Write { kind: Account::KIND.into(), id: id(record), act: set(field, value, at) });
    }
    made
}

fn cases(hub: &MemoryHub) -> Vec<&Row> {
    hub.rows.values().filter(|row| row.kind == Collision::KIND).collect()
}

#[test]
fn a_case_is_opened_once_for_a_pair_and_tells_both_sides_no_more_than_names() {
    let (mut hub, mut other) = (hub(), Device::of(OTHER));
    let first = other.sync(&mut hub, vec![made(&other, 1, NEW, "ACME Co., Ltd.")]);
    assert_eq!(first.acks[0].outcome, Outcome::Applied);
    let [case] = cases(&hub)[..] else { panic!("one case") };
    assert_eq!(case.id, case_of(id(NEW), id(ACCOUNT)));
    assert_eq!([case.text("first_name"), case.text("second_name"), case.text("state")], ["Acme Ltd", "ACME Co., Ltd.", "open"]);
    assert_eq!(case.value("evidence"), json!(["name"]));
    // He sees the case, and not the account that he did not know.
    let here: BTreeSet<Id> = first.rows.iter().map(|row| row.id).collect();
    assert!(here.contains(&case.id) && !here.contains(&id(ACCOUNT)));
    let notices = hub.rows.values().filter(|row| row.text("reason") == "collision").map(Notice);
    let told: BTreeMap<Id, (String, Value)> = notices
        .map(|notice| (notice.recipient().unwrap(), (notice.0.text("record").to_owned(), notice.0.value("kept"))))
        .collect();
    let of = |account: u128, name: &str| (id(account).to_string(), json!(name));
    let expected = [
        (id(REP), of(ACCOUNT, "ACME Co., Ltd.")),
        (id(MANAGER), of(ACCOUNT, "ACME Co., Ltd.")),
        (id(OTHER), of(NEW, "Acme Ltd")),
        (id(4), of(NEW, "Acme Ltd")),
    ];
    assert_eq!(told, expected.into());

    let at = clock(NOW + 1, 100 + OTHER);
    let renamed = op(other.id, 2, id(OTHER), hub.seq, Account::KIND, id(NEW), set("name", "Acme Limited", at));
    other.sync(&mut hub, vec![renamed]);
    let [case] = cases(&hub)[..] else { panic!("still one") };
    assert_eq!(case.text("second_name"), "Acme Limited", "the case follows the account");
}

#[test]
fn two_accounts_of_one_push_and_a_change_that_makes_them_alike_are_found_too() {
    let (mut hub, mut other) = (company(), Device::of(OTHER));
    hub.seed([member(id(OTHER), "rep", None)]);
    let (one, two, three) = (made(&other, 1, 50, "Ant Ltd"), made(&other, 2, 51, "ANT Inc"), made(&other, 3, 52, "Bee Ltd"));
    other.sync(&mut hub, vec![one, two, three]);
    assert_eq!(cases(&hub).len(), 1);
    let number = |n, record: u128| {
        let value = set("registration_number", "22099131", clock(NOW + n as i64, 100 + OTHER));
        op(other.id, n, id(OTHER), 1, Account::KIND, id(record), value)
    };
    let (first, second) = (number(4, 52), number(5, 50));
    other.sync(&mut hub, vec![first]);
    assert_eq!(cases(&hub).len(), 1);
    other.sync(&mut hub, vec![second]);
    assert_eq!(cases(&hub).len(), 2);
}

#[test]
fn only_who_sees_both_accounts_decides_and_nobody_claims_a_merge() {
    let (mut hub, mut other, mut chief) = (hub(), Device::of(OTHER), Device::of(4));
    other.sync(&mut hub, vec![made(&other, 1, NEW, "Acme Inc")]);
    chief.sync(&mut hub, Vec::new());
    let case = case_of(id(NEW), id(ACCOUNT));
    let seq = hub.seq;
    let say = |device: &Device, who: u128, n, state: &str| {
        op(device.id, n, id(who), seq, Collision::KIND, case, set("state", state, clock(NOW + 10, 100 + who)))
    };
    let refused = say(&other, OTHER, 2, "kept_apart");
    let answer = other.sync(&mut hub, vec![refused]);
    assert_eq!(answer.acks[0].outcome, Outcome::Parked { reason: "no_access".to_owned() });
    let said = vec![say(&chief, 4, 1, "merged"), say(&chief, 4, 2, "kept_apart")];
    let answer = chief.sync(&mut hub, said);
    assert!(matches!(&answer.acks[0].outcome, Outcome::Rejected { code, .. } if code == "not_allowed"));
    assert_eq!(answer.acks[1].outcome, Outcome::Applied);
    assert_eq!((hub.rows[&case].text("state"), hub.rows[&case].cells["state"].actor), ("kept_apart", id(4)));
}
