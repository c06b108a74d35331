use crate::components::flow::{Show, memo};
use crate::{
    components::{
        avatar::Ring,
        changes::Changes,
        chrome::use_chrome,
        dot::Dot,
        facts::Facts,
        gone::Gone,
        head::BareHead,
        incomplete::Incomplete,
        pane::{Pane, PaneKind},
        reach::Reach,
        record_tools::RecordTools,
        section::Section,
    },
    icons::icon,
    params::use_id,
    paths, people, show,
    state::use_rounds,
    text::t,
};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// One person: where he works, how to reach him, what is known.
#[component]
pub fn ContactPage() -> impl IntoView {
    let id = use_id();
    move || view! { <OneContact id=id.get() /> }
}

#[component]
fn OneContact(id: Id) -> impl IntoView {
    let contact = use_rounds().row(id);
    let here = memo(move || contact.with(Option::is_some));
    move || match here.get() {
        true => view! { <Found id contact /> }.into_any(),
        false => view! { <Gone back=paths::list("contact") /> }.into_any(),
    }
}

#[component]
fn Found(id: Id, contact: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let name = Signal::derive(move || contact.with(|row| row.as_ref().map(|row| show::name(row)).unwrap_or_default()));
    view! {
        <Pane label=name kind=PaneKind::Detail>
            <BareHead title=name back=paths::list("contact")>
                <RecordTools row=contact kind="contact" id back=paths::list("contact") />
            </BareHead>
            <div class="who">
                <Ring name large=true />
                <div>
                    <h1>{name} " " <Dot id /></h1>
                    <WorksAt contact />
                </div>
            </div>
            <Incomplete row=contact />
            <ReachContact contact />
            <Section id="contact-details" title=Signal::derive(t("account.details"))>
                <Facts row=contact without=&["name", "title", "account"] />
            </Section>
            <Changes record=id />
        </Pane>
    }
}

/// "Purchasing · Hualian Supermarket".
#[component]
fn WorksAt(contact: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let rounds = use_rounds();
    let title =
        move || contact.with(|row| row.as_ref().map(|row| row.text("title").to_owned())).filter(|title| !title.is_empty());
    let account = move || {
        let id = contact.with(|row| row.as_ref().and_then(|row| row.reference("account")))?;
        Some(view! { <a href=paths::record("account", id)>{move || rounds.title(id)}</a> })
    };
    view! {
        <p class="who-line">
            {move || title().map(|title| view! { <span>{title}</span> })} {account}
        </p>
    }
}

#[component]
fn ReachContact(contact: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let chrome = use_chrome();
    let account = memo(move || contact.with(|row| row.as_ref().and_then(|row| row.reference("account"))));
    let log = move |_| chrome.log(account.get_untracked());
    let dial = memo(move || contact.with(|row| row.as_ref().and_then(|row| people::number_of(row))));
    let email =
        move || contact.with(|row| row.as_ref().map(|row| row.text("email").to_owned())).filter(|email| !email.is_empty());
    view! {
        <div class="reach">
            <Show when=move || account.read().is_some()>
                <button class="button primary" type="button" on:click=log>
                    {icon("edit")}
                    {t("action.log")}
                </button>
            </Show>
            {move || dial.get().map(|dial| view! { <Reach href=dial.call() icon="phone" word=Signal::derive(t("action.call")) /> })}
            {move || dial.get().map(|dial| view! { <Reach href=dial.text() icon="message" word=Signal::derive(t("action.text")) /> })}
            {move || email().map(|email| view! { <Reach href=format!("mailto:{email}") icon="mail" word=Signal::derive(t("action.email")) /> })}
        </div>
    }
}
