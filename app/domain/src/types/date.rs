use super::{FieldRules, Problem, Typed, text::typed_as_text};
use crate::{Lang, Value, time};
use serde::{Deserialize, Serialize};

/// A calendar day. JSON: `"2026-11-24"`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Date {}

/// A day with or without a time of day in the company's zone: due on Tuesday is not overdue at 00:00.
/// JSON: `"2026-11-24"` or `"2026-11-24T09:30"`, so that text order is time order within a day's length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Due {}

/// A moment, in UTC milliseconds. JSON: number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Instant {}

/// A date of which parts may be unknown. JSON: `"1980"`, `"1980-02"`, `"1980-02-29"`, `"--02-29"` (ISO 8601 and RFC 6350).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartialDate {}

macro_rules! unit {
    ($($name:ident),*) => { $(impl $name { pub fn new() -> $name { $name {} } })* };
}
unit!(Date, Due, Instant, PartialDate);
typed_as_text!(Date, Due, PartialDate);

impl Typed for Instant {
    type Out<'a> = i64;
    fn read(value: &Value) -> Option<i64> {
        value.as_i64()
    }
}

/// For types whose canonical form is the text that `parse` makes.
fn text_or_null(rules: &dyn FieldRules, value: &Value, wrong: Problem) -> Result<Value, Problem> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::String(text) => rules.parse(text),
        _ => Err(wrong),
    }
}

impl FieldRules for Date {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        text_or_null(self, value, Problem::NotADate)
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        match text.trim() {
            "" => Ok(Value::Null),
            text => time::Day::parse(text).map(|day| Value::String(day.to_string())).ok_or(Problem::NotADate),
        }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}

impl FieldRules for Due {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        text_or_null(self, value, Problem::NotADate)
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = text.trim();
        let (day, clock) = match text.split_once(['T', ' ']) {
            Some((day, clock)) => (day, Some(clock.trim())),
            None => (text, None),
        };
        if day.is_empty() {
            return Ok(Value::Null);
        }
        let day = time::Day::parse(day).ok_or(Problem::NotADate)?;
        match clock {
            None => Ok(Value::String(day.to_string())),
            Some(clock) => {
                let (hour, minute) = time::parse_clock(clock).ok_or(Problem::NotATime)?;
                Ok(Value::String(format!("{day}T{hour:02}:{minute:02}")))
            }
        }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().replace('T', " ")
    }
}

impl FieldRules for Instant {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => value.as_i64().filter(|ms| ms.unsigned_abs() <= 1 << 53).map(Value::from).ok_or(Problem::NotATime),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        match text.trim() {
            "" => Ok(Value::Null),
            text => time::parse_instant(text).map(Value::from).ok_or(Problem::NotATime),
        }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_i64().map(time::print_instant).unwrap_or_default()
    }
}

impl FieldRules for PartialDate {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        text_or_null(self, value, Problem::NotADate)
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = text.trim().replace(['/', '.'], "-");
        if text.is_empty() {
            return Ok(Value::Null);
        }
        // A leap year stands in for the unknown year, so that 29 February is a birthday.
        let whole = match text.strip_prefix("--") {
            Some(rest) => format!("2000-{rest}"),
            None => match text.split('-').count() {
                1 => format!("{text}-01-01"),
                2 if text.split('-').next().is_some_and(|first| first.len() == 4) => format!("{text}-01"),
                2 => format!("2000-{text}"),
                _ => text.clone(),
            },
        };
        let day = time::Day::parse(&whole).ok_or(Problem::NotADate)?.to_string();
        let parts = text.trim_start_matches("--").split('-').count();
        let no_year = text.starts_with("--") || (parts == 2 && whole.starts_with("2000-") && !text.starts_with("2000"));
        Ok(Value::String(match (no_year, parts) {
            (true, _) => format!("--{}", &day[5..]),
            (false, 1) => day[..4].to_owned(),
            (false, 2) => day[..7].to_owned(),
            _ => day,
        }))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().trim_start_matches("--").to_owned()
    }
}
