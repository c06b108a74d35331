use super::*;
use crate::Index;
use domain::{
    Row, Value,
    records::schema,
    testing::{Random, id, row},
};
use serde_json::json;
use std::sync::LazyLock;

static HAN: LazyLock<Arc<Han>> = LazyLock::new(|| Arc::new(Han::read(&han::table()).unwrap()));

struct Device {
    view: View,
    search: Search,
}

impl Device {
    fn new(rows: impl IntoIterator<Item = Row>) -> Device {
        let mut device = Device { view: View::default(), search: Search::new(HAN.clone(), &schema()) };
        device.pull(rows.into_iter().collect(), &[]);
        device
    }

    fn pull(&mut self, rows: Vec<Row>, removed: &[Id]) {
        let touched = self.view.pulled(rows, removed, []);
        self.search.touch(touched);
        while !self.search.read(&self.view, &schema(), id(7), 3) {}
    }

    fn find(&mut self, typed: &str) -> Vec<(String, usize, Vec<u128>)> {
        let typed = Typed::read(&HAN, &schema(), typed);
        let gave_way = Index::default().gave_way(&self.view);
        let found = self.search.find(&typed, &gave_way, &Circumstances::default(), &|_, _| true, 20);
        let ids = |found: &FoundKind| found.records.iter().map(|id| id.as_u128()).collect();
        found.iter().filter(|found| found.total > 0).map(|found| (found.kind.clone(), found.total, ids(found))).collect()
    }

    fn first_by_title(&mut self, kind: &str, typed: &str, most: usize) -> Option<Vec<u128>> {
        let typed = Typed::read(&HAN, &schema(), typed);
        let gave_way = Index::default().gave_way(&self.view);
        let here = Circumstances::default();
        let first = self.search.first_by_title(kind, &typed, &gave_way, &here, most);
        if let Some(by_start) = self.search.first_by_start(kind, &typed, &gave_way, &here, most) {
            assert_eq!(Some(by_start), first);
        }
        Some(first?.iter().map(|id| id.as_u128()).collect())
    }
}

fn account(n: u128, name: &str) -> Row {
    row("account", id(n), &[("name", json!(name))])
}

fn under(kind: &str, n: u128, account: u128, field: &str, value: impl Into<Value>) -> Row {
    row(kind, id(n), &[("account", json!(id(account))), (field, value.into())])
}

fn group(kind: &str, ids: &[u128]) -> (String, usize, Vec<u128>) {
    (kind.to_owned(), ids.len(), ids.to_vec())
}

#[test]
fn what_fits_best_comes_first() {
    let mut device = Device::new([
        account(1, "上海明珠贸易"),
        account(2, "明珠"),
        account(3, "明珠集团"),
        row("account", id(4), &[("name", json!("东方")), ("note", json!("和明珠合作"))]),
        account(5, "大东方"),
    ]);
    assert_eq!(device.find("明珠"), [group("account", &[2, 3, 1, 4])]);
    assert_eq!(device.find("mz"), [group("account", &[2, 3, 1])]);
    assert_eq!(device.find("贸易 mingzhu"), [group("account", &[1])]);
}

#[test]
fn the_first_by_their_titles_are_the_first_of_all_or_none() {
    let mut device = Device::new([
        account(1, "上海明珠贸易"),
        account(2, "明珠"),
        row("account", id(3), &[("name", json!("东方")), ("note", json!("和明珠合作"))]),
        under("contact", 11, 3, "name", json!({"family": "明", "given": "珠", "order": "family_first"})),
    ]);
    assert_eq!(device.first_by_title("account", "mingzhu", 2), Some(vec![2, 1]));
    assert_eq!(device.first_by_title("account", "mingzhu", 3), None, "the third has it elsewhere");
    assert_eq!(device.first_by_title("account", "贸易 mz", 1), Some(vec![1]));
    assert_eq!(device.first_by_title("contact", "mz", 1), Some(vec![11]));
    let typed = Typed::read(&HAN, &schema(), "mz");
    let mut by_start = |most| device.search.first_by_start("account", &typed, &[], &Circumstances::default(), most);
    assert_eq!((by_start(1), by_start(2)), (Some(vec![id(2)]), None), "of the other it is not the start");
    assert_eq!(device.first_by_title("account", "", 1), None);
    device.pull(vec![account(2, "东方")], &[id(1)]);
    assert_eq!(device.first_by_title("account", "mingzhu", 1), None);
}

#[test]
fn an_account_is_found_by_its_people_and_a_record_with_its_account() {
    let mut device = Device::new([
        account(1, "上海明珠贸易"),
        account(2, "北京明珠贸易"),
        under("contact", 11, 1, "name", json!({"family": "单", "given": "雄信", "order": "family_first"})),
        under("contact", 12, 2, "name", json!({"family": "王", "given": "芳", "order": "family_first"})),
        under("follow_up", 21, 1, "text", "寄了报价单"),
        under("follow_up", 22, 2, "text", "没寄报价单"),
    ]);
    assert_eq!(device.find("shanxx"), [group("account", &[1]), group("contact", &[11])]);
    assert_eq!(device.find("明珠 王芳"), [group("account", &[2]), group("contact", &[12])]);
    assert_eq!(device.find("报价 上海"), [group("follow_up", &[21])]);
    assert_eq!(device.find("报价").len(), 1, "an account is not found by every word of its follow-ups");
}

fn merged(n: u128, name: &str, into: u128) -> Row {
    row("account", id(n), &[("name", json!(name)), ("merged_into", json!(id(into)))])
}

#[test]
fn an_account_that_gave_way_is_found_as_the_one_that_stands_for_it() {
    let mut device = Device::new([
        account(1, "上海明珠贸易"),
        merged(2, "Pearl Trading", 1),
        merged(3, "Mingzhu Outlet", 2),
        under("contact", 11, 3, "name", json!({"family": "王", "given": "芳", "order": "family_first"})),
        under("follow_up", 21, 2, "text", "寄了报价单"),
    ]);
    assert_eq!(device.find("pearl"), [group("account", &[1])]);
    assert_eq!(device.find("outlet 贸易"), [group("account", &[1])]);
    assert_eq!(device.find("王芳"), [group("account", &[1]), group("contact", &[11])]);
    assert_eq!(device.find("报价 上海"), [group("follow_up", &[21])]);
    assert_eq!(device.find("王芳 outlet pearl"), [group("account", &[1]), group("contact", &[11])]);
    device.pull(vec![account(3, "Mingzhu Outlet")], &[]);
    assert_eq!(device.find("outlet"), [group("account", &[3])]);
    assert_eq!(device.find("王芳"), [group("account", &[3]), group("contact", &[11])]);
}

#[test]
fn only_what_passes_is_found_and_only_so_much_of_it_given() {
    let mut device = Device::new((1..=30).map(|n| account(n, &format!("明珠 {n}"))));
    let typed = Typed::read(&HAN, &schema(), "mz");
    let mut found = device.search.find(&typed, &[], &Circumstances::default(), &|_, id| id.as_u128() > 10, 5);
    let found = found.remove(0);
    assert_eq!((found.total, found.records.len()), (20, 5));
    let recent = Circumstances { recents: vec![id(30), id(12)], here: None };
    assert_eq!(device.search.find_of("account", &typed, &[], &recent, 2).records, [id(30), id(12)]);
}

#[test]
fn owned_and_near_accounts_come_before_others_that_fit_as_well() {
    let at = |n: u128, owner: u128, lng: f64| {
        row(
            "account",
            id(n),
            &[("name", json!("明珠")), ("owner", json!(id(owner))), ("place", json!({"lat": 31.2, "lng": lng}))],
        )
    };
    let mut device = Device::new([at(1, 8, 121.4), at(2, 7, 121.9), at(3, 7, 121.5), account(4, "明珠")]);
    let here = Some(domain::types::PlaceValue { lat: 31.2, lng: 121.4, accuracy: None });
    let typed = Typed::read(&HAN, &schema(), "明珠");
    let found = device.search.find_of("account", &typed, &[], &Circumstances { recents: Vec::new(), here }, 9);
    assert_eq!(found.records, [id(3), id(2), id(1), id(4)]);
}

#[test]
fn changed_typed_on_and_taken_back_it_finds_what_a_new_one_does() {
    let names = ["明珠", "上海", "贸易", "长沙", "Acme", "Smith", "138 00", "区", " "];
    let queries = ["m", "mz", "mzs", "mz s", "mz sh", "上", "上h", "上海", "acm", "1", "13", "138", "1380", "qu", "ou", "acme 1"];
    let mut by_title = 0;
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let any = |random: &mut Random| {
            let name: String = (0..3).map(|_| names[random.below(names.len())]).collect();
            let n = random.below(8) as u128;
            match random.below(3) {
                0 if random.chance(20) => merged(n, &name, random.below(8) as u128),
                0 => account(n, &name),
                1 => under("contact", 10 + n, random.below(8) as u128, "email", name),
                _ => under("follow_up", 20 + n, random.below(8) as u128, "text", name),
            }
        };
        let mut device = Device::new([]);
        for _ in 0..12 {
            let rows = (0..random.below(4)).map(|_| any(&mut random)).collect();
            let removed: Vec<Id> = (0..random.below(2)).map(|_| id(random.below(30) as u128)).collect();
            device.pull(rows, &removed);
            for _ in 0..6 {
                let query = queries[random.below(queries.len())];
                // Somebody typed something else before, perhaps too fast for it to be found, or this step by step.
                for text in [queries[random.below(queries.len())], query] {
                    let typed = Typed::read(&HAN, &schema(), text);
                    let (steps, most) = (random.below(8), 1 + random.below(3));
                    (0..steps).for_each(|_| _ = device.search.look_for(&typed, None, most));
                    (0..steps).for_each(|_| _ = device.search.look_for_titles("account", &typed, most));
                }
                let kept = device.find(query);
                for (kind, most) in [("account", 1), ("account", 2), ("contact", 1)] {
                    if let Some(first) = device.first_by_title(kind, query, most) {
                        let (_, _, ids) = kept.iter().find(|(of, ..)| of == kind).unwrap();
                        assert_eq!(first, ids[..most], "seed {seed}, {query:?}");
                        by_title += 1;
                    }
                }
                let mut fresh = Device::new(device.view.rows().map(|row| (**row).clone()));
                let sorted = |mut found: Vec<(String, usize, Vec<u128>)>| {
                    found.iter_mut().for_each(|(_, _, ids)| ids.sort_unstable());
                    found
                };
                assert_eq!(sorted(kept), sorted(fresh.find(query)), "seed {seed}, {query:?}");
            }
        }
    }
    assert!(by_title > 100, "{by_title}");
}

#[test]
fn waste_is_tidied_away_and_nothing_with_it() {
    let long = "明珠".repeat(40_000);
    let mut device = Device::new([account(1, "上海")]);
    for n in 0..12 {
        device.pull(vec![row("account", id(2), &[("name", json!(format!("北京 {n}"))), ("note", json!(long))])], &[]);
    }
    assert_eq!(device.find("beijing 11"), [group("account", &[2])]);
    assert_eq!(device.find("beijing 10"), []);
    assert_eq!(device.find("sh"), [group("account", &[1])]);
}

#[test]
fn texts_that_fill_more_than_one_piece_are_all_looked_through() {
    let long = "东方".repeat(20_000);
    let mut rows: Vec<Row> =
        (1..=40).map(|n| row("account", id(n), &[("name", json!(format!("北京 {n}"))), ("note", json!(long))])).collect();
    // One that is longer than a piece, and what comes behind it.
    rows.push(row("account", id(41), &[("name", json!("北京 41")), ("note", json!(long.repeat(10)))]));
    rows.push(account(42, "北京 42"));
    let mut device = Device::new(rows);
    for typed in ["北京", "beijing", "b", "北"] {
        assert_eq!(device.find(typed)[0].1, 42, "{typed}");
    }
    for n in 1..=42 {
        assert_eq!(device.find(&format!("beijing {n} "))[0].2[0], n);
    }
    let typed = Typed::read(&HAN, &schema(), "京");
    while !device.search.look_for(&typed, None, 1) {}
    assert_eq!(device.find("京")[0].1, 42, "one by one too");
    // Half of it goes, and what is left is moved together.
    device.pull(Vec::new(), &(1..=30).map(id).collect::<Vec<_>>());
    assert_eq!(device.find("北京")[0].1, 12);
    assert_eq!(device.find("东方").len(), 1);
}
