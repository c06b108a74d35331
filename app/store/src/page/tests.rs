use super::*;
use domain::{
    Value,
    row::{Cell, Created, Deleted, Element},
    testing::{Random, clock, id, row},
};
use serde_json::json;
use std::collections::BTreeMap;

fn any_row(random: &mut Random, n: u128) -> Row {
    let mut made = row("account", id(n), &[("name", json!(format!("明珠 {n}"))), ("grade", json!("a")), ("zero", Value::Null)]);
    made.seq = random.below(900) as u64;
    if random.chance(50) {
        made.created = Some(Created { first: clock(5, 1), by: id(1), last: clock(6, 2) });
    }
    if random.chance(30) {
        let added = [(id(90), clock(7, 3))].into();
        let element = Element { value: json!("vip"), added, removed: [id(91)].into() };
        made.sets.insert("tags".to_owned(), [("\"vip\"".to_owned(), element)].into());
    }
    if random.chance(20) {
        made.deleted = Some(Deleted { seen: [("name".to_owned(), clock(8, 1))].into(), clock: clock(9, 1), by: id(2) });
    }
    made
}

/// Pages outlive a release: this text, which a band of the local format wrote, must be read for ever. What is written now is
/// pinned in `domain::row::packed`.
#[test]
fn pages_of_json_are_read_for_ever() {
    let text = concat!(
        r#"{"names":["account","name"],"clocks":["000000000005-0000-00000000000000000000000000000001"],"#,
        r#""members":["00000000-0000-0000-0000-000000000002"],"rows":[{"i":"00000000-0000-0000-0000-000000000007","k":0,"s":3,"#,
        r#""+":[0,0,0],"c":[[1,"Acme",0,0,3]],"e":{"tags":{"\"vip\"":{"v":"vip","add":{"#,
        r#""00000000-0000-0000-0000-000000000009":"000000000005-0000-00000000000000000000000000000001"}}}},"#,
        r#""-":{"seen":{},"clock":"000000000005-0000-00000000000000000000000000000001","#,
        r#""by":"00000000-0000-0000-0000-000000000002"}}],"removed":["00000000-0000-0000-0000-000000000008"]}"#
    );
    let at = clock(5, 1);
    let mut expected = Row::new("account", id(7));
    expected.seq = 3;
    expected.created = Some(Created { first: at, by: id(2), last: at });
    expected.cells.insert("name".to_owned(), Cell { value: json!("Acme"), clock: at, actor: id(2), seq: 3 });
    let element = Element { value: json!("vip"), added: [(id(9), at)].into(), removed: [].into() };
    expected.sets.insert("tags".to_owned(), [("\"vip\"".to_owned(), element)].into());
    expected.deleted = Some(Deleted { seen: [].into(), clock: at, by: id(2) });
    let entries = vec![(id(7), Some(expected)), (id(8), None)];
    let old = vec![(key(0), text.to_owned())];
    assert_eq!(folded(&old), entries);
    // Merged with what comes, nothing of it is lost.
    let mut pages = Pages(vec![(0, 2)]);
    let mut stored = BTreeMap::from([(key(0), text.to_owned())]);
    let other = row("account", id(9), &[("name", json!("other"))]);
    let changes = pages.append(&found(&stored, &pages.tail(2)), std::slice::from_ref(&other), &[]);
    apply(&mut stored, changes);
    let merged: Found = stored.into_iter().collect();
    assert!(merged.iter().all(|(_, text)| packed::is_page(text)));
    assert_eq!(folded(&merged), [entries, vec![(other.id, Some(other))]].concat());
}

#[test]
fn single_rows_of_the_first_format_are_read_below_the_pages() {
    let (old, new) = (row("account", id(1), &[("name", json!("old"))]), row("account", id(1), &[("name", json!("new"))]));
    let single = (id(1).to_string(), serde_json::to_string(&old).unwrap());
    assert_eq!(rows(vec![single.clone()]), [old]);
    assert!(single.0 < key(0));
    assert_eq!(rows(vec![single, (key(0), packed::pack(&[(id(1), Some(&new))]))]), [new]);
}

#[test]
fn damaged_pages_are_missing_and_no_panic() {
    let damaged = ["{", "null", "", "3", "3\n", "[]", r#"{"names":[],"clocks":[],"members":[],"rows":[{"i":"x"}]}"#];
    let damaged: Found = (0..).zip(damaged).map(|(n, text)| (key(n), text.to_owned())).collect();
    assert!(rows(damaged.clone()).is_empty());
    let whole = (key(9), packed::pack(&[(id(1), Some(&row("account", id(1), &[("name", json!("x"))])))]));
    assert_eq!(rows([damaged, vec![whole]].concat()).len(), 1);
}

/// A pull of several pages, whose rows are in the order of the feed.
#[test]
fn pages_of_the_server_are_stored_as_they_came() {
    let page = |first: u128| {
        let rows: Vec<Row> = (0..ROWS as u128).map(|n| row("account", id(first + 2 * n), &[("name", json!("x"))])).collect();
        packed::pack(&rows.iter().map(|row| (row.id, Some(row))).collect::<Vec<_>>())
    };
    let texts = [page(1), page(0)];
    let rows: Vec<Row> = texts.iter().flat_map(|text| packed::unpack_rows(text.clone()).unwrap()).collect();
    let mut stored = BTreeMap::new();
    let mut pages = Pages::default();
    apply(&mut stored, pages.append(&Found::new(), &rows, &[]));
    assert_eq!(stored.values().collect::<Vec<_>>(), texts.iter().collect::<Vec<_>>());
    let known: Found = stored.into_iter().collect();
    assert_eq!(folded(&known).len(), 2 * ROWS);
}

/// What a plain table of rows would hold is what the pages say, whatever comes in which portions.
#[test]
fn pages_are_a_table_and_stay_few() {
    for seed in 0..6 {
        let mut random = Random::new(seed);
        let (mut pages, mut stored, mut model) = (Pages::default(), BTreeMap::new(), BTreeMap::new());
        for step in 0..60 {
            let many = if random.chance(5) { 2_500 } else { 4 };
            let any = |random: &mut Random| random.below(3_000) as u128;
            let changed: Vec<u128> = (0..random.below(many)).map(|_| any(&mut random)).collect();
            let changed: BTreeMap<Id, Row> = changed.into_iter().map(|n| (id(n), any_row(&mut random, n))).collect();
            let changed: Vec<Row> = changed.into_values().collect();
            let removed: Vec<Id> = (0..random.below(3)).map(|_| id(any(&mut random))).collect();
            let mut changes = Vec::new();
            let replaces = random.chance(2);
            if replaces {
                model.clear();
                changes.extend(pages.replace(&changed));
            } else {
                // Another tab may have been faster: then nothing is merged.
                let tail =
                    if random.chance(20) { Found::new() } else { found(&stored, &pages.tail(changed.len() + removed.len())) };
                changes.extend(pages.append(&tail, &changed, &removed));
            }
            model.extend(changed.into_iter().map(|row| (row.id, row)));
            removed.iter().filter(|_| !replaces).for_each(|id| drop(model.remove(id)));
            apply(&mut stored, changes);
            if step % 10 != 9 {
                continue;
            }
            let all: Found = stored.iter().map(|(key, text)| (key.clone(), text.clone())).collect();
            assert_eq!(sorted(rows(all)), model.values().cloned().collect::<Vec<_>>(), "seed {seed}");
            assert_eq!(stored.len(), pages.0.len(), "the list names every page, seed {seed}");
        }
        assert!(
            pages.0.len() <= pages.entries() / 400 + 40,
            "seed {seed}: {} pages for {} entries",
            pages.0.len(),
            pages.entries()
        );
    }
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| row.id);
    rows
}

fn found(stored: &BTreeMap<String, String>, read: &Read) -> Found {
    let Read::Range { from: Some(from), to: None, limit: None, .. } = read else { panic!("{read:?}") };
    stored.range(from.clone()..).map(|(key, text)| (key.clone(), text.clone())).collect()
}

fn apply(stored: &mut BTreeMap<String, String>, changes: Vec<Change>) {
    for change in changes.into_iter().filter(|change| change.table() == Table::Base) {
        match change {
            Change::Put { key, value, .. } => drop(stored.insert(key, value)),
            Change::Delete { key, .. } => drop(stored.remove(&key)),
            Change::Clear { .. } => stored.clear(),
        }
    }
}
