//! How the memory engine sees records: through two small traits, so that rows can be stored as a caller likes.

use super::{
    Field,
    field::{Origin, Part},
};
use crate::{
    Id, Row, Value, fold,
    types::{FieldType, ListOf},
};
use std::{borrow::Cow, collections::HashMap};

/// One value, borrowed where it can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'r> {
    Nothing,
    Text(Cow<'r, str>),
    Number(i64),
    Truth(bool),
    /// Objects, arrays and what fits nothing above.
    Json(Cow<'r, Value>),
}

impl<'r> From<&'r Value> for Datum<'r> {
    fn from(value: &'r Value) -> Datum<'r> {
        match value {
            Value::Null => Datum::Nothing,
            Value::String(text) => Datum::Text(Cow::Borrowed(text)),
            Value::Bool(truth) => Datum::Truth(*truth),
            Value::Number(number) => number.as_i64().map_or_else(|| Datum::Json(Cow::Borrowed(value)), Datum::Number),
            Value::Array(_) | Value::Object(_) => Datum::Json(Cow::Borrowed(value)),
        }
    }
}

impl From<Value> for Datum<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Datum::Nothing,
            Value::String(text) => Datum::Text(Cow::Owned(text)),
            Value::Bool(truth) => Datum::Truth(truth),
            value => value.as_i64().map_or_else(|| Datum::Json(Cow::Owned(value)), Datum::Number),
        }
    }
}

/// A record, cheap to copy: a reference, or a place in a table.
pub trait Record<'r>: Copy {
    fn id(self) -> Id;

    /// The value of a register: the field at this place in the kind's declaration, which has this name.
    fn get(self, at: usize, name: &str) -> Datum<'r>;

    /// The elements of a set.
    fn each(self, at: usize, name: &str, visit: &mut dyn FnMut(&str));

    /// When, in UTC milliseconds, and by whom it was made.
    fn created(self) -> Option<(i64, Id)>;
}

/// The living records that a question is about.
pub trait Source {
    type Record<'r>: Record<'r>
    where
        Self: 'r;

    /// All of a kind, each once, in any order.
    fn of_kind<'r>(&'r self, kind: &str) -> impl Iterator<Item = Self::Record<'r>>;
}

impl<'r> Record<'r> for &'r Row {
    fn id(self) -> Id {
        self.id
    }

    fn get(self, _: usize, name: &str) -> Datum<'r> {
        match self.glance(name) {
            None => Datum::Nothing,
            Some(Cow::Borrowed(value)) => Datum::from(value),
            Some(Cow::Owned(value)) => Datum::from(value),
        }
    }

    fn each(self, _: usize, name: &str, visit: &mut dyn FnMut(&str)) {
        self.visit(name, &mut |value| value.as_str().into_iter().for_each(&mut *visit));
    }

    fn created(self) -> Option<(i64, Id)> {
        self.creation().map(|created| (created.first.ms, created.by))
    }
}

/// Borrowed rows by kind.
#[derive(Clone, Debug, Default)]
pub struct ByKind<'s>(HashMap<&'s str, Vec<&'s Row>>);

impl<'s> FromIterator<&'s Row> for ByKind<'s> {
    /// Of any rows the living ones.
    fn from_iter<I: IntoIterator<Item = &'s Row>>(rows: I) -> ByKind<'s> {
        let mut kinds: HashMap<&str, Vec<&Row>> = HashMap::new();
        for row in rows.into_iter().filter(|row| row.is_alive()) {
            kinds.entry(&row.kind).or_default().push(row);
        }
        ByKind(kinds)
    }
}

impl Source for ByKind<'_> {
    type Record<'r>
        = &'r Row
    where
        Self: 'r;

    fn of_kind<'r>(&'r self, kind: &str) -> impl Iterator<Item = &'r Row> {
        self.0.get(kind).into_iter().flatten().copied()
    }
}

/// The value of a field; not for sets.
pub(super) fn datum<'r, R: Record<'r>>(record: R, field: &Field) -> Datum<'r> {
    match field.origin {
        Origin::Stored { at, name, part: None } => record.get(at, name),
        Origin::Stored { at, name, part: Some(part) } => part_of(record.get(at, name), part),
        // An import has no time and the system is nobody.
        Origin::CreatedAt => record.created().filter(|(at, _)| *at > 0).map_or(Datum::Nothing, |(at, _)| Datum::Number(at)),
        Origin::CreatedBy => match record.created() {
            Some((_, by)) if !by.is_nil() => Datum::Text(Cow::Owned(by.to_string())),
            _ => Datum::Nothing,
        },
    }
}

/// The elements of a set field.
pub(super) fn each<'r, R: Record<'r>>(record: R, field: &Field, visit: &mut dyn FnMut(&str)) {
    if let Origin::Stored { at, name, part: None } = field.origin {
        record.each(at, name, visit);
    }
}

/// The id that a reference names.
pub(super) fn referred(datum: &Datum) -> Option<Id> {
    match datum {
        Datum::Text(text) => Id::try_parse(text).ok(),
        _ => None,
    }
}

fn part_of(datum: Datum<'_>, part: Part) -> Datum<'_> {
    match (part, datum) {
        (Part::Member(name), Datum::Json(Cow::Borrowed(value))) => value.get(name).map_or(Datum::Nothing, Datum::from),
        (Part::Member(name), Datum::Json(Cow::Owned(value))) => {
            value.get(name).and_then(Value::as_str).map_or(Datum::Nothing, |text| Datum::Text(Cow::Owned(text.to_owned())))
        }
        (Part::DayOfYear, Datum::Text(text)) => {
            day_of_year(&text).map_or(Datum::Nothing, |day| Datum::Text(Cow::Owned(day.to_owned())))
        }
        _ => Datum::Nothing,
    }
}

/// `11-24` of `2026-11-24` and of `--11-24`.
pub(super) fn day_of_year(text: &str) -> Option<&str> {
    match text.len() {
        10 => text.get(5..),
        7 => text.strip_prefix("--"),
        _ => None,
    }
}

/// What text operators look into.
pub(super) fn text<'d>(ty: &FieldType, datum: &'d Datum) -> Option<Cow<'d, str>> {
    match (ty, datum) {
        (FieldType::Text(_) | FieldType::LongText(_), Datum::Text(text)) => Some(Cow::Borrowed(text)),
        (
            FieldType::PersonName(_) | FieldType::Address(_) | FieldType::LabelledList(_) | FieldType::Attachment(_),
            Datum::Json(value),
        ) => Some(Cow::Owned(ty.rules().print(value, crate::Lang::En))).filter(|text: &Cow<str>| !text.is_empty()),
        _ => None,
    }
}

/// The digits of each phone number of a value.
pub(super) fn numbers(ty: &FieldType, datum: &Datum, visit: &mut dyn FnMut(&str)) {
    let Datum::Json(value) = datum else { return };
    match (ty, value.as_ref()) {
        (FieldType::Phone(_), Value::Object(phone)) => visit(&digits(phone.get("digits"))),
        (FieldType::LabelledList(list), Value::Array(entries)) if list.of == ListOf::Phones => {
            entries.iter().for_each(|entry| visit(&digits(entry.get("value"))));
        }
        _ => {}
    }
}

fn digits(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).map(digits_of).unwrap_or_default()
}

/// The digits of a text, full-width ones among them.
pub(super) fn digits_of(text: &str) -> String {
    text.chars().map(fold::half_width).filter(char::is_ascii_digit).collect()
}

/// A money value's currency and minor units.
pub(super) fn money<'d>(datum: &'d Datum) -> Option<(&'d str, i64)> {
    let Datum::Json(value) = datum else { return None };
    Some((value.get("currency")?.as_str()?, value.get("minor")?.as_i64()?))
}

/// What tells values apart in groups; not for sets and buckets.
pub(super) fn key<'d>(ty: &FieldType, datum: &'d Datum) -> Option<Cow<'d, str>> {
    match (ty, datum) {
        (FieldType::Integer(_) | FieldType::Instant(_), Datum::Number(number)) => Some(Cow::Owned(number.to_string())),
        (FieldType::Boolean(_), Datum::Truth(truth)) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        (FieldType::Integer(_) | FieldType::Instant(_) | FieldType::Boolean(_), _) => None,
        (_, Datum::Text(text)) => Some(Cow::Borrowed(text)),
        _ => None,
    }
}

/// A number as an integer: as it is, moments in milliseconds, decimal numbers in millionths.
pub(super) fn number(ty: &FieldType, datum: &Datum) -> Option<i128> {
    match (ty, datum) {
        (FieldType::Integer(_) | FieldType::Instant(_), Datum::Number(number)) => Some(i128::from(*number)),
        (FieldType::Decimal(_), Datum::Text(text)) => super::key::millionths(text),
        _ => None,
    }
}
