use super::{FieldRules, Problem, Typed, text::typed_as_text};
use crate::{Lang, Value, fold, lang::Label};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, cmp::Ordering};

/// One of a fixed list. JSON: the option's id. An id that is not in the list (a newer app's) is kept, never refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub options: Vec<ChoiceOption>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceOption {
    pub id: Cow<'static, str>,
    pub label: Label,
}

impl Choice {
    /// Options as `[id, English, 简体中文, 繁體中文]`, in the order shown and sorted.
    pub fn new<const N: usize>(options: [[&'static str; 4]; N]) -> Choice {
        Choice::of(&options)
    }

    fn of(options: &[[&'static str; 4]]) -> Choice {
        let option =
            |[id, en, cn, tw]: &[&'static str; 4]| ChoiceOption { id: Cow::Borrowed(id), label: Label::new([en, cn, tw]) };
        Choice { options: options.iter().map(option).collect() }
    }

    fn position(&self, value: &Value) -> Option<usize> {
        self.options.iter().position(|option| Some(option.id.as_ref()) == value.as_str())
    }
}

impl FieldRules for Choice {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(id) if id.is_empty() => Ok(Value::Null),
            Value::String(id)
                if id.len() <= 64 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') =>
            {
                Ok(value.clone())
            }
            Value::String(text) => self.parse(text),
            _ => Err(Problem::NotAChoice),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let wanted = fold::fold(text.trim());
        if wanted.is_empty() {
            return Ok(Value::Null);
        }
        let names = |option: &ChoiceOption| {
            fold::fold(&option.id) == wanted || Lang::ALL.iter().any(|lang| fold::fold(option.label.get(*lang)) == wanted)
        };
        self.options.iter().find(|option| names(option)).map(|option| Value::from(option.id.as_ref())).ok_or(Problem::NotAChoice)
    }

    fn print(&self, value: &Value, lang: Lang) -> String {
        match self.position(value) {
            Some(at) => self.options[at].label.get(lang).to_owned(),
            None => value.as_str().unwrap_or_default().to_owned(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let rank = |value: &Value| self.position(value).unwrap_or(usize::MAX);
        rank(a).cmp(&rank(b)).then_with(|| super::compare_json(a, b))
    }
}

typed_as_text!(Choice);
