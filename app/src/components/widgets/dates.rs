//! A day, a day with an optional time, an instant: native controls, so that every device offers the picker its user knows.

use super::Input;
use crate::text::t;
use domain::{
    Value,
    time::{Zone, parse_instant},
};
use leptos::prelude::*;

pub fn date(input: Input) -> AnyView {
    let day = move || input.text();
    view! { <DayInput input day on_pick=move |day: String| input.set_text(day)/> }.into_any()
}

pub fn due(input: Input) -> AnyView {
    let parts = move || split(&input.text());
    let pick_day = move |day: String| input.set_text(joined(&day, &split(&input.value.with_untracked(text)).1));
    let pick_time = move |event| input.set_text(joined(&split(&input.value.with_untracked(text)).0, &event_target_value(&event)));
    view! {
        <div class="joined">
            <DayInput input day=move || parts().0 on_pick=pick_day/>
            <input
                class="input"
                type="time"
                data-part="small"
                aria-label=t("widget.time_optional")
                disabled=move || parts().0.is_empty()
                prop:value=move || parts().1
                on:change=pick_time
            />
        </div>
    }
    .into_any()
}

pub fn instant(input: Input) -> AnyView {
    let zone = input.rounds.zone();
    let wall = {
        let zone = zone.clone();
        move || input.value.with(Value::as_i64).map(|ms| zone.wall(ms)).unwrap_or_default()
    };
    let pick = move |event| input.value.set(instant_of_wall(&zone, &event_target_value(&event)).map_or(Value::Null, Value::from));
    view! {
        <input
            class="input"
            type="datetime-local"
            id=input.id()
            name=input.spec.name.as_ref()
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            prop:value=wall
            on:change=pick
        />
    }
    .into_any()
}

#[component]
fn DayInput(input: Input, #[prop(into)] day: Signal<String>, #[prop(into)] on_pick: Callback<String>) -> impl IntoView {
    view! {
        <input
            class="input"
            type="date"
            id=input.id()
            name=input.spec.name.as_ref()
            required=move || input.needed.get()
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            prop:value=move || day.get()
            on:change=move |event| on_pick.run(event_target_value(&event))
        />
    }
}

/// The instant (UTC milliseconds) at which the company's wall clock shows `wall`, such as `2026-11-24T09:30`.
fn instant_of_wall(zone: &Zone, wall: &str) -> Option<i64> {
    let local = parse_instant(wall)?;
    let offset = |at: i64| parse_instant(&zone.wall(at)).map(|shown| shown - at.div_euclid(60_000) * 60_000);
    // The offset at the guess may be that of the other side of a change of the clocks: look once more.
    let guess = local - offset(local)?;
    Some(local - offset(guess)?)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn split(due: &str) -> (String, String) {
    let (day, time) = due.split_once(['T', ' ']).unwrap_or((due, ""));
    (day.to_owned(), time.to_owned())
}

fn joined(day: &str, time: &str) -> String {
    if day.is_empty() || time.is_empty() { day.to_owned() } else { format!("{day}T{time}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_a_day() {
        assert_eq!(joined("2026-11-24", "09:30"), "2026-11-24T09:30");
        assert_eq!(joined("", "09:30"), "");
        assert_eq!(split("2026-11-24"), ("2026-11-24".to_owned(), String::new()));
    }

    #[test]
    fn wall_time_is_the_companys() {
        let shanghai = Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] };
        let ms = instant_of_wall(&shanghai, "2026-11-24T09:30").unwrap();
        assert_eq!(domain::time::print_instant(ms), "2026-11-24T01:30:00.000Z");
        let start = parse_instant("2026-03-29T01:00:00Z").unwrap();
        let berlin = Zone { name: "Europe/Berlin".into(), transitions: vec![(0, 3600), (start, 7200)] };
        for wall in ["2026-03-29T01:30", "2026-03-29T03:00", "2026-03-29T12:00"] {
            assert_eq!(berlin.wall(instant_of_wall(&berlin, wall).unwrap()), wall);
        }
        assert_eq!(instant_of_wall(&berlin, ""), None);
    }
}
