use crate::{address::use_address, components::chrome::use_chrome};
use domain::Id;
use leptos::prelude::*;

/// The address of the log sheet, for shortcuts and links: it opens over Today.
#[component]
pub fn LogPage() -> impl IntoView {
    let (chrome, address) = (use_chrome(), use_address());
    Effect::new(move || {
        let account = untrack(|| address.asked("account")).and_then(|id| Id::try_parse(&id).ok());
        chrome.log(account);
        address.replace("/");
    });
}
