use super::Day;
use crate::{components::flow::memo, format, icons::icon, my_day::called, state::use_rounds, text::t_with};
use domain::Id;
use leptos::prelude::*;

/// Asks when to remind of a record, and shows when that is.
#[component]
pub fn Bell(record: Id) -> impl IntoView {
    let (rounds, day) = (use_rounds(), expect_context::<Day>());
    let at = memo(move || day.reminders.read().iter().find(|one| one.record == record).map(|one| one.at));
    let is_ahead = memo(move || at.get().is_some_and(|at| at > rounds.now().get()));
    let label = move || {
        let name = called(record).unwrap_or_default();
        let (key, time) = match at.get() {
            None => ("remind.set_name", String::new()),
            Some(at) if is_ahead.get() => ("remind.at_name", format::time(at)),
            Some(at) => ("remind.was_at_name", format::time(at)),
        };
        t_with(key, &[("name", &name), ("time", &time)])
    };
    let ask = move |_| {
        day.asked.set(Some(record));
        day.open.set(true);
    };
    view! {
        <button
            class="icon-button bell" type="button" aria-haspopup="dialog" aria-label=label title=label data-filled=move || is_ahead.get().then_some("")
            on:click=ask
        >
            {icon("bell")}
            {move || at.get().map(|at| view! { <span>{format::time(at)}</span> })}
        </button>
    }
}
