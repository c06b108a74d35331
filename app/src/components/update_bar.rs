use crate::{state::use_rounds, text::t};
use leptos::prelude::*;

/// A new version waits: one quiet button, never a reload by itself.
#[component]
pub fn UpdateBar() -> impl IntoView {
    let rounds = use_rounds();
    move || {
        rounds.update_ready().get().then(|| {
            view! {
                <div class="update" role="status">
                    <span>{t("update.ready")}</span>
                    <button class="link-button" type="button" on:click=move |_| rounds.apply_update()>
                        {t("update.restart")}
                    </button>
                </div>
            }
        })
    }
}
