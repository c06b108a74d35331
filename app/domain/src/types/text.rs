use super::{FieldRules, Problem, Typed};
use crate::{Lang, Value};
use serde::{Deserialize, Serialize};

/// One line of text of at most `max` characters. JSON: string without leading or trailing white space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    pub max: usize,
}

impl Text {
    pub fn new(max: usize) -> Text {
        Text { max }
    }
}

impl FieldRules for Text {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        trimmed(value, self.max, |text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&Value::from(text))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}

/// Text of several paragraphs, at most 60,000 characters. JSON: string with `\n` line ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LongText {}

impl LongText {
    pub const MAX: usize = 60_000;

    pub fn new() -> LongText {
        LongText {}
    }
}

impl FieldRules for LongText {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        trimmed(value, LongText::MAX, |text| text.replace("\r\n", "\n").trim().to_owned())
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&Value::from(text))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}

fn trimmed(value: &Value, max: usize, clean: impl Fn(&str) -> String) -> Result<Value, Problem> {
    let text = match value {
        Value::Null => return Ok(Value::Null),
        Value::String(text) => clean(text),
        Value::Number(number) => number.to_string(),
        _ => return Err(Problem::NotText),
    };
    match text.chars().count() {
        0 => Ok(Value::Null),
        // Postgres stores no NUL in text or jsonb.
        _ if text.contains('\0') => Err(Problem::NotText),
        count if count > max => Err(Problem::TooLong(max)),
        _ => Ok(Value::String(text)),
    }
}

macro_rules! typed_as_text {
    ($($name:ident),*) => {
        $(impl Typed for $name {
            type Out<'a> = &'a str;
            fn read(value: &Value) -> Option<&str> { value.as_str() }
        })*
    };
}
typed_as_text!(Text, LongText);
pub(super) use typed_as_text;
