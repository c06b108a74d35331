use super::chrome::use_chrome;
use crate::{
    dom,
    icons::{icon, small_icon},
    state::use_rounds,
    text::t,
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// The first of what a search found, by kind or in a list.
const FOUND: &str = ".results .row-link, .runway .row-link";

/// The search of a list; `/` and a second tap on Accounts lead here.
#[component]
pub fn SearchBox(query: RwSignal<String>, label: Signal<String>, hint: Signal<String>) -> impl IntoView {
    let (rounds, node) = (use_rounds(), NodeRef::<html::Input>::new());
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
    // Down and Enter lead into what was found, Escape back to everything. What an input method is still making is its own.
    let key = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" if dom::focus(FOUND) => event.prevent_default(),
            "Enter" if !query.read_untracked().trim().is_empty() => {
                if dom::focus(FOUND)
                    && let Some(link) = dom::focused(".row-link")
                {
                    event.prevent_default();
                    link.click();
                }
            }
            "Escape" if !query.read_untracked().is_empty() => query.set(String::new()),
            "Escape" => drop(node.get_untracked().map(|input| input.unchecked_into::<leptos::web_sys::HtmlElement>().blur())),
            _ => {}
        }
    };
    view! {
        <search class="search" on:keydown=key>
            {icon("search")}
            <input
                type="search" aria-label=label placeholder=hint enterkeyhint="search" autocomplete="off" spellcheck="false" node_ref=node
                bind:value=query on:focus=move |_| rounds.note_position()
            />
            <button class="icon-button search-clear" type="button" aria-label=t("action.clear") title=t("action.clear") on:click=clear>
                {small_icon("close")}
            </button>
            <kbd aria-hidden="true">"/"</kbd>
        </search>
    }
}

/// What was searched for last, and how filters are typed: below the box while it has the focus and nothing in it.
#[component]
pub fn RecentSearches(query: RwSignal<String>) -> impl IntoView {
    let rounds = use_rounds();
    let recent = rounds.recent_searches();
    let chip = move |text: String| {
        let own = text.clone();
        let choose = move |_| {
            query.set(own.clone());
            dom::focus("input[type=search]");
        };
        view! { <button class="chip" type="button" on:click=choose>{small_icon("search")} {text}</button> }
    };
    let shown = move || query.read().is_empty();
    // A tap here must not take the focus from the box, without which this is not in sight.
    view! {
        <div class="search-recent" hidden=move || !shown() on:pointerdown=move |event| event.prevent_default()>
            <Show when=move || !recent.read().is_empty()>
                <div class="chips" data-scroll="" role="group" aria-label=t("search.recent")>
                    {move || recent.get().into_iter().map(chip).collect_view()}
                    <button class="chip" type="button" on:click=move |_| rounds.forget_searches()>{t("search.forget")}</button>
                </div>
            </Show>
            <p class="quiet">{t("search.tip")}</p>
        </div>
    }
}
