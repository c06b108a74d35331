use crate::components::flow::{Show, memo};
use crate::{
    components::status_line::LineState,
    format,
    icons::icon,
    state::{SyncPhase, SyncStatus, use_rounds},
    text::{t, t_with, tn},
};
use leptos::prelude::*;

/// The state in full, and the button that does not wait for the next attempt.
#[component]
pub fn Now() -> impl IntoView {
    let rounds = use_rounds();
    let status = rounds.status();
    let state = memo(move || status.with(LineState::of));
    let signed_out = move || status.read().phase == SyncPhase::SignInNeeded;
    let blocked = move || matches!(status.read().phase, SyncPhase::SignInNeeded | SyncPhase::UpgradeNeeded | SyncPhase::Revoked);
    view! {
        <div class="sync-now" data-state=move || state.get().name()>
            {move || icon(state.get().icon())}
            <div role="status">
                <strong>{move || status.with(headline)}</strong>
                <p class="quiet">{move || status.with(explained)}</p>
            </div>
            <Show when=signed_out>
                <a class="button primary" href="/sign-in">{t("sign_in.submit")}</a>
            </Show>
            <Show when=move || status.read().phase == SyncPhase::UpgradeNeeded>
                <button class="button primary" type="button" on:click=move |_| rounds.apply_update()>{t("sync.reload")}</button>
            </Show>
            <Show when=move || !blocked()>
                <button class="button" type="button" on:click=move |_| rounds.sync_now()>
                    {move || t_with(if status.read().online { "sync.now" } else { "sync.try_now" }, &[])}
                </button>
            </Show>
        </div>
        {move || match status.read().phase {
            SyncPhase::Loading(progress) => {
                Some(view! {
                    <div class="meter">
                        <div><span id="sync-loading">{t("sync.loading")}</span><span class="num">{tn_of(progress.done, progress.total)}</span></div>
                        <progress class="progress" aria-labelledby="sync-loading" max=progress.total value=progress.done>
                        </progress>
                    </div>
                })
            }
            _ => None,
        }}
    }
}

fn headline(status: &SyncStatus) -> String {
    match status.phase {
        SyncPhase::SignInNeeded => t_with("sync.sign_in", &[]),
        SyncPhase::UpgradeNeeded => t_with("sync.upgrade", &[]),
        SyncPhase::Revoked => t_with("sync.revoked", &[]),
        _ if status.waiting > 0 => tn("sync.waiting_here", status.waiting),
        _ if status.files > 0 => tn("sync.files_here", status.files),
        _ => t_with("sync.all_sent", &[]),
    }
}

/// Since when, as of when, and what happens next; the parts that apply.
fn explained(status: &SyncStatus) -> String {
    let when = |key: &str, ms: i64| t_with(key, &[("when", &format::moment(ms))]);
    let phase = match status.phase {
        SyncPhase::SignInNeeded => Some(t_with("sync.sign_in_why", &[])),
        SyncPhase::UpgradeNeeded => Some(t_with("sync.upgrade_why", &[])),
        SyncPhase::Revoked => Some(t_with("sync.revoked_why", &[])),
        SyncPhase::Sending => Some(t_with("sync.sending", &[])),
        SyncPhase::Waiting { retry_at } if status.online => Some(when("sync.retry_at", retry_at)),
        _ if !status.online => Some(t_with("sync.offline", &[])),
        _ => None,
    };
    let oldest = status.oldest_waiting_at.filter(|_| status.waiting > 0).map(|ms| when("sync.oldest", ms));
    // The headline is of the changes.
    let files = (status.waiting > 0 && status.files > 0).then(|| tn("status.files", status.files));
    let as_of = status.last_success_at.map_or_else(|| t_with("sync.never", &[]), |ms| when("sync.as_of", ms));
    [phase, files, oldest, Some(as_of)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn tn_of(done: u64, total: u64) -> String {
    t_with("sync.of", &[("done", &format::number(done as i64)), ("total", &format::number(total as i64))])
}
