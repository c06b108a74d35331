use super::{Charts, Figures, ResultTable};
use crate::components::flow::memo;
use crate::{
    address::use_address,
    components::{
        account_row::AccountRow,
        avatar::Ring,
        bones::Bones,
        contact_row::ContactRow,
        dot::Dot,
        empty::Empty,
        list::{Position, WindowedList},
        row::Row,
    },
    dom,
    my_day::called,
    paths,
    queries::words,
    state::{Answered, use_rounds},
    text::t,
};
use domain::{
    Id,
    query::{Answer, Fault, Query, sketch::within, table::shown},
    records::{Account, Contact},
};
use leptos::prelude::*;
use std::sync::Arc;

/// An answer, shown in one of the ways that fit its question.
#[component]
pub fn Found(
    query: Arc<Query>,
    answered: Signal<Option<Answered>>,
    /// An option of a saved query's `shown`.
    way: Signal<&'static str>,
    label: Signal<String>,
) -> impl IntoView {
    // The place of the group whose records are shown below; who pressed it on a dashboard comes here with it.
    let wanted = untrack(|| use_address().asked("group"));
    let chosen = RwSignal::new(wanted.and_then(|place| place.parse::<usize>().ok()));
    let shape = memo(move || match answered.get() {
        None => Shape::Waiting,
        Some(Err(faults)) => Shape::Wrong(faults),
        Some(Ok(answer)) => match &*answer {
            Answer::Records { total: 0, .. } => Shape::Nothing,
            Answer::Groups { groups, .. } if groups.is_empty() => Shape::Nothing,
            Answer::Records { .. } => Shape::Records,
            Answer::Groups { .. } => Shape::Groups,
        },
    });
    let ids = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { ids, .. } => Arc::new(ids.clone()),
            Answer::Groups { .. } => Arc::default(),
        },
        _ => Arc::default(),
    });
    let asked = query.clone();
    let records = move |way: &'static str, query: Arc<Query>| match way {
        "table" => view! { <ResultTable query answered /> }.into_any(),
        "number" => view! { <Figures query answered /> }.into_any(),
        _ => view! { <WindowedList items=ids.into() label row=row_of(&query.from) /> }.into_any(),
    };
    let groups = move |way: &'static str, query: Arc<Query>| match way {
        "table" => view! { <ResultTable query answered /> }.into_any(),
        "number" => view! { <Figures query answered /> }.into_any(),
        way => view! {
            <Charts query=query.clone() answered way chosen />
            <details class="more">
                <summary>{t("query.table_behind")} {crate::icons::small_icon("chevron-down")}</summary>
                <ResultTable query answered />
            </details>
        }
        .into_any(),
    };
    view! {
        {move || match shape.get() {
            Shape::Waiting => view! { <Bones /> }.into_any(),
            Shape::Wrong(faults) => view! { <Wrong faults /> }.into_any(),
            Shape::Nothing => view! { <Empty icon="search" text=Signal::derive(t("query.found_nothing")) /> }.into_any(),
            Shape::Records => records(way.get(), query.clone()),
            Shape::Groups => groups(way.get(), query.clone()),
        }}
        <Inside query=asked answered chosen />
    }
}

#[derive(Clone, PartialEq)]
enum Shape {
    Waiting,
    Wrong(Arc<Vec<Fault>>),
    Nothing,
    Records,
    Groups,
}

/// A question that cannot be asked, with what to do about it.
#[component]
pub fn Wrong(faults: Arc<Vec<Fault>>) -> impl IntoView {
    let said = move || faults.iter().map(|fault| words::problem(&fault.problem)).collect::<Vec<_>>().join(" ");
    view! { <div class="problem" role="alert">{crate::icons::icon("warning")}<strong>{t("query.wrong")}</strong><p>{said}</p></div> }
}

/// The records of the group that is chosen.
#[component]
fn Inside(query: Arc<Query>, answered: Signal<Option<Answered>>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let rounds = use_rounds();
    let asked = query.clone();
    let group = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Groups { groups, .. } => groups.get(chosen.get()?).cloned(),
            Answer::Records { .. } => None,
        },
        _ => None,
    });
    let inner = Signal::derive(move || group.get().map(|group| within(rounds.schema(), &asked, &group.keys)));
    let found = rounds.ask(inner);
    let title = Signal::derive({
        let query = query.clone();
        move || {
            let keys = group.get().map(|group| group.keys).unwrap_or_default();
            let keys = query.group.iter().zip(&keys).map(|(grouping, key)| words::key(&query.from, grouping, key));
            keys.collect::<Vec<_>>().join(" · ")
        }
    });
    let ids = memo(move || match found.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { ids, .. } => Arc::new(ids.clone()),
            Answer::Groups { .. } => Arc::default(),
        },
        _ => Arc::<Vec<Id>>::default(),
    });
    let open = memo(move || group.with(Option::is_some));
    let row = row_of(&query.from);
    Effect::new(move || {
        if open.get() {
            request_animation_frame(|| dom::by_id("inside-section").iter().for_each(dom::into_view));
        }
    });
    move || {
        open.get().then(|| {
            view! {
                <section class="section" aria-labelledby="inside" id="inside-section">
                    <header class="section-head">
                        <h2 id="inside">{title}</h2>
                        <span class="count">{move || crate::format::number(ids.read().len() as i64)}</span>
                        <button class="link-button" type="button" on:click=move |_| chosen.set(None)>{t("action.close")}</button>
                    </header>
                    <WindowedList items=ids.into() label=title row />
                </section>
            }
        })
    }
}

/// The row of a kind's list.
pub fn row_of(kind: &str) -> fn(Id, Position) -> AnyView {
    match kind {
        Account::KIND => |id, position| view! { <AccountRow id position /> }.into_any(),
        Contact::KIND => |id, position| view! { <ContactRow id with_account=true position /> }.into_any(),
        _ => |id, position| view! { <FoundRow id position /> }.into_any(),
    }
}

/// A record of any kind: its account's name, or its own, and what its kind lists.
#[component]
fn FoundRow(id: Id, position: Position) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(id);
    let name = Signal::derive(move || called(id).unwrap_or_default());
    let line = move || {
        let row = row.get()?;
        let kind = rounds.schema().kind(&row.kind)?;
        let fields = shown(kind, &Query::of(&row.kind));
        let said =
            fields.iter().map(|field| words::of_record(&row, field)).filter(|words| !words.is_empty() && *words != name.get());
        Some(said.take(4).collect::<Vec<_>>().join(" · "))
    };
    let href = row.with_untracked(|row| row.as_ref().map(|row| paths::record(&row.kind, id)).unwrap_or_default());
    view! {
        <Row href lead=view! { <Ring name /> }.into_any() name line=line.into_any() position=Some(position)>
            <Dot id />
        </Row>
    }
}
