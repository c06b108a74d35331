use super::chrome::use_chrome;
use crate::components::flow::memo;
use crate::{
    directions::{self, Platform},
    icons::icon,
    paths, people, show,
    state::use_rounds,
    text::{t, tn},
};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// How to reach an account: its main contact by name and number, then log, call, text, navigate.
#[component]
pub fn ReachAccount(account: Signal<Option<Arc<Row>>>, id: Id) -> impl IntoView {
    let (rounds, chrome) = (use_rounds(), use_chrome());
    let contacts = rounds.referring("contact", "account", id);
    let main = move || account.with(|row| people::main_contact(row.as_deref()?, &contacts.read()));
    let dial = memo(move || account.with(|row| people::number_for(row.as_deref()?, &contacts.read())));
    let way = move || account.with(|row| directions::link(row.as_deref()?, Platform::here(), rounds.lang().get()));
    let others = move || contacts.read().len().saturating_sub(1) as u64;
    view! {
        {move || main().map(|contact| view! { <Person contact others=others() tab=format!("{}?tab=contacts", paths::record("account", id)) /> })}
        <div class="reach">
            <button class="button primary" type="button" on:click=move |_| chrome.log(Some(id))>
                {icon("edit")}
                {t("action.log")}
            </button>
            {move || dial.get().map(|dial| view! { <Reach href=dial.call() icon="phone" word=Signal::derive(t("action.call")) /> })}
            {move || dial.get().map(|dial| view! { <Reach href=dial.text() icon="message" word=Signal::derive(t("action.text")) /> })}
            {move || way().map(|href| view! { <Reach href icon="navigate" word=Signal::derive(t("action.navigate")) away=true /> })}
        </div>
    }
}

/// One way to reach somebody, outside the app.
#[component]
pub fn Reach(href: String, icon: &'static str, word: Signal<String>, #[prop(optional)] away: bool) -> impl IntoView {
    view! {
        <a class="button" href=href target=away.then_some("_blank") rel=away.then_some("noreferrer")>
            {crate::icons::icon(icon)}
            {word}
        </a>
    }
}

#[component]
fn Person(contact: Arc<Row>, others: u64, tab: String) -> impl IntoView {
    let (href, number) = (paths::record("contact", contact.id), people::number_of(&contact).map(|dial| dial.shown));
    let named = contact.clone();
    let name = move || show::name(&named);
    let about = move || {
        let fields = ["title", "decision_role"].map(|field| show::field("contact", &contact, field));
        fields.into_iter().chain(number.clone()).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <div class="reach-person">
            <span>
                <a href=href>
                    <strong>{name}</strong>
                </a>
                " "
                <span class="quiet">{about}</span>
            </span>
            {(others > 0).then(|| view! { <a class="link-button" href=tab>{move || tn("account.more_contacts", others)}</a> })}
        </div>
    }
}
