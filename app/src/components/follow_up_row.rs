use super::{
    chrome::use_chrome,
    dot::Dot,
    menu::{Menu, MenuButton, MenuItem},
    reschedule::RescheduleItems,
    row::Row,
    sweep::{Action, Sweep},
};
use crate::components::flow::memo;
use crate::{
    actions, agenda, format,
    icons::icon,
    live::use_live,
    paths, people, show,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{Id, Row as Record};
use leptos::prelude::*;
use std::sync::Arc;

/// A follow-up on Today: when, where, what for; a tap marks it as done, a menu moves it, calls or logs.
#[component]
pub fn FollowUpRow(id: Id) -> impl IntoView {
    let rounds = use_rounds();
    let follow_up = rounds.row(id);
    let name = Signal::derive(move || follow_up.with(|row| row.as_ref().map(|row| actions::subject(row)).unwrap_or_default()));
    let lead = move || follow_up.get().map(|row| view! { <TimeInMargin row /> });
    let line = move || follow_up.with(|row| row.as_ref().map(|row| what_for(row)).unwrap_or_default());
    let menu = StoredValue::new(format!("do-{id}"));
    let label = Signal::derive(move || name.with(|name| t_with("row.actions", &[("name", name)])));
    let today = use_live().today;
    let done = move |()| follow_up.get_untracked().into_iter().for_each(|row| toggle_done(&row));
    let tomorrow = move |()| {
        let to = today.get_untracked().plus(1);
        follow_up.get_untracked().into_iter().for_each(|row| actions::reschedule(&row, to));
    };
    let sweep = Sweep {
        right: Action { icon: "check-circle", word: "action.done", act: Callback::new(done) },
        left: Some(Action { icon: "calendar", word: "action.tomorrow", act: Callback::new(tomorrow) }),
    };
    view! {
        <Row href=paths::record("follow_up", id) lead=lead.into_any() name line=line.into_any() sweep>
            <Dot id />
            <MenuButton id=menu.get_value() icon="more-horizontal" label />
            <DoneButton follow_up name />
            <Menu id=menu.get_value()>
                <RescheduleItems follow_up />
                <hr />
                <Reach follow_up />
            </Menu>
        </Row>
    }
}

/// Marks a follow-up as done, or opens it again.
#[component]
pub fn DoneButton(follow_up: Signal<Option<Arc<Record>>>, name: Signal<String>) -> impl IntoView {
    let done = memo(move || follow_up.with(|row| row.as_ref().is_some_and(|row| !agenda::is_open(row))));
    let label = move || name.with(|name| t_with("action.done_name", &[("name", name)]));
    let toggle = move |_| follow_up.get_untracked().into_iter().for_each(|row| toggle_done(&row));
    view! {
        <button
            class="icon-button" type="button" aria-label=label title=label aria-pressed=move || done.get().to_string()
            data-tone=move || done.get().then_some("done") on:click=toggle
        >
            {move || icon(if done.get() { "check-circle" } else { "circle" })}
        </button>
    }
}

fn toggle_done(follow_up: &Record) {
    if agenda::is_open(follow_up) { actions::complete(follow_up) } else { actions::reopen(follow_up) }
}

/// Call and log, at the account of a follow-up.
#[component]
fn Reach(follow_up: Signal<Option<Arc<Record>>>) -> impl IntoView {
    let (rounds, chrome) = (use_rounds(), use_chrome());
    let account = memo(move || follow_up.with(|row| row.as_ref().and_then(|row| row.reference("account"))));
    let call = move || {
        let account = account.get()?;
        let row = rounds.row(account).get()?;
        let dial = people::number_for(&row, &rounds.referring("contact", "account", account).get())?;
        let href = dial.call();
        Some(view! {
            <a class="menu-item" href=href>
                {icon("phone")}
                {t("action.call")}
                <span class="quiet">{dial.shown}</span>
            </a>
        })
    };
    view! {
        {call}
        <MenuItem icon="edit" label=Signal::derive(t("action.log")) on_choose=Callback::new(move |()| chrome.log(account.get_untracked())) />
    }
}

#[component]
fn TimeInMargin(row: Arc<Record>) -> impl IntoView {
    let rounds = use_rounds();
    let due = StoredValue::new(row.text("due").to_owned());
    let open = agenda::is_open(&row);
    let tone = move || due.with_value(|due| agenda::tone(due, rounds.now().get(), &rounds.zone()));
    let words = move || due.with_value(|due| margin_words(due));
    view! {
        <span class="row-time" data-tone=move || Some(tone()).filter(|tone| open && *tone != "next")>
            <time datetime=due.get_value()>{words}</time>
        </span>
    }
}

/// The time of today, the weekday of another day, the days since it was due.
fn margin_words(due: &str) -> String {
    match format::days_from_today(due) {
        Some(days @ ..=-1) => tn("row.late", days.unsigned_abs()),
        Some(0) if format::clock(due).is_empty() => t("row.any_time")(),
        Some(0) => format::clock(due).to_owned(),
        _ => format::weekday(due),
    }
}

/// "Visit · samples, December price list".
pub fn what_for(follow_up: &Record) -> String {
    let outcome = if agenda::is_open(follow_up) { "purpose" } else { "outcome" };
    let parts = ["channel", outcome].map(|field| show::field("follow_up", follow_up, field));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
