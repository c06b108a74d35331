use crate::dom;
use leptos::{ev, html, prelude::*};

/// A sheet that slides over the page for entry, and keeps the page in sight. Its children are one form with the class `sheet-form`.
#[component]
pub fn Sheet(
    /// `form` or `log`: what the style sheet makes of it.
    kind: &'static str,
    label: Signal<String>,
    /// Full height at the side on wide screens.
    #[prop(optional)]
    tall: bool,
    /// Escape, or the system's way back. Whoever shows the sheet takes it away.
    on_close: Callback<()>,
    /// The id of what takes the focus when the sheet opens.
    #[prop(optional, into)]
    focus: Option<String>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            dom::call(&dialog, "showModal");
            if let Some(id) = &focus {
                dom::focus(&format!("#{id}"));
            }
        }
    });
    let cancel = move |event: ev::Event| {
        // A file dialog or an open select inside the sheet cancels too.
        if event.target() == event.current_target() {
            event.prevent_default();
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="sheet"
            data-kind=kind
            data-tall=tall.then_some("")
            closedby="closerequest"
            aria-label=label
            node_ref=node
            on:cancel=cancel
        >
            {children()}
        </dialog>
    }
}
