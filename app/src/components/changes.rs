use super::section::Section;
use crate::{
    part::{Later, Screen},
    text::t,
};
use domain::Id;
use leptos::prelude::*;

/// The history of a record's changes, asked of the server only when somebody wants it.
#[component]
pub fn Changes(record: Id) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <Section id="changes" title=Signal::derive(t("account.changes"))>
            {move || match open.get() {
                true => view! { <Later screen=Screen::History(record) /> }.into_any(),
                false => view! { <p><button class="link-button" type="button" on:click=move |_| open.set(true)>{t("action.show_all")}</button></p> }.into_any(),
            }}
        </Section>
    }
}
