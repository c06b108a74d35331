//! A day, a day with an optional time, an instant: native controls, so that every device offers the picker its user knows.

use super::Input;
use crate::text::t;
use domain::Value;
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
    let pick = move |event| input.value.set(zone.instant(&event_target_value(&event)).map_or(Value::Null, Value::from));
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
}
