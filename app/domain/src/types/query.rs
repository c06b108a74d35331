use super::{FieldRules, Problem, Typed};
use crate::{Lang, Value, query::Query};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A question that is kept. JSON: a [`Query`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryTree {}

impl QueryTree {
    pub fn new() -> QueryTree {
        QueryTree {}
    }
}

impl FieldRules for QueryTree {
    /// A query that this build can read. Whether its fields still exist is told when it is asked: fields come and go.
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ if value.to_string().contains("\\u0000") => Err(Problem::NotText),
            // The designer makes what can be read, and comes in the second module: the first leaves the check to the server and
            // itself eight kilobytes lighter.
            Value::Object(_) if cfg!(target_family = "wasm") => Ok(value.clone()),
            _ if cfg!(target_family = "wasm") => Err(Problem::NotAQuery),
            _ => Query::from_json(value).map(|query| json!(query)).map_err(|_| Problem::NotAQuery),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        match text.trim() {
            "" => Ok(Value::Null),
            text => self.normalise(&serde_json::from_str::<Value>(text).ok().filter(Value::is_object).ok_or(Problem::NotAQuery)?),
        }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        if value.is_null() { String::new() } else { value.to_string() }
    }
}

impl Typed for QueryTree {
    type Out<'a> = Query;
    fn read(value: &Value) -> Option<Query> {
        Query::from_json(value).ok()
    }
}
