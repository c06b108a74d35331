use super::{FieldRules, Problem, Text, Typed, read_as};
use crate::{Lang, Value, fold, reads};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A person's name. JSON: `{"family":"王","given":"小明","order":"family_first"}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonName {}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NameValue {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    pub order: NameOrder,
}

reads!(NameValue { family or default, given or default, order or default });

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameOrder {
    #[default]
    GivenFirst,
    FamilyFirst,
}

reads!(NameOrder, "given_first" => GivenFirst, "family_first" => FamilyFirst);

/// Family names of two characters that are common enough to be recognised in an undivided Chinese name.
const COMPOUND_FAMILY_NAMES: &str =
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 东方 東方 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 端木 长孙 長孫 张简 張簡 范姜";

impl PersonName {
    pub fn new() -> PersonName {
        PersonName {}
    }
}

impl NameValue {
    pub fn full(&self) -> String {
        let cjk = self.family.chars().chain(self.given.chars()).any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
        let parts = match self.order {
            NameOrder::FamilyFirst => [&self.family, &self.given],
            NameOrder::GivenFirst => [&self.given, &self.family],
        };
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(if cjk { "" } else { " " })
    }
}

impl FieldRules for PersonName {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => {
                let mut name: NameValue = read_as(value).ok_or(Problem::NotAName)?;
                for part in [&mut name.family, &mut name.given] {
                    *part = Text { max: 80 }.parse(part)?.as_str().unwrap_or_default().to_owned();
                }
                Ok(if name.family.is_empty() && name.given.is_empty() { Value::Null } else { json!(name) })
            }
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let chinese = text.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
        let name = if chinese && !text.is_empty() {
            let head: String = text.chars().take(2).collect();
            let family =
                if text.chars().count() > 2 && COMPOUND_FAMILY_NAMES.split(' ').any(|name| name == head) { 2 } else { 1 };
            NameValue {
                family: text.chars().take(family).collect(),
                given: text.chars().skip(family).collect(),
                order: NameOrder::FamilyFirst,
            }
        } else if let Some((family, given)) = text.split_once(", ") {
            NameValue { family: family.to_owned(), given: given.to_owned(), order: NameOrder::GivenFirst }
        } else {
            let (given, family) = text.rsplit_once(' ').unwrap_or((&text, ""));
            NameValue { family: family.to_owned(), given: given.to_owned(), order: NameOrder::GivenFirst }
        };
        self.normalise(&json!(name))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        read_as::<NameValue>(value).map(|name| name.full()).unwrap_or_default()
    }
}

impl Typed for PersonName {
    type Out<'a> = NameValue;
    fn read(value: &Value) -> Option<NameValue> {
        read_as(value)
    }
}

/// A phone number as typed, and its digits for comparing and calling. JSON: `{"typed":"138 0000-0000","digits":"13800000000"}`;
/// `digits` starts with `+` where the number was international.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Phone {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneValue {
    pub typed: String,
    pub digits: String,
}

reads!(PhoneValue { typed, digits or default });

impl Phone {
    pub fn new() -> Phone {
        Phone {}
    }
}

/// The digits of a typed phone number, `00` and full-width `+` read as `+`; `None` when they are not 3 to 20 digits.
pub fn phone_digits(typed: &str) -> Option<String> {
    let main = typed.split(['x', 'X', '#', '转', '轉', ';']).next().unwrap_or_default();
    let folded: String = main.chars().map(fold::half_width).filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let folded = match folded.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => folded,
    };
    let plain = folded.trim_start_matches('+');
    ((3..=20).contains(&plain.len()) && !plain.contains('+')).then_some(folded)
}

impl FieldRules for Phone {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => self.parse(&read_as::<PhoneValue>(value).ok_or(Problem::NotAPhone)?.typed),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        match text.trim() {
            "" => Ok(Value::Null),
            typed if typed.chars().count() > 60 => Err(Problem::TooLong(60)),
            typed => {
                let digits = phone_digits(typed).ok_or(Problem::NotAPhone)?;
                Ok(json!(PhoneValue { typed: typed.to_owned(), digits }))
            }
        }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        read_as::<PhoneValue>(value).map(|phone| phone.typed).unwrap_or_default()
    }
}

impl Typed for Phone {
    type Out<'a> = PhoneValue;
    fn read(value: &Value) -> Option<PhoneValue> {
        read_as(value)
    }
}
