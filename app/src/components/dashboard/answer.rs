use crate::{
    address::use_address,
    components::{
        bones::Bones,
        flow::{For, Show, memo},
        list::Position,
        results::{Charts, Figures, Wrong, row_of},
    },
    state::Answered,
    text::{t, tn},
};
use domain::query::{Answer, Query};
use leptos::prelude::*;
use std::sync::Arc;

/// So many records are listed, and so many bars drawn; the query's own page has all.
const ROWS: usize = 5;
const BARS: usize = 6;
const WIDE_BARS: usize = 10;

#[derive(Clone, PartialEq)]
enum Shape {
    Waiting,
    Wrong,
    Nothing,
    Found,
}

/// What a query finds, at a glance. Pressing a bar or a figure of a line leads to its records.
#[component]
pub fn TileAnswer(
    query: Arc<Query>,
    answered: Signal<Option<Answered>>,
    way: &'static str,
    wide: bool,
    href: String,
    title: Signal<String>,
) -> impl IntoView {
    let address = use_address();
    let shape = memo(move || match answered.get() {
        None => Shape::Waiting,
        Some(Err(_)) => Shape::Wrong,
        Some(Ok(answer)) => match &*answer {
            Answer::Records { total: 0, .. } if way == "list" => Shape::Nothing,
            Answer::Groups { groups, .. } if groups.is_empty() => Shape::Nothing,
            _ => Shape::Found,
        },
    });
    let pressed = RwSignal::new(None::<usize>);
    let to = href.clone();
    Effect::new(move || {
        if let Some(group) = pressed.get() {
            address.go(&format!("{to}?group={group}"));
        }
    });
    let found = move || match way {
        "list" => view! { <FirstRows query=query.clone() answered href=href.clone() title /> }.into_any(),
        "number" => view! { <Figures query=query.clone() answered /> }.into_any(),
        way => {
            let most = if wide { WIDE_BARS } else { BARS };
            let left = memo(move || total(answered).saturating_sub(if way == "line" { usize::MAX } else { most }));
            view! { <Charts query=query.clone() answered way chosen=pressed most choices=false /> <More left href=href.clone() /> }.into_any()
        }
    };
    move || match (shape.get(), answered.get_untracked()) {
        (Shape::Wrong, Some(Err(faults))) => view! { <Wrong faults /> }.into_any(),
        (Shape::Nothing, _) => view! { <p class="quiet tile-nothing">{t("dashboard.nothing")}</p> }.into_any(),
        (Shape::Found, _) => found(),
        _ => view! { <Bones /> }.into_any(),
    }
}

/// The first records, and the way to the others.
#[component]
fn FirstRows(query: Arc<Query>, answered: Signal<Option<Answered>>, href: String, title: Signal<String>) -> impl IntoView {
    let found = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { ids, total } => (ids.iter().take(ROWS).copied().collect::<Vec<_>>(), *total as usize),
            Answer::Groups { .. } => Default::default(),
        },
        _ => Default::default(),
    });
    let of = memo(move || found.read().1);
    let row = row_of(&query.from);
    let rows = move || found.read().0.iter().copied().enumerate().collect::<Vec<_>>();
    let left = memo(move || of.get().saturating_sub(ROWS));
    view! {
        <ul class="rows" role="list" aria-label=title>
            <For each=rows key=|place| *place children=move |(at, id)| row(id, Position { id, at, of }) />
        </ul>
        <More left href />
    }
}

/// The way to what is not shown.
#[component]
fn More(left: Memo<usize>, href: String) -> impl IntoView {
    view! {
        <Show when=move || { left.get() > 0 }>
            <a class="link-button tile-more" href=href.clone()>{move || tn("dashboard.more", left.get() as u64)}</a>
        </Show>
    }
}

fn total(answered: Signal<Option<Answered>>) -> usize {
    match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { total, .. } | Answer::Groups { total, .. } => *total as usize,
        },
        _ => 0,
    }
}
