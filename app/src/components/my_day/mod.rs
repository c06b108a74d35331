//! My day on Today: what the chosen question finds now, each with a bell.

mod bell;
mod remind;
mod reminding;

pub use reminding::Reminding;

use crate::{
    components::{
        bones::Bones,
        flow::{For, memo},
        list::Position,
        results::row_of,
        row::RowTool,
        section::Section,
    },
    my_day::{chosen, reminders, stop},
    queries::{Named, named, words},
    reminders::Reminder,
    state::use_rounds,
    text::{t, tn},
};
use bell::Bell;
use domain::{
    Id,
    query::{Answer, Query},
};
use leptos::prelude::*;
use remind::Remind;
use std::sync::Arc;

/// So many are shown at first, and so many at most: the question's own page has all.
const FIRST: usize = 5;
const MOST: usize = 100;

/// What the rows of the day share; copy handle from context.
#[derive(Clone, Copy)]
struct Day {
    /// The reminders of today.
    reminders: Memo<Vec<Reminder>>,
    /// The record about whose reminder is asked, while the dialog is open and until it is asked about another.
    asked: RwSignal<Option<Id>>,
    open: RwSignal<bool>,
}

#[derive(Clone, PartialEq)]
enum Shape {
    /// Nobody plans by a question, and nothing is to be reminded of any more.
    Nothing,
    Waiting,
    /// Why the question finds no records.
    Wrong(String),
    Found,
}

/// A part of Today: the records of the day, and those besides of which a reminder is still to come.
#[component]
pub fn MyDaySection() -> impl IntoView {
    let rounds = use_rounds();
    let key = memo(chosen);
    let found: Memo<Option<Named>> = memo(move || named(key.read().as_ref()?));
    let query: Memo<Option<Query>> =
        memo(move || found.read().as_ref()?.query.as_ref().ok().filter(|query| !query.is_grouped()).cloned());
    let answered = rounds.ask(query.into());
    let of_today = memo(move || {
        let (zone, today) = (rounds.zone(), rounds.zone().day(rounds.now().get()));
        reminders().into_iter().filter(|one| zone.day(one.at) == today).collect::<Vec<_>>()
    });
    let day = Day { reminders: of_today, asked: RwSignal::new(None), open: RwSignal::new(false) };
    provide_context(day);
    provide_context(RowTool(|record| view! { <Bell record /> }.into_any()));
    let answer = move || match answered.get()?.ok()?.as_ref() {
        Answer::Records { ids, .. } => Some(ids.clone()),
        Answer::Groups { .. } => None,
    };
    let ids = memo(move || {
        let mut ids = answer().unwrap_or_default();
        let now = rounds.now().get();
        let ahead = day.reminders.get().into_iter().filter(|one| one.at > now).map(|one| one.record);
        let besides: Vec<Id> = ahead.filter(|id| !ids.contains(id) && rounds.look_up(*id).is_some()).collect();
        ids.extend(besides);
        Arc::new(ids)
    });
    let wrong = memo(move || {
        key.read().as_ref()?;
        let found = found.read();
        match (found.as_ref().map(|found| &found.query), answered.get()) {
            (None, _) => Some(t("my_day.gone")()),
            (Some(Err(fault)), _) => Some(words::problem(&fault.problem)),
            (Some(Ok(query)), _) if query.is_grouped() => Some(t("my_day.figures")()),
            (_, Some(Err(faults))) => faults.first().map(|fault| words::problem(&fault.problem)),
            _ => None,
        }
    });
    let shape = memo(move || match (key.read().is_some(), wrong.get(), answered.read().is_some()) {
        (true, Some(said), _) => Shape::Wrong(said),
        (true, None, false) => Shape::Waiting,
        (false, ..) if ids.read().is_empty() => Shape::Nothing,
        _ => Shape::Found,
    });
    let is_any = memo(move || shape.get() != Shape::Nothing);
    move || is_any.get().then(|| view! { <Planned day ids found shape /> })
}

/// The section itself, once there is something to plan by.
#[component]
fn Planned(day: Day, ids: Memo<Arc<Vec<Id>>>, found: Memo<Option<Named>>, shape: Memo<Shape>) -> impl IntoView {
    let all = RwSignal::new(false);
    let count = memo(move || ids.read().len());
    let end = move || {
        let question = found.get().map(
            |named| view! { <a class="link-button my-day-question" href=named.href()><span>{named.title.clone()}</span></a> },
        );
        let more = (count.get() > FIRST && !all.get()).then(|| {
            view! { <button class="link-button" type="button" on:click=move |_| all.set(true)>{t("action.show_all")}</button> }
        });
        view! { {question} {more} }
    };
    let body = move || match shape.get() {
        Shape::Nothing => ().into_any(),
        Shape::Waiting => view! { <Bones rows=2 /> }.into_any(),
        Shape::Found if count.get() == 0 => view! { <p class="quiet my-day-said">{t("dashboard.nothing")}</p> }.into_any(),
        Shape::Found => view! { <Rows ids all count found /> }.into_any(),
        Shape::Wrong(said) => view! {
            <p class="my-day-said">{said}</p>
            <p class="my-day-ways">
                <a class="button" href="/queries">{t("my_day.choose")}</a>
                <button class="button" type="button" on:click=move |_| stop()>{t("my_day.stop")}</button>
            </p>
            {move || (count.get() > 0).then(|| view! { <Rows ids all count found /> })}
        }
        .into_any(),
    };
    let shown_count = Signal::derive(move || Some(count.get()).filter(|count| *count > 0));
    view! {
        <div class="my-day">
            <Section id="my-day" title=Signal::derive(t("my_day.title")) count=shown_count end=end.into_any()>{body}</Section>
            <Remind day />
        </div>
    }
}

#[component]
fn Rows(ids: Memo<Arc<Vec<Id>>>, all: RwSignal<bool>, count: Memo<usize>, found: Memo<Option<Named>>) -> impl IntoView {
    let rounds = use_rounds();
    let shown = move || {
        let until = if all.get() { MOST } else { FIRST };
        ids.read().iter().take(until).copied().enumerate().collect::<Vec<_>>()
    };
    let row = move |(at, id): (usize, Id)| {
        let kind = untrack(|| rounds.look_up(id)).map(|row| row.kind.clone()).unwrap_or_default();
        row_of(&kind)(id, Position { id, at, of: count })
    };
    let left = memo(move || count.get().saturating_sub(MOST) as u64);
    let more = move || {
        let named = found.get().filter(|_| all.get() && left.get() > 0)?;
        Some(view! { <a class="link-button tile-more" href=named.href()>{tn("dashboard.more", left.get())}</a> })
    };
    view! {
        <ul class="rows" role="list" aria-labelledby="my-day">
            <For each=shown key=|place| *place children=row />
        </ul>
        {more}
    }
}
