//! The screens of Rounds. Start with [`App`]: its route table has one line per page.
//!
//! Views compose small components and decide nothing: what is due, found, reached or first is worked out by the pure
//! modules ([`agenda`], [`account_filter`], [`account_order`], [`standing`], [`selection`], [`bulk`], [`search_hits`], [`people`], [`directions`],
//! [`reminders`]); `state` is the only bridge to the device's data.

// Natively, where the tests run, views are types within types and deeper than rustc expects.
#![recursion_limit = "512"]

mod account_filter;
mod account_order;
mod actions;
mod address;
mod agenda;
mod birthdays;
mod bulk;
mod components;
mod dashboards;
mod directions;
mod dom;
mod format;
mod icons;
mod intl;
mod live;
mod merging;
mod my_day;
mod names;
mod pages;
mod params;
mod part;
mod paths;
mod people;
mod pinned;
mod queries;
mod refusal;
mod reminders;
mod search_hits;
mod selection;
mod show;
mod standing;
mod state;
mod text;

use address::{Address, Page, use_address};
use components::{
    flow::{Soon, memo},
    frame::Frame,
};
use leptos::prelude::*;
use live::Live;
use pages::{
    accounts::AccountsPage,
    detail::Detail,
    first_load::FirstLoadPage,
    log::LogPage,
    not_found::NotFoundPage,
    records::RecordsPage,
    sign_in::SignInPage,
    sign_in_link::{AlreadySignedIn, SignInLinkPage},
    today::TodayPage,
};
use part::{Behind, Later, Screen, provide_part};
use state::{Drawn, Rounds, Session, SyncPhase, tell_drawn, use_rounds};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Rounds::start();
    Address::start();
    view! { <Gate /> }
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Starting,
    SignedOut,
    FirstLoad,
    SignedIn,
}

/// What can be shown: nobody sees pages before somebody is signed in and the first phase of the first load is here.
#[component]
fn Gate() -> impl IntoView {
    let rounds = use_rounds();
    let path = use_address().path();
    let (session, status) = (rounds.session(), rounds.status());
    let at_door = move || path.with(|path| path.starts_with("/sign-in"));
    let stage = memo(move || {
        let (usable, ended) = status.with(|status| (status.usable, status.phase == SyncPhase::SignInNeeded));
        match session.get() {
            Session::Starting => Stage::Starting,
            Session::SignedOut { .. } => Stage::SignedOut,
            // The server forgot the session: the data here stays open, and the door too for who goes there.
            Session::SignedIn(_) if ended && (!usable || at_door()) => Stage::SignedOut,
            Session::SignedIn(_) if !usable => Stage::FirstLoad,
            Session::SignedIn(_) => Stage::SignedIn,
        }
    });
    let by_link = memo(move || path.with(|path| path == "/sign-in/link"));
    let door = move || match by_link.get() {
        true => view! { <SignInLinkPage /> }.into_any(),
        false => view! { <SignInPage /> }.into_any(),
    };
    move || {
        let stage = stage.get();
        if matches!(stage, Stage::SignedOut | Stage::FirstLoad) {
            tell_drawn(Drawn::All);
        }
        match stage {
            // The shell shows what comes.
            Stage::Starting => ().into_any(),
            Stage::SignedOut => door.into_any(),
            Stage::FirstLoad => view! { <FirstLoadPage /> }.into_any(),
            Stage::SignedIn => view! { <Pages /> }.into_any(),
        }
    }
}

/// The frame, and in it the page that the address names.
#[component]
fn Pages() -> impl IntoView {
    Live::provide();
    provide_part();
    let route = use_address().route();
    let page = memo(move || route.with(|route| route.page.clone()));
    view! {
        <Frame>
            <Soon>{move || shown(page.get())}</Soon>
        </Frame>
        <Behind screen=Screen::Reminding />
        <Behind screen=Screen::Still />
    }
}

/// The route table; what the address shows of a record is a table in [`Detail`].
fn shown(page: Page) -> AnyView {
    tell_drawn(Drawn::Page);
    match page {
        Page::Today => view! { <TodayPage /> }.into_any(),
        Page::Kind(kind) => match kind.as_str() {
            "account" => view! { <AccountsPage /> }.into_any(),
            "follow_up" => view! { <Detail kind="follow_up" /> }.into_any(),
            _ => view! { <RecordsPage kind /> }.into_any(),
        },
        Page::Log => view! { <LogPage /> }.into_any(),
        Page::Team => view! { <Later screen=Screen::Team /> }.into_any(),
        Page::Sync => view! { <Later screen=Screen::Sync /> }.into_any(),
        Page::Notices => view! { <Later screen=Screen::Notices /> }.into_any(),
        Page::Queries => view! { <Later screen=Screen::Queries /> }.into_any(),
        Page::Dashboards => view! { <Later screen=Screen::Dashboards /> }.into_any(),
        Page::Decisions => view! { <Later screen=Screen::Decisions /> }.into_any(),
        Page::Devices => view! { <Later screen=Screen::Devices /> }.into_any(),
        Page::Settings => view! { <Later screen=Screen::Settings /> }.into_any(),
        Page::More => view! { <Later screen=Screen::More /> }.into_any(),
        // Who is signed in has nothing to do at the door; when the server forgot him the gate opens it, and this page is gone.
        Page::SignIn => {
            let (address, stands) = (use_address(), StoredValue::new(()));
            request_animation_frame(move || {
                if stands.try_get_value().is_some() {
                    address.replace("/");
                }
            });
            view! { <TodayPage /> }.into_any()
        }
        Page::SignInLink => view! { <AlreadySignedIn /> }.into_any(),
        Page::NotFound => view! { <NotFoundPage /> }.into_any(),
    }
}

/// Takes in the catalogue of the language that the document has.
pub fn learn_words(words: &str) {
    text::learn(domain::Lang::closest(&state::root_lang()), words);
}

/// Where the shell has the app mounted; `None` in a page that is not ours.
pub fn place() -> Option<leptos::web_sys::HtmlElement> {
    dom::by_id("app")
}
