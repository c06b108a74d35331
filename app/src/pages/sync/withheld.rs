use crate::{
    state::use_rounds,
    text::{t, tn},
};
use leptos::{prelude::*, task::spawn_local};

/// Records that the server would have taken away without a reason (sync.md, promise 7): they stay until the user decides.
#[component]
pub fn WithheldCard() -> impl IntoView {
    let rounds = use_rounds();
    let headline = move || tn("sync.withheld", rounds.status().read().withheld);
    view! {
        <article class="matter">
            <header class="matter-head">
                <strong>{headline}</strong>
            </header>
            <p>{t("sync.withheld_why")}</p>
            <div class="matter-tools">
                <button class="button danger" type="button" on:click=move |_| spawn_local(rounds.let_go())>
                    {t("sync.let_go")}
                </button>
            </div>
        </article>
    }
}
