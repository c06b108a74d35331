use super::*;
use crate::{
    row::{Deleted, Element},
    testing::{clock, id, row},
};
use proptest::{collection, prelude::*};
use serde_json::json;

const FIELDS: [&str; 6] = ["name", "text", "due", "tags", "", "tab\t \"quote\""];

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Longer ones may be read as their neighbour; this is of all JSON here, and no field has such.
        (-1_000_000..1_000_000_i32, 0..1000_u16).prop_map(|(whole, part)| json!(f64::from(whole) + f64::from(part) / 1000.0)),
        "\\PC*".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\t\n\\\\\" a-c]*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::btree_map(any::<String>(), inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_id() -> impl Strategy<Value = Id> {
    (0..4_u128).prop_map(id)
}

fn any_clock() -> impl Strategy<Value = Clock> {
    let ms = prop_oneof![0..3_i64, 1_790_000_000_000..1_790_000_000_003_i64];
    (ms, prop_oneof![0..2_u16, Just(u16::MAX)], any_id()).prop_map(|(ms, counter, device)| Clock { ms, counter, device })
}

fn any_field() -> impl Strategy<Value = String> {
    prop::sample::select(FIELDS.to_vec()).prop_map(str::to_owned)
}

prop_compose! {
    fn any_cell()(value in any_value(), clock in any_clock(), actor in any_id(), seq in 0..3_u64) -> Cell {
        Cell { value, clock, actor, seq }
    }
}

prop_compose! {
    fn any_element()(
        value in any_value(),
        added in collection::btree_map(any_id(), any_clock(), 0..3),
        removed in collection::btree_set(any_id(), 0..3),
    ) -> (String, Element) {
        (value.to_string(), Element { value, added, removed })
    }
}

prop_compose! {
    fn any_fields()(
        created in prop::option::of((any_clock(), any_id(), any_clock())),
        cells in collection::btree_map(any_field(), any_cell(), 0..5),
        sets in collection::btree_map(any_field(), collection::vec(any_element(), 0..3), 0..2),
        deleted in prop::option::weighted(0.3, (collection::btree_map(any_field(), any_clock(), 0..4), any_clock(), any_id())),
    ) -> Fields {
        Fields {
            created: created.map(|(first, by, last)| Created { first, by, last }),
            // A field is a register or a set.
            cells: cells.into_iter().filter(|(name, _)| !sets.contains_key(name)).collect(),
            sets: sets.into_iter().map(|(name, set)| (name, set.into_iter().collect())).collect(),
            deleted: deleted.map(|(seen, clock, by)| Deleted { seen, clock, by }),
        }
    }
}

prop_compose! {
    fn any_row()(fields in any_fields(), kind in any_field(), record in 0..1_000_u128, seq in any::<u64>()) -> Row {
        Row { id: id(record), kind, seq, line: None, fields: OnceLock::from(Box::new(fields)) }
    }
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let removed = (0..1_000_u128).prop_map(|n| (id(n), None));
    collection::vec(prop_oneof![9 => any_row().prop_map(|row| (row.id, Some(row))), 1 => removed], 0..8)
}

fn packed(entries: &[Entry]) -> String {
    pack(&entries.iter().map(|(id, row)| (*id, row.as_ref())).collect::<Vec<_>>())
}

fn one(row: &Row) -> Row {
    unpack(packed(&[(row.id, Some(row.clone()))])).pop().unwrap().1.unwrap()
}

proptest! {
    #[test]
    fn what_is_packed_comes_back_as_it_was(entries in any_entries()) {
        prop_assert_eq!(unpack(packed(&entries)), entries);
    }

    /// A page that came from the server is stored as it came; whatever was taken from it, changed in it or added makes another.
    #[test]
    fn a_page_is_itself_only_as_a_whole(rows in collection::btree_map(0..1_000_u128, any_row(), 2..8), cell in any_cell()) {
        let rows: Vec<Row> = rows.into_iter().map(|(n, row)| Row { id: id(n), ..row }).collect();
        let text = packed(&rows.iter().map(|row| (row.id, Some(row.clone()))).collect::<Vec<_>>());
        let page = unpack_rows(text.clone()).unwrap();
        let entries = |rows: &[Row]| rows.iter().map(|row| (row.id, Some(row.clone()))).collect::<Vec<Entry>>();
        let backwards: Vec<Row> = page.iter().rev().cloned().collect();
        prop_assert_eq!(packed(&entries(&backwards)), text.as_str());
        prop_assert_eq!(unpack(packed(&entries(&page[1..]))), entries(&page[1..]));
        let with_another = [entries(&page), entries(&[Row { id: id(1_000), ..page[0].clone() }])].concat();
        prop_assert_eq!(unpack(packed(&with_another)), with_another);
        let mut changed = page.clone();
        changed[0].cells.insert("name".to_owned(), cell);
        prop_assert_eq!(unpack(packed(&entries(&changed))), entries(&changed));
    }

    /// Merging pages copies rows that nobody has parsed, into a page with other tables.
    #[test]
    fn what_is_packed_again_unparsed_comes_back_as_it_was(entries in any_entries(), others in any_entries()) {
        let all = [unpack(packed(&others)), unpack(packed(&entries))].concat();
        prop_assert_eq!(unpack(packed(&all)), [others, entries].concat());
    }

    /// What is told from the packed form is what the parsed row says, and only what needs it parses.
    #[test]
    fn a_row_says_the_same_before_it_is_parsed(row in any_row()) {
        let fresh = one(&row);
        for field in FIELDS.into_iter().chain(["missing"]) {
            prop_assert_eq!(fresh.glance(field).map(Cow::into_owned), row.get(field).cloned());
            prop_assert_eq!(fresh.integer(field), row.integer(field));
            prop_assert_eq!(fresh.has(field), row.has(field));
            let (mut seen, mut expected) = (Vec::new(), Vec::new());
            fresh.visit(field, &mut |value| seen.push(value.clone()));
            row.visit(field, &mut |value| expected.push(value.clone()));
            prop_assert_eq!(seen, expected);
        }
        prop_assert_eq!(fresh.is_alive(), row.is_alive());
        prop_assert_eq!(fresh.creation(), row.creation());
        prop_assert_eq!(fresh.latest(), row.latest());
        prop_assert!(fresh.packed().is_some(), "nothing of this parses for good");
        for field in FIELDS.into_iter().chain(["missing"]) {
            let again = || one(&row);
            prop_assert_eq!(again().text(field).to_owned(), row.text(field));
            prop_assert_eq!(again().value(field), row.value(field));
            prop_assert_eq!(again().reference(field), row.reference(field));
        }
        prop_assert_eq!(serde_json::to_string(&fresh).unwrap(), serde_json::to_string(&row).unwrap());
        prop_assert_eq!(json::parse::<Row>(&serde_json::to_string(&fresh).unwrap()), Some(row));
    }

    #[test]
    fn a_change_of_a_packed_row_is_one_of_the_parsed(row in any_row(), field in any_field(), cell in any_cell()) {
        let (mut fresh, mut parsed) = (one(&row), row);
        fresh.cells.insert(field.clone(), cell.clone());
        parsed.cells.insert(field, cell);
        prop_assert_eq!(&fresh, &parsed);
        prop_assert_eq!(one(&fresh), parsed);
    }

    /// A disk that lost or changed something: what is read was written, all of it.
    #[test]
    fn what_is_damaged_is_missing_and_never_otherwise(
        entries in any_entries(), at in any::<prop::sample::Index>(), other in any::<char>(), cut in any::<bool>(),
    ) {
        let whole = packed(&entries);
        let chars: Vec<char> = whole.chars().collect();
        let at = at.index(chars.len());
        let mut damaged: String = chars[..at].iter().collect();
        if !cut {
            damaged.push(other);
            damaged.extend(&chars[at + 1..]);
        }
        let read = unpack(damaged);
        prop_assert!(read.iter().all(|entry| entries.contains(entry)));
        prop_assert!(read.len() < entries.len() || read == entries);
    }
}

/// Pages outlive a release: this text must be read, and written, for ever.
#[test]
fn the_stored_bytes_are_pinned() {
    let at = clock(5, 1);
    let mut first = row("account", id(7), &[("name", json!("Acme")), ("note", json!("a\t\"b\"")), ("grade", Value::Null)]);
    first.seq = 3;
    first.created = Some(Created { first: at, by: id(2), last: clock(9, 1) });
    first.cells.values_mut().for_each(|cell| (cell.clock, cell.actor, cell.seq) = (at, id(2), 3));
    first.cells.get_mut("note").unwrap().seq = 4;
    let element = Element { value: json!("vip"), added: [(id(9), at)].into(), removed: [].into() };
    first.sets.insert("tags".to_owned(), [("\"vip\"".to_owned(), element)].into());
    let mut gone = Row::new("visit", id(6));
    gone.deleted = Some(Deleted { seen: [].into(), clock: at, by: id(2) });
    let text = concat!(
        r#"38c785b79[["account","grade","name","note","visit"],"#,
        r#"["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002"]]"#,
        "\n7cb059fd00000000000000000000000000000007\t0\t3\t5.0.0,1,9.0.0\t",
        r#"{"tags":{"\"vip\"":{"v":"vip","add":{"00000000-0000-0000-0000-000000000009":"#,
        r#""000000000005-0000-00000000000000000000000000000001"}}}}"#,
        "\t\t5.0.0,1,3;;5.0.0,1,4\t1 null\t2 \"Acme\"\t3 \"a\\t\\\"b\\\"\"",
        "\n4189b06400000000000000000000000000000006\t4\t0\t\t\t",
        r#"{"seen":{},"clock":"000000000005-0000-00000000000000000000000000000001","by":"00000000-0000-0000-0000-000000000002"}"#,
        "\t\n1cc644db00000000000000000000000000000008"
    );
    let entries = vec![(id(7), Some(first)), (id(6), Some(gone)), (id(8), None)];
    assert_eq!(packed(&entries), text);
    assert_eq!(unpack(text.to_owned()), entries);
}

#[test]
fn a_line_that_is_no_row_is_missing() {
    let top = |names: &str| {
        format!("3{}", {
            let mut top = String::new();
            push(&mut top, names);
            top
        })
    };
    let with = |top: String, line: &str| {
        let mut page = format!("{top}\n");
        push(&mut page, line);
        unpack(page)
    };
    let good = format!("{}\t0\t1\t\t\t\t", id(1).simple());
    assert_eq!(with(top("[[\"account\"],[]]"), &good).len(), 1);
    assert_eq!(with(top("[[],[]]"), &good).len(), 0, "a kind that is not in the table");
    assert_eq!(with(top("[\"account\"]"), &good).len(), 0, "no tables");
    assert_eq!(with(top("[[\"account\"],[]]"), "x\t0\t1\t\t\t\t").len(), 0, "no id");
    for line in ["\t0 1", "5.0.0,0,1\t0 1", "5.0.7,0,1\t0 1", "\t0 {"] {
        let found = with(top("[[\"account\"],[\"00000000-0000-0000-0000-000000000001\"]]"), &format!("{good}{line}"));
        let unreadable = found.iter().filter_map(|(_, row)| row.as_ref()).all(|row| row.cells.is_empty());
        assert!(unreadable || line.starts_with("5.0.0"), "{line}: {found:?}");
        assert!(unpack(packed(&found)).len() <= found.len());
    }
}
