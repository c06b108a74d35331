use crate::components::flow::Show;
use crate::{
    components::setting::SettingButton,
    format,
    state::use_rounds,
    text::{t, t_with, tn},
};
use leptos::{prelude::*, task::spawn_local};
use store::StoreError;
use sync::Report;

/// How far the comparison asked for on this page has come.
#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    #[default]
    NotAsked,
    Running,
    Ended(Result<Option<Report>, StoreError>),
}

/// Compares every record here with the server's, puts right what differs and says what it was (sync.md, item 16).
#[component]
pub fn Compare() -> impl IntoView {
    let rounds = use_rounds();
    let progress = RwSignal::new(Progress::default());
    let compare = Callback::new(move |()| {
        if progress.get_untracked() == Progress::Running {
            return;
        }
        progress.set(Progress::Running);
        spawn_local(async move {
            let ended = rounds.compare().await;
            progress.try_set(Progress::Ended(ended));
        });
    });
    let said = move || match progress.get() {
        Progress::NotAsked => String::new(),
        Progress::Running => t_with("sync.comparing", &[]),
        Progress::Ended(Ok(Some(report))) => told(&report),
        Progress::Ended(Ok(None)) => t_with("sync.compare_unfinished", &[]),
        Progress::Ended(Err(error)) => rounds.store_error(&error),
    };
    view! {
        <SettingButton
            icon="refresh"
            name=Signal::derive(t("sync.compare"))
            quiet=Signal::derive(t("sync.compare_why"))
            on_choose=compare
        />
        <Show when=move || progress.read() == Progress::Running>
            // Without a value: how many records differ is known only at the end.
            <progress class="progress" aria-label=t("sync.comparing")></progress>
        </Show>
        // Stays in the page while it is empty: a screen reader announces only what changes in it.
        <p class="compared" role="status">{said}</p>
    }
}

fn told(report: &Report) -> String {
    let Report { compared, missing, outdated, superfluous } = *report;
    if report.is_equal() {
        return tn("sync.compared_equal", compared as u64);
    }
    let [missing, outdated, superfluous] = [missing, outdated, superfluous].map(|count| format::number(count as i64));
    t_with("sync.compared_mended", &[("missing", &missing), ("outdated", &outdated), ("superfluous", &superfluous)])
}
