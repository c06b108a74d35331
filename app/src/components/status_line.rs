use crate::components::flow::memo;
use crate::{
    format,
    icons::icon,
    state::{SyncPhase, SyncStatus, use_rounds},
    text::{t, t_with, tn},
};
use leptos::prelude::*;

/// The one line that says where the work is, and leads to the page behind it.
#[component]
pub fn StatusLine() -> impl IntoView {
    let status = use_rounds().status();
    let state = memo(move || status.with(LineState::of));
    let words = memo(move || status.with(words));
    view! {
        <a class="sync-line" href="/sync" data-state=move || state.get().name()>
            {move || icon(state.get().icon())}
            <span role="status">{words}</span>
        </a>
        {move || {
            loading(&status.get()).map(|(done, total)| view! { <progress class="progress" aria-label=t("status.progress") max=total value=done></progress> })
        }}
    }
}

/// What the line looks like, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    Attention,
    Offline,
    Sending,
    Waiting,
    Saved,
}

impl LineState {
    pub fn of(status: &SyncStatus) -> LineState {
        match status.phase {
            SyncPhase::SignInNeeded | SyncPhase::UpgradeNeeded | SyncPhase::Revoked => LineState::Attention,
            _ if status.attention > 0 => LineState::Attention,
            _ if !status.online => LineState::Offline,
            SyncPhase::Sending | SyncPhase::Loading(_) => LineState::Sending,
            _ if status.waiting > 0 => LineState::Waiting,
            _ => LineState::Saved,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            LineState::Attention => "attention",
            LineState::Offline => "offline",
            LineState::Sending => "sending",
            LineState::Waiting => "waiting",
            LineState::Saved => "saved",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            LineState::Attention => "warning",
            LineState::Offline => "offline",
            LineState::Sending => "sync",
            LineState::Waiting => "cloud-up",
            LineState::Saved => "cloud-check",
        }
    }
}

/// The parts that apply, such as "Offline · 3 changes waiting · last sent 09:14".
fn words(status: &SyncStatus) -> String {
    let first = match status.phase {
        SyncPhase::SignInNeeded => Some(t("status.sign_in")()),
        SyncPhase::UpgradeNeeded => Some(t("status.upgrade")()),
        SyncPhase::Revoked => Some(t("status.revoked")()),
        _ if status.attention > 0 => Some(tn("status.attention", status.attention)),
        _ if !status.online => Some(t("status.offline")()),
        SyncPhase::Loading(_) => Some(t("status.loading")()),
        _ => None,
    };
    let waiting = (status.waiting > 0).then(|| tn("status.waiting", status.waiting));
    let all_sent = (first.is_none() && waiting.is_none()).then(|| t("status.saved")());
    let last = status.last_success_at.filter(|_| LineState::of(status) != LineState::Sending);
    let last = last.map(|ms| t_with("status.last", &[("when", &format::moment(ms))]));
    [first, waiting, all_sent, last].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// How far the load behind the page is.
fn loading(status: &SyncStatus) -> Option<(u64, u64)> {
    match &status.phase {
        SyncPhase::Loading(progress) => Some((progress.done, progress.total)),
        _ => None,
    }
}
