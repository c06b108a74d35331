use super::plain_money;
use crate::{
    Value,
    types::{Money, MoneyValue, Problem, Typed},
};
use std::str::FromStr;

/// What one in a column of amounts stands for, such as `millions:USD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyUnit {
    pub scale: i64,
    /// ISO 4217.
    pub currency: String,
}

impl MoneyUnit {
    const SCALES: [(&'static [&'static str], i64); 5] = [
        (&["ones", "one", "1", "元"], 1),
        (&["thousands", "thousand", "千"], 1_000),
        (&["ten-thousands", "ten-thousand", "万", "萬"], 10_000),
        (&["millions", "million", "百万", "百萬"], 1_000_000),
        (&["hundred-millions", "hundred-million", "亿", "億"], 100_000_000),
    ];

    /// The amount of a cell. A currency in the cell must be this one.
    pub(super) fn read(&self, cell: &str) -> Result<Value, Problem> {
        match plain_money(cell) {
            Err(Problem::NoCurrency) if !cell.chars().any(char::is_alphabetic) => Money::of(cell, &self.currency, self.scale),
            Ok(money) if Money::read(&money).is_some_and(|MoneyValue { currency, .. }| currency == self.currency) => {
                let number: String = cell.chars().filter(|c| !c.is_alphabetic() && !"¥￥$€£".contains(*c)).collect();
                Money::of(&number, &self.currency, self.scale)
            }
            _ => Err(Problem::NotMoney),
        }
    }
}

impl FromStr for MoneyUnit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str =
            "A unit is ones, thousands, ten-thousands, millions or hundred-millions and a currency, such as millions:USD.";
        let (scale, currency) = text.split_once([':', '：', ' ']).ok_or(WRONG)?;
        let (scale, currency) = (scale.trim().to_lowercase(), currency.trim().to_ascii_uppercase());
        let scale = MoneyUnit::SCALES.iter().find(|(names, _)| names.contains(&scale.as_str())).ok_or(WRONG)?.1;
        let known = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if known { Ok(MoneyUnit { scale, currency }) } else { Err(WRONG) }
    }
}
