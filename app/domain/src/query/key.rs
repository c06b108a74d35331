//! Keys that both engines sort by: the same order from Rust's comparisons as from `COLLATE "C"` and `numeric` in SQL.

use super::{
    Field,
    value::{self, Datum},
};
use crate::{Lang, types::FieldType};
use std::{borrow::Cow, cmp::Ordering};

/// What a record sorts by. Keys of one field are of one variant, or nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'r> {
    Number(i128),
    /// By bytes.
    Text(Cow<'r, str>),
    /// A choice: by its place among the options (beyond them what no option is), then by its id.
    Option(usize, Cow<'r, str>),
    /// By currency, then by amount.
    Money(String, i64),
}

/// Orders two keys; what is nothing comes last whichever way is sorted.
pub fn compare<K: Ord>(a: Option<&K>, b: Option<&K>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// ASCII capitals as small letters: what `lower(… COLLATE "C")` does.
pub fn small(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { text }
}

/// The key of a value; `None` where there is none. References sort by the title of what they name, which the caller knows.
pub(super) fn of<'r>(field: &Field, datum: Datum<'r>) -> Option<Key<'r>> {
    match (field.ty, datum) {
        (FieldType::Text(_) | FieldType::LongText(_), Datum::Text(text)) => Some(Key::Text(small(text))),
        (FieldType::Date(_) | FieldType::Due(_) | FieldType::PartialDate(_), Datum::Text(text)) => Some(Key::Text(text)),
        (FieldType::Choice(choice), Datum::Text(id)) => {
            let place = choice.options.iter().position(|option| option.id == id).unwrap_or(choice.options.len());
            Some(Key::Option(place, id))
        }
        (FieldType::PersonName(_), Datum::Json(value)) => {
            let name = field.ty.rules().print(&value, Lang::En);
            (!name.is_empty()).then(|| Key::Text(small(Cow::Owned(name))))
        }
        (FieldType::Boolean(_), Datum::Truth(truth)) => Some(Key::Number(i128::from(truth))),
        (FieldType::Money(_), datum) => value::money(&datum).map(|(currency, minor)| Key::Money(currency.to_owned(), minor)),
        (ty, datum) => value::number(ty, &datum).map(Key::Number),
    }
}

/// A canonical decimal number in millionths; `None` for any other text.
pub fn millionths(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 15) || !digits(fraction, 6) {
        return None;
    }
    let value = |part: &str| part.bytes().fold(0i128, |sum, byte| sum * 10 + i128::from(byte - b'0'));
    Some(sign * (value(whole) * 1_000_000 + value(fraction) * 10i128.pow(6 - fraction.len() as u32)))
}

/// What [`decimal`] printed, however large.
pub(super) fn signed(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<6}").parse().unwrap_or_default()
}

/// The text of a number given in millionths.
pub fn decimal(millionths: i128) -> String {
    let (whole, fraction) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    let sign = if millionths < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{fraction:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (text, expected) in
            [("12.5", 12_500_000), ("-0.000001", -1), ("999999999999999.999999", 999_999_999_999_999_999_999), ("0", 0)]
        {
            assert_eq!(millionths(text), Some(expected), "{text}");
            assert_eq!((decimal(expected).as_str(), signed(text)), (text, expected));
        }
        assert!(
            ["", "-", "1.", ".5", "1e3", "1.0000001", "1234567890123456", "+1", "--1"]
                .iter()
                .all(|text| millionths(text).is_none())
        );
    }

    #[test]
    fn nothing_is_last_both_ways() {
        let mut keys = [Some(Key::Number(2)), None, Some(Key::Number(1))];
        keys.sort_by(|a, b| compare(a.as_ref(), b.as_ref(), false));
        assert_eq!(keys, [Some(Key::Number(1)), Some(Key::Number(2)), None]);
        keys.sort_by(|a, b| compare(a.as_ref(), b.as_ref(), true));
        assert_eq!(keys, [Some(Key::Number(2)), Some(Key::Number(1)), None]);
    }
}
