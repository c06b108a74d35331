use super::chrome::use_chrome;
use crate::{dom, icons::arrow, text::t};
use leptos::{ev, prelude::*};

/// The sticky head of a page: the way back, title, a quiet line under it, and tools at the end (children).
#[component]
pub fn PageHead(
    title: Signal<String>,
    #[prop(optional, into)] quiet: Option<Signal<String>>,
    /// Where the arrow at the start leads when nothing was opened before; shown on a phone. Empty for none.
    #[prop(optional, into)]
    back: String,
    /// Search and filters, which stay in sight under the title.
    #[prop(optional)]
    find: Option<AnyView>,
    /// It is drawn for a still: the window keeps the name of the page that stands in it.
    #[prop(optional)]
    is_still: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    if !is_still {
        name_window(title);
    }
    view! {
        <header class="page-head">
            {(!back.is_empty()).then(|| view! { <Back href=back /> })}
            <h1 class="page-title">
                {title}
                {quiet.map(|quiet| view! { <span class="quiet">{quiet}</span> })}
            </h1>
            <div class="page-tools">{children.map(|children| children())}</div>
            {find.map(|find| view! { <div class="page-find">{find}</div> })}
        </header>
    }
}

/// The head of a page whose name stands below it, such as an account's.
#[component]
pub fn BareHead(
    title: Signal<String>,
    #[prop(into)] back: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    name_window(title);
    view! {
        <header class="page-head">
            <Back href=back />
            <span class="page-title"></span>
            <div class="page-tools">{children.map(|children| children())}</div>
        </header>
    }
}

#[component]
fn Back(href: String) -> impl IntoView {
    let chrome = use_chrome();
    let back = move |event: ev::MouseEvent| {
        if let (true, Ok(history)) = (chrome.came_from_here(), window().history()) {
            event.prevent_default();
            dom::call(&history, "back");
        }
    };
    view! {
        <a class="icon-button back" href=href on:click=back aria-label=t("action.back") title=t("action.back")>
            {arrow("chevron-left")}
        </a>
    }
}

/// The window is called like the page, for tabs, history and screen readers.
fn name_window(title: Signal<String>) {
    Effect::new(move || {
        title.with(|title| {
            document().set_title(&if title.is_empty() { "Rounds".to_owned() } else { format!("{title} · Rounds") })
        })
    });
}
