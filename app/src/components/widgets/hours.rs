//! Opening hours, a line for each day of the week.

use super::{Input, names};
use crate::components::flow::{Show, memo};
use crate::text::{t, t_with};
use domain::json::FromJson;
use domain::{Value, types::Span};
use leptos::prelude::*;
use serde_json::json;

/// From and until, as typed.
type Hours = (String, String);
/// The hours of each day, Monday first.
type Week = [Vec<Hours>; 7];

pub fn draw(input: Input) -> AnyView {
    view! { <ul class="hours" id=input.id()>{(1..=7).map(|day| view! { <DayLine input day/> }).collect_view()}</ul> }.into_any()
}

#[component]
fn DayLine(input: Input, day: u8) -> impl IntoView {
    let lang = input.rounds.lang();
    let at = usize::from(day) - 1;
    let hours = memo(move || input.value.with(week)[at].clone());
    let toggle = move |event| {
        let open = event_target_checked(&event);
        change(input, |week| week[at] = if open { vec![usual(week, at)] } else { Vec::new() });
    };
    let spans = move || (0..hours.read().len()).map(|nth| view! { <SpanInputs input hours day nth/> }).collect_view();
    view! {
        <li>
            <span aria-hidden="true">{move || names::weekday(lang.get(), day)}</span>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                aria-label=move || t_with("widget.hours.open", &[("day", &names::long_weekday(lang.get(), day))])
                prop:checked=move || !hours.read().is_empty()
                on:change=toggle
            />
            <Show
                when=move || !hours.read().is_empty()
                fallback=|| view! { <span class="quiet">{t("widget.hours.closed")}</span> }
            >
                <div>{spans}</div>
            </Show>
        </li>
    }
}

#[component]
fn SpanInputs(input: Input, hours: Memo<Vec<Hours>>, day: u8, nth: usize) -> impl IntoView {
    let lang = input.rounds.lang();
    let at = usize::from(day) - 1;
    let get = move || hours.read().get(nth).cloned().unwrap_or_default();
    let named = move |key: &'static str| move || t_with(key, &[("day", &names::long_weekday(lang.get(), day))]);
    let set = move |with: fn(&mut Hours, String)| {
        move |event: leptos::web_sys::Event| {
            change(input, |week| {
                if let Some(hours) = week[at].get_mut(nth) {
                    with(hours, event_target_value(&event));
                }
            })
        }
    };
    view! {
        <span class="span">
            <input
                class="input"
                type="time"
                aria-label=named("widget.hours.from")
                prop:value=move || get().0
                on:change=set(|hours, from| hours.0 = from)
            />
            <span aria-hidden="true">"–"</span>
            <input
                class="input"
                type="time"
                aria-label=named("widget.hours.until")
                prop:value=move || get().1
                on:change=set(|hours, to| hours.1 = to)
            />
        </span>
    }
}

fn change(input: Input, with: impl FnOnce(&mut Week)) {
    let mut week = input.value.with_untracked(week);
    with(&mut week);
    let spans = spans(&week);
    input.value.set(if spans.is_empty() { Value::Null } else { json!(spans) });
}

/// What a day that opens has: the hours of the open day before it, or the usual ones.
fn usual(week: &Week, at: usize) -> Hours {
    let before = week[..at].iter().rev().chain(&week[at..]).find_map(|hours| hours.first().cloned());
    before.unwrap_or(("09:00".to_owned(), "18:00".to_owned()))
}

fn week(value: &Value) -> Week {
    let mut week = Week::default();
    for span in Vec::<Span>::from_json(value).unwrap_or_default() {
        for day in &span.days {
            if let Some(hours) = week.get_mut(usize::from(*day).wrapping_sub(1)) {
                hours.push((span.from.clone(), span.to.clone()));
            }
        }
    }
    week
}

/// Days with the same hours share a span, in the order of the week.
fn spans(week: &Week) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (day, hours) in (1..).zip(week) {
        for (from, to) in hours {
            match spans.iter_mut().find(|span| span.from == *from && span.to == *to) {
                Some(span) => span.days.push(day),
                None => spans.push(Span { days: vec![day], from: from.clone(), to: to.clone() }),
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_comes_back_as_the_spans_it_came_from() {
        let stored = json!([{ "days": [1, 2, 3], "from": "09:00", "to": "12:00" }, { "days": [1, 2, 3], "from": "13:00", "to": "18:00" }, { "days": [6], "from": "10:00", "to": "14:00" }]);
        assert_eq!(json!(spans(&week(&stored))), stored);
        assert_eq!(week(&json!([{ "days": [0, 9], "from": "09:00", "to": "12:00" }])), Week::default());
    }

    #[test]
    fn a_day_opens_as_the_one_before_it() {
        let mut week = Week::default();
        assert_eq!(usual(&week, 3).0, "09:00");
        week[0] = vec![("08:00".into(), "22:00".into())];
        assert_eq!(usual(&week, 3).0, "08:00");
    }
}
