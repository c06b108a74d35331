use super::dialog::Dialog;
use crate::{
    components::flow::Show,
    icons::icon,
    part::{Later, Screen},
    selection::Selection,
    text::{t, tn},
};
use leptos::prelude::*;

/// Begins to choose rows of the list, or ends it.
#[component]
pub fn SelectButton() -> impl IntoView {
    let selection = expect_context::<Selection>();
    let toggle = move |_| if untrack(|| selection.is_on()) { selection.end() } else { selection.start() };
    view! {
        <button
            class="icon-button" type="button" aria-label=t("select.start") title=t("select.start")
            aria-pressed=move || selection.is_on().to_string() on:click=toggle
        >
            {icon("check-circle")}
        </button>
    }
}

/// While rows are being chosen: how many are, and what can be done with them.
#[component]
pub fn SelectBar() -> impl IntoView {
    let selection = expect_context::<Selection>();
    let (count, editing) = (selection.count(), RwSignal::new(false));
    let all = move || count.get() > 0 && count.get() == selection.of();
    let choose_all = move |_| if untrack(all) { selection.start() } else { selection.choose_all() };
    let words = move || if all() { t("select.none")() } else { tn("select.all", selection.of()) };
    view! {
        <Show when=move || selection.is_on()>
            <div class="select-bar" role="toolbar" aria-label=t("select.bar")>
                <button class="icon-button" type="button" aria-label=t("select.end") title=t("select.end") on:click=move |_| selection.end()>
                    {icon("close")}
                </button>
                <span role="status">{move || tn("select.count", count.get())}</span>
                <button class="link-button" type="button" on:click=choose_all>{words}</button>
                <button class="button primary" type="button" disabled=move || count.get() == 0 on:click=move |_| editing.set(true)>
                    {t("select.edit")}
                </button>
            </div>
        </Show>
        <Dialog open=editing id="bulk-edit" kind="form" title=Signal::derive(move || tn("bulk.title", count.get()))>
            <Later screen=Screen::BulkEdit(selection, editing) />
        </Dialog>
    }
}
