use super::{FieldRules, Problem, Typed, read_as};
use crate::{Lang, Value, fold::fold, reads};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cmp::Ordering;

/// A whole number within ±2^53, which JavaScript and JSON keep exactly. JSON: number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Integer {}

impl Integer {
    pub fn new() -> Integer {
        Integer {}
    }
}

impl FieldRules for Integer {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => match value.as_i64() {
                Some(number) if number.unsigned_abs() <= 1 << 53 => Ok(Value::from(number)),
                _ => Err(Problem::NotAWholeNumber),
            },
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = ungrouped(text);
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let number: i64 = text.parse().map_err(|_| Problem::NotAWholeNumber)?;
        self.normalise(&Value::from(number))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_i64().map(|number| number.to_string()).unwrap_or_default()
    }
}

impl Typed for Integer {
    type Out<'a> = i64;
    fn read(value: &Value) -> Option<i64> {
        value.as_i64()
    }
}

/// An exact decimal number of at most 15 digits before and 6 after the point. JSON: string such as `"-12.5"`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Decimal {}

impl Decimal {
    pub fn new() -> Decimal {
        Decimal {}
    }
}

impl FieldRules for Decimal {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            Value::Number(number) => self.parse(&number.to_string()),
            _ => Err(Problem::NotANumber),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = ungrouped(text);
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 || fraction.len() > 6 {
            return Err(Problem::NotANumber);
        }
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            digits if digits.len() > 15 => return Err(Problem::NotANumber),
            digits => digits,
        };
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        let sign = if negative && (whole != "0" || !fraction.is_empty()) { "-" } else { "" };
        Ok(Value::String(format!("{sign}{whole}{point}{fraction}")))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let number = |value: &Value| value.as_str().and_then(millionths);
        match (number(a), number(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
}

/// How many millionths the decimal number `text` is; digits after the sixth do not count.
pub(crate) fn millionths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    format!("{whole}{fraction:0<6.6}").parse().ok().filter(|_| all_digits)
}

impl Typed for Decimal {
    type Out<'a> = &'a str;
    fn read(value: &Value) -> Option<&str> {
        value.as_str()
    }
}

/// An amount in integer minor units (cents, fen) with its ISO 4217 currency. JSON: `{"minor":120050,"currency":"CNY"}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Money {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoneyValue {
    pub minor: i64,
    pub currency: String,
}

reads!(MoneyValue { minor, currency });

impl Money {
    pub fn new() -> Money {
        Money {}
    }

    /// The amount that `text` (such as `1,200.5`) of `currency` is; `scale` multiplies it, such as 1,000,000 for millions.
    pub fn of(text: &str, currency: &str, scale: i64) -> Result<Value, Problem> {
        let Value::String(number) = Decimal {}.parse(text)? else {
            return Ok(Value::Null);
        };
        let currency = currency.to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Problem::NoCurrency);
        }
        let minor =
            millionths(&number).ok_or(Problem::NotMoney)? * i128::from(scale) * 10i128.pow(minor_digits(&currency)) / 1_000_000;
        match i64::try_from(minor) {
            Ok(minor) if minor.unsigned_abs() <= 1 << 53 => Ok(json!(MoneyValue { minor, currency })),
            _ => Err(Problem::NotMoney),
        }
    }
}

/// How many digits a currency has after the point (ISO 4217).
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "UGX" | "XAF" | "XOF" | "PYG" | "RWF" | "KMF" | "GNF" | "DJF" | "BIF" | "VUV"
        | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl FieldRules for Money {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => {
                let money: MoneyValue = read_as(value).ok_or(Problem::NotMoney)?;
                let known = money.currency.len() == 3 && money.currency.bytes().all(|byte| byte.is_ascii_uppercase());
                match known && money.minor.unsigned_abs() <= 1 << 53 {
                    true => Ok(json!(money)),
                    false => Err(Problem::NotMoney),
                }
            }
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let (number, letters): (String, String) =
            text.chars().filter(|c| !c.is_whitespace()).partition(|c| !c.is_alphabetic() && !"¥$€£".contains(*c));
        let currency = match letters.as_str() {
            "" => return Err(Problem::NoCurrency),
            "¥" | "元" => "CNY",
            "$" | "US$" => "USD",
            "NT$" => "TWD",
            "HK$" => "HKD",
            "€" => "EUR",
            "£" => "GBP",
            code => code,
        };
        if number.is_empty() { Err(Problem::NotMoney) } else { Money::of(&number, currency, 1) }
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        let Some(money) = read_as::<MoneyValue>(value) else { return String::new() };
        let digits = minor_digits(&money.currency) as usize;
        let text = format!("{:0>width$}", money.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        let sign = if money.minor < 0 { "-" } else { "" };
        let point = if digits > 0 { "." } else { "" };
        format!("{sign}{whole}{point}{fraction} {}", money.currency)
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let key = |value: &Value| read_as::<MoneyValue>(value).map(|money| (money.currency, money.minor));
        match (key(a), key(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
}

impl Typed for Money {
    type Out<'a> = MoneyValue;
    fn read(value: &Value) -> Option<MoneyValue> {
        read_as(value)
    }
}

/// Yes or no. JSON: `true`, `false`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boolean {}

impl Boolean {
    pub fn new() -> Boolean {
        Boolean {}
    }
}

const YES_NO: [[&str; 2]; 3] = [["Yes", "No"], ["是", "否"], ["是", "否"]];

impl FieldRules for Boolean {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null | Value::Bool(_) => Ok(value.clone()),
            Value::String(text) => self.parse(text),
            _ => Err(Problem::NotYesOrNo),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        match fold(text).as_str() {
            "" => Ok(Value::Null),
            "yes" | "y" | "true" | "1" | "是" | "有" | "对" | "對" => Ok(Value::Bool(true)),
            "no" | "n" | "false" | "0" | "否" | "无" | "無" | "不" => Ok(Value::Bool(false)),
            _ => Err(Problem::NotYesOrNo),
        }
    }

    fn print(&self, value: &Value, lang: Lang) -> String {
        value.as_bool().map(|yes| YES_NO[lang as usize][usize::from(!yes)].to_owned()).unwrap_or_default()
    }
}

impl Typed for Boolean {
    type Out<'a> = bool;
    fn read(value: &Value) -> Option<bool> {
        value.as_bool()
    }
}

/// The digits of a typed number without its grouping marks, full-width digits folded.
fn ungrouped(text: &str) -> String {
    text.trim().chars().map(crate::fold::half_width).filter(|c| !matches!(c, ',' | ' ' | '\u{a0}' | '_' | '\'')).collect()
}
