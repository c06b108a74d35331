use super::{
    account::AccountPage,
    accounts::NoAccount,
    contact::ContactPage,
    follow_up::FollowUpPage,
    not_found::NotFoundPage,
    records::{NoRecord, RecordPage},
};
use crate::{
    address::{self, use_address},
    components::{
        bones::Bones,
        flow::memo,
        pane::{Pane, PaneKind},
    },
    part::{Later, Screen},
    state::use_rounds,
    text::t,
};
use leptos::prelude::*;

/// What the address shows of one record, beside the list of its kind.
#[component]
pub fn Detail(kind: &'static str) -> impl IntoView {
    let route = use_address().route();
    let detail = memo(move || route.with(|route| route.detail));
    let is_soon = memo(move || detail.get() == address::Detail::Record && !use_rounds().knows_references().get());
    move || match (detail.get(), kind) {
        _ if is_soon.get() => {
            view! { <Pane label=Signal::derive(t("status.loading")) kind=PaneKind::Detail><Bones /></Pane> }.into_any()
        }
        (address::Detail::None, "account") => view! { <NoAccount /> }.into_any(),
        (address::Detail::None, "follow_up") => view! { <NotFoundPage /> }.into_any(),
        (address::Detail::None, _) => view! { <NoRecord /> }.into_any(),
        (address::Detail::New, _) => view! { <Later screen=Screen::RecordNew(kind) /> }.into_any(),
        (address::Detail::Edit, _) => view! { <Later screen=Screen::RecordEdit(kind) /> }.into_any(),
        (address::Detail::Record, "account") => view! { <AccountPage /> }.into_any(),
        (address::Detail::Record, "contact") => view! { <ContactPage /> }.into_any(),
        (address::Detail::Record, "follow_up") => view! { <FollowUpPage /> }.into_any(),
        (address::Detail::Record, _) => view! { <RecordPage kind /> }.into_any(),
    }
}
