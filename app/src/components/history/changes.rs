use domain::{Id, Value, row::EXISTENCE};
use online::HistoryItem;

/// One change of a record, with what was there before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub field: String,
    pub what: What,
    pub actor: Id,
    /// What the device calls itself on which it was written, if anything.
    pub device: String,
    /// UTC milliseconds.
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Made,
    Deleted,
    /// A field went from one value to another.
    Set {
        before: Value,
        after: Value,
    },
    /// A value that a later edit of somebody else replaced before it was ever shown.
    Lost(Value),
    Added(Value),
    Removed(Value),
}

impl Change {
    /// What restoring this change would put back: the value that was replaced, lost or removed.
    pub fn restorable(&self) -> Option<&Value> {
        match &self.what {
            What::Set { before, .. } => Some(before),
            What::Lost(value) | What::Removed(value) => Some(value),
            What::Made | What::Deleted | What::Added(_) => None,
        }
    }
}

/// The changes that a record's values tell of; both newest first.
pub fn changes(items: &[HistoryItem]) -> Vec<Change> {
    let change = |(at, item): (usize, &HistoryItem)| {
        let before = || {
            items[at + 1..]
                .iter()
                .find(|older| older.field == item.field && !older.lost)
                .map_or(Value::Null, |older| older.value.clone())
        };
        let element = |name: &str| item.value.as_object().filter(|object| object.len() == 1)?.get(name).cloned();
        let what = match (item.lost, element("added"), element("removed")) {
            _ if item.field == EXISTENCE => {
                if item.value == Value::Bool(true) {
                    What::Made
                } else {
                    What::Deleted
                }
            }
            (true, ..) => What::Lost(item.value.clone()),
            (_, Some(added), _) => What::Added(added),
            (_, _, Some(removed)) => What::Removed(removed),
            _ => What::Set { before: before(), after: item.value.clone() },
        };
        Change { field: item.field.clone(), what, actor: item.actor, device: item.device.clone(), at: item.at }
    };
    items.iter().enumerate().map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(field: &str, value: Value, lost: bool) -> HistoryItem {
        HistoryItem { field: field.into(), value, actor: Id::nil(), at: 0, lost, device: String::new(), on_behalf_of: None }
    }

    #[test]
    fn a_value_replaced_the_last_one_that_was_in_force() {
        let items = [
            item("name", json!("C"), false),
            item("name", json!("B"), true),
            item("note", json!("x"), false),
            item("name", json!("A"), false),
        ];
        let what: Vec<What> = changes(&items).into_iter().map(|change| change.what).collect();
        assert_eq!(
            what,
            [
                What::Set { before: json!("A"), after: json!("C") },
                What::Lost(json!("B")),
                What::Set { before: Value::Null, after: json!("x") },
                What::Set { before: Value::Null, after: json!("A") },
            ]
        );
    }

    #[test]
    fn elements_and_existence_are_told_apart_from_values() {
        let items = [
            item(EXISTENCE, json!(false), false),
            item("tags", json!({ "removed": "VIP" }), false),
            item("tags", json!({ "added": "VIP" }), false),
            item(EXISTENCE, json!(true), false),
        ];
        let what: Vec<What> = changes(&items).into_iter().map(|change| change.what).collect();
        assert_eq!(what, [What::Deleted, What::Removed(json!("VIP")), What::Added(json!("VIP")), What::Made]);
        assert_eq!(changes(&items)[1].restorable(), Some(&json!("VIP")));
    }
}
