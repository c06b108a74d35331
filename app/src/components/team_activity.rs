use super::{avatar::Ring, section::Section};
use crate::components::flow::{For, memo};
use crate::{
    agenda::{self, MemberActivity},
    format,
    live::use_live,
    people,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{Id, sorting::SharedSort};
use leptos::prelude::*;
use std::{cmp::Reverse, collections::HashMap, sync::Arc};

/// What each member of the team logged today and this week, the busiest first. Nothing where there is no team.
#[component]
pub fn TeamActivity(
    /// Where the whole team is shown.
    #[prop(optional)]
    all: Option<&'static str>,
) -> impl IntoView {
    let rounds = use_rounds();
    let (members, teams, follow_ups, today) =
        (rounds.rows("member"), rounds.rows("team"), rounds.rows("follow_up"), use_live().today);
    // Worked out anew when a row changed or the day did, not with every tick of the clock.
    let activity = memo(move || {
        today.track();
        let owner = |account| rounds.owner(account);
        Arc::new(agenda::activity(&follow_ups.read(), rounds.clock_ms(), &rounds.zone(), owner))
    });
    let team = memo(move || busiest_first(people::team_of(rounds.me(), &members.read(), &teams.read()), &activity.read()));
    let end = move || all.map(|href| view! { <a class="link-button" href=href>{t("action.show_all")}</a> });
    let anybody = memo(move || !team.read().is_empty());
    move || {
        anybody.get().then(|| {
            view! {
                <Section id="team" title=Signal::derive(t("team.title")) end=end.into_any()>
                    <ul class="rows">
                        <For each=move || team.get() key=|id| *id children=move |id| view! { <MemberLine id activity /> } />
                    </ul>
                </Section>
            }
        })
    }
}

#[component]
fn MemberLine(id: Id, activity: Memo<Arc<HashMap<Id, MemberActivity>>>) -> impl IntoView {
    let rounds = use_rounds();
    let name = Signal::derive(move || rounds.title(id));
    let own = memo(move || activity.read().get(&id).cloned().unwrap_or_default());
    let overdue = move || own.with(|own| (own.overdue > 0).then(|| tn("team.overdue", own.overdue)));
    view! {
        <li class="row">
            // A row without a link keeps the grid of one.
            <span class="row-link">
                <Ring name />
                <span class="row-main">
                    <span class="row-name">{name}</span>
                    <span class="row-line">
                        {move || own.with(said)} {move || overdue().map(|words| view! { " · " <span data-tone="late">{words}</span> })}
                    </span>
                </span>
            </span>
        </li>
    }
}

fn said(activity: &MemberActivity) -> String {
    let Some(last) = activity.last else { return t("team.quiet")() };
    let today = tn("team.today", activity.today.follow_ups());
    let week = tn("team.week", activity.week.follow_ups());
    [today, week, t_with("team.last", &[("when", &format::relative(last))])].join(" · ")
}

/// Members, the busiest first.
fn busiest_first(mut members: Vec<Id>, activity: &HashMap<Id, MemberActivity>) -> Vec<Id> {
    let busy = |id: &Id| activity.get(id).map(|own| (own.today.follow_ups(), own.week.follow_ups(), own.last));
    members.shared_sort_by_key(|id| (Reverse(busy(id)), *id));
    members
}
