use super::{
    bones::Bones,
    empty::Empty,
    head::PageHead,
    pane::{Pane, PaneKind},
};
use crate::components::flow::memo;
use crate::{
    state::{SyncPhase, use_rounds},
    text::t,
};
use leptos::prelude::*;

/// In the place of a record that is not on this device: while the first load runs it may still come.
#[component]
pub fn Gone(#[prop(into)] back: String, #[prop(default = PaneKind::Detail)] kind: PaneKind) -> impl IntoView {
    let status = use_rounds().status();
    let loading = memo(move || matches!(status.read().phase, SyncPhase::Loading(_)));
    let title = Signal::derive(t("gone.title"));
    view! {
        <Pane label=title kind>
            <PageHead title back=back.clone() />
            {move || match loading.get() {
                true => view! { <Bones /> }.into_any(),
                false => {
                    let back = back.clone();
                    view! {
                        <Empty icon="search" text=Signal::derive(t("gone.text"))>
                            <a class="button" href=back>{t("action.back")}</a>
                        </Empty>
                    }
                    .into_any()
                }
            }}
        </Pane>
    }
}
