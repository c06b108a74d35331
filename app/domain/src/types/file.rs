use super::{FieldRules, Problem, Typed, read_as};
use crate::{Lang, Value, reads};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is known of a file; its bytes travel by their own queue. JSON: `{"sha256":"…","name":"shelf.jpg","size":81234,"mime":"image/jpeg"}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttachmentValue {
    /// Of the bytes, 64 lower-case hex digits.
    pub sha256: String,
    pub name: String,
    /// In bytes, at most 25 MB.
    pub size: u64,
    pub mime: String,
}

reads!(AttachmentValue { sha256, name, size, mime });

impl Attachment {
    pub const MAX_BYTES: u64 = 25 * 1024 * 1024;

    pub fn new() -> Attachment {
        Attachment {}
    }
}

impl FieldRules for Attachment {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let file: AttachmentValue = read_as(value).ok_or(Problem::NotAFile)?;
        let hex = file.sha256.len() == 64 && file.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let short = file.name.chars().count() <= 200 && file.mime.len() <= 100 && !file.name.contains('\0');
        if hex && short && file.size <= Attachment::MAX_BYTES { Ok(json!(file)) } else { Err(Problem::NotAFile) }
    }

    /// A file cannot be typed.
    fn parse(&self, text: &str) -> Result<Value, Problem> {
        if text.trim().is_empty() { Ok(Value::Null) } else { Err(Problem::NotAFile) }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        read_as::<AttachmentValue>(value).map(|file| file.name).unwrap_or_default()
    }
}

impl Typed for Attachment {
    type Out<'a> = AttachmentValue;
    fn read(value: &Value) -> Option<AttachmentValue> {
        read_as(value)
    }
}

/// A value carried as it is: the lost value in a notice, a column of an import that has no field. JSON: anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Anything {}

impl Anything {
    pub fn new() -> Anything {
        Anything {}
    }
}

impl FieldRules for Anything {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        if value.to_string().contains("\\u0000") { Err(Problem::NotText) } else { Ok(value.clone()) }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        Ok(if text.is_empty() { Value::Null } else { Value::from(text) })
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
                .collect::<Vec<_>>()
                .join("; "),
            other => other.to_string(),
        }
    }
}

impl Typed for Anything {
    type Out<'a> = &'a Value;
    fn read(value: &Value) -> Option<&Value> {
        Some(value)
    }
}
