use crate::{
    state::{SaveState, use_rounds},
    text::t,
};
use domain::Id;
use leptos::prelude::*;

/// Where a record's change is; nothing once the server has it.
#[component]
pub fn Dot(id: Id) -> impl IntoView {
    let state = use_rounds().save_state(id);
    move || {
        let (state, label) = match state.get() {
            SaveState::Sent => return None,
            SaveState::Saving => ("pending", t("dot.saving")),
            SaveState::Waiting => ("waiting", t("dot.waiting")),
            SaveState::Attention => ("attention", t("dot.attention")),
        };
        Some(view! { <span class="dot" data-state=state role="img" aria-label=label title=label></span> })
    }
}
