use crate::components::flow::{Show, Soon, memo};
use crate::{
    components::{
        account_list::AccountList, attention_strip::AttentionStrip, birthdays::Birthdays, bones::Bones, chrome::use_chrome,
        empty::Empty, follow_up_list::FollowUpList, head::PageHead, month_figures::MonthFigures, next_visit::NextVisit,
        pane::Pane, team_activity::TeamActivity,
    },
    format,
    icons::icon,
    live::use_live,
    my_day,
    part::{Later, Screen},
    state::{Drawn, tell_drawn, use_rounds},
    text::{t, tn},
};
use domain::{Id, Row, wire::Role};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use sync::browser::breathe;

/// The day: what needs attention, what is next, what is late, what comes.
#[component]
pub fn TodayPage() -> impl IntoView {
    let live = use_live();
    Effect::new(move || {
        if live.is_settled.get() {
            spawn_local(async {
                // Its last part is drawn behind the rest.
                breathe().await;
                breathe().await;
                tell_drawn(Drawn::All);
            });
        }
    });
    view! { <Today is_still=false /> }
}

/// All that stands on Today; for a still, it is drawn outside of the page.
#[component]
pub fn Today(is_still: bool) -> impl IntoView {
    let live = use_live();
    let title = Signal::derive(t("today.title"));
    let to_do = move || live.to_do.get() as u64;
    let quiet = Signal::derive(move || {
        let day = format::long_day(&live.today.get().to_string());
        if to_do() > 0 { format!("{day} · {}", tn("today.to_do", to_do())) } else { day }
    });
    view! {
        <Pane label=title wide=true>
            <PageHead title quiet=quiet is_still>
                <a class="icon-button" href="/notices" aria-label=t("nav.notices") title=t("nav.notices")>
                    {icon("bell")}
                </a>
                <a class="icon-button" href="/accounts" aria-label=t("action.search") title=t("action.search") on:click=|_| use_chrome().search_wanted().set(true)>
                    {icon("search")}
                </a>
            </PageHead>
            <Soon>
                <AttentionStrip />
            </Soon>
            <div class="today">
                <div>
                    <TeamFirst />
                    <Due />
                </div>
                <div>
                    <Show when=move || live.is_read.get() fallback=|| view! { <Bones /> }>
                        <Soon>
                            <Ahead />
                        </Soon>
                    </Show>
                </div>
            </div>
        </Pane>
    }
}

/// A manager's day starts with the team.
#[component]
fn TeamFirst() -> impl IntoView {
    (use_rounds().role() != Role::Rep).then(|| view! { <TeamActivity all="/team" /> })
}

/// The next visit, what is overdue, today by time, and what the day is planned by.
#[component]
fn Due() -> impl IntoView {
    let (rounds, live) = (use_rounds(), use_live());
    let next = memo(move || live.standing.read().agenda.next(&rounds.zone().wall(rounds.now().get())));
    let overdue = memo(move || ids(&live.standing.read().agenda.overdue));
    let today = memo(move || ids(&live.standing.read().agenda.today));
    let planned = memo(my_day::is_planned);
    let nothing = memo(move || live.is_whole.get() && live.standing.read().agenda.is_empty() && !planned.get());
    view! {
        {move || next.get().map(|follow_up| view! { <NextVisit follow_up /> })}
        <FollowUpList id="overdue" title=Signal::derive(t("today.overdue")) follow_ups=overdue first=5 tone="late" />
        // What is overdue is on the screen before.
        <Show when=move || live.is_read.get()>
            <FollowUpList id="due-today" title=Signal::derive(t("today.today")) follow_ups=today first=20 tone="due" />
        </Show>
        {move || planned.get().then(|| view! { <Later screen=Screen::MyDay /> })}
        {move || nothing.get().then(|| view! { <NothingPlanned /> })}
    }
}

/// What a new user, or one who has nothing planned, can do.
#[component]
fn NothingPlanned() -> impl IntoView {
    let (rounds, chrome) = (use_rounds(), use_chrome());
    let no_accounts = memo(move || rounds.rows("account").read().is_empty());
    move || match no_accounts.get() {
        true => view! {
            <Empty icon="accounts" text=Signal::derive(t("today.no_accounts"))>
                <a class="button primary" href="/accounts/new">
                    {t("add.account")}
                </a>
            </Empty>
        }
        .into_any(),
        false => view! {
            <Empty icon="today" text=Signal::derive(t("today.nothing"))>
                <button class="button primary" type="button" on:click=move |_| chrome.log(None)>
                    {t("nav.log")}
                </button>
            </Empty>
        }
        .into_any(),
    }
}

/// Accounts nobody planned for, the week ahead, birthdays, the month, and what was opened last.
#[component]
fn Ahead() -> impl IntoView {
    let (rounds, live) = (use_rounds(), use_live());
    let unplanned = memo(move || live.standing.read().unplanned().collect::<Vec<_>>());
    let week = memo(move || ids(&live.standing.read().agenda.week));
    let counts = memo(move || live.standing.read().this_month());
    let recents = memo(move || {
        rounds.recents().get().into_iter().filter(|id| rounds.row(*id).with(Option::is_some)).take(5).collect::<Vec<_>>()
    });
    view! {
        <AccountList id="no-next-step" title=Signal::derive(t("today.no_next")) accounts=unplanned.into() first=5 all="/accounts?show=no-next" />
        <FollowUpList id="week" title=Signal::derive(t("today.week")) follow_ups=week first=7 />
        <Birthdays />
        <MonthFigures counts=counts.into() />
        <AccountList id="recent" title=Signal::derive(t("today.recent")) accounts=recents.into() first=5 />
    }
}

fn ids(rows: &[Arc<Row>]) -> Vec<Id> {
    rows.iter().map(|row| row.id).collect()
}
