use crate::{icons::arrow, text::t};
use leptos::prelude::*;

/// The sticky head of a page: the way back, title, a quiet line under it, and tools at the end (children).
#[component]
pub fn PageHead(
    title: Signal<String>,
    #[prop(optional, into)] quiet: Option<Signal<String>>,
    /// Where the arrow at the start leads; shown on a phone.
    #[prop(optional, into)]
    back: Option<String>,
    /// Search and filters, which stay in sight under the title.
    #[prop(optional)]
    find: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    name_window(title);
    view! {
        <header class="page-head">
            {back.map(|href| view! { <Back href /> })}
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
pub fn BareHead(title: Signal<String>, #[prop(into)] back: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
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
    view! {
        <a class="icon-button back" href=href aria-label=t("action.back") title=t("action.back")>
            {arrow("chevron-left")}
        </a>
    }
}

/// The window is called like the page, for tabs, history and screen readers.
fn name_window(title: Signal<String>) {
    Effect::new(move || title.with(|title| document().set_title(&if title.is_empty() { "Rounds".to_owned() } else { format!("{title} · Rounds") })));
}
