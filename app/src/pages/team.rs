use crate::components::flow::{For, Show, memo};
use crate::{
    agenda,
    components::{done_row::DoneRow, empty::Empty, head::PageHead, pane::Pane, section::Section, team_activity::TeamActivity},
    live::use_live,
    state::use_rounds,
    text::t,
};
use leptos::prelude::*;

/// Who did what: per member of the team, then everything logged today.
#[component]
pub fn TeamPage() -> impl IntoView {
    let title = Signal::derive(t("nav.team"));
    view! {
        <Pane label=title>
            <PageHead title />
            <TeamActivity />
            <LoggedToday />
        </Pane>
    }
}

#[component]
fn LoggedToday() -> impl IntoView {
    let (rounds, live) = (use_rounds(), use_live());
    let follow_ups = rounds.rows("follow_up");
    let done = memo(move || {
        live.today.track();
        agenda::done_today(&follow_ups.read(), rounds.clock_ms(), &rounds.zone()).iter().map(|row| row.id).collect::<Vec<_>>()
    });
    let count = memo(move || done.read().len());
    view! {
        <Section id="logged-today" title=Signal::derive(t("team.logged_today")) count=count>
            <Show when=move || count.get() == 0>
                <Empty icon="today" text=Signal::derive(t("team.nothing_logged")) />
            </Show>
            <ul class="rows">
                <For each=move || done.get() key=|id| *id children=|id| view! { <DoneRow id /> } />
            </ul>
        </Section>
    }
}
