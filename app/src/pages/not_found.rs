use crate::{
    components::{empty::Empty, head::PageHead, pane::Pane},
    text::t,
};
use leptos::prelude::*;

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let title = Signal::derive(t("not_found.title"));
    view! {
        <Pane label=title>
            <PageHead title />
            <Empty icon="map" text=Signal::derive(t("not_found.text")) fill=true>
                <a class="button primary" href="/">
                    {t("nav.today")}
                </a>
            </Empty>
        </Pane>
    }
}
