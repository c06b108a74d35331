//! Groups and their figures from partial sums, which either engine makes: the order, the empty groups, the averages and the
//! limit are decided here, once.

use super::{
    Answer, Function, Group, MAX_GROUPS, SortBy, Total, key,
    memory::{Turns, at_once},
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

    /// The answer at once.
    pub fn finish(self) -> Answer {
        at_once(self.finish_in_turns(&mut Turns::new(&mut || None)))
    }

    /// The answer, with rests: there may be as many groups as records. All of them are counted and sorted, at most
    /// [`MAX_GROUPS`] of them told.
    pub(super) async fn finish_in_turns(mut self, turns: &mut Turns<'_, '_>) -> Answer {
        self.add_empty(turns).await;
        let plan = self.plan;
        let mut rows: Vec<Option<(Vec<Option<Rank>>, Group)>> = Vec::with_capacity(self.groups.len());
        while let Some((keys, parts)) = self.groups.pop_first() {
            rows.push(Some(group(plan, keys, parts)));
            turns.step().await;
        }
        // Two groups have never the same keys, but may the same ranks: then it is the order of their keys that counts.
        let compare = |a: usize, b: usize| {
            let (Some((a_ranks, a)), Some((b_ranks, b))) = (&rows[a], &rows[b]) else { return a.cmp(&b) };
            let by = |sort: &super::Sort| match sort.by {
                SortBy::Value(at) => a.totals[at].compare(&b.totals[at], sort.descending),
                SortBy::Group(at) => key::compare(a_ranks[at].as_ref(), b_ranks[at].as_ref(), sort.descending),
                SortBy::Field(_) => Ordering::Equal,
            };
            let wanted = plan.group_sort.iter().map(by).find(|order| order.is_ne());
            let keys = || a_ranks.iter().zip(b_ranks).map(|(a, b)| key::compare(a.as_ref(), b.as_ref(), false));
            wanted.unwrap_or_else(|| keys().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
        };
        let compare = |a: usize, b: usize| compare(a, b).then(a.cmp(&b));
        let places = turns.sorted(rows.len(), &compare).await;
        let total = rows.len() as u64;
        let most = plan.limit.unwrap_or(MAX_GROUPS).min(MAX_GROUPS);
        let mut groups = Vec::with_capacity(most.min(places.len()));
        for (at, place) in places.into_iter().enumerate() {
            // What is not told goes in turns too: freeing much at once takes as long as making it.
            let group = rows[place].take();
            groups.extend(group.filter(|_| at < most).map(|(_, group)| group));
            turns.step().await;
        }
        Answer::Groups { groups, total }
    }

    /// Every combination of the keys there are and of those that were asked for though nothing is in them.
    async fn add_empty(&mut self, turns: &mut Turns<'_, '_>) {
        if !self.plan.group.iter().any(|dimension| dimension.with_empty) {
            return;
        }
        let mut combinations: Vec<Vec<Option<String>>> = vec![Vec::new()];
        for (at, dimension) in self.plan.group.iter().enumerate() {
            let mut found: BTreeSet<Option<String>> = BTreeSet::new();
            for keys in self.groups.keys() {
                if !found.contains(&keys[at]) {
                    found.insert(keys[at].clone());
                }
                turns.step().await;
            }
            let keys: BTreeSet<Option<String>> = found.iter().cloned().chain(dimension.all_keys(&found)).collect();
            combinations = combinations
                .iter()
                .flat_map(|start| keys.iter().map(|key| start.iter().cloned().chain([key.clone()]).collect()))
                .take(MAX_GROUPS)
                .collect();
        }
        for keys in combinations {
            self.put(Partial { keys, ..Partial::default() });
            turns.step().await;
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
    use crate::query::{Query, compile, tests::context};

    #[test]
    fn many_groups_are_made_in_turns_and_all_of_them_counted() {
        const MANY: u64 = 50_000;
        let context = context();
        let plan = compile(&Query::of("account").group("industry", None, false).show(Function::Count, None).largest(0), &context);
        let plan = plan.unwrap();
        let tally = || {
            let mut tally = Tally::new(&plan);
            for n in 0..MANY {
                let keys = vec![Some(format!("{:05}", n * 7 % MANY))];
                tally.put(Partial { keys, measure: Some(0), count: n, ..Partial::default() });
            }
            tally
        };
        let mut asked = 0;
        let mut rest = || {
            asked += 1;
            None
        };
        let answer = at_once(tally().finish_in_turns(&mut Turns::new(&mut rest)));
        // While they are made, while they are merged in four rounds and more, and while they are told.
        assert!(asked > 6 * MANY / 256, "{asked} rests");
        let Answer::Groups { groups, total } = &answer else { panic!("{answer:?}") };
        assert_eq!((groups.len(), *total), (MAX_GROUPS, MANY));
        assert!((0..).zip(groups).all(|(at, group): (u64, _)| group.totals == [Total::Count(MANY - 1 - at)]));
        assert!(tally().finish() == answer);
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let cases = [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (7, 7, 1)];
        assert!(cases.iter().all(|(sum, count, expected)| rounded(*sum, *count) == *expected));
    }
}
