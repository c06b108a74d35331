//! What any colleague did at an account and what is planned, in one line down the page.

mod event;
mod order;

use super::empty::Empty;
use crate::components::flow::{For, Show, memo};
use crate::{
    format,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{Id, records::FollowUp};
use event::Event;
use leptos::prelude::*;
use order::{Group, groups};

/// How many events are shown at first, and how many more at a time.
const STEP: usize = 50;

#[component]
pub fn Timeline(account: Id) -> impl IntoView {
    let rounds = use_rounds();
    let follow_ups = rounds.referring(FollowUp::KIND, "account", account);
    let limit = RwSignal::new(STEP);
    let total = memo(move || order::ordered(&follow_ups.read()).len());
    let shown = memo(move || groups(&follow_ups.read(), limit.get(), &rounds.zone()));
    let hidden = move || total.get().saturating_sub(limit.get());
    let group = |group: Group| {
        let day = group.day.clone();
        let name = move || day.as_deref().map_or_else(|| t_with("timeline.next", &[]), day_name);
        view! {
            <li>
                <h2 class="timeline-day">{name}</h2>
                <ol>{group.events.into_iter().map(|id| view! { <Event id/> }).collect_view()}</ol>
            </li>
        }
    };
    view! {
        <Show when=move || { total.get() > 0 } fallback=|| view! { <Empty icon="history" text=Signal::derive(t("timeline.empty"))/> }>
            <ol class="timeline">
                <For each=move || shown.get() key=Group::clone children=group/>
            </ol>
        </Show>
        <Show when=move || { hidden() > 0 }>
            <button class="button wide" type="button" on:click=move |_| limit.update(|limit| *limit += STEP)>
                {move || tn("timeline.more", hidden() as u64)}
            </button>
        </Show>
    }
}

fn day_name(day: &str) -> String {
    match format::days_from_today(day) {
        Some(0) => t_with("timeline.today", &[]),
        Some(-1) => t_with("timeline.yesterday", &[]),
        _ => format::day(day),
    }
}
