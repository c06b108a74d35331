//! What a record was at an earlier time, told by the history of its fields.

use crate::{Row, Value, row::EXISTENCE};

/// One entry of a record's history.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub field: &'a str,
    /// A register's new value; of a set `{"added": element}` or `{"removed": element}`.
    pub value: &'a Value,
    /// When the person acted, UTC milliseconds.
    pub at: i64,
    /// The value lost against a later edit and was never current.
    pub lost: bool,
}

/// The fields of a record that were otherwise at the time `at`, and their values then: of a set all elements, `null` for
/// nothing. `entries` are its whole history, newest first, or the newest part of it: then a field whose value at that time
/// is not among them is left out, as is one without history, which never changed. A record's existence is not a field.
pub fn as_at(row: &Row, entries: &[Entry], is_whole: bool, at: i64) -> Vec<(String, Value)> {
    let current = || entries.iter().filter(|entry| !entry.lost && entry.field != EXISTENCE);
    let mut fields: Vec<&str> = Vec::new();
    for entry in current() {
        if !fields.contains(&entry.field) {
            fields.push(entry.field);
        }
    }
    let then = |field: &str| {
        let of_field = || current().filter(move |entry| entry.field == field);
        if of_field().any(|entry| element(entry, "added").or_else(|| element(entry, "removed")).is_some()) {
            return set_at(&row.elements(field), of_field(), at);
        }
        // Of equal times the first, which is the newest.
        let value = of_field().rev().filter(|entry| entry.at <= at).max_by_key(|entry| entry.at).map(|entry| entry.value);
        value.cloned().or_else(|| is_whole.then_some(Value::Null))
    };
    let otherwise = |(field, value): &(String, Value)| *value != row.value(field);
    fields.into_iter().filter_map(|field| Some((field.to_owned(), then(field)?))).filter(otherwise).collect()
}

/// A set's elements at a time, where they were others: what was added since is taken away again, what was removed is put back.
fn set_at<'a>(now: &[&'a Value], entries: impl Iterator<Item = &'a Entry<'a>>, at: i64) -> Option<Value> {
    let mut then = now.to_vec();
    for entry in entries.filter(|entry| entry.at > at) {
        if let Some(added) = element(entry, "added") {
            then.retain(|one| *one != added);
        } else if let Some(removed) = element(entry, "removed").filter(|removed| !then.contains(removed)) {
            then.push(removed);
        }
    }
    let is_same = then.len() == now.len() && then.iter().all(|one| now.contains(one));
    let elements = || if then.is_empty() { Value::Null } else { then.into_iter().cloned().collect() };
    (!is_same).then(elements)
}

fn element<'a>(entry: &Entry<'a>, what: &str) -> Option<&'a Value> {
    entry.value.as_object().filter(|object| object.len() == 1)?.get(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        change::Act,
        testing::{clock, id, op, set},
    };
    use serde_json::json;

    fn entry<'a>(field: &'a str, value: &'a Value, at: i64) -> Entry<'a> {
        Entry { field, value, at, lost: false }
    }

    fn account(acts: Vec<Act>) -> Row {
        let mut row = Row::new("account", id(1));
        for act in acts {
            row.apply(&op(id(2), 1, id(3), 0, "account", id(1), act.clone()), &act, 1);
        }
        row
    }

    #[test]
    fn registers_are_what_they_were_and_what_never_changed_is_left_alone() {
        let row = account(vec![
            set("name", "C", clock(30, 1)),
            set("note", "new", clock(25, 1)),
            set("phone", "imported", clock(1, 1)),
        ]);
        let (a, b, c, lost, note, yes) = (json!("A"), json!("B"), json!("C"), json!("lost"), json!("new"), json!(true));
        let history = [
            entry("name", &c, 30),
            entry("note", &note, 25),
            Entry { lost: true, ..entry("name", &lost, 15) },
            entry("name", &b, 10),
            // What an import brought enters beside the edit that replaced it.
            entry("name", &a, 2),
            entry(EXISTENCE, &yes, 1),
        ];
        let at = |at| as_at(&row, &history, true, at);
        assert!(at(30).is_empty());
        assert_eq!(at(26), [("name".into(), json!("B"))]);
        assert_eq!(at(20), [("name".into(), json!("B")), ("note".into(), Value::Null)]);
        assert_eq!(at(5), [("name".into(), json!("A")), ("note".into(), Value::Null)]);
        let part = as_at(&row, &history[..4], false, 5);
        assert_eq!(part.len(), 0, "what is older than the part that is known is not guessed");
    }

    #[test]
    fn sets_lose_what_came_and_regain_what_went() {
        let add = |tag: &str, ms| Act::Add { field: "tags".into(), element: json!(tag), clock: clock(ms, 1) };
        let row = account(vec![add("VIP", 20), add("old", 1)]);
        let (came, went, back) = (json!({ "added": "VIP" }), json!({ "removed": "cold" }), json!({ "removed": "VIP" }));
        let history = [entry("tags", &came, 20), entry("tags", &back, 18), entry("tags", &went, 10)];
        let at = |at| as_at(&row, &history, true, at).pop().map(|(_, value)| value);
        assert_eq!(at(20), None);
        assert_eq!(at(18), Some(json!(["old"])));
        assert_eq!(at(15), None, "it was there before, and came back");
        assert_eq!(at(5), Some(json!(["old", "VIP", "cold"])));
    }
}
