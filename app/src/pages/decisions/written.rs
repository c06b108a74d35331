use domain::json::FromJson;
use domain::{
    Id, Value,
    change::{Act, Write},
};

/// What a waiting change does to one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub kind: String,
    pub record: Id,
    pub what: What,
    pub fields: Vec<WrittenField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Made,
    Changed,
    Deleted,
}

/// A value, or one element of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenField {
    pub field: String,
    pub value: Value,
    /// The element is taken out of the set.
    pub removed: bool,
}

impl Written {
    /// What was written into a field, such as the name of a record that is only being made.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.fields.iter().find(|one| one.field == field && !one.removed).map(|one| &one.value)
    }
}

/// The writes of an op of `author` by record, in the order of the first write to each. One that this build cannot read is not
/// shown.
pub fn written(writes: &Value, author: Id) -> Vec<Written> {
    let mut records: Vec<Written> = Vec::new();
    for Write { kind, id, act } in readable(writes) {
        let at = records.iter().position(|one| one.record == id).unwrap_or_else(|| {
            records.push(Written { kind, record: id, what: What::Changed, fields: Vec::new() });
            records.len() - 1
        });
        let record = &mut records[at];
        let field = |field, value, removed| WrittenField { field, value, removed };
        match act {
            Act::Create { .. } => record.what = What::Made,
            Act::Delete { .. } => record.what = What::Deleted,
            Act::Set { field: name, value, .. } | Act::Text { field: name, value, .. } => {
                record.fields.push(field(name, value, false));
            }
            Act::Claim { field: name, .. } => record.fields.push(field(name, author.to_string().into(), false)),
            Act::Add { field: name, element, .. } => record.fields.push(field(name, element, false)),
            Act::Remove { field: name, element, .. } => record.fields.push(field(name, element, true)),
        }
    }
    records
}

/// When the author acted, UTC milliseconds; none where nothing of it can be read.
pub fn written_at(writes: &Value) -> Option<i64> {
    readable(writes).next().map(|write| write.act.clock().ms)
}

fn readable(writes: &Value) -> impl Iterator<Item = Write> {
    writes.as_array().into_iter().flatten().filter_map(|write| Write::from_json(write).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Clock;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn writes_are_told_by_record_and_what_a_newer_app_wrote_is_left_out() {
        let clock = Clock { ms: 7, ..Clock::ZERO };
        let write = |id: u128, act: Act| json!(Write { kind: "contact".into(), id: Id::from_u128(id), act });
        let set = |field: &str, value: Value| Act::Set { field: field.into(), value, clock };
        let writes = json!([
            write(1, Act::Create { clock }),
            write(2, Act::Remove { field: "tags".into(), element: json!("VIP"), clock, seen: vec![] }),
            write(1, set("name", json!("韩海燕"))),
            { "kind": "contact", "id": Id::nil(), "act": "fold", "clock": clock },
            write(2, Act::Claim { field: "owner".into(), clock }),
            write(3, Act::Delete { clock, seen: BTreeMap::new() }),
        ]);
        let found = written(&writes, Id::from_u128(9));
        let told: Vec<_> = found.iter().map(|one| (one.record.as_u128(), one.what, one.fields.len())).collect();
        assert_eq!(told, [(1, What::Made, 1), (2, What::Changed, 2), (3, What::Deleted, 0)]);
        assert_eq!(found[0].value("name"), Some(&json!("韩海燕")));
        assert_eq!(found[1].value("owner"), Some(&json!(Id::from_u128(9))));
        assert!(found[1].fields[0].removed && found[1].value("tags").is_none());
        assert_eq!((written_at(&writes), written_at(&Value::Null)), (Some(7), None));
    }
}
