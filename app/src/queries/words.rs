//! Questions and answers in words.

use crate::{
    format,
    intl::formatted,
    show,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{
    Id, Row, Value,
    query::{
        Aggregate, CREATED_AT, CREATED_BY, Condition, Field, Filter, Grouping, Operator, Period, Query, QueryProblem, Related,
        SortBy, Takes, Times, Total, label, sketch::How, table::value_of,
    },
    records::Account,
    time::Unit,
    types::{FieldType, Problem},
};
use leptos::prelude::*;
use serde::Deserialize;

/// A field that a query names.
pub fn field(kind: &str, name: &str) -> String {
    let rounds = use_rounds();
    rounds.schema().kind(kind).map_or_else(|| name.to_owned(), |kind| label(kind, name, rounds.lang().get()))
}

pub fn aggregate(kind: &str, of: &Aggregate) -> String {
    let rounds = use_rounds();
    rounds.schema().kind(kind).map(|kind| of.label(kind, rounds.lang().get())).unwrap_or_default()
}

/// A related kind: `Follow-ups`, with the field where several lead there.
pub fn relation(own: &str, kind: Option<&str>, name: &str) -> String {
    match kind {
        None => field(own, name),
        Some(other) => {
            let fields = use_rounds().schema().kind(other).map(|kind| kind.fields.as_slice()).unwrap_or_default();
            match fields.iter().filter(|field| field.ty.refers_to() == Some(own)).count() {
                0 | 1 => show::list_label(other),
                _ => format!("{} · {}", show::list_label(other), field(other, name)),
            }
        }
    }
}

pub fn how(how: How) -> String {
    match how {
        How::All => t("query.all")(),
        How::Any => t("query.any")(),
        How::None => t("query.none_of")(),
        How::NotAll => t("query.not_all")(),
    }
}

pub fn times(times: Times) -> String {
    match times {
        Times::Some => t("query.some")(),
        Times::None => t("query.none")(),
        Times::AtLeast(count) => tn("query.at_least", count.into()),
        Times::AtMost(count) => tn("query.at_most", count.into()),
        Times::Exactly(count) => tn("query.exactly", count.into()),
    }
}

pub fn unit(unit: Unit) -> String {
    match unit {
        Unit::Day => t("query.day")(),
        Unit::Week => t("query.week")(),
        Unit::Month => t("query.month")(),
        Unit::Quarter => t("query.quarter")(),
        Unit::Year => t("query.year")(),
    }
}

pub fn period(period: &Period) -> String {
    let of = |key: &str, unit: Unit| match unit {
        Unit::Day => t_with(&format!("query.{key}.day"), &[]),
        Unit::Week => t_with(&format!("query.{key}.week"), &[]),
        Unit::Month => t_with(&format!("query.{key}.month"), &[]),
        Unit::Quarter => t_with(&format!("query.{key}.quarter"), &[]),
        Unit::Year => t_with(&format!("query.{key}.year"), &[]),
    };
    match period {
        Period::Today => of("this", Unit::Day),
        Period::Yesterday => of("last", Unit::Day),
        Period::Tomorrow => of("next", Unit::Day),
        Period::This(unit) => of("this", *unit),
        Period::Last(unit) => of("last", *unit),
        Period::Next(unit) => of("next", *unit),
        Period::LastDays(days) => tn("query.last_days", u64::from(*days)),
        Period::NextDays(days) => tn("query.next_days", u64::from(*days)),
        Period::Between { from, to } => {
            let day = |day: &Option<domain::time::Day>| day.map_or("…".to_owned(), |day| format::full_day(&day.to_string()));
            format!("{} – {}", day(from), day(to))
        }
    }
}

/// The value of a condition.
fn compared(kind: &str, condition: &Condition) -> String {
    let Some(found) = use_rounds().schema().kind(kind).and_then(|kind| Field::find(kind, &condition.field)) else {
        return String::new();
    };
    let one = |value: &Value| match value.as_str() {
        Some("me") => t("query.me")(),
        Some("my_team") => t("query.my_team")(),
        _ => shown(kind, &condition.field, value),
    };
    match condition.op.takes(found.ty) {
        Takes::Nothing => String::new(),
        Takes::Period => Period::deserialize(&condition.value).map(|value| period(&value)).unwrap_or_default(),
        Takes::Text => condition.value.as_str().map(|text| format!("“{text}”")).unwrap_or_else(|| {
            let texts = condition.value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            format::joined(&texts.collect::<Vec<_>>())
        }),
        Takes::Place => condition.value.get("metres").and_then(Value::as_f64).map(format::distance).unwrap_or_default(),
        Takes::One | Takes::Two | Takes::Several => match condition.value.as_array() {
            Some(items) => format::joined(&items.iter().map(one).collect::<Vec<_>>()),
            None => one(&condition.value),
        },
    }
}

/// The value that a field, a part of one, or a group by it has.
pub fn shown(kind: &str, name: &str, value: &Value) -> String {
    match (name, use_rounds().schema().field(kind, name)) {
        (_, _) if value.is_null() => String::new(),
        (CREATED_BY, _) => {
            value.as_str().and_then(|id| Id::try_parse(id).ok()).map(|id| use_rounds().title(id)).unwrap_or_default()
        }
        (CREATED_AT, _) => value.as_i64().map(format::moment).unwrap_or_default(),
        (_, Some(spec)) => match (&spec.ty, value) {
            (FieldType::References(_) | FieldType::Tags(_), Value::String(_)) => {
                show::value(spec, &Value::Array(vec![value.clone()]))
            }
            (FieldType::Decimal(_), Value::String(number)) => number.parse().map(decimal).unwrap_or_default(),
            _ => show::value(spec, value),
        },
        (_, None) => value.as_str().unwrap_or_default().to_owned(),
    }
}

/// The field of a record that a query names.
pub fn of_record(row: &Row, name: &str) -> String {
    let kind = use_rounds().schema().kind(&row.kind);
    kind.map(|kind| shown(&row.kind, name, &value_of(kind, row, name))).unwrap_or_default()
}

/// The key of a group; nothing has a word too.
pub fn key(kind: &str, grouping: &Grouping, key: &Value) -> String {
    let words = match (&grouping.bucket, key) {
        (Some(bucket), Value::String(day)) => match bucket {
            Unit::Day => format::day(day),
            Unit::Week => t_with("query.week_of", &[("day", &format::day(day))]),
            Unit::Month => format::month_and_year(day),
            Unit::Quarter => quarter(day),
            Unit::Year => day.get(..4).unwrap_or_default().to_owned(),
        },
        _ => shown(kind, &grouping.field, key),
    };
    if words.is_empty() { t("query.nothing")() } else { words }
}

fn quarter(day: &str) -> String {
    let month: u32 = day.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
    format!("{} Q{}", day.get(..4).unwrap_or_default(), month.div_ceil(3))
}

pub fn decimal(number: f64) -> String {
    formatted("NumberFormat", use_rounds().lang().get(), r#"{"maximumFractionDigits":2}"#, &[number.into()])
}

/// A figure; of money every amount.
pub fn total(kind: &str, of: &Aggregate, total: &Total) -> String {
    match total {
        Total::Nothing => "–".to_owned(),
        Total::Count(count) => format::number(*count as i64),
        Total::Number(number) => number.parse().map(decimal).unwrap_or_default(),
        Total::Money(amounts) => format::joined(&amounts.iter().map(format::money).collect::<Vec<_>>()),
        Total::Value(value) => of.field.as_ref().map(|field| shown(kind, field, value)).unwrap_or_default(),
    }
}

/// What a question asks, in one line.
pub fn question(query: &Query) -> String {
    let kind = &query.from;
    let conditions = if query.filter.is_everything() { t("query.everything")() } else { filter(kind, &query.filter, false) };
    let by = query.group.iter().map(|grouping| {
        let name = field(kind, &grouping.field);
        grouping.bucket.map_or(name.clone(), |bucket| format!("{name} ({})", unit(bucket)))
    });
    let by: Vec<String> = by.collect();
    let groups = (!by.is_empty()).then(|| t_with("query.by", &[("fields", &format::joined(&by))]));
    let sorted = query.sort.iter().map(|sort| {
        let name = match &sort.by {
            SortBy::Field(name) => field(kind, name),
            SortBy::Group(at) => query.group.get(*at).map(|grouping| field(kind, &grouping.field)).unwrap_or_default(),
            SortBy::Value(at) => query.show.get(*at).map(|show| aggregate(kind, show)).unwrap_or_default(),
        };
        if sort.descending { format!("{name} ↓") } else { format!("{name} ↑") }
    });
    let sorted: Vec<String> = sorted.collect();
    let sorted = (!sorted.is_empty()).then(|| sorted.join(", "));
    let most = query.limit.map(|limit| tn("query.first", limit.into()));
    [Some(conditions), groups, sorted, most].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn filter(kind: &str, asked: &Filter, inner: bool) -> String {
    let joined = |filters: &[Filter], word: &'static str| {
        let parts: Vec<String> = filters.iter().map(|part| filter(kind, part, true)).collect();
        let all = parts.join(&format!(" {} ", t(word)()));
        if inner && parts.len() > 1 { format!("({all})") } else { all }
    };
    match asked {
        Filter::All(filters) => joined(filters, "query.and"),
        Filter::Any(filters) => joined(filters, "query.or"),
        Filter::Not(one) => t_with("query.not", &[("what", &filter(kind, one, true))]),
        Filter::Field(condition) => {
            let parts = [field(kind, &condition.field), operator(condition.op), compared(kind, condition)];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        Filter::Related(related) => related_words(kind, related),
    }
}

fn related_words(kind: &str, Related { kind: other, field: name, filter: asked, times: count }: &Related) -> String {
    let of = match other {
        Some(other) => other.clone(),
        None => {
            use_rounds().schema().field(kind, name).and_then(|field| field.ty.refers_to()).unwrap_or(Account::KIND).to_owned()
        }
    };
    let what = format!("{} {}", times(*count), relation(kind, other.as_deref(), name));
    if asked.is_everything() { what } else { format!("{what} ({})", filter(&of, asked, false)) }
}

pub fn operator(op: Operator) -> String {
    op.label(use_rounds().lang().get()).to_owned()
}

/// What is wrong with a part, said where it stands: without naming the field, which is beside it.
pub fn problem(problem: &QueryProblem) -> String {
    let lang = use_rounds().lang().get();
    match problem {
        QueryProblem::UnknownField { field, .. } if field.is_empty() => t("query.choose_field")(),
        QueryProblem::WrongValue { problem: Problem::Required | Problem::NotAList, .. } => t("query.enter_value")(),
        QueryProblem::WrongValue { problem, .. } => problem.message(lang),
        QueryProblem::NotAPeriod { .. } => t("query.choose_period")(),
        QueryProblem::NoDigits { .. } => t("query.enter_digits")(),
        QueryProblem::NotGroupable { .. } | QueryProblem::NotSortable { .. } | QueryProblem::NotMeasurable { .. } => {
            t("query.choose_other")()
        }
        other => other.message(lang),
    }
}
