//! What of an answer can be drawn, and as what.

use domain::{
    Value,
    query::{Group, Query, Total, table::amount},
    sorting::{SharedSort, set},
};
use std::collections::BTreeSet;

/// One figure of groups: a place in the query's `show`, and of money one currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    pub at: usize,
    pub currency: Option<String>,
}

/// The figures that can be drawn: numbers, and amounts of one currency each.
pub fn drawable(groups: &[Group]) -> Vec<Figure> {
    let of = |(at, total): (usize, &Total)| -> Vec<Figure> {
        match total {
            Total::Count(_) | Total::Number(_) => vec![Figure { at, currency: None }],
            Total::Money(amounts) => amounts.iter().map(|money| Figure { at, currency: Some(money.currency.clone()) }).collect(),
            Total::Nothing | Total::Value(_) => Vec::new(),
        }
    };
    let found: BTreeSet<Figure> = set(groups.iter().flat_map(|group| group.totals.iter().enumerate().flat_map(of)));
    found.into_iter().collect()
}

/// How long a bar is; none where a group has no such figure.
pub fn value(group: &Group, figure: &Figure) -> Option<f64> {
    match group.totals.get(figure.at)? {
        Total::Count(count) => Some(*count as f64),
        Total::Number(number) => number.parse().ok(),
        Total::Money(amounts) => amounts
            .iter()
            .find(|money| Some(&money.currency) == figure.currency.as_ref())
            .and_then(|money| amount(money).parse().ok()),
        Total::Nothing | Total::Value(_) => None,
    }
}

/// From the least to the most that is drawn, with zero among it.
pub fn range(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values.into_iter().fold((0.0, 0.0), |(least, most): (f64, f64), value| (least.min(value), most.max(value)))
}

/// Where a value stands between two, from 0 to 1.
pub fn share(value: f64, (least, most): (f64, f64)) -> f64 {
    if most > least { (value - least) / (most - least) } else { 0.0 }
}

/// A round number that is at least `most`, for the end of an axis.
pub fn rounded_up(most: f64) -> f64 {
    if most <= 0.0 {
        return 1.0;
    }
    let unit = 10f64.powf(most.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.into_iter().map(|step| step * unit).find(|end| *end >= most).unwrap_or(most)
}

/// The second key of groups, and the places of those groups along the first keys, with gaps.
pub type Along = (Option<Value>, Vec<Option<usize>>);

/// Groups by two keys as lines: the first keys in their order, and for each of the second the groups along them.
pub fn lines(groups: &[Group]) -> (Vec<Value>, Vec<Along>) {
    let mut along: Vec<Value> = Vec::new();
    let mut lines: Vec<Option<Value>> = Vec::new();
    for group in groups {
        let (first, second) = (group.keys.first().cloned().unwrap_or_default(), group.keys.get(1).cloned());
        if !along.contains(&first) {
            along.push(first);
        }
        if !lines.contains(&second) {
            lines.push(second);
        }
    }
    // A line runs along time, whatever the answer is sorted by.
    if along.iter().all(|key| key.as_str().is_some_and(is_day)) {
        along.shared_sort_by_key(|key| key.as_str().map(str::to_owned));
    }
    let at = |first: &Value, second: &Option<Value>| {
        groups.iter().position(|group| group.keys.first() == Some(first) && group.keys.get(1) == second.as_ref())
    };
    let lines = lines.into_iter().map(|second| {
        let points = along.iter().map(|first| at(first, &second)).collect();
        (second, points)
    });
    let lines = lines.collect();
    (along, lines)
}

fn is_day(text: &str) -> bool {
    domain::time::Day::parse(text).is_some() && text.len() == 10
}

/// The ways in which an answer of a question can be shown, the likeliest first: options of a saved query's `shown`.
pub fn ways(query: &Query) -> &'static [&'static str] {
    match (query.is_grouped(), query.group.len()) {
        (false, _) => &["list", "table", "number"],
        (true, 0) => &["number", "table"],
        (true, _) => &["bar", "table", "line", "funnel"],
    }
}

/// The way that was chosen, where the question can be shown so.
pub fn way(query: &Query, chosen: &str) -> &'static str {
    let ways = ways(query);
    ways.iter().find(|way| **way == chosen).copied().unwrap_or(ways[0])
}

/// The ways in which a tile of a dashboard shows an answer: what it is at a glance; the whole table is a tap away.
pub fn tile_ways(query: &Query) -> impl Iterator<Item = &'static str> {
    ways(query).iter().copied().filter(|way| *way != "table")
}

/// The way that was chosen for a tile, where its question can be shown so.
pub fn tile_way(query: &Query, chosen: &str) -> &'static str {
    tile_ways(query).find(|way| *way == chosen).or_else(|| tile_ways(query).next()).unwrap_or("list")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{query::Function, types::MoneyValue};
    use serde_json::json;

    fn group(keys: serde_json::Value, totals: Vec<Total>) -> Group {
        Group { keys: keys.as_array().cloned().unwrap_or_default(), totals }
    }

    fn money(minor: i64, currency: &str) -> MoneyValue {
        MoneyValue { minor, currency: currency.into() }
    }

    #[test]
    fn numbers_are_drawn_and_amounts_one_currency_at_a_time() {
        let groups = [
            group(
                json!(["a"]),
                vec![Total::Count(2), Total::Money(vec![money(150, "CNY"), money(7, "JPY")]), Total::Value(json!("2026-11-24"))],
            ),
            group(json!(["b"]), vec![Total::Count(1), Total::Nothing, Total::Nothing]),
        ];
        let found = drawable(&groups);
        let figure = |at, currency: Option<&str>| Figure { at, currency: currency.map(str::to_owned) };
        assert_eq!(found, [figure(0, None), figure(1, Some("CNY")), figure(1, Some("JPY"))]);
        let values: Vec<_> = found.iter().map(|figure| [value(&groups[0], figure), value(&groups[1], figure)]).collect();
        assert_eq!(values, [[Some(2.0), Some(1.0)], [Some(1.5), None], [Some(7.0), None]]);
    }

    #[test]
    fn bars_begin_at_zero_also_below_it() {
        let range = range([4.0, -1.0]);
        assert_eq!(range, (-1.0, 4.0));
        assert_eq!([share(-1.0, range), share(0.0, range), share(4.0, range)], [0.0, 0.2, 1.0]);
        assert_eq!(share(0.0, super::range([0.0])), 0.0);
    }

    #[test]
    fn an_axis_ends_at_a_round_number() {
        for (most, end) in [(0.0, 1.0), (1.0, 1.0), (7.0, 10.0), (12.0, 20.0), (21.0, 25.0), (260.0, 500.0), (0.03, 0.05)] {
            assert!((rounded_up(most) - end).abs() < 1e-9, "{most}");
        }
    }

    #[test]
    fn lines_run_along_time_and_leave_gaps() {
        let groups = [
            group(json!(["2026-12-01", "call"]), vec![]),
            group(json!(["2026-11-01", "visit"]), vec![]),
            group(json!(["2026-12-01", "visit"]), vec![]),
        ];
        let (along, lines) = lines(&groups);
        assert_eq!(along, [json!("2026-11-01"), json!("2026-12-01")]);
        assert_eq!(lines, [(Some(json!("call")), vec![None, Some(0)]), (Some(json!("visit")), vec![Some(1), Some(2)])]);
        let one = [group(json!(["b"]), vec![]), group(json!([null]), vec![])];
        assert_eq!(super::lines(&one).0, [json!("b"), json!(null)], "other keys stay in the answer's order");
    }

    #[test]
    fn a_question_is_shown_as_it_can_be() {
        let records = Query::of("account");
        let number = Query::of("account").show(Function::Count, None);
        let groups = number.clone().group("stage", None, true);
        assert_eq!(
            [way(&records, "funnel"), way(&number, "bar"), way(&groups, "funnel"), way(&groups, "list")],
            ["list", "number", "funnel", "bar"]
        );
    }

    #[test]
    fn a_tile_is_shown_as_was_chosen_where_that_fits_and_never_as_a_table() {
        let records = Query::of("account");
        let groups = || Query::of("account").group("stage", None, false).show(Function::Count, None);
        let everything = Query::of("account").show(Function::Count, None);
        for (query, chosen, shown) in [
            (&records, "table", "list"),
            (&records, "number", "number"),
            (&records, "of_a_newer_app", "list"),
            (&groups(), "table", "bar"),
            (&groups(), "funnel", "funnel"),
            (&groups(), "list", "bar"),
            (&everything, "bar", "number"),
        ] {
            assert_eq!(tile_way(query, chosen), shown, "{chosen}");
        }
    }
}
