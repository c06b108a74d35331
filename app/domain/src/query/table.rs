//! What an answer looks like as a table: headings and cells, for a screen and for files.

use super::{Aggregate, Answer, Field, Group, Grouping, Origin, Part, Query, Total, fields, label, value::Datum};
use crate::{
    Id, KindSpec, Lang, Row, Schema, Value,
    time::Zone,
    types::{FieldType, MoneyValue, minor_digits},
};
use std::collections::BTreeSet;

/// One cell. Numbers and times are as a machine reads them.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Nothing,
    Text(String),
    /// A decimal number, such as `-12.5`.
    Number(String),
    /// `2026-11-24`, or with a time `2026-11-24T09:30`.
    Time(String),
}

/// What cells are made with, besides values.
pub struct Words<'a> {
    pub lang: Lang,
    pub zone: &'a Zone,
    /// The name of the record that a reference names.
    pub title: &'a dyn Fn(Id) -> String,
}

/// The columns of an answer.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    columns: Vec<Column<'a>>,
}

#[derive(Clone, Debug)]
struct Column<'a> {
    head: String,
    source: Source<'a>,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    /// A field of records, by the name that the query has for it.
    Field { name: String, field: Field<'a> },
    /// The currency of an amount.
    Currency { name: String },
    /// A group's key.
    Key { at: usize, field: Field<'a> },
    /// A figure; of money, that in one currency.
    Figure { at: usize, field: Option<Field<'a>>, currency: Option<String> },
}

/// The fields that a table of records shows: those the query names, else those the kind lists after its title.
pub fn shown(kind: &KindSpec, query: &Query) -> Vec<String> {
    if !query.columns.is_empty() {
        return query.columns.clone();
    }
    let listed = kind.fields.iter().filter(|field| field.listed && field.name != kind.title).map(|field| field.name.to_string());
    [kind.title.to_string()].into_iter().chain(listed).collect()
}

/// The fields that can be columns, the title first: every one that reads as something.
pub fn showable(kind: &KindSpec) -> Vec<String> {
    let reads = |name: &String| {
        Field::find(kind, name)
            .is_some_and(|field| !matches!(field.ty, FieldType::Anything(_) | FieldType::QueryTree(_) | FieldType::Tiles(_)))
    };
    let others = fields(kind).into_iter().filter(|name| *name != kind.title).filter(reads);
    [kind.title.to_string()].into_iter().chain(others).collect()
}

impl<'a> Columns<'a> {
    /// The columns of a question's answer: of records the fields that it shows, of groups their keys and figures. None where
    /// there is no such kind; a field that there is not is left out.
    pub fn of(schema: &'a Schema, query: &Query, answer: &Answer, lang: Lang) -> Option<Columns<'a>> {
        let kind = schema.kind(&query.from)?;
        let columns = match answer {
            Answer::Records { .. } => shown(kind, query).iter().flat_map(|name| of_field(kind, name, lang)).collect(),
            Answer::Groups { groups, .. } => {
                let key = |(at, grouping): (usize, &Grouping)| {
                    let source = Source::Key { at, field: Field::find(kind, &grouping.field)? };
                    Some(Column { head: label(kind, &grouping.field, lang), source })
                };
                let keys = query.group.iter().enumerate().filter_map(key);
                let figure = |(at, show): (usize, &Aggregate)| {
                    let field = show.field.as_ref().and_then(|name| Field::find(kind, name));
                    of_figure(at, field, &show.label(kind, lang), groups)
                };
                keys.chain(query.show.iter().enumerate().flat_map(figure)).collect()
            }
        };
        Some(Columns { columns })
    }

    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.head.as_str())
    }

    /// The cells of a record; `value` gives a field by the name that the query has for it, without its part.
    pub fn record(&self, value: &dyn Fn(&str) -> Value, words: &Words) -> Vec<Cell> {
        let cell = |column: &Column| match &column.source {
            Source::Field { name, field } => {
                let (own, _) = name.split_once('.').unwrap_or((name, ""));
                let value = value(own);
                words.cell(field.ty, &part(field, value))
            }
            Source::Currency { name } => money(&value(name)).map_or(Cell::Nothing, |money| Cell::Text(money.currency)),
            Source::Key { .. } | Source::Figure { .. } => Cell::Nothing,
        };
        self.columns.iter().map(cell).collect()
    }

    /// The cells of a group.
    pub fn group(&self, group: &Group, words: &Words) -> Vec<Cell> {
        let cell = |column: &Column| match &column.source {
            Source::Key { at, field } => group.keys.get(*at).map_or(Cell::Nothing, |key| words.key(field, key)),
            Source::Figure { at, field, currency } => {
                group.totals.get(*at).map_or(Cell::Nothing, |total| words.figure(field.as_ref(), total, currency.as_deref()))
            }
            Source::Field { .. } | Source::Currency { .. } => Cell::Nothing,
        };
        self.columns.iter().map(cell).collect()
    }

    /// The records that cells of these columns name, of a record whose values `value` gives.
    pub fn named(&self, value: &dyn Fn(&str) -> Value, found: &mut BTreeSet<Id>) {
        for column in &self.columns {
            if let Source::Field { name, field } = &column.source
                && field.ty.refers_to().is_some()
            {
                found.extend(ids(&value(name)));
            }
        }
    }

    /// The same of a group.
    pub fn named_by(&self, group: &Group, found: &mut BTreeSet<Id>) {
        for column in &self.columns {
            if let Source::Key { at, field } = &column.source
                && field.ty.refers_to().is_some()
            {
                found.extend(group.keys.get(*at).into_iter().flat_map(ids));
            }
        }
    }
}

fn of_field<'a>(kind: &'a KindSpec, name: &str, lang: Lang) -> Vec<Column<'a>> {
    let Some(field) = Field::find(kind, name) else { return Vec::new() };
    let own = Column { head: label(kind, name, lang), source: Source::Field { name: name.to_owned(), field } };
    let is_money = matches!(field.ty, FieldType::Money(_));
    let currency = is_money.then(|| Column {
        head: label(kind, &format!("{name}.currency"), lang),
        source: Source::Currency { name: name.to_owned() },
    });
    [own].into_iter().chain(currency).collect()
}

/// One column, or of money one for each currency that there is.
fn of_figure<'a>(at: usize, field: Option<Field<'a>>, head: &str, groups: &[Group]) -> Vec<Column<'a>> {
    let totals = groups.iter().filter_map(|group| group.totals.get(at));
    let amounts = totals.filter_map(|total| if let Total::Money(amounts) = total { Some(amounts) } else { None });
    let currencies: BTreeSet<&str> = amounts.flatten().map(|money| money.currency.as_str()).collect();
    let column = |head: String, currency: Option<String>| Column { head, source: Source::Figure { at, field, currency } };
    match currencies.is_empty() {
        true => vec![column(head.to_owned(), None)],
        false => currencies.into_iter().map(|code| column(format!("{head} · {code}"), Some(code.to_owned()))).collect(),
    }
}

fn part(field: &Field, value: Value) -> Value {
    match field.origin {
        Origin::Stored { part: Some(Part::Member(name)), .. } => value.get(name).cloned().unwrap_or_default(),
        Origin::Stored { part: Some(Part::DayOfYear), .. } => match Datum::from(&value) {
            Datum::Text(text) => super::value::day_of_year(&text).map_or(Value::Null, Value::from),
            _ => Value::Null,
        },
        _ => value,
    }
}

/// What a row has by the name that a query has for it: a field, a part of one, or when and by whom it was made.
pub fn value_of(kind: &KindSpec, row: &Row, name: &str) -> Value {
    let created = row.created.as_ref();
    match Field::find(kind, name) {
        Some(Field { origin: Origin::CreatedAt, .. }) => {
            created.map(|created| created.first.ms).filter(|ms| *ms > 0).map_or(Value::Null, Value::from)
        }
        Some(Field { origin: Origin::CreatedBy, .. }) => {
            created.map(|created| created.by).filter(|by| !by.is_nil()).map_or(Value::Null, |by| by.to_string().into())
        }
        Some(field @ Field { origin: Origin::Stored { name, .. }, .. }) => part(&field, row.value(name)),
        None => Value::Null,
    }
}

fn money(value: &Value) -> Option<MoneyValue> {
    crate::types::read_as(value)
}

fn ids(value: &Value) -> Vec<Id> {
    let one = |value: &Value| Id::try_parse(value.as_str()?).ok();
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

/// An amount in its currency's whole units.
pub fn amount(money: &MoneyValue) -> String {
    let digits = minor_digits(&money.currency);
    super::key::decimal(i128::from(money.minor) * 10i128.pow(6 - digits.min(6)))
}

impl Words<'_> {
    /// A value of a field.
    pub fn cell(&self, ty: &FieldType, value: &Value) -> Cell {
        let text = |text: String| if text.is_empty() { Cell::Nothing } else { Cell::Text(text) };
        match (ty, value) {
            (_, Value::Null) => Cell::Nothing,
            (FieldType::Money(_), value) => money(value).map_or(Cell::Nothing, |money| Cell::Number(amount(&money))),
            (FieldType::Integer(_), Value::Number(number)) => Cell::Number(number.to_string()),
            (FieldType::Decimal(_), Value::String(number)) => Cell::Number(number.clone()),
            (FieldType::Instant(_), value) => value.as_i64().map_or(Cell::Nothing, |ms| Cell::Time(self.zone.wall(ms))),
            (FieldType::Date(_) | FieldType::Due(_), Value::String(day)) => Cell::Time(day.clone()),
            (FieldType::Reference(_) | FieldType::References(_), value) => {
                text(self.joined(ids(value).into_iter().map(self.title)))
            }
            (FieldType::Tags(_), Value::Array(tags)) => {
                text(self.joined(tags.iter().filter_map(Value::as_str).map(str::to_owned)))
            }
            (ty, value) => text(ty.rules().print(value, self.lang)),
        }
    }

    fn joined(&self, names: impl Iterator<Item = String>) -> String {
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        names.join(if self.lang == Lang::En { ", " } else { "、" })
    }

    /// A key of a group: in the field's form, of a bucket its first day.
    fn key(&self, field: &Field, key: &Value) -> Cell {
        match (field.ty, key) {
            (FieldType::Instant(_), Value::String(day)) => Cell::Time(day.clone()),
            (FieldType::Tags(_), Value::String(tag)) => Cell::Text(tag.clone()),
            (ty, key) => self.cell(ty, key),
        }
    }

    fn figure(&self, field: Option<&Field>, total: &Total, currency: Option<&str>) -> Cell {
        match total {
            Total::Nothing => Cell::Nothing,
            Total::Count(count) => Cell::Number(count.to_string()),
            Total::Number(number) => Cell::Number(number.clone()),
            Total::Money(amounts) => {
                let of = amounts.iter().find(|money| currency == Some(&money.currency));
                of.map_or(Cell::Nothing, |money| Cell::Number(amount(money)))
            }
            Total::Value(value) => field.map_or(Cell::Nothing, |field| self.cell(field.ty, value)),
        }
    }
}

#[cfg(test)]
mod tests;
