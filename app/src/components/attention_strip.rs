use super::notices::unread_count;
use crate::components::flow::{Show, memo};
use crate::{
    icons::{arrow, icon},
    state::use_rounds,
    text::tn,
};
use leptos::prelude::*;

/// What the user must see before the day's work: what was not taken, what would be taken away, what was
/// replaced. Nothing when there is nothing.
#[component]
pub fn AttentionStrip() -> impl IntoView {
    let rounds = use_rounds();
    let refused = memo(move || rounds.attention().with(|all| all.len() as u64));
    let withheld = memo(move || rounds.status().read().withheld);
    let notices = unread_count(rounds);
    let line = |href: &'static str, tone: &'static str, sign: &'static str, words: String| {
        view! { <a class="strip-line" href=href data-tone=tone>{icon(sign)}<span>{words}</span>{arrow("chevron-right")}</a> }
    };
    let refused_line = move || (refused.get() > 0).then(|| line("/sync", "late", "warning", tn("notice.refused", refused.get())));
    let withheld_line =
        move || (withheld.get() > 0).then(|| line("/sync", "late", "warning", tn("sync.withheld", withheld.get())));
    let notices_line =
        move || (notices.get() > 0).then(|| line("/notices", "due", "history", tn("notice.unread", notices.get())));
    view! {
        <Show when=move || { refused.get() + withheld.get() + notices.get() > 0 }>
            <div class="strip">{refused_line}{withheld_line}{notices_line}</div>
        </Show>
    }
}
