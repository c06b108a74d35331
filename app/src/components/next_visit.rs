use super::chrome::use_chrome;
use crate::components::flow::memo;
use crate::{
    actions,
    directions::{self, Platform},
    format,
    icons::small_icon,
    paths, people,
    state::use_rounds,
    text::{t, t_with},
};
use domain::Row;
use leptos::prelude::*;
use std::sync::Arc;

/// The next one of today, large: when, whom, what was promised, and the ways there.
#[component]
pub fn NextVisit(follow_up: Arc<Row>) -> impl IntoView {
    let (rounds, chrome) = (use_rounds(), use_chrome());
    let account = follow_up.reference("account");
    let due = StoredValue::new(follow_up.text("due").to_owned());
    let when = move || due.with_value(|due| t_with("today.next_when", &[("when", &format::relative_due(due))]));
    let promise = Some(follow_up.text("purpose").to_owned()).filter(|purpose| !purpose.is_empty());
    let href = account.map_or_else(|| paths::record("follow_up", follow_up.id), |id| paths::record("account", id));
    let row = memo(move || account.and_then(|id| rounds.row(id).get()));
    let contacts = account.map(|id| rounds.referring_soon("contact", "account", id));
    let dial = move || {
        contacts
            .and_then(|contacts| contacts.get())
            .zip(row.get())
            .and_then(|(contacts, row)| people::number_for(&row, &contacts))
    };
    let way = move || row.get().and_then(|row| directions::link(&row, Platform::here(), rounds.lang().get()));
    view! {
        <section class="next" aria-labelledby="next-visit">
            <p class="next-when">{when}</p>
            <h2 id="next-visit">
                <a href=href>{move || actions::subject(&follow_up)}</a>
            </h2>
            {promise.map(|promise| view! { <p class="next-promise quiet">{move || t_with("today.promised", &[("what", &promise)])}</p> })}
            <div class="next-tools">
                <button class="button primary" type="button" on:click=move |_| chrome.log(account)>
                    {small_icon("edit")}
                    {t("action.log")}
                </button>
                {move || way().map(|href| view! { <a class="button" href=href target="_blank" rel="noreferrer">{small_icon("navigate")}{t("action.navigate")}</a> })}
                {move || dial().map(|dial| view! { <a class="button" href=dial.call()>{small_icon("phone")}{t("action.call")}</a> })}
            </div>
        </section>
    }
}
