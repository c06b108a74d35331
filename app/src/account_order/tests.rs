use super::*;
use domain::{
    records::schema,
    sorting::StepSort,
    testing::{Random, id, row},
};
use serde_json::json;

fn kind() -> &'static KindSpec {
    let schema: &'static domain::Schema = Box::leak(Box::new(schema()));
    schema.kind("account").unwrap()
}

fn facts(fields: &[(&str, Value)]) -> AccountFacts {
    let mut facts = AccountFacts::default();
    facts.take_in(&Arc::new(row("follow_up", id(9), fields)));
    facts
}

fn entry(ordered: Ordered, number: u128, fields: &[(&str, Value)], facts: Option<&AccountFacts>) -> Entry {
    let row = Arc::new(row("account", id(number), fields));
    let names = |id: Id| ["", "Wei", "", "Ann"][id.as_u128() as usize % 4].to_owned();
    Entry { key: ordered.key(&row, facts, &names), row, rank: number as u64 }
}

fn sorted(ordered: Ordered, mut entries: Vec<Entry>) -> Vec<u128> {
    entries.sort_by(|a, b| ordered.compare(a, b));
    entries.iter().map(|entry| entry.row.id.as_u128()).collect()
}

#[test]
fn the_next_due_comes_first_and_names_decide_among_equals() {
    let due = |due: &str| facts(&[("due", json!(due))]);
    let known = [Some(due("2026-11-30")), Some(due("2026-11-24")), Some(facts(&[("done_at", json!(5))])), None, Some(due(""))];
    let by = |by, reversed| {
        let ordered = Ordered::new(Order { by, reversed }, kind());
        sorted(ordered, (1..).zip(&known).map(|(n, facts)| entry(ordered, n, &[], facts.as_ref())).collect())
    };
    assert_eq!(by(By::NextFollowUp, false), [2, 1, 5, 3, 4], "what is planned for no day comes before what is not planned");
    assert_eq!(by(By::NextFollowUp, true), [1, 2, 5, 3, 4], "and both last either way");
    assert_eq!(by(By::LastContact, false), [3, 1, 2, 4, 5]);
    assert_eq!(by(By::Name, true), [5, 4, 3, 2, 1]);
}

#[test]
fn an_indexed_field_sorts_as_its_type_does_and_what_has_none_comes_last() {
    let accounts = [("customer", 1), ("potential", 2), ("lost", 3), ("", 4), ("engaged", 5)];
    let by = |by, reversed| {
        let ordered = Ordered::new(Order { by, reversed }, kind());
        let entries = accounts.iter().map(|(stage, n)| {
            let stage = if stage.is_empty() { Value::Null } else { json!(stage) };
            entry(ordered, *n, &[("stage", stage), ("owner", json!(id(*n)))], None)
        });
        sorted(ordered, entries.collect())
    };
    assert_eq!(by(By::Field("stage"), false), [2, 5, 1, 3, 4]);
    assert_eq!(by(By::Field("stage"), true), [3, 1, 5, 2, 4]);
    assert_eq!(by(By::Field("owner"), false)[..3], [3, 1, 5]);
    let names: Vec<&str> = sortable(kind()).map(|field| field.name.as_ref()).collect();
    assert!(names.contains(&"stage") && !names.contains(&"name") && !names.contains(&"merged_into"), "{names:?}");
}

#[test]
fn a_list_kept_true_is_one_sorted_anew() {
    let orders = [By::NextFollowUp, By::LastContact, By::Name, By::Field("stage"), By::Field("owner")];
    for (seed, by) in (0..60).zip(orders.iter().cycle()) {
        let mut random = Random::new(seed);
        let ordered = Ordered::new(Order { by: *by, reversed: random.chance(50) }, kind());
        let (mut arranged, mut known) = (Arranged::with_capacity(ordered, 0), HashMap::<Id, Entry>::new());
        for _ in 0..80 {
            let number = random.below(20) as u128;
            let made = (!random.chance(25)).then(|| {
                let stage = json!(["customer", "lost", "engaged"][random.below(3)]);
                let fact = match random.below(3) {
                    0 => facts(&[("due", json!(["2026-11-24", "2026-11-25", ""][random.below(3)]))]),
                    1 => facts(&[("done_at", json!(random.below(3)))]),
                    _ => AccountFacts::default(),
                };
                let fields = [("stage", stage), ("owner", json!(id(random.below(4) as u128)))];
                Entry { rank: random.below(4) as u64, ..entry(ordered, number, &fields, Some(&fact)) }
            });
            arranged.put(id(number), made.clone());
            match made {
                Some(entry) => _ = known.insert(id(number), entry),
                None => _ = known.remove(&id(number)),
            }
            let entries: Vec<Entry> = known.values().cloned().collect();
            let mut sort = StepSort::new(entries.len());
            while !sort.step(&mut |a, b| ordered.compare(&entries[a], &entries[b])) {}
            let anew: Vec<&Entry> = sort.order().into_iter().map(|at| &entries[at]).collect();
            assert_eq!(arranged.entries().iter().map(AsRef::as_ref).collect::<Vec<_>>(), anew, "seed {seed}");
        }
    }
}

#[test]
fn equal_neighbours_are_a_group_unless_nearly_all_differ() {
    assert_eq!(groups("aaabbb".chars()), [(0, 'a'), (3, 'b')]);
    assert_eq!(groups("abcd".chars()), []);
    assert_eq!(groups("aaaa".chars()), [], "one heading over everything says nothing");
    let days = |text: &str| text.parse::<i64>().ok();
    assert_eq!(
        ["-3", "0", "6", "7", ""].map(|due| when(&json!(due), &days)),
        [When::Overdue, When::Today, When::Soon, When::Later, When::Undated]
    );
    assert_eq!(when(&Value::Null, &days), When::Never);
}
