//! Stored queries: what is read, and how what is not understood is explained.

use super::{SCHEMA, context};
use crate::{
    Lang,
    query::*,
    types::FieldType,
    wire::{QueryAnswer, QueryRequest},
};
use serde_json::json;

fn fault(query: Value) -> String {
    match Query::from_json(&query) {
        Err(fault) => fault.to_string(),
        Ok(query) => compile(&query, &context()).map(|_| ()).unwrap_err()[0].to_string(),
    }
}

#[test]
fn the_stored_bytes_stay_as_they_are() {
    let text = r#"{"v":1,"from":"account","filter":{"all":[{"field":{"field":"stage","op":"is_not","value":["lost"]}},{"not":{"related":{"kind":"follow_up","field":"account","where":{"field":{"field":"done_at","op":"in","value":{"last_days":30}}},"times":{"at_least":2}}}},{"any":[{"field":{"field":"owner","op":"empty"}},{"related":{"field":"owner","times":"some"}}]}]},"sort":[{"by":{"value":0},"descending":true},{"by":{"group":0}}],"group":[{"field":"stage","with_empty":true},{"field":"$created_at","bucket":"month"}],"show":[{"of":"count"},{"of":"sum","field":"annual_revenue"}],"columns":["name"],"limit":5}"#;
    let query = Query::from_text(text).unwrap();
    assert_eq!(serde_json::to_string(&query).unwrap(), text);
    assert_eq!(serde_json::from_str::<Query>(text).unwrap(), query);
    assert!(compile(&query, &context()).is_ok());
    assert_eq!(serde_json::to_string(&Query::of("account")).unwrap(), r#"{"v":1,"from":"account"}"#);
}

#[test]
fn the_sent_bytes_stay_as_they_are() {
    let groups = r#"{"answer":{"groups":{"groups":[{"keys":["lost",null],"totals":[{"count":2},"nothing",{"number":"-1.5"},{"money":[{"minor":5,"currency":"CNY"}]},{"value":"2026-11-24"}]}],"total":1}},"server_time":7}"#;
    let records = r#"{"answer":{"records":{"ids":["00000000-0000-0000-0000-000000000001"],"total":9}},"records":[{"id":"00000000-0000-0000-0000-000000000001","fields":{"name":"a"}}],"server_time":7}"#;
    for text in [groups, records] {
        let answer: QueryAnswer = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), text);
    }
    let request: QueryRequest = serde_json::from_str(r#"{"query":{"from":"account"}}"#).unwrap();
    assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"query":{"from":"account"},"records":false}"#);
    let fault = Fault::new("sort[0]", QueryProblem::NotSortable { field: "tags".to_owned() });
    let text = r#"{"place":"sort[0]","code":"not_sortable","detail":{"field":"tags"}}"#;
    assert_eq!((serde_json::to_string(&fault).unwrap().as_str(), serde_json::from_str(text).ok()), (text, Some(fault)));
}

#[test]
fn what_is_not_understood_is_named_by_its_place() {
    for (query, expected) in [
        (json!([]), "Correct this: expected an object."),
        (json!({ "v": 2, "from": "account" }), "v: Update the app"),
        (json!({ "from": "acount" }), "from: Choose another kind of record: there is no acount."),
        (json!({}), "from: Correct this: this is missing."),
        (json!({ "from": "account", "fliter": {} }), "unknown field `fliter`, expected one of `v`, `from`, `filter`"),
        (
            json!({ "from": "account", "filter": { "both": [] } }),
            "filter: Correct this: unknown filter `both`, expected one of `all`",
        ),
        (json!({ "from": "account", "filter": { "all": [{}, 1] } }), "filter.all[0]: "),
        (
            json!({ "from": "account", "filter": { "all": [{ "field": { "field": "name", "op": "like" } }] } }),
            "filter.all[0].field: Correct this: unknown variant `like`, expected one of `empty`",
        ),
        (
            json!({ "from": "account", "filter": { "not": { "field": { "field": "nam", "op": "empty" } } } }),
            "filter.not.field: Choose another field: account has no nam.",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "stage", "op": "contains", "value": "x" } } }),
            "filter.field: Choose an operator that fits stage: is, is not, is empty, is not empty.",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "employees", "op": "less", "value": "few" } } }),
            "employees: Enter a whole number",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "annual_revenue", "op": "less", "value": "5" } } }),
            "annual_revenue: Add a currency",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "annual_revenue", "op": "between", "value": ["5 CNY", "6 TWD"] } } }),
            "annual_revenue: Add a currency",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "employees", "op": "between", "value": [1] } } }),
            "employees: Enter one or more values",
        ),
        (
            json!({ "from": "account", "filter": { "field": { "field": "parent", "op": "is", "value": "me" } } }),
            "parent: Choose an existing record.",
        ),
        (
            json!({ "from": "follow_up", "filter": { "field": { "field": "due", "op": "in", "value": "someday" } } }),
            "Choose a stretch of days for due",
        ),
        (
            json!({ "from": "contact", "filter": { "field": { "field": "mobile", "op": "contains", "value": "abc" } } }),
            "Enter digits for mobile.",
        ),
        (
            json!({ "from": "account", "filter": { "related": { "kind": "follow_up", "field": "purpose", "times": "some" } } }),
            "filter.related: Choose a field that names a record of account: purpose does not.",
        ),
        (
            json!({ "from": "account", "filter": { "related": { "kind": "follow_up", "field": "account", "where": { "field": { "field": "x", "op": "empty" } }, "times": "none" } } }),
            "filter.related.where.field: Choose another field: follow_up has no x.",
        ),
        (json!({ "from": "account", "sort": [{ "by": { "field": "tags" } }] }), "sort[0]: Sort by another field than tags."),
        (json!({ "from": "account", "sort": [{ "by": { "value": 0 } }] }), "sort[0]: Sort by what the answer shows."),
        (json!({ "from": "account", "group": [{ "field": "note" }] }), "group[0]: Group by another field than note."),
        (
            json!({ "from": "account", "group": [{ "field": "stage", "bucket": "week" }] }),
            "group[0]: Group by another field than stage.",
        ),
        (
            json!({ "from": "account", "group": [{ "field": "stage" }, { "field": "grade" }, { "field": "owner" }] }),
            "group: Group by at most two fields.",
        ),
        (json!({ "from": "account", "show": [{ "of": "sum", "field": "name" }] }), "show[0]: Choose another figure for name."),
        (json!({ "from": "account", "columns": ["name", "nothing"] }), "columns[1]: Choose another field"),
    ] {
        let message = fault(query.clone());
        assert!(message.contains(expected), "{query}\n{message}");
    }
}

#[test]
fn trees_without_end_are_refused_and_nothing_panics() {
    let deep = (0..40).fold(json!({ "all": [] }), |inner, _| json!({ "not": inner }));
    assert!(fault(json!({ "from": "account", "filter": deep })).ends_with("Take some conditions out."));
    let long = vec![json!({ "all": [] }); 200];
    assert!(fault(json!({ "from": "account", "filter": { "any": long } })).ends_with("Take some conditions out."));
}

/// Every field type has operators, and every operator that fits one takes some value and refuses others in three languages.
#[test]
fn every_operator_fits_some_field_and_says_what_it_needs() {
    let mut seen = std::collections::BTreeSet::new();
    let types = SCHEMA.kinds.iter().flat_map(|kind| kind.fields.iter().map(move |field| (kind, field)));
    for (kind, field) in types {
        assert!(operators(&field.ty).contains(&Operator::Empty), "{:?}", field.ty);
        for op in operators(&field.ty) {
            seen.insert(format!("{op:?}"));
            let query = Query::of(&kind.name).filter(Filter::field(&field.name, *op, json!({ "no": "value" })));
            let refused = compile(&query, &context());
            assert_eq!(refused.is_ok(), op.takes(&field.ty) == Takes::Nothing, "{} {op:?}", field.name);
            for fault in refused.err().unwrap_or_default() {
                assert!(Lang::ALL.iter().all(|lang| fault.message(*lang).ends_with(['.', '。'])), "{fault:?}");
            }
        }
    }
    // No kind has a field of type Date; the rest of the operators fit something.
    assert!(operators(&FieldType::from(crate::types::Date::new())).contains(&Operator::Past));
    assert_eq!(seen.len(), 22, "{seen:?}");
}
