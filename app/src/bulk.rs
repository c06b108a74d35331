//! One change to many records: which fields it can be of, and what it makes of each of them.

use crate::state::Draft;
use domain::{
    FieldSpec, KindSpec, Row, Value,
    spec::Place,
    types::{FieldType, MergeRule},
};
use serde_json::json;

/// What is done with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It takes the place of what is there; `null` clears it.
    Set,
    /// Its elements come to those that are there.
    Add,
    /// Its elements are taken from those that are there.
    Remove,
}

/// The fields of which many records may well have the same value: what people sort and group by, and sets.
pub fn fields(kind: &KindSpec) -> Vec<&FieldSpec> {
    let is_asked = |field: &&FieldSpec| matches!(field.place, Place::First | Place::More) && field.name != kind.title;
    let is_common =
        |field: &&FieldSpec| field.indexed || is_set(field) || matches!(field.ty, FieldType::Choice(_) | FieldType::Boolean(_));
    kind.fields.iter().filter(is_asked).filter(is_common).collect()
}

/// Whether elements are added and removed one by one.
pub fn is_set(field: &FieldSpec) -> bool {
    field.ty.merge_rule() == MergeRule::Set
}

/// One record's part of the change; without an edit where it would change nothing.
pub fn draft(row: &Row, changes: &[(&FieldSpec, How, Value)]) -> Draft {
    changes.iter().fold(Draft::new(), |draft, (field, how, value)| {
        let before = row.value(&field.name);
        let elements = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let (old, named) = (elements(&before), elements(value));
        let after = match how {
            How::Set => value.clone(),
            How::Add => json!(old.iter().chain(named.iter().filter(|one| !old.contains(one))).collect::<Vec<_>>()),
            How::Remove => json!(old.iter().filter(|one| !named.contains(one)).collect::<Vec<_>>()),
        };
        let is_same = after == before || before.is_null() && elements(&after).is_empty() && after.is_array();
        if is_same { draft } else { draft.put(&row.kind, row.id, &field.name, after) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        records::schema,
        testing::{id, row},
    };

    fn change(fields: &[(&str, Value)], changes: &[(&str, How, Value)]) -> Value {
        let schema = schema();
        let kind = schema.kind("account").unwrap();
        let row = row("account", id(1), fields);
        let changes: Vec<_> =
            changes.iter().map(|(field, how, value)| (kind.field(field).unwrap(), *how, value.clone())).collect();
        let (writes, _) = draft(&row, &changes).writes(&schema, |_| Some(&row));
        let after = writes.iter().map(|write| serde_json::to_value(&write.act).unwrap()).collect::<Vec<_>>();
        json!(after.iter().map(|act| json!([act["field"], act.get("value").or(act.get("element"))])).collect::<Vec<_>>())
    }

    #[test]
    fn a_value_is_set_where_it_differs_and_a_gate_s_field_with_it() {
        let stage = |stage: &str| ("stage", How::Set, json!(stage));
        assert_eq!(change(&[("stage", json!("lost"))], &[stage("customer")]), json!([["stage", "customer"]]));
        assert_eq!(change(&[("stage", json!("customer"))], &[stage("customer")]), json!([]));
        let lost = [stage("lost"), ("lost_reason", How::Set, json!("price"))];
        assert_eq!(change(&[], &lost), json!([["stage", "lost"], ["lost_reason", "price"]]));
        assert_eq!(change(&[("grade", json!("a"))], &[("grade", How::Set, Value::Null)]), json!([["grade", null]]));
    }

    #[test]
    fn elements_come_and_go_and_the_others_stay() {
        let tags = [("tags", json!(["a", "b"]))];
        assert_eq!(change(&tags, &[("tags", How::Add, json!(["b", "c"]))]), json!([["tags", "c"]]));
        assert_eq!(change(&tags, &[("tags", How::Remove, json!(["b", "x"]))]), json!([["tags", "b"]]));
        assert_eq!(change(&tags, &[("tags", How::Remove, json!(["x"]))]), json!([]));
        assert_eq!(change(&[], &[("tags", How::Remove, json!(["x"]))]), json!([]));
    }

    #[test]
    fn what_is_one_record_s_alone_is_not_changed_in_bulk() {
        let schema = schema();
        let names: Vec<&str> = fields(schema.kind("account").unwrap()).iter().map(|field| field.name.as_ref()).collect();
        assert!(
            ["stage", "grade", "owner", "territory", "tags", "source"].iter().all(|field| names.contains(field)),
            "{names:?}"
        );
        assert!(["name", "phones", "note", "address", "merged_into"].iter().all(|field| !names.contains(field)), "{names:?}");
    }
}
