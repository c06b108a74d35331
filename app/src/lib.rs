//! The screens of Rounds. Start with [`App`]: its route table has one line per page.
//!
//! Views compose small components and decide nothing: what is due, found, reached or first is worked out by the pure
//! modules ([`agenda`], [`account_filter`], [`search_hits`], [`people`], [`directions`]); `state` is the only bridge to the device's data.

// Natively, where the tests run, views are types within types and deeper than rustc expects.
#![recursion_limit = "512"]

mod account_filter;
mod actions;
mod agenda;
mod components;
mod directions;
mod dom;
mod format;
mod icons;
mod intl;
mod live;
mod pages;
mod params;
mod paths;
mod people;
mod refusal;
mod search_hits;
mod show;
mod state;
mod text;

use components::frame::Frame;
use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Redirect, Route, Router, Routes},
    hooks::use_location,
    path,
};
use live::Live;
use pages::{
    account::AccountPage,
    accounts::{AccountsPage, NoAccount},
    contact::ContactPage,
    decisions::DecisionsPage,
    devices::DevicesPage,
    first_load::FirstLoadPage,
    follow_up::FollowUpPage,
    log::LogPage,
    more::MorePage,
    not_found::NotFoundPage,
    notices::NoticesPage,
    record_form::{RecordEdit, RecordNew},
    records::{ContactsPage, KindEdit, KindNew, NoRecord, RecordPage, RecordsPage},
    settings::SettingsPage,
    sign_in::SignInPage,
    sign_in_link::{AlreadySignedIn, SignInLinkPage},
    starting::Starting,
    sync::SyncPage,
    team::TeamPage,
    today::TodayPage,
};
use state::{Rounds, Session, SyncPhase, use_rounds};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Rounds::start();
    view! {
        <Router>
            <Gate />
        </Router>
    }
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
    let path = use_location().pathname;
    let (session, status) = (rounds.session(), rounds.status());
    let at_door = move || path.with(|path| path.starts_with("/sign-in"));
    let stage = Memo::new(move |_| {
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
    let by_link = Memo::new(move |_| path.with(|path| path == "/sign-in/link"));
    move || match stage.get() {
        Stage::Starting => view! { <Starting /> }.into_any(),
        Stage::SignedOut if by_link.get() => view! { <SignInLinkPage /> }.into_any(),
        Stage::SignedOut => view! { <SignInPage /> }.into_any(),
        Stage::FirstLoad => view! { <FirstLoadPage /> }.into_any(),
        Stage::SignedIn => view! { <Pages /> }.into_any(),
    }
}

/// The route table.
#[component]
fn Pages() -> impl IntoView {
    Live::provide();
    view! {
        <Frame>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/") view=TodayPage />
                <ParentRoute path=path!("/accounts") view=AccountsPage>
                    <Route path=path!("") view=NoAccount />
                    <Route path=path!("new") view=|| view! { <RecordNew kind="account" /> } />
                    <Route path=path!(":id") view=AccountPage />
                    <Route path=path!(":id/edit") view=|| view! { <RecordEdit kind="account" /> } />
                </ParentRoute>
                <ParentRoute path=path!("/contacts") view=ContactsPage>
                    <Route path=path!("") view=NoRecord />
                    <Route path=path!("new") view=|| view! { <RecordNew kind="contact" /> } />
                    <Route path=path!(":id") view=ContactPage />
                    <Route path=path!(":id/edit") view=|| view! { <RecordEdit kind="contact" /> } />
                </ParentRoute>
                <Route path=path!("/follow-ups/:id") view=FollowUpPage />
                <Route path=path!("/follow-ups/:id/edit") view=|| view! { <RecordEdit kind="follow_up" /> } />
                <Route path=path!("/log") view=LogPage />
                <Route path=path!("/team") view=TeamPage />
                <Route path=path!("/sync") view=SyncPage />
                <Route path=path!("/notices") view=NoticesPage />
                <Route path=path!("/decisions") view=DecisionsPage />
                <Route path=path!("/devices") view=DevicesPage />
                <Route path=path!("/settings") view=SettingsPage />
                <Route path=path!("/more") view=MorePage />
                <ParentRoute path=path!("/r/:kind") view=RecordsPage>
                    <Route path=path!("") view=NoRecord />
                    <Route path=path!("new") view=KindNew />
                    <Route path=path!(":id") view=RecordPage />
                    <Route path=path!(":id/edit") view=KindEdit />
                </ParentRoute>
                <Route path=path!("/sign-in") view=|| view! { <Redirect path="/" /> } />
                <Route path=path!("/sign-in/link") view=AlreadySignedIn />
            </Routes>
        </Frame>
    }
}

/// Empties the shell's `#app`, and gives it for mounting; `None` in a page that is not ours.
pub fn clear_skeleton() -> Option<leptos::web_sys::HtmlElement> {
    let place = dom::by_id("app")?;
    place.set_inner_html("");
    Some(place)
}
