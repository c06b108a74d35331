use crate::components::flow::memo;
use crate::{
    components::languages::Languages,
    format,
    icons::small_icon,
    state::{SyncPhase, use_rounds},
    text::{t, t_with},
};
use domain::wire::Progress;
use leptos::prelude::*;

/// The first load until its first phase is here: how far it is, and that the rest comes behind.
#[component]
pub fn FirstLoadPage() -> impl IntoView {
    let rounds = use_rounds();
    let status = rounds.status();
    let offline = move || (!status.read().online).then(|| view! { <p class="quiet" role="status">{t("loading.offline")}</p> });
    let count = move |kind: &'static str| {
        let rows = rounds.rows(kind);
        Signal::derive(move || rows.read().len())
    };
    let progress = memo(move || match status.read().phase {
        SyncPhase::Loading(progress) => Some(progress),
        _ => None,
    });
    let counted = move || {
        progress.get().map(|progress| {
            t_with(
                "loading.counted",
                &[("done", &format::number(progress.done as i64)), ("total", &format::number(progress.total as i64))],
            )
        })
    };
    Effect::new(move || document().set_title(&t("loading.title")()));
    view! {
        <main class="door">
            <section class="loading" aria-labelledby="loading">
                <h1 id="loading">{t("loading.title")}</h1>
                <p class="quiet">{t("loading.once")}</p>
                <progress
                    class="progress" aria-labelledby="loading" max=move || progress.get().map(|progress| progress.total.max(1))
                    value=move || progress.get().map(|progress| progress.done)
                ></progress>
                <p class="quiet num">{counted}</p>
                <ul class="loading-counts">
                    {part(progress, 0, t("loading.accounts"), count("account"))} {part(progress, 1, t("loading.contacts"), count("contact"))}
                    {part(progress, 2, t("loading.history"), count("follow_up"))}
                </ul>
                <p class="quiet">{t("loading.behind")}</p>
                {offline}
            </section>
            <Languages />
        </main>
    }
}

/// One phase: done, under way or to come, and how many records of it are here.
fn part(
    progress: Memo<Option<Progress>>,
    phase: u8,
    word: impl Fn() -> String + Send + Sync + 'static,
    count: Signal<usize>,
) -> impl IntoView {
    let at = move || progress.get().map_or(0, |progress| progress.phase);
    let drawn = move || match at() {
        at if at > phase => "check",
        at if at == phase => "sync",
        _ => "circle",
    };
    view! {
        <li data-state=move || (at() > phase).then_some("done")>
            {move || small_icon(drawn())} <span>{word}</span> <span class="num">{move || format::number(count.get() as i64)}</span>
        </li>
    }
}
