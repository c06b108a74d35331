use super::*;
use crate::query::{
    Function, ready, testing,
    tests::{SCHEMA, context},
};

#[test]
fn any_question_can_be_taken_up_and_asks_the_same() {
    let random = &mut crate::testing::Random::new(11);
    let rows = testing::territory(random, &SCHEMA, context().zone, context().now_ms);
    let source: crate::query::memory::ByKind = rows.iter().collect();
    let answered = |query: &Query| crate::query::memory::answer(&compile(query, &context()).unwrap(), &source);
    for at in 0..400 {
        let query = testing::query(random, &context());
        let (again, places) = Sketch::read(&SCHEMA, &query).query();
        // A group in which nothing stands asks nothing here, while in a question `any` of nothing finds nothing.
        let empty = serde_json::to_string(&query).unwrap();
        if empty.contains("[]}") {
            continue;
        }
        assert_eq!(answered(&again), answered(&query), "question {at}: {empty}");
        let twice = Sketch::read(&SCHEMA, &again).query();
        assert_eq!(twice.0, again, "it settles");
        assert_eq!(places.len(), places.iter().map(|(place, _)| place).collect::<std::collections::BTreeSet<_>>().len());
    }
}

#[test]
fn ready_made_questions_come_back_word_for_word_but_for_lone_conditions() {
    for ready in ready::all() {
        let (query, _) = Sketch::read(&SCHEMA, &ready.query).query();
        let lone = matches!(ready.query.filter, Filter::Field(_) | Filter::Related(_));
        assert!(lone || ready.id.contains("not_contacted") || ready.id == "no_next_step" || query == ready.query, "{}", ready.id);
    }
}

/// A question built as a screen builds it, step by step.
#[test]
fn conditions_groups_and_related_records_are_put_together() {
    let mut sketch = Sketch::of(&SCHEMA, "account");
    assert_eq!(sketch.query().0, Query::of("account").sort("name"));
    let stage = sketch.add_condition(ROOT);
    sketch.choose_field(&SCHEMA, stage, "stage");
    sketch.set_value(stage, json!(["potential"]));
    let group = sketch.add_group(ROOT);
    let Some(Part::Group { parts, .. }) = sketch.part(group).cloned() else { panic!() };
    sketch.choose_field(&SCHEMA, parts[0], "address.city");
    sketch.set_value(parts[0], json!("上海"));
    let visits = sketch.add_condition(group);
    sketch.choose_related(&SCHEMA, visits, Some("follow_up"), "account");
    sketch.choose_times(visits, Times::AtLeast(2));
    let Some(Part::Related { filter, .. }) = sketch.part(visits).cloned() else { panic!() };
    let channel = sketch.add_condition(filter);
    assert_eq!((sketch.kind_at(channel), sketch.kind_at(visits)), (Some("follow_up"), Some("account")));
    sketch.choose_field(&SCHEMA, channel, "channel");
    sketch.choose_operator(&SCHEMA, channel, Operator::IsNot);
    sketch.set_value(channel, json!(["call"]));
    let expected = Filter::All(vec![
        Filter::field("stage", Operator::Is, json!(["potential"])),
        Filter::Any(vec![
            Filter::field("address.city", Operator::Contains, "上海"),
            Filter::referred(
                "follow_up",
                "account",
                Times::AtLeast(2),
                Filter::All(vec![Filter::field("channel", Operator::IsNot, json!(["call"]))]),
            ),
        ]),
    ]);
    assert_eq!(sketch.query().0.filter, expected);
    assert_eq!(sketch.faults(&context()), []);
    sketch.choose_how(group, How::None);
    assert!(matches!(&sketch.query().0.filter, Filter::All(filters) if matches!(&filters[1], Filter::Not(_))));
    sketch.remove(group);
    assert!(sketch.part(visits).is_none() && sketch.part(channel).is_none(), "what is in a group goes with it");
    sketch.remove(ROOT);
    assert!(sketch.query().0.filter.is_everything() && sketch.part(ROOT).is_some());
}

#[test]
fn what_is_unfinished_is_told_at_its_part_and_left_out_of_the_count() {
    let mut sketch = Sketch::of(&SCHEMA, "account");
    let [stage, blank] = [sketch.add_condition(ROOT), sketch.add_condition(ROOT)];
    sketch.choose_field(&SCHEMA, stage, "stage");
    sketch.set_value(stage, json!(["lost"]));
    let related = sketch.add_condition(ROOT);
    sketch.choose_related(&SCHEMA, related, None, "owner");
    let Some(Part::Related { filter, .. }) = sketch.part(related).cloned() else { panic!() };
    let inner = sketch.add_condition(filter);
    sketch.choose_field(&SCHEMA, inner, "role");
    let at: Vec<_> = sketch.faults(&context()).into_iter().map(|(part, _)| part).collect();
    assert_eq!(at, [Some(blank), Some(inner)]);
    let count = sketch.counting(&context());
    let owned = Filter::refers("owner", Times::Some, Filter::default());
    assert_eq!(count.filter, Filter::All(vec![Filter::field("stage", Operator::Is, json!(["lost"])), owned]));
    sketch.group.push(Grouping { field: "name.given".into(), bucket: None, with_empty: false });
    assert!(sketch.faults(&context()).iter().any(|(part, fault)| part.is_none() && fault.place == "group[0]"));
}

#[test]
fn another_field_or_operator_keeps_what_still_fits() {
    let mut sketch = Sketch::of(&SCHEMA, "account");
    let id = sketch.add_condition(ROOT);
    let condition = |sketch: &Sketch| match sketch.part(id) {
        Some(Part::Condition(condition)) => condition.clone(),
        other => panic!("{other:?}"),
    };
    sketch.choose_field(&SCHEMA, id, "employees");
    sketch.choose_operator(&SCHEMA, id, Operator::More);
    sketch.set_value(id, json!(5));
    sketch.choose_operator(&SCHEMA, id, Operator::Less);
    assert_eq!(condition(&sketch).value, json!(5));
    sketch.choose_operator(&SCHEMA, id, Operator::Between);
    assert_eq!(condition(&sketch).value, Value::Null);
    sketch.choose_field(&SCHEMA, id, "stage");
    assert_eq!((condition(&sketch).op, condition(&sketch).value), (Operator::Is, Value::Null));
    sketch.choose_related(&SCHEMA, id, Some("contact"), "account");
    assert!(matches!(sketch.part(id), Some(Part::Related { .. })));
    sketch.choose_field(&SCHEMA, id, "name");
    assert_eq!(condition(&sketch).op, Operator::Contains);
    assert_eq!(sketch.query().1.len(), 1, "nothing is left of the related records");
}

#[test]
fn the_order_follows_groups_and_figures() {
    let mut sketch = Sketch::of(&SCHEMA, "account");
    sketch.group.push(Grouping { field: "stage".into(), bucket: None, with_empty: true });
    sketch.settle_order();
    assert_eq!((sketch.sort.len(), sketch.show.len()), (0, 1), "records are no longer sorted, and something is counted");
    sketch.sort.push(Sort { by: SortBy::Value(0), descending: true });
    sketch.settle_order();
    assert_eq!(sketch.faults(&context()), []);
    sketch.group.clear();
    sketch.show.clear();
    sketch.settle_order();
    assert_eq!(sketch.sort, []);
}

#[test]
fn relations_lead_both_ways_and_never_to_questions() {
    let of_account = relations(&SCHEMA, "account");
    let has = |kind: Option<&str>, field: &str| of_account.contains(&(kind.map(str::to_owned), field.to_owned()));
    assert!(has(Some("follow_up"), "account") && has(Some("contact"), "account") && has(None, "owner"));
    assert!(of_account.iter().all(|(kind, _)| !matches!(kind.as_deref(), Some("saved_query" | "notice"))));
}

#[test]
fn the_records_of_a_group_are_those_that_were_counted_in_it() {
    let random = &mut crate::testing::Random::new(5);
    let rows = testing::territory(random, &SCHEMA, context().zone, context().now_ms);
    let source: crate::query::memory::ByKind = rows.iter().collect();
    let answered = |query: &Query| crate::query::memory::answer(&compile(query, &context()).unwrap(), &source);
    let by = |kind: &str, field: &str, bucket| Query::of(kind).group(field, bucket, true).show(Function::Count, None);
    for query in [
        by("account", "stage", None),
        by("account", "owner", None),
        by("account", "tags", None),
        by("follow_up", "due", Some(crate::time::Unit::Week)),
        by("follow_up", "done_at", Some(crate::time::Unit::Quarter)).group("channel", None, false),
        by("account", "employees", None),
    ] {
        let crate::query::Answer::Groups { groups, .. } = answered(&query) else { panic!() };
        assert!(groups.len() > 2);
        // A value that no writer stores is in the group of nothing, though it is something.
        for group in groups.into_iter().filter(|group| group.keys.iter().all(|key| !key.is_null())) {
            let crate::query::Answer::Records { total, .. } = answered(&within(&SCHEMA, &query, &group.keys)) else { panic!() };
            assert_eq!(group.totals, [crate::query::Total::Count(total)], "{query:?} {:?}", group.keys);
        }
    }
}
