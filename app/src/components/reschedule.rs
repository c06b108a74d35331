use super::menu::MenuItem;
use crate::{actions, live::use_live, text::t};
use domain::{Row, time::Day};
use leptos::prelude::*;
use std::sync::Arc;

/// Menu lines that move a follow-up: tomorrow, in three days, next week.
#[component]
pub fn RescheduleItems(follow_up: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let today = use_live().today;
    let to = move |day: fn(Day) -> Day| {
        Callback::new(move |()| {
            if let Some(row) = follow_up.get_untracked() {
                actions::reschedule(&row, day(today.get_untracked()));
            }
        })
    };
    view! {
        <MenuItem icon="calendar" label=Signal::derive(t("action.tomorrow")) on_choose=to(|today| today.plus(1)) />
        <MenuItem icon="calendar" label=Signal::derive(t("action.in_3_days")) on_choose=to(|today| today.plus(3)) />
        <MenuItem icon="calendar" label=Signal::derive(t("action.next_week")) on_choose=to(next_monday) />
    }
}

/// The Monday after `day`.
fn next_monday(day: Day) -> Day {
    day.plus(8 - i64::from(day.weekday()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_week_starts_on_monday() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(next_monday(day("2026-11-23")), day("2026-11-30"));
        assert_eq!(next_monday(day("2026-11-29")), day("2026-11-30"));
    }
}
