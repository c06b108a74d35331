use super::{
    avatar::Ring,
    chrome::use_chrome,
    columns::Cells,
    dot::Dot,
    list::Position,
    row::Row,
    sweep::{Action, Sweep},
};
use crate::components::flow::memo;
use crate::{
    account_filter::is_pooled,
    agenda::{self, AccountFacts},
    format,
    live::use_live,
    paths, people, show,
    state::{Toast, use_rounds},
    text::{t, t_with},
};
use domain::Id;
use leptos::prelude::*;

/// An account in a list: last contact, next step, and at the end, where a phone cuts it off, the grade that the ring shows.
#[component]
pub fn AccountRow(id: Id, #[prop(optional)] position: Option<Position>) -> impl IntoView {
    let (account, standing) = (use_rounds().row(id), use_live().standing);
    let facts = memo(move || standing.read().facts.get(&id).cloned().unwrap_or_default());
    let text =
        move |field: &'static str| account.with(|row| row.as_ref().map(|row| row.text(field).to_owned()).unwrap_or_default());
    let name = Signal::derive(move || text("name"));
    let grade = Signal::derive(move || text("grade"));
    let in_pool = move || account.with(|row| row.as_ref().is_some_and(|row| is_pooled(row)));
    let grade_words = move || {
        let words = account.with(|row| row.as_ref().map(|row| show::field("account", row, "grade")).unwrap_or_default());
        (!words.is_empty()).then(|| format!(" · {words}"))
    };
    let line = view! {
        {move || facts.with(last_words)}
        " · "
        <span data-tone=move || facts.with(tone)>{move || facts.with(next_words)}</span>
        {grade_words} {move || in_pool().then(|| format!(" · {}", t("accounts.pool")()))}
    };
    let (rounds, chrome) = (use_rounds(), use_chrome());
    let call = move |()| {
        let contacts = rounds.referring("contact", "account", id);
        let dial = untrack(|| people::number_for(&*account.get()?, &contacts.get()));
        match dial {
            Some(dial) => _ = window().location().set_href(&dial.call()),
            None => rounds.toast(Toast::said(untrack(|| t("row.no_number")()))),
        }
    };
    let sweep = Sweep {
        right: Action { icon: "edit", word: "action.log", act: Callback::new(move |()| chrome.log(Some(id))) },
        left: Some(Action { icon: "phone", word: "action.call", act: Callback::new(call) }),
    };
    view! {
        <Row href=paths::record("account", id) lead=view! { <Ring name grade /> }.into_any() name line=line.into_any() position sweep>
            <Cells row=account />
            <Dot id />
        </Row>
    }
}

/// When whoever it was last spoke with the account.
pub fn last_words(facts: &AccountFacts) -> String {
    let Some((row, at)) = facts.last.as_deref().zip(facts.last_contact()) else { return t("row.never")() };
    let when = format::relative_day(at);
    match row.text("channel") {
        "visit" => t_with("row.last_visit", &[("when", &when)]),
        "call" => t_with("row.last_call", &[("when", &when)]),
        _ => t_with("row.last_contact", &[("when", &when)]),
    }
}

fn next_words(facts: &AccountFacts) -> String {
    match facts.next_due() {
        None => t("row.no_next")(),
        Some("") => t("row.next_undated")(),
        Some(due) if format::days_from_today(due).is_some_and(|days| days < -1) => format::relative_due(due),
        Some(due) => t_with("row.next", &[("when", &format::relative_due(due))]),
    }
}

fn tone(facts: &AccountFacts) -> Option<&'static str> {
    let rounds = use_rounds();
    let due = facts.next_due().filter(|due| !due.is_empty())?;
    Some(agenda::tone(due, rounds.now().get(), &rounds.zone())).filter(|tone| *tone != "next")
}
