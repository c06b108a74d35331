//! Values in words: what a field of any type reads like, with references by name.

use crate::{
    format,
    state::use_rounds,
    text::{t, t_with},
};
use domain::{
    FieldSpec, Id, Row, Value,
    hub::gates,
    json::FromJson,
    time,
    types::{FieldType, MoneyValue, PlaceValue},
};
use leptos::prelude::*;

/// The value of a field as a person reads it; empty for nothing. Reactive when called in a reactive context.
pub fn value(spec: &FieldSpec, value: &Value) -> String {
    let rounds = use_rounds();
    match (&spec.ty, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Reference(_), Value::String(id)) => title(id),
        (FieldType::References(_), Value::Array(ids)) => {
            format::joined(&ids.iter().filter_map(Value::as_str).map(title).collect::<Vec<_>>())
        }
        (FieldType::Tags(_), Value::Array(tags)) => {
            format::joined(&tags.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        }
        (FieldType::Money(_), _) => MoneyValue::from_json(value).map(|money| format::money(&money)).unwrap_or_default(),
        (FieldType::Integer(_), _) => value.as_i64().map(format::number).unwrap_or_default(),
        (FieldType::Date(_) | FieldType::Due(_), Value::String(due)) => {
            format!("{} {}", format::day(due), format::clock(due)).trim_end().to_owned()
        }
        (FieldType::PartialDate(_), Value::String(date)) => partial_date(date),
        (FieldType::Instant(_), _) => value.as_i64().map(format::moment).unwrap_or_default(),
        (FieldType::Place(_), _) => place(value),
        (ty, _) => ty.rules().print(value, rounds.lang().get()),
    }
}

/// One field of a record in words.
pub fn field(kind: &str, row: &Row, name: &str) -> String {
    match use_rounds().schema().field(kind, name) {
        Some(spec) => value(spec, &row.value(name)),
        None => format_unknown(&row.value(name)),
    }
}

/// What somebody wrote into a field, or one element of a set, in words; nothing has a word too.
pub fn written(kind: &str, field: &str, value: &Value) -> String {
    let words = match use_rounds().schema().field(kind, field) {
        // One element of a set reads as a set of one.
        Some(spec) if spec.is_set() && !value.is_array() && !value.is_null() => {
            self::value(spec, &Value::Array(vec![value.clone()]))
        }
        Some(spec) => self::value(spec, value),
        None => format_unknown(value),
    };
    if words.is_empty() { t("notice.nothing")() } else { words }
}

/// What a record of any kind is called.
pub fn name(row: &Row) -> String {
    let title = use_rounds().schema().kind(&row.kind).map_or("name", |kind| kind.title.as_ref());
    field(&row.kind, row, title)
}

/// The label of a kind.
pub fn kind_label(kind: &str) -> String {
    let rounds = use_rounds();
    rounds.schema().kind(kind).map(|kind| kind.label.get(rounds.lang().get()).to_owned()).unwrap_or_default()
}

/// What the list of a kind is called.
pub fn list_label(kind: &str) -> String {
    match kind {
        "account" => t("nav.accounts")(),
        "contact" => t("nav.contacts")(),
        _ => kind_label(kind),
    }
}

/// What a gate asks for, if that is the server's `reason` for not taking a change of a record of this kind.
pub fn closed_gate(kind: &str, reason: &str) -> Option<String> {
    Some(t_with("sync.why.gate", &[("field", &field_label(kind, gates::field_of(reason)?))]))
}

/// The label of a field; its stable id where this build does not know it.
pub fn field_label(kind: &str, field: &str) -> String {
    let rounds = use_rounds();
    rounds.schema().field(kind, field).map_or_else(|| field.to_owned(), |spec| spec.label.get(rounds.lang().get()).to_owned())
}

/// The options of a choice field: id and label.
pub fn options(kind: &str, field: &str) -> Vec<(String, String)> {
    let rounds = use_rounds();
    let Some(FieldType::Choice(choice)) = rounds.schema().field(kind, field).map(|spec| &spec.ty) else { return Vec::new() };
    choice.options.iter().map(|option| (option.id.to_string(), option.label.get(rounds.lang().get()).to_owned())).collect()
}

fn title(id: &str) -> String {
    Id::try_parse(id).map(|id| use_rounds().title(id)).unwrap_or_default()
}

fn place(value: &Value) -> String {
    let Ok(place) = PlaceValue::from_json(value) else { return String::new() };
    let accuracy = place.accuracy.map(|metres| format!(" ± {}", format::distance(metres))).unwrap_or_default();
    format!("{}{accuracy}", place.degrees())
}

fn partial_date(text: &str) -> String {
    match (text.strip_prefix("--"), text.len()) {
        // A leap year stands in for the unknown one, so that 29 February is a day.
        (Some(month_and_day), _) => format::month_and_day(&format!("2000-{month_and_day}")),
        (None, 10) if time::Day::parse(text).is_some() => format::full_day(text),
        (None, 7) => format::month_and_year(&format!("{text}-01")),
        _ => text.to_owned(),
    }
}

fn format_unknown(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
