//! Groups and their figures from partial sums, which either engine makes: the order, the empty groups, the averages and the
//! limit are decided here, once.

use super::{
    Answer, Function, Group, MAX_GROUPS, SortBy, Total, key,
    plan::{Dimension, Measure, Plan},
};
use crate::{
    Value,
    time::Day,
    types::{FieldType, MoneyValue},
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// A part of an answer: what one measure comes to in one group, for money in one currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partial {
    /// The group's keys as texts; a bucket's first day, `true` and `false`, numbers in digits.
    pub keys: Vec<Option<String>>,
    /// The place of the measure in the plan's `show`; none where only the group's being there is told.
    pub measure: Option<usize>,
    /// Of money.
    pub currency: Option<String>,
    /// Records; for other functions than `count`, values, and for `distinct` different ones.
    pub count: u64,
    /// Of whole numbers, millionths, minor units.
    pub sum: i128,
    /// In the same unit, in digits; of days as they are.
    pub least: Option<String>,
    pub most: Option<String>,
}

/// What becomes an answer when everything is counted.
#[derive(Debug)]
pub struct Tally<'p> {
    plan: &'p Plan<'p>,
    groups: BTreeMap<Vec<Option<String>>, Vec<Vec<Partial>>>,
}

impl<'p> Tally<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Tally<'p> {
        let mut tally = Tally { plan, groups: BTreeMap::new() };
        if plan.group.is_empty() {
            tally.put(Partial::default());
        }
        tally
    }

    /// Adds a part; each (group, measure, currency) comes once.
    pub fn put(&mut self, partial: Partial) {
        let show = self.plan.show.len();
        let measures = self.groups.entry(partial.keys.clone()).or_insert_with(|| vec![Vec::new(); show]);
        if let Some(parts) = partial.measure.and_then(|measure| measures.get_mut(measure)) {
            parts.push(partial);
        }
    }

    pub fn finish(mut self) -> Answer {
        self.add_empty();
        let plan = self.plan;
        let mut rows: Vec<(Vec<Option<Rank>>, Group)> =
            self.groups.into_iter().map(|(keys, parts)| group(plan, keys, parts)).collect();
        rows.sort_by(|(a_ranks, a), (b_ranks, b)| {
            let by = |sort: &super::Sort| match sort.by {
                SortBy::Value(at) => a.totals[at].compare(&b.totals[at], sort.descending),
                SortBy::Group(at) => key::compare(a_ranks[at].as_ref(), b_ranks[at].as_ref(), sort.descending),
                SortBy::Field(_) => Ordering::Equal,
            };
            let wanted = plan.group_sort.iter().map(by).find(|order| order.is_ne());
            let keys = || a_ranks.iter().zip(b_ranks).map(|(a, b)| key::compare(a.as_ref(), b.as_ref(), false));
            wanted.unwrap_or_else(|| keys().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
        });
        let total = rows.len() as u64;
        rows.truncate(plan.limit.unwrap_or(MAX_GROUPS).min(MAX_GROUPS));
        Answer::Groups { groups: rows.into_iter().map(|(_, group)| group).collect(), total }
    }

    /// Every combination of the keys there are and of those that were asked for though nothing is in them.
    fn add_empty(&mut self) {
        if !self.plan.group.iter().any(|dimension| dimension.with_empty) {
            return;
        }
        let mut combinations: Vec<Vec<Option<String>>> = vec![Vec::new()];
        for (at, dimension) in self.plan.group.iter().enumerate() {
            let found: BTreeSet<Option<String>> = self.groups.keys().map(|keys| keys[at].clone()).collect();
            let keys: BTreeSet<Option<String>> = found.iter().cloned().chain(dimension.all_keys(&found)).collect();
            combinations = combinations
                .iter()
                .flat_map(|start| keys.iter().map(|key| start.iter().cloned().chain([key.clone()]).collect()))
                .take(MAX_GROUPS)
                .collect();
        }
        for keys in combinations {
            self.put(Partial { keys, ..Partial::default() });
        }
    }
}

/// What a group's key sorts by: options by their place, numbers by size, everything else by bytes.
type Rank = (i128, String);

impl Dimension<'_> {
    fn rank(&self, key: &str) -> Rank {
        match self.field.ty {
            FieldType::Choice(choice) => {
                let place = choice.options.iter().position(|option| option.id == key).unwrap_or(choice.options.len());
                (place as i128, key.to_owned())
            }
            FieldType::Integer(_) => (key.parse().unwrap_or_default(), String::new()),
            _ => (0, key.to_owned()),
        }
    }

    fn value(&self, key: String) -> Value {
        match self.field.ty {
            FieldType::Integer(_) => key.parse::<i64>().map_or(Value::Null, Value::from),
            FieldType::Boolean(_) => Value::Bool(key == "true"),
            _ => Value::String(key),
        }
    }

    /// The keys that could be, between those that are.
    fn all_keys(&self, found: &BTreeSet<Option<String>>) -> Vec<Option<String>> {
        match (self.field.ty, self.bucket) {
            _ if !self.with_empty => Vec::new(),
            (FieldType::Choice(choice), _) => choice.options.iter().map(|option| Some(option.id.to_string())).collect(),
            (FieldType::Boolean(_), _) => ["false", "true"].map(|key| Some(key.to_owned())).to_vec(),
            (_, Some(bucket)) => {
                let day = |key: Option<&Option<String>>| key?.as_deref().and_then(Day::of_canonical);
                let Some((first, last)) = day(found.iter().find(|key| key.is_some())).zip(day(found.last())) else {
                    return Vec::new();
                };
                let days = std::iter::successors(Some(first), |day| Some(bucket.next(*day)).filter(|next| next > day));
                days.take_while(|day| *day <= last).take(MAX_GROUPS).map(|day| Some(day.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn group(plan: &Plan, keys: Vec<Option<String>>, parts: Vec<Vec<Partial>>) -> (Vec<Option<Rank>>, Group) {
    let ranks = plan.group.iter().zip(&keys).map(|(dimension, key)| key.as_deref().map(|key| dimension.rank(key))).collect();
    let totals = plan.show.iter().zip(parts).map(|(measure, parts)| total(measure, parts)).collect();
    let value = |(dimension, key): (&Dimension, Option<String>)| key.map_or(Value::Null, |key| dimension.value(key));
    (ranks, Group { keys: plan.group.iter().zip(keys).map(value).collect(), totals })
}

fn total(measure: &Measure, mut parts: Vec<Partial>) -> Total {
    let Some(field) = measure.field.filter(|_| measure.function != Function::Distinct) else {
        return Total::Count(parts.first().map_or(0, |part| part.count));
    };
    parts.retain(|part| part.count > 0);
    parts.sort_by(|a, b| a.currency.cmp(&b.currency));
    let figure = |part: &Partial| match measure.function {
        Function::Sum => Some(part.sum),
        Function::Avg => Some(rounded(part.sum, i128::from(part.count))),
        Function::Min => part.least.as_ref()?.parse().ok(),
        Function::Max => part.most.as_ref()?.parse().ok(),
        Function::Count | Function::Distinct => None,
    };
    let Some(first) = parts.first() else { return Total::Nothing };
    match field.ty {
        FieldType::Money(_) => {
            let minor = |part: &Partial| i64::try_from(figure(part)?).ok();
            let money = |part: &Partial| Some(MoneyValue { minor: minor(part)?, currency: part.currency.clone()? });
            Total::Money(parts.iter().filter_map(money).collect())
        }
        FieldType::Integer(_) if measure.function == Function::Avg => {
            Total::Number(key::decimal(rounded(first.sum * 1_000_000, i128::from(first.count))))
        }
        FieldType::Integer(_) => figure(first).map_or(Total::Nothing, |number| Total::Number(number.to_string())),
        FieldType::Decimal(_) => figure(first).map_or(Total::Nothing, |number| Total::Number(key::decimal(number))),
        FieldType::Instant(_) => {
            figure(first).and_then(|ms| i64::try_from(ms).ok()).map_or(Total::Nothing, |ms| Total::Value(ms.into()))
        }
        _ => {
            let extreme = if measure.function == Function::Min { &first.least } else { &first.most };
            extreme.clone().map_or(Total::Nothing, |day| Total::Value(day.into()))
        }
    }
}

/// Half away from zero.
fn rounded(sum: i128, count: i128) -> i128 {
    (2 * sum.abs() + count) / (2 * count.max(1)) * sum.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let cases = [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (7, 7, 1)];
        assert!(cases.iter().all(|(sum, count, expected)| rounded(*sum, *count) == *expected));
    }
}
