use super::*;
use crate::{
    FieldSpec, Lang, Schema, Value,
    hub::scope,
    records::{self, Contact, FollowUp},
    testing::{id, sample},
    transfer::{Merged, has_files, is_importable, kind_of},
    types::{Reference, Text},
};
use serde_json::json;

const COMPANY: Id = Id::from_u128(0xc0);

/// A CSV file without quotes.
struct File {
    name: &'static str,
    headers: Vec<String>,
    lines: Vec<Vec<String>>,
}

fn file(name: &'static str, text: &str) -> File {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    File { name, headers: lines.next().unwrap(), lines: lines.collect() }
}

impl File {
    fn sheet<'a>(&'a self, kind: &'a KindSpec) -> Sheet<'a> {
        let lines = (2..).zip(self.lines.iter().map(Vec::as_slice)).collect();
        Sheet { file: self.name, kind, headers: &self.headers, lines }
    }
}

/// A company with two accounts and a member.
fn names() -> Names {
    let mut names = Names::default();
    names.store("account", id(20), None, ["Acme"]);
    names.store("account", id(21), None, ["Bolt"]);
    names.store("member", id(1), None, ["Ann", "ann@example.com"]);
    names
}

fn read(files: &[File], names: &mut Names) -> Taken {
    let schema = records::schema();
    let sheets: Vec<Sheet> = files.iter().map(|file| file.sheet(kind_of(&schema, file.name).unwrap())).collect();
    read_sheets(&sheets, COMPANY, names, None)
}

/// Every finding as `file:line:column fate`.
fn findings(taken: &Taken) -> Vec<String> {
    let print = |found: &Finding| format!("{}:{}:{} {:?}", found.file, found.line, found.problem.column, found.fate);
    taken.findings.iter().map(print).collect()
}

#[test]
fn every_kind_can_be_imported_but_what_is_for_one_member_alone() {
    let schema: Schema = records::schema();
    assert!(["reminders.csv", "提醒.csv", "notices.csv"].iter().all(|file| kind_of(&schema, file).is_none()));
    for kind in schema.kinds.iter().filter(|kind| has_files(kind)) {
        let [mut names, mut later] = [Names::default(), Names::default()];
        for (n, other) in (50..).zip(&schema.kinds) {
            names.store(&other.name, id(n), None, [other.label.get(Lang::En)]);
            later.store(&other.name, id(n), None, [other.label.get(Lang::En)]);
        }
        let fields: Vec<&FieldSpec> = kind.fields.iter().filter(|field| is_importable(field)).collect();
        let called = |field: &FieldSpec| {
            field.ty.refers_to().and_then(|kind| schema.kind(kind)).map(|kind| kind.label.get(Lang::En).to_owned())
        };
        let cells: Vec<String> = fields.iter().filter_map(|field| called(field).or_else(|| sample(field))).collect();
        let mut ids = Vec::new();
        for lang in Lang::ALL {
            let label = kind.label.get(lang);
            for name in [format!("{}.csv", kind.name), format!("{}s.CSV", kind.name), format!("{label}.csv")] {
                assert_eq!(kind_of(&schema, &name).map(|kind| &kind.name), Some(&kind.name), "{name}");
            }
            let headers = fields.iter().map(|field| field.label.get(lang).to_owned()).collect();
            let file = File { name: "all.csv", headers, lines: vec![cells.clone()] };
            let sheet = file.sheet(kind);
            assert_eq!(sheet.missing().count(), 0);
            let taken = read_sheets(&[sheet], COMPANY, &mut names.clone(), None);
            assert_eq!(taken.findings, [], "{} in {}", kind.name, lang.tag());
            let draft = &taken.drafts[0];
            for field in &fields {
                assert!(draft.values.contains_key(field.name.as_ref()), "{}.{} in {}", kind.name, field.name, lang.tag());
            }
            let (Merged::Added(row), 0) = draft.merge(None, &schema, 1000) else { panic!("{}", kind.name) };
            if let RootRule::Through(field) = &kind.root {
                let account = row.reference(field).unwrap();
                assert_eq!(scope::root_of(&row, &schema), scope::record_root(account));
            }
            assert_eq!(draft.merge(Some(&row), &schema, 2000), (Merged::Unchanged, 0));
            later.store(&kind.name, draft.id, None, [title_of(kind, &draft.values).as_str()]);
            ids.push(draft.id);
            ids.push(read_sheets(&[file.sheet(kind)], COMPANY, &mut later, None).drafts[0].id);
        }
        assert!(ids.iter().all(|id| *id == ids[0]), "{} gets another id the second time", kind.name);
    }
}

#[test]
fn files_refer_to_one_another_in_any_order() {
    let contacts = file("contacts.csv", "姓名,客户,手机\n王芳,acme,13800000000\n王芳,Bolt,\n李强,Bolt,");
    let follow_ups = file(
        "跟进.csv",
        "account,contacts,for what,due,assigned to\nAcme,王芳,Call back,2026-11-24,ann@example.com\nBolt,李强；王芳,Visit,,Ann",
    );
    let taken = [[&follow_ups, &contacts], [&contacts, &follow_ups]].map(|files| {
        let schema = records::schema();
        let sheets: Vec<Sheet> = files.iter().map(|file| file.sheet(kind_of(&schema, file.name).unwrap())).collect();
        read_sheets(&sheets, COMPANY, &mut names(), None)
    });
    for taken in &taken {
        assert_eq!(taken.findings, []);
        let of_kind = |kind: &str| taken.drafts.iter().filter(|draft| draft.kind == kind).collect::<Vec<_>>();
        let [acmes, bolts, li] = of_kind(Contact::KIND)[..] else { panic!() };
        let [call, visit] = of_kind(FollowUp::KIND)[..] else { panic!() };
        assert_ne!(acmes.id, bolts.id, "one name at two accounts is two people");
        assert_eq!(call.values["contacts"], json!([acmes.id.to_string()]), "whoever is at the same account");
        assert_eq!(visit.values["contacts"], json!([li.id.to_string(), bolts.id.to_string()]));
        assert_eq!(call.values["assigned_to"], json!(id(1).to_string()));
    }
}

#[test]
fn what_is_not_known_is_reported_and_kept_where_there_is_room() {
    let mut names = names();
    names.store("account", id(22), None, ["bolt"]);
    let files = [
        file("contacts.csv", "name,account,fax\nAnn Lee,Nowhere,1\nBo Lee,,2\nCy Lee,Acme,3\ncy lee,ACME,4\nDi Lee,Bolt,5"),
        file(
            "follow_up.csv",
            "account,contacts,due\nAcme,Cy Lee;Zoe,2026-11-24\nAcme,,2026-11-24\nAcme,Cy Lee,2026-11-25\nAcme,,x",
        ),
    ];
    let taken = read(&files, &mut names);
    assert_eq!(
        findings(&taken),
        [
            "contacts.csv:2:account LineOut",
            "contacts.csv:3:account LineOut",
            "contacts.csv:5:name LineOut",
            "contacts.csv:6:account LineOut",
            "follow_up.csv:3: LineOut",
            "follow_up.csv:5:due LineOut",
            "follow_up.csv:2:contacts TextKept",
        ]
    );
    assert_eq!(taken.findings[3].problem.reason, Reason::Ambiguous { name: "Bolt".into() });
    assert_eq!(taken.drafts[0].values["imported"], json!({ "fax": "3" }));
    assert_eq!(taken.drafts.len(), 3);
}

#[test]
fn a_record_is_known_again_by_title_account_day_and_number() {
    let ids =
        |text: &str| read(&[file("follow_ups.csv", text)], &mut names()).drafts.iter().map(|draft| draft.id).collect::<Vec<_>>();
    let first =
        ids("account,for what,due,follow-up id\nAcme,Visit,2026-11-24,1\nAcme,Visit,2026-11-24,2\nBolt,Visit,2026-11-24,1");
    assert_eq!(first.len(), 3);
    let again =
        ids("for what,account,due,follow-up id\nvisit,Bolt,2026/11/24,1\nVISIT,acme,2026-11-24,2\nVisit,Acme,2026-11-24,1");
    assert_eq!(again, [first[2], first[1], first[0]]);
    let mut names = names();
    names.store("contact", id(40), Some(id(20)), ["Ann Lee"]);
    let met = read(&[file("contacts.csv", "name,account\nann lee,Acme\nAnn Lee,Bolt")], &mut names);
    assert_eq!(met.drafts[0].id, id(40), "somebody entered it by hand");
    assert_ne!(met.drafts[1].id, id(40));
}

#[test]
fn what_refers_to_a_line_left_out_is_left_out_where_it_needs_it() {
    let name = || FieldSpec::new("name", Text::new(20), ["Name", "名", "名"]).required();
    let needs = |kind| FieldSpec::new("next", Reference::new(kind), ["Next", "下", "下"]).required();
    let [a, b] =
        [("a", "b"), ("b", "account")].map(|(kind, next)| KindSpec::new(kind, 1, ["K", "类", "類"], vec![name(), needs(next)]));
    let files = [file("a.csv", "name,next\nOne,Two\nFour,Three"), file("b.csv", "name,next\nTwo,Nowhere\nThree,Acme")];
    let b = b.root(RootRule::Company);
    let taken = read_sheets(&[files[0].sheet(&a), files[1].sheet(&b)], COMPANY, &mut names(), None);
    assert_eq!(findings(&taken), ["b.csv:2:next LineOut", "a.csv:2:next LineOut"]);
    assert_eq!(taken.drafts.iter().map(|draft| &draft.values["name"]).collect::<Vec<&Value>>(), ["Four", "Three"]);
}
