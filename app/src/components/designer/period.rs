use super::{
    Designer,
    select::{Options, Select},
    value::value_of,
};
use crate::{components::flow::memo, queries::words, text::t};
use domain::{
    query::{Period, sketch::PartId},
    time::{Day, Unit},
};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// How a stretch of days is told, in the order in which they are offered.
fn ways() -> Vec<(String, Period)> {
    let mut ways: Vec<Period> = vec![Period::Today, Period::Yesterday, Period::Tomorrow];
    ways.extend(
        [Unit::Week, Unit::Month, Unit::Quarter, Unit::Year]
            .into_iter()
            .flat_map(|unit| [Period::This(unit), Period::Last(unit), Period::Next(unit)]),
    );
    let mut named: Vec<(String, Period)> = ways.into_iter().map(|period| (json!(period).to_string(), period)).collect();
    named.push((LAST.to_owned(), Period::LastDays(30)));
    named.push((NEXT.to_owned(), Period::NextDays(30)));
    named.push((BETWEEN.to_owned(), Period::Between { from: None, to: None }));
    named
}

const LAST: &str = "last_days";
const NEXT: &str = "next_days";
const BETWEEN: &str = "between";

/// The name of the way in which a period is told.
fn way_of(period: &Period) -> String {
    match period {
        Period::LastDays(_) => LAST.to_owned(),
        Period::NextDays(_) => NEXT.to_owned(),
        Period::Between { .. } => BETWEEN.to_owned(),
        other => json!(other).to_string(),
    }
}

/// A stretch of days: seen from today, or from one day to another.
#[component]
pub fn PeriodEntry(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let period = RwSignal::new(Period::deserialize(value_of(designer, id)).ok());
    let set = move |new: Period| {
        designer.sketch.update(|sketch| sketch.set_value(id, json!(new)));
        period.set(Some(new));
    };
    let options = Signal::derive(move || {
        let none = period.with(Option::is_none).then(|| (String::new(), t("query.choose_period")()));
        let named = ways().into_iter().map(|(name, period)| {
            let words = match name.as_str() {
                LAST => t("query.last_n_days")(),
                NEXT => t("query.next_n_days")(),
                BETWEEN => t("query.between_days")(),
                _ => words::period(&period),
            };
            (name, words)
        });
        none.into_iter().chain(named).collect::<Options>()
    });
    let chosen = Signal::derive(move || period.with(|period| period.as_ref().map(way_of).unwrap_or_default()));
    let choose = Callback::new(move |name: String| {
        if let Some((_, period)) = ways().into_iter().find(|(own, _)| *own == name) {
            set(period);
        }
    });
    let days = move |event| {
        let Ok(days) = event_target_value(&event).trim().parse::<u16>() else { return };
        match period.get_untracked() {
            Some(Period::NextDays(_)) => set(Period::NextDays(days)),
            _ => set(Period::LastDays(days)),
        }
    };
    let end = move |event, is_first: bool| {
        let day = Day::parse(&event_target_value(&event));
        if let Some(Period::Between { from, to }) = period.get_untracked() {
            set(if is_first { Period::Between { from: day, to } } else { Period::Between { from, to: day } });
        }
    };
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    // Drawn anew when it is told in another way, not with every day.
    let way = memo(move || chosen.get());
    let more = move || {
        match (way.get().as_str(), period.get_untracked()) {
        (LAST | NEXT, Some(Period::LastDays(count) | Period::NextDays(count))) => view! {
            <input class="input" data-part="number" type="number" min="1" max="3660" inputmode="numeric" aria-label=t("query.days") prop:value=count.to_string() on:input=days />
        }
        .into_any(),
        (BETWEEN, Some(Period::Between { from, to })) => view! {
            <input class="input" type="date" aria-label=t("query.from_day") prop:value=day(from) on:change=move |event| end(event, true) />
            <input class="input" type="date" aria-label=t("query.to_day") prop:value=day(to) on:change=move |event| end(event, false) />
        }
        .into_any(),
        _ => ().into_any(),
    }
    };
    view! { <Select label=t("query.period")() options chosen on_choose=choose /> {more} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_named_once_and_found_again() {
        let ways = ways();
        let names: std::collections::BTreeSet<&str> = ways.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), ways.len());
        for (name, period) in &ways {
            assert_eq!(way_of(period), *name);
        }
    }
}
