//! Reading a query from JSON: every part that is not understood is named by its place, as in `filter.all[2].field`.

use super::{
    Aggregate, Condition, Fault, Filter, Grouping, MAX_CONDITIONS, MAX_DEPTH, Query, QueryProblem, Related, Sort, VERSION,
};
use crate::Value;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Map;

type Read<T> = Result<T, Fault>;

impl Query {
    /// Reads the JSON text of a query.
    ///
    /// # Errors
    /// The first part that is not understood, with its place and what is expected there.
    pub fn from_text(text: &str) -> Result<Query, Fault> {
        let value: Value = serde_json::from_str(text).map_err(|error| unreadable("", error))?;
        Query::from_json(&value)
    }

    /// Reads a query from JSON.
    ///
    /// # Errors
    /// As [`Query::from_text`].
    pub fn from_json(value: &Value) -> Result<Query, Fault> {
        let fields = object("", value)?;
        let version: u32 = part("v", fields.get("v").unwrap_or(&Value::from(VERSION)))?;
        if version > VERSION {
            return Err(Fault::new("v", QueryProblem::NewerVersion(version)));
        }
        known("", fields, &["v", "from", "filter", "sort", "group", "show", "columns", "limit"])?;
        let mut conditions = 0;
        Ok(Query {
            v: VERSION,
            from: needed("", fields, "from")?,
            filter: fields.get("filter").map_or(Ok(Filter::default()), |value| filter("filter", value, 0, &mut conditions))?,
            sort: list::<Sort>(fields, "sort")?,
            group: list::<Grouping>(fields, "group")?,
            show: list::<Aggregate>(fields, "show")?,
            columns: list(fields, "columns")?,
            limit: fields.get("limit").map_or(Ok(None), |value| part("limit", value))?,
        })
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Query, D::Error> {
        Query::from_json(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn filter(place: &str, value: &Value, depth: usize, conditions: &mut usize) -> Read<Filter> {
    if depth > MAX_DEPTH {
        return Err(Fault::new(place, QueryProblem::TooDeep));
    }
    *conditions += 1;
    if *conditions > MAX_CONDITIONS {
        return Err(Fault::new(place, QueryProblem::TooLong));
    }
    let fields = object(place, value)?;
    let (Some((name, value)), 1) = (fields.iter().next(), fields.len()) else {
        return Err(unreadable(place, "expected one of `all`, `any`, `not`, `field`, `related`"));
    };
    let inner = format!("{place}.{name}");
    let mut each = |values: &Value| -> Read<Vec<Filter>> {
        let items = values.as_array().ok_or_else(|| unreadable(&inner, "expected a list of filters"))?;
        items.iter().enumerate().map(|(at, item)| filter(&format!("{inner}[{at}]"), item, depth + 1, conditions)).collect()
    };
    match name.as_str() {
        "all" => each(value).map(Filter::All),
        "any" => each(value).map(Filter::Any),
        "not" => Ok(Filter::Not(Box::new(filter(&inner, value, depth + 1, conditions)?))),
        "field" => part::<Condition>(&inner, value).map(Filter::Field),
        "related" => related(&inner, value, depth, conditions).map(Filter::Related),
        other => {
            Err(unreadable(place, format!("unknown filter `{other}`, expected one of `all`, `any`, `not`, `field`, `related`")))
        }
    }
}

fn related(place: &str, value: &Value, depth: usize, conditions: &mut usize) -> Read<Related> {
    let fields = object(place, value)?;
    known(place, fields, &["kind", "field", "where", "times"])?;
    Ok(Related {
        kind: fields.get("kind").map_or(Ok(None), |value| part(&format!("{place}.kind"), value))?,
        field: needed(place, fields, "field")?,
        filter: Box::new(match fields.get("where") {
            Some(value) => filter(&format!("{place}.where"), value, depth + 1, conditions)?,
            None => Filter::default(),
        }),
        times: needed(place, fields, "times")?,
    })
}

fn unreadable(place: &str, error: impl ToString) -> Fault {
    Fault::new(place, QueryProblem::Unreadable(error.to_string()))
}

fn object<'v>(place: &str, value: &'v Value) -> Read<&'v Map<String, Value>> {
    value.as_object().ok_or_else(|| unreadable(place, "expected an object"))
}

fn part<T: DeserializeOwned>(place: &str, value: &Value) -> Read<T> {
    T::deserialize(value).map_err(|error| unreadable(place, error))
}

fn needed<T: DeserializeOwned>(place: &str, fields: &Map<String, Value>, name: &str) -> Read<T> {
    let place = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    part(&place, fields.get(name).ok_or_else(|| unreadable(&place, "this is missing"))?)
}

fn list<T: DeserializeOwned>(fields: &Map<String, Value>, name: &str) -> Read<Vec<T>> {
    let Some(value) = fields.get(name) else { return Ok(Vec::new()) };
    let items = value.as_array().ok_or_else(|| unreadable(name, "expected a list"))?;
    items.iter().enumerate().map(|(at, item)| part(&format!("{name}[{at}]"), item)).collect()
}

fn known(place: &str, fields: &Map<String, Value>, names: &[&str]) -> Read<()> {
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(other) => Err(unreadable(place, format!("unknown field `{other}`, expected one of `{}`", names.join("`, `")))),
        None => Ok(()),
    }
}
