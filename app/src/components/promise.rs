use super::{
    follow_up_row::DoneButton,
    menu::{Menu, MenuButton},
    reschedule::RescheduleItems,
};
use crate::components::flow::memo;
use crate::{
    agenda, format,
    icons::icon,
    paths, show,
    state::use_rounds,
    text::{t, t_with},
};
use domain::{Id, Row};
use leptos::prelude::*;

/// What we promised an account and when it is due; one quiet line when there is nothing.
#[component]
pub fn NextStep(account: Id) -> impl IntoView {
    let follow_ups = use_rounds().referring("follow_up", "account", account);
    let next = memo(move || agenda::next_step(&follow_ups.read()).map(|row| row.id));
    move || match next.get() {
        Some(id) => view! { <Promise id leads=true /> }.into_any(),
        None => view! {
            <div class="promise">
                <span class="stop">{icon("flag")}</span>
                <p class="quiet">{t("account.no_next")}</p>
            </div>
        }
        .into_any(),
    }
}

/// An open follow-up as a promise: what, when, and done or moved with a tap.
#[component]
pub fn Promise(
    id: Id,
    /// Whether its words lead to the follow-up's own page.
    #[prop(optional)]
    leads: bool,
) -> impl IntoView {
    let rounds = use_rounds();
    let follow_up = rounds.row(id);
    let due = memo(move || follow_up.with(|row| row.as_ref().map(|row| row.text("due").to_owned()).unwrap_or_default()));
    let tone = move || due.with(|due| agenda::tone(due, rounds.now().get(), &rounds.zone()));
    let what = Signal::derive(move || follow_up.with(|row| row.as_ref().map(|row| promised(row)).unwrap_or_default()));
    let label = Signal::derive(move || what.with(|what| t_with("row.actions", &[("name", what)])));
    view! {
        <div class="promise">
            <span class="stop" data-tone=tone>
                {icon("flag")}
            </span>
            <div>
                <p class="promise-text">
                    {match leads {
                        true => view! { <a href=paths::record("follow_up", id)>{what}</a> }.into_any(),
                        false => what.into_any(),
                    }}
                </p>
                <p class="quiet" data-tone=tone>
                    {move || follow_up.with(|row| row.as_ref().map(|row| when_and_who(row)))}
                </p>
            </div>
            <div class="page-tools">
                <MenuButton id=format!("move-{id}") icon="calendar" label />
                <DoneButton follow_up name=what />
            </div>
        </div>
        <Menu id=format!("move-{id}")>
            <RescheduleItems follow_up />
        </Menu>
    }
}

/// What is to be done: its purpose, else its channel.
fn promised(follow_up: &Row) -> String {
    let words = ["purpose", "channel"].map(|field| show::field("follow_up", follow_up, field));
    words.into_iter().find(|words| !words.is_empty()).unwrap_or_else(|| show::kind_label("follow_up"))
}

fn when_and_who(follow_up: &Row) -> String {
    let rounds = use_rounds();
    let due = follow_up.text("due");
    let when = if due.is_empty() { t("row.next_undated")() } else { format::relative_due(due) };
    let said = follow_up.created.as_ref().map(|created| {
        let (day, who) = (rounds.zone().day(created.first.ms).to_string(), rounds.title(created.by));
        t_with("account.said", &[("when", &format::day(&day)), ("who", &who)])
    });
    [Some(when), said].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
