//! The types a field can have. Each has one canonical JSON form, and knows how to parse, print, compare and check it.
//!
//! A value is `serde_json::Value`; `null` means "nothing". What a type does not understand it refuses with a [`Problem`],
//! so that a form, an import and the server give the same answer.

mod choice;
mod date;
mod file;
mod hours;
mod list;
mod number;
mod people;
mod place;
mod problem;
mod query;
mod reference;
mod text;
mod tiles;

pub use choice::{Choice, ChoiceOption};
pub use date::{Date, Due, Instant, PartialDate};
pub use file::{Anything, Attachment, AttachmentValue};
pub use hours::{OpeningHours, Span};
pub use list::{Entry, LabelledList, ListOf};
pub(crate) use number::millionths;
pub use number::{Boolean, Decimal, Integer, Money, MoneyValue, minor_digits};
pub use people::{NameOrder, NameValue, PersonName, Phone, PhoneValue, phone_digits};
pub use place::{Address, AddressValue, Place, PlaceValue, print_degrees};
pub use problem::Problem;
pub use query::QueryTree;
pub use reference::{Reference, References, Tags};
pub use text::{LongText, Text};
pub use tiles::{Said, Tile, Tiles};

use crate::{Lang, Value, json::FromJson};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What every field type can do with its values.
pub trait FieldRules {
    /// The canonical form of a value that came from anywhere, or why it cannot be one.
    fn normalise(&self, value: &Value) -> Result<Value, Problem>;

    /// The value a person or a file wrote as `text`; empty text is `null`.
    fn parse(&self, text: &str) -> Result<Value, Problem>;

    /// The value as a person reads it in `lang`; what [`FieldRules::parse`] reads back where the type can be typed.
    fn print(&self, value: &Value, lang: Lang) -> String;

    /// Order for sorting; `null` comes last.
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        compare_json(a, b)
    }
}

/// How concurrent edits of one field merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRule {
    /// The later clock wins, the other value is kept in the history.
    Register,
    /// Per element, an addition wins over a removal that had not seen it.
    Set,
    /// By paragraph from the recorded base where clean, otherwise as a register.
    Text,
}

macro_rules! field_types {
    ($($name:ident),* $(,)?) => {
        /// The type of a field, as data: an administrator's own fields (capability H03) use the same.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum FieldType { $($name($name)),* }

        impl FieldType {
            pub fn rules(&self) -> &dyn FieldRules {
                match self { $(FieldType::$name(rules) => rules),* }
            }
        }

        $(impl From<$name> for FieldType {
            fn from(rules: $name) -> FieldType { FieldType::$name(rules) }
        })*
    };
}

field_types!(
    Text,
    LongText,
    Integer,
    Decimal,
    Money,
    Boolean,
    Date,
    Due,
    Instant,
    PartialDate,
    Choice,
    Reference,
    References,
    Tags,
    Place,
    Address,
    PersonName,
    Phone,
    LabelledList,
    OpeningHours,
    Attachment,
    Anything,
    QueryTree,
    Tiles,
);

impl FieldType {
    pub fn merge_rule(&self) -> MergeRule {
        match self {
            FieldType::Tags(_) | FieldType::References(_) | FieldType::Tiles(_) => MergeRule::Set,
            FieldType::LongText(_) => MergeRule::Text,
            _ => MergeRule::Register,
        }
    }

    /// The kind that a reference or each element of a set of references names.
    pub fn refers_to(&self) -> Option<&str> {
        match self {
            FieldType::Reference(reference) => Some(&reference.kind),
            FieldType::References(references) => Some(&references.kind),
            _ => None,
        }
    }
}

/// A type whose values the typed structs of `record!` hand out as `Out`.
pub trait Typed {
    type Out<'a>;
    fn read(value: &Value) -> Option<Self::Out<'_>>;
}

/// Numbers by size, texts by code point, `false` before `true`, `null` last; other values by their JSON text.
pub(crate) fn compare_json(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => a.to_string().cmp(&b.to_string()),
    }
}

/// Reads a canonical object such as an address; `None` when the value has another shape.
pub(crate) fn read_as<T: FromJson>(value: &Value) -> Option<T> {
    T::from_json(value).ok()
}

#[cfg(test)]
mod tests;
