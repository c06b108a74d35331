use super::{FieldRules, Problem, Typed};
use crate::{Id, Lang, Value, sorting::SharedSort};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Another record of one kind. JSON: its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: Cow<'static, str>,
}

/// A set of records of one kind. JSON: array of ids; on the wire, additions and removals of one id each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct References {
    pub kind: Cow<'static, str>,
}

/// A set of free words. JSON: array of strings; on the wire, additions and removals of one word each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tags {}

impl Reference {
    pub fn new(kind: &'static str) -> Reference {
        Reference { kind: Cow::Borrowed(kind) }
    }
}

impl References {
    pub fn new(kind: &'static str) -> References {
        References { kind: Cow::Borrowed(kind) }
    }
}

impl Tags {
    pub const MAX: usize = 60;

    pub fn new() -> Tags {
        Tags {}
    }
}

fn id(value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::String(text) if text.trim().is_empty() => Ok(Value::Null),
        Value::String(text) => {
            Id::try_parse(text.trim()).map(|id| Value::String(id.to_string())).map_err(|_| Problem::NotAReference)
        }
        _ => Err(Problem::NotAReference),
    }
}

/// The canonical form of one element or of an array of them: sorted, without repetition.
pub(super) fn elements(value: &Value, one: impl Fn(&Value) -> Result<Value, Problem>) -> Result<Value, Problem> {
    let Value::Array(items) = value else { return one(value) };
    let mut found = items.iter().map(one).filter(|item| item != &Ok(Value::Null)).collect::<Result<Vec<_>, _>>()?;
    found.shared_sort_by(super::compare_json);
    found.dedup();
    Ok(if found.is_empty() { Value::Null } else { Value::Array(found) })
}

fn split(text: &str) -> Value {
    Value::Array(text.split([';', ',', '、', ';', ',', '\n']).map(|part| Value::from(part.trim())).collect())
}

fn join(value: &Value) -> String {
    let texts = |items: &Vec<Value>| items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ");
    value.as_array().map(texts).unwrap_or_default()
}

impl FieldRules for Reference {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        id(value)
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        id(&Value::from(text))
    }

    /// The bare id: only who holds the records can print a reference as a name.
    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}

impl FieldRules for References {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        elements(value, id)
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&split(text))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        join(value)
    }
}

impl FieldRules for Tags {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        elements(value, |item| super::Text { max: Tags::MAX }.normalise(item))
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&split(text))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        join(value)
    }
}

impl Typed for Reference {
    type Out<'a> = Id;
    fn read(value: &Value) -> Option<Id> {
        value.as_str().and_then(|text| Id::try_parse(text).ok())
    }
}

impl Typed for References {
    type Out<'a> = Vec<Id>;
    fn read(value: &Value) -> Option<Vec<Id>> {
        value.as_array().map(|items| items.iter().filter_map(Reference::read).collect())
    }
}

impl Typed for Tags {
    type Out<'a> = Vec<&'a str>;
    fn read(value: &Value) -> Option<Vec<&str>> {
        value.as_array().map(|items| items.iter().filter_map(Value::as_str).collect())
    }
}
