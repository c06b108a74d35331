//! Reading types from JSON on the device, from tables: [`reads!`](crate::reads) says which fields a type has, and the code
//! behind it exists once. What serde derives is compiled anew for every type and every place JSON comes from, and was a
//! tenth of the app. Everything goes through one [`Value`], for which serde is still asked; types are written by serde.

use crate::{Clock, Id, Value};
use serde::{Deserialize, Deserializer, de::Error};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Why a value is not what was expected, with the way to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// From the inside to the outside.
    way: Vec<String>,
    expected: &'static str,
}

/// What can be read from JSON. What is missing is read as `null`.
pub trait FromJson: Sized {
    /// # Errors
    /// What was expected instead, and where.
    fn from_json(value: &Value) -> Result<Self, Wrong>;
}

impl Wrong {
    pub fn expected(expected: &'static str) -> Wrong {
        Wrong { way: Vec::new(), expected }
    }

    fn within(mut self, part: String) -> Wrong {
        self.way.push(part);
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.way.iter().rev() {
            write!(f, "{part}: ")?;
        }
        write!(f, "expected {}", self.expected)
    }
}

/// A field of an object; `null` where it has none of that name, or is no object.
pub fn at<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// Reads a field.
pub fn field<T: FromJson>(object: &Value, name: &str) -> Result<T, Wrong> {
    T::from_json(at(object, name)).map_err(|wrong| wrong.within(name.to_owned()))
}

/// Reads a field; `T`'s default where it is missing.
pub fn field_or_default<T: FromJson + Default>(object: &Value, name: &str) -> Result<T, Wrong> {
    if at(object, name).is_null() { Ok(T::default()) } else { field(object, name) }
}

/// Reads a field of any value, which may be `null` but not missing.
pub fn given(object: &Value, name: &str) -> Result<Value, Wrong> {
    object.get(name).cloned().ok_or_else(|| Wrong::expected("a value").within(name.to_owned()))
}

/// An element of an array that stands for several fields.
pub fn element<T: FromJson>(array: &Value, place: usize) -> Result<T, Wrong> {
    T::from_json(array.get(place).unwrap_or(&Value::Null)).map_err(|wrong| wrong.within(place.to_string()))
}

/// Refuses what is no object.
pub fn object(value: &Value) -> Result<(), Wrong> {
    if value.is_object() { Ok(()) } else { Err(Wrong::expected("an object")) }
}

/// Reads a text of JSON; `None` when it is none, or not of a `T`.
pub fn parse<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&value(text)?).ok()
}

/// The one place where the device parses a text of JSON.
pub(crate) fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// For serde: what is asked for as part of a type that it derives.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_json(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Makes types [`FromJson`], for serde too. A struct lists its fields, `as` another name, `or default` where it may be
/// missing; an enum without data lists the names of its variants; any other type says how it is read from a value.
#[macro_export]
macro_rules! reads {
    ($type:ident { $($field:ident $(as $name:literal)? $(or $default:ident)?),* $(,)? }) => {
        $crate::reads!($type, |value| {
            $crate::json::object(value)?;
            Ok($type { $($field: $crate::reads!(field value, $field $($name)?; $($default)?)),* })
        });
    };
    ($type:ident, $($name:literal => $variant:ident),+ $(,)?) => {
        $crate::reads!($type, |value| match value.as_str() {
            $(Some($name) => Ok($type::$variant),)+
            _ => Err($crate::json::Wrong::expected(concat!("one of", $(" ", $name),+))),
        });
    };
    ($type:ty, |$value:ident| $body:expr) => {
        impl $crate::json::FromJson for $type {
            fn from_json($value: &$crate::Value) -> Result<Self, $crate::json::Wrong> {
                $body
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::deserialize(deserializer)
            }
        }
    };
    (field $value:ident, $field:ident $name:literal; $($default:ident)?) => {
        $crate::reads!(read $value, $name; $($default)?)
    };
    (field $value:ident, $field:ident; $($default:ident)?) => {
        $crate::reads!(read $value, stringify!($field); $($default)?)
    };
    (read $value:ident, $name:expr;) => { $crate::json::field($value, $name)? };
    (read $value:ident, $name:expr; default) => { $crate::json::field_or_default($value, $name)? };
}

macro_rules! read_with {
    ($($type:ty: $expected:literal, |$value:ident| $read:expr;)*) => {
        $(impl FromJson for $type {
            fn from_json($value: &Value) -> Result<Self, Wrong> {
                $read.ok_or(Wrong::expected($expected))
            }
        })*
    };
}

read_with! {
    (): "nothing", |value| value.is_null().then_some(());
    Value: "anything", |value| Some(value.clone());
    String: "text", |value| value.as_str().map(str::to_owned);
    serde_json::Map<String, Value>: "an object", |value| value.as_object().cloned();
    bool: "true or false", |value| value.as_bool();
    u64: "a whole number from 0", |value| value.as_u64();
    i64: "a whole number", |value| value.as_i64();
    f64: "a number", |value| value.as_f64();
    u8: "a whole number up to 255", |value| value.as_u64().and_then(|number| number.try_into().ok());
    u32: "a whole number from 0", |value| value.as_u64().and_then(|number| number.try_into().ok());
    i32: "a whole number", |value| value.as_i64().and_then(|number| number.try_into().ok());
    usize: "a whole number from 0", |value| value.as_u64().and_then(|number| number.try_into().ok());
    Id: "an id", |value| value.as_str().and_then(|text| Id::try_parse(text).ok());
    Clock: "a clock", |value| value.as_str().and_then(|text| text.parse().ok());
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let items = value.as_array().ok_or(Wrong::expected("a list"))?;
        let mut read = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            read.push(T::from_json(item).map_err(|wrong| wrong.within(place.to_string()))?);
        }
        Ok(read)
    }
}

impl<T: FromJson + Ord> FromJson for BTreeSet<T> {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        Ok(crate::sorting::set(Vec::from_json(value)?))
    }
}

impl<K: FromJson + Ord, T: FromJson> FromJson for BTreeMap<K, T> {
    fn from_json(value: &Value) -> Result<Self, Wrong> {
        let mut read = BTreeMap::new();
        for (name, item) in value.as_object().ok_or(Wrong::expected("an object"))? {
            let item = K::from_json(&Value::from(name.as_str())).and_then(|key| Ok((key, T::from_json(item)?)));
            let (key, item) = item.map_err(|wrong| wrong.within(name.clone()))?;
            read.insert(key, item);
        }
        Ok(read)
    }
}

macro_rules! tuples {
    ($(($($part:ident $place:literal),*);)*) => {
        $(impl<$($part: FromJson),*> FromJson for ($($part),*) {
            fn from_json(value: &Value) -> Result<Self, Wrong> {
                Ok(($(element::<$part>(value, $place)?),*))
            }
        })*
    };
}

tuples! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3, E 4);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    struct Outer {
        list: Vec<Inner>,
        kind: Kind,
        note: Option<String>,
    }

    #[derive(Debug, PartialEq)]
    struct Inner {
        seq: u64,
        pair: (i64, bool),
        map: BTreeMap<Id, Clock>,
    }

    #[derive(Debug, PartialEq)]
    enum Kind {
        First,
        LastOne,
    }

    reads!(Outer { list, kind, note });
    reads!(Inner { seq as "s" or default, pair, map or default });
    reads!(Kind, "first" => First, "last_one" => LastOne);

    fn outer() -> Value {
        json!({ "list": [{ "s": 7, "pair": [-1, true], "map": { Id::from_u128(1).to_string(): Clock::ZERO } }, { "pair": [0, false] }],
            "kind": "last_one", "unknown": 1 })
    }

    #[test]
    fn what_serde_wrote_is_read_and_what_is_missing_is_the_default() {
        let map = BTreeMap::from([(Id::from_u128(1), Clock::ZERO)]);
        let list = vec![Inner { seq: 7, pair: (-1, true), map }, Inner { seq: 0, pair: (0, false), map: BTreeMap::new() }];
        let expected = Outer { list, kind: Kind::LastOne, note: None };
        assert_eq!(parse::<Outer>(&outer().to_string()).as_ref(), Some(&expected));
        assert_eq!(serde_json::from_value::<Outer>(outer()).unwrap(), expected);
        assert_eq!(field::<Kind>(&json!({ "kind": "first" }), "kind"), Ok(Kind::First));
    }

    #[test]
    fn what_is_wrong_is_named_with_the_way_to_it() {
        let wrong = |change: &dyn Fn(&mut Value)| {
            let mut value = outer();
            change(&mut value);
            Outer::from_json(&value).unwrap_err().to_string()
        };
        assert_eq!(wrong(&|value| value["list"][1]["pair"][1] = json!(3)), "list: 1: pair: 1: expected true or false");
        assert_eq!(wrong(&|value| value["list"][0]["map"]["x"] = json!("")), "list: 0: map: x: expected an id");
        assert_eq!(wrong(&|value| value["list"] = Value::Null), "list: expected a list");
        assert_eq!(wrong(&|value| value["list"][0]["s"] = json!(-1)), "list: 0: s: expected a whole number from 0");
        assert_eq!(wrong(&|value| value["kind"] = json!("second")), "kind: expected one of first last_one");
        assert_eq!(wrong(&|value| *value = json!([])), "expected an object");
        assert!(serde_json::from_str::<Outer>("{}").unwrap_err().to_string().starts_with("list: expected a list"));
    }
}
