use crate::icons::icon;
use leptos::prelude::*;

/// The head of a sheet: what it is about (children), and the way out.
#[component]
pub fn SheetHead(
    /// What closing does, in words.
    close: Signal<String>,
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <header class="sheet-head">
            {children()}
            <button class="icon-button" type="button" aria-label=close title=close on:click=move |_| on_close.run(())>
                {icon("close")}
            </button>
        </header>
    }
}
