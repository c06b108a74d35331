use super::chrome::use_chrome;
use crate::{
    icons::{icon, small_icon},
    text::t,
};
use leptos::{html, prelude::*};

/// The search of a list; `/` and a second tap on Accounts lead here.
#[component]
pub fn SearchBox(query: RwSignal<String>, label: Signal<String>, hint: Signal<String>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let wanted = use_chrome().search_wanted();
    Effect::new(move || {
        if let Some(input) = node.get().filter(|_| wanted.get()) {
            wanted.set(false);
            // The list may come into sight only with the page that is being drawn.
            request_animation_frame(move || {
                let _ = input.focus();
                input.select();
            });
        }
    });
    let clear = move |_| {
        query.set(String::new());
        if let Some(input) = node.get_untracked() {
            let _ = input.focus();
        }
    };
    view! {
        <search class="search">
            {icon("search")}
            <input
                type="search" aria-label=label placeholder=hint enterkeyhint="search" autocomplete="off" spellcheck="false" node_ref=node
                bind:value=query
            />
            <button class="icon-button search-clear" type="button" aria-label=t("action.clear") title=t("action.clear") on:click=clear>
                {small_icon("close")}
            </button>
            <kbd aria-hidden="true">"/"</kbd>
        </search>
    }
}
