use super::*;
use domain::testing::{Random, clock, id, row};
use serde_json::json;

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

#[test]
fn what_is_packed_comes_back_as_it_was() {
    let mut random = Random::new(1);
    let entries: Vec<_> = (0..500).map(|n| (id(n), (n % 7 != 0).then(|| any_row(&mut random, n)))).collect();
    let folded = folded(&vec![(key(0), packed(&entries))]);
    assert_eq!(folded, entries);
}

/// Pages outlive a release: this text must be read for ever.
#[test]
fn the_stored_bytes_are_pinned() {
    let text = concat!(
        r#"{"names":["account","name"],"clocks":["000000000005-0000-00000000000000000000000000000001"],"#,
        r#""members":["00000000-0000-0000-0000-000000000002"],"rows":[{"i":"00000000-0000-0000-0000-000000000007","k":0,"s":3,"#,
        r#""+":[0,0,0],"c":[[1,"Acme",0,0,3]]}],"removed":["00000000-0000-0000-0000-000000000008"]}"#
    );
    let mut expected = Row::new("account", id(7));
    expected.seq = 3;
    expected.created = Some(Created { first: clock(5, 1), by: id(2), last: clock(5, 1) });
    expected.cells.insert("name".to_owned(), Cell { value: json!("Acme"), clock: clock(5, 1), actor: id(2), seq: 3 });
    let entries = vec![(id(7), Some(expected)), (id(8), None)];
    assert_eq!(packed(&entries), text);
    assert_eq!(folded(&vec![(key(0), text.to_owned())]), entries);
}

#[test]
fn single_rows_of_the_earlier_format_are_read_below_the_pages() {
    let (old, new) = (row("account", id(1), &[("name", json!("old"))]), row("account", id(1), &[("name", json!("new"))]));
    let single = (id(1).to_string(), serde_json::to_string(&old).unwrap());
    assert_eq!(rows(&vec![single.clone()]), [old]);
    assert!(single.0 < key(0));
    assert_eq!(rows(&vec![single, (key(0), packed(&[(id(1), Some(new.clone()))]))]), [new]);
}

#[test]
fn damaged_pages_and_rows_are_missing_and_no_panic() {
    assert!(rows(&vec![(key(0), "{".to_owned()), (key(1), "null".to_owned())]).is_empty());
    let text = packed(&[(id(1), Some(row("account", id(1), &[("name", json!("x"))])))]);
    assert!(rows(&vec![(key(0), text.replace("\"k\":0", "\"k\":9"))]).is_empty());
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
            assert_eq!(rows(&all), model.values().cloned().collect::<Vec<_>>(), "seed {seed}");
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
