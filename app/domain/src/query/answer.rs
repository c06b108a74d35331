use super::key;
use crate::{Id, Value, types::MoneyValue};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What a query found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Records in order, and how many there are without the limit.
    Records { ids: Vec<Id>, total: u64 },
    /// Groups in order, and how many there are without the limit. Without `group` exactly one, of everything.
    Groups { groups: Vec<Group>, total: u64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// A value in the field's form (of a bucket its first day) for each of the query's `group`; null for nothing.
    pub keys: Vec<Value>,
    /// One for each of the query's `show`.
    pub totals: Vec<Total>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// No record of the group has a value.
    Nothing,
    Count(u64),
    /// An exact decimal number.
    Number(String),
    /// One amount per currency, by its code.
    Money(Vec<MoneyValue>),
    /// A day or moment in the field's form.
    Value(Value),
}

impl Total {
    /// Orders two figures of one kind; nothing comes last whichever way is sorted. Sums in several currencies compare
    /// currency by currency, in the order of their codes.
    pub(super) fn compare(&self, other: &Total, descending: bool) -> Ordering {
        let way = |order: Ordering| if descending { order.reverse() } else { order };
        match (self, other) {
            (Total::Count(a), Total::Count(b)) => way(a.cmp(b)),
            (Total::Number(a), Total::Number(b)) => way(key::signed(a).cmp(&key::signed(b))),
            (Total::Money(a), Total::Money(b)) => {
                let amounts =
                    |list: &[MoneyValue]| list.iter().map(|money| (money.currency.clone(), money.minor)).collect::<Vec<_>>();
                way(amounts(a).cmp(&amounts(b)))
            }
            (Total::Value(a), Total::Value(b)) => way(crate::types::compare_json(a, b)),
            (a, b) => (*a == Total::Nothing).cmp(&(*b == Total::Nothing)),
        }
    }
}
