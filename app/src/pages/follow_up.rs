use crate::components::flow::memo;
use crate::{
    actions, agenda,
    components::{
        changes::Changes,
        comments::Comments,
        facts::Facts,
        files::FilesOf,
        follow_up_row::DoneButton,
        gone::Gone,
        head::PageHead,
        incomplete::Incomplete,
        pane::{Pane, PaneKind},
        promise::Promise,
        record_tools::RecordTools,
        section::Section,
    },
    live::use_live,
    params::use_id,
    paths, show,
    state::use_rounds,
    text::t,
};
use domain::{Id, Row, time::Day};
use leptos::prelude::*;
use std::sync::Arc;

/// One follow-up: planned, it can be done or moved; done, it tells what happened. Colleagues comment on both.
#[component]
pub fn FollowUpPage() -> impl IntoView {
    let id = use_id();
    move || view! { <OneFollowUp id=id.get() /> }
}

#[component]
fn OneFollowUp(id: Id) -> impl IntoView {
    let follow_up = use_rounds().row(id);
    let here = memo(move || follow_up.with(Option::is_some));
    move || match here.get() {
        true => view! { <Found id follow_up /> }.into_any(),
        false => view! { <Gone back="/" kind=PaneKind::Single /> }.into_any(),
    }
}

#[component]
fn Found(id: Id, follow_up: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let rounds = use_rounds();
    let account = memo(move || follow_up.with(|row| row.as_ref().and_then(|row| row.reference("account"))));
    let back = account.get_untracked().map_or_else(|| "/".to_owned(), |id| paths::record("account", id));
    let open = memo(move || follow_up.with(|row| row.as_ref().is_some_and(|row| agenda::is_open(row))));
    let subject = Signal::derive(move || follow_up.with(|row| row.as_ref().map(|row| actions::subject(row)).unwrap_or_default()));
    let label = Signal::derive(|| show::kind_label("follow_up"));
    let at = move || {
        account
            .get()
            .map(|id| view! { <p><a class="link-button" href=paths::record("account", id)>{move || rounds.title(id)}</a></p> })
    };
    view! {
        <Pane label kind=PaneKind::Single>
            <PageHead title=subject quiet=label back=back.clone()>
                <RecordTools row=follow_up kind="follow_up" id back=back.clone() />
            </PageHead>
            {move || match open.get() {
                true => view! { <Promise id /> <PickDay follow_up /> }.into_any(),
                false => view! { <p>{t("follow_up.done")} " " <DoneButton follow_up name=subject /></p> }.into_any(),
            }}
            {at}
            <Incomplete row=follow_up />
            <Section id="follow-up-details" title=Signal::derive(t("account.details"))>
                <Facts row=follow_up without=&["account"] />
            </Section>
            <FilesOf field="follow_up" to=id />
            <Section id="follow-up-comments" title=Signal::derive(|| show::kind_label("comment"))>
                <Comments follow_up=id />
            </Section>
            <Changes record=id />
        </Pane>
    }
}

/// Moves a follow-up to any day.
#[component]
fn PickDay(follow_up: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let today = use_live().today;
    let due_day = move || {
        follow_up.with(|row| row.as_ref().and_then(|row| row.text("due").get(..10).map(str::to_owned)).unwrap_or_default())
    };
    let pick = move |event| {
        if let (Some(row), Some(day)) = (follow_up.get_untracked(), Day::parse(&event_target_value(&event))) {
            actions::reschedule(&row, day);
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for="move-to">
                {t("follow_up.move_to")}
            </label>
            <div>
                <input class="input" type="date" id="move-to" min=move || today.get().to_string() prop:value=due_day on:change=pick />
            </div>
        </div>
    }
}
