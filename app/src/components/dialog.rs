use super::sheet_head::SheetHead;
use crate::{dom, text::t};
use leptos::{html, prelude::*};

/// A small dialog in the middle, for what must be asked or shown at once. Its children are its body and foot.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] id: String,
    title: Signal<String>,
    /// `ask` is a short question.
    #[prop(default = "ask")]
    kind: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = StoredValue::new(format!("{id}-title"));
    let children = StoredValue::new(children);
    Effect::new(move || {
        if let Some(dialog) = node.get().filter(|_| open.get()) {
            dom::call(&dialog, "showModal");
        }
    });
    let on_close = Callback::new(move |()| open.set(false));
    move || {
        open.get().then(|| {
            view! {
                <dialog class="sheet" data-kind=kind closedby="any" node_ref=node aria-labelledby=heading.get_value() on:close=move |_| open.set(false)>
                    <div class="sheet-form">
                        <SheetHead close=Signal::derive(t("action.close")) on_close>
                            <h2 id=heading.get_value()>{title}</h2>
                        </SheetHead>
                        {children.with_value(|children| children())}
                    </div>
                </dialog>
            }
        })
    }
}
