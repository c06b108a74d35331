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
            _ if status.waiting + status.files > 0 => LineState::Waiting,
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

/// One part of the line, by the key of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Plain(&'static str),
    Counted(&'static str, u64),
    /// Device time, UTC milliseconds.
    When(&'static str, i64),
}

/// Such as "Offline · 3 changes waiting · last sent 09:14".
fn words(status: &SyncStatus) -> String {
    let said = |part| match part {
        Part::Plain(key) => t_with(key, &[]),
        Part::Counted(key, n) => tn(key, n),
        Part::When(key, ms) => t_with(key, &[("when", &format::moment(ms))]),
    };
    parts(status).into_iter().map(said).collect::<Vec<_>>().join(" · ")
}

/// The parts that apply, the most pressing first.
fn parts(status: &SyncStatus) -> Vec<Part> {
    let first = match status.phase {
        SyncPhase::SignInNeeded => Some(Part::Plain("status.sign_in")),
        SyncPhase::UpgradeNeeded => Some(Part::Plain("status.upgrade")),
        SyncPhase::Revoked => Some(Part::Plain("status.revoked")),
        _ if status.attention > 0 => Some(Part::Counted("status.attention", status.attention)),
        _ if !status.online => Some(Part::Plain("status.offline")),
        SyncPhase::Loading(_) => Some(Part::Plain("status.loading")),
        _ => None,
    };
    let waiting = (status.waiting > 0).then_some(Part::Counted("status.waiting", status.waiting));
    let files = (status.files > 0).then_some(Part::Counted("status.files", status.files));
    let all_sent = (first.is_none() && waiting.is_none() && files.is_none()).then_some(Part::Plain("status.saved"));
    let last = status.last_success_at.filter(|_| LineState::of(status) != LineState::Sending);
    let last = last.map(|ms| Part::When("status.last", ms));
    [first, waiting, files, all_sent, last].into_iter().flatten().collect()
}

/// How far the load behind the page is.
fn loading(status: &SyncStatus) -> Option<(u64, u64)> {
    match &status.phase {
        SyncPhase::Loading(progress) => Some((progress.done, progress.total)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: i64 = 9 * 3_600_000;

    fn status(online: bool, phase: SyncPhase, waiting: u64, attention: u64) -> SyncStatus {
        SyncStatus { online, phase, waiting, attention, last_success_at: Some(LAST), ..SyncStatus::default() }
    }

    fn said(status: &SyncStatus) -> Vec<(&'static str, Option<u64>)> {
        parts(status)
            .into_iter()
            .map(|part| match part {
                Part::Plain(key) | Part::When(key, _) => (key, None),
                Part::Counted(key, n) => (key, Some(n)),
            })
            .collect()
    }

    #[test]
    fn what_waits_is_told_in_every_state_and_everything_sent_only_when_it_is() {
        use SyncPhase::{Idle, Loading, Revoked, Sending, SignInNeeded, UpgradeNeeded, Waiting};
        let retry = Waiting { retry_at: 5 };
        let progress = Loading(domain::wire::Progress { phase: 1, done: 2, total: 9 });
        for phase in [Idle, Sending, progress, retry, SignInNeeded, UpgradeNeeded, Revoked] {
            for online in [true, false] {
                for attention in [0, 2] {
                    let waits = said(&status(online, phase, 3, attention));
                    assert!(waits.contains(&("status.waiting", Some(3))), "{phase:?} {online} {attention}: {waits:?}");
                    assert!(!waits.iter().any(|(key, _)| *key == "status.saved"), "{phase:?} {online} {attention}");
                    assert_ne!(LineState::of(&status(online, phase, 3, attention)), LineState::Saved);
                }
            }
        }
        let files = SyncStatus { files: 2, ..status(true, Idle, 0, 0) };
        assert_eq!(said(&files), [("status.files", Some(2)), ("status.last", None)]);
        assert_eq!(LineState::of(&files), LineState::Waiting);
        assert!(said(&SyncStatus { files: 1, ..status(false, Idle, 3, 0) }).contains(&("status.files", Some(1))));
        assert_eq!(said(&status(true, Idle, 0, 0)), [("status.saved", None), ("status.last", None)]);
        assert_eq!(said(&status(false, Idle, 0, 0)), [("status.offline", None), ("status.last", None)]);
    }

    #[test]
    fn the_most_pressing_comes_first_and_a_server_that_asks_to_wait_is_not_offline() {
        let first = |status: &SyncStatus| (LineState::of(status), said(status)[0].0);
        let retry = SyncPhase::Waiting { retry_at: 5 };
        assert_eq!(first(&status(false, SyncPhase::SignInNeeded, 1, 1)), (LineState::Attention, "status.sign_in"));
        assert_eq!(first(&status(false, retry, 1, 1)), (LineState::Attention, "status.attention"));
        assert_eq!(first(&status(false, retry, 1, 0)), (LineState::Offline, "status.offline"));
        assert_eq!(first(&status(true, retry, 1, 0)), (LineState::Waiting, "status.waiting"));
        assert_eq!(first(&status(true, SyncPhase::Sending, 1, 0)), (LineState::Sending, "status.waiting"));
    }

    #[test]
    fn the_last_success_is_told_but_while_the_next_is_under_way_or_there_was_none() {
        let tells = |status: &SyncStatus| parts(status).contains(&Part::When("status.last", LAST));
        assert!(tells(&status(false, SyncPhase::Idle, 3, 0)) && tells(&status(true, SyncPhase::SignInNeeded, 3, 0)));
        assert!(!tells(&status(true, SyncPhase::Sending, 3, 0)));
        assert!(!tells(&SyncStatus { last_success_at: None, ..status(true, SyncPhase::Idle, 0, 0) }));
    }
}
