use super::{FieldRules, Problem, Text, Typed, phone_digits, read_as};
use crate::{Lang, Value, lang::Label, reads};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Several values of one sort, each with a label. JSON: `[{"label":"wechat","value":"wang88"}]`; a label is the key of one of
/// those offered, or whatever somebody typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelledList {
    pub of: ListOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOf {
    Phones,
    Handles,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub label: String,
    pub value: String,
}

reads!(Entry { label or default, value });

impl ListOf {
    /// The labels offered: the key that is stored, and its words.
    pub fn labels(self) -> &'static [(&'static str, Label)] {
        static PHONES: [(&str, Label); 5] = [
            ("office", Label::new(["Office", "办公", "辦公室"])),
            ("mobile", Label::new(["Mobile", "手机", "手機"])),
            ("home", Label::new(["Home", "住宅", "住家"])),
            ("front_desk", Label::new(["Front desk", "前台", "櫃台"])),
            ("fax", Label::new(["Fax", "传真", "傳真"])),
        ];
        static HANDLES: [(&str, Label); 5] = [
            ("wechat", Label::new(["WeChat", "微信", "微信"])),
            ("line", Label::new(["LINE", "LINE", "LINE"])),
            ("whatsapp", Label::new(["WhatsApp", "WhatsApp", "WhatsApp"])),
            ("telegram", Label::new(["Telegram", "Telegram", "Telegram"])),
            ("qq", Label::new(["QQ", "QQ", "QQ"])),
        ];
        match self {
            ListOf::Phones => &PHONES,
            ListOf::Handles => &HANDLES,
        }
    }

    /// The label in words: those offered in `lang`, whichever language they came in; another as it was typed.
    pub fn label_text(self, label: &str, lang: Lang) -> &str {
        self.offered(label).map_or(label, |(_, words)| words.get(lang))
    }

    /// What is stored for a label: the key of one offered, whether its key or its word in any language was typed.
    pub fn label_key(self, typed: &str) -> &str {
        self.offered(typed).map_or(typed, |(key, _)| key)
    }

    fn offered(self, typed: &str) -> Option<&'static (&'static str, Label)> {
        let is = |text: &str| text.eq_ignore_ascii_case(typed);
        self.labels().iter().find(|(key, words)| is(key) || words.0.iter().any(|word| is(word)))
    }
}

impl LabelledList {
    pub const MAX: usize = 20;

    pub fn new(of: ListOf) -> LabelledList {
        LabelledList { of }
    }
}

impl FieldRules for LabelledList {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        let entries: Vec<Entry> = match value {
            Value::Null => return Ok(Value::Null),
            Value::String(text) => return self.parse(text),
            _ => read_as(value).ok_or(Problem::NotAList)?,
        };
        let mut kept = Vec::new();
        for Entry { label, value } in entries {
            let clean = |text: &str| Ok(Text { max: 120 }.parse(text)?.as_str().unwrap_or_default().to_owned());
            let (label, value) = (clean(&label)?, clean(&value)?);
            if value.is_empty() {
                continue;
            }
            if self.of == ListOf::Phones && phone_digits(&value).is_none() {
                return Err(Problem::NotAPhone);
            }
            kept.push(Entry { label: self.of.label_key(&label).to_owned(), value });
        }
        match kept.len() {
            0 => Ok(Value::Null),
            count if count > LabelledList::MAX => Err(Problem::NotAList),
            _ => Ok(json!(kept)),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let entry = |part: &str| match part.split_once([':', ':']) {
            Some((label, value)) => Entry { label: label.trim().to_owned(), value: value.trim().to_owned() },
            None => Entry { label: String::new(), value: part.trim().to_owned() },
        };
        let parts = text.split([';', ';', '、', '\n']).map(str::trim).filter(|part| !part.is_empty());
        self.normalise(&json!(parts.map(entry).collect::<Vec<_>>()))
    }

    fn print(&self, value: &Value, lang: Lang) -> String {
        let entries: Vec<Entry> = read_as(value).unwrap_or_default();
        let print = |Entry { label, value }: &Entry| match self.of.label_text(label, lang) {
            "" => value.clone(),
            label => format!("{label}: {value}"),
        };
        entries.iter().map(print).collect::<Vec<_>>().join("; ")
    }
}

impl Typed for LabelledList {
    type Out<'a> = Vec<Entry>;
    fn read(value: &Value) -> Option<Vec<Entry>> {
        read_as(value)
    }
}
