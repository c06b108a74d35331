use crate::components::chrome::use_chrome;
use domain::Id;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// The address of the log sheet, for shortcuts and links: it opens over Today.
#[component]
pub fn LogPage() -> impl IntoView {
    let (chrome, query, navigate) = (use_chrome(), use_query_map(), use_navigate());
    Effect::new(move || {
        let account = query.with_untracked(|query| query.get_str("account").and_then(|id| Id::try_parse(id).ok()));
        chrome.log(account);
        navigate("/", NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
}
