use super::way_icon;
use crate::components::flow::memo;
use crate::{
    actions,
    address::use_address,
    components::{
        head::PageHead,
        menu::{Menu, MenuButton, MenuItem},
        pane::{Pane, PaneKind},
        results::{ExportItems, Found},
    },
    icons::{icon, small_icon},
    my_day,
    queries::{
        Named,
        figures::{way, ways},
        words,
    },
    show,
    state::use_rounds,
    text::{t, tn},
};
use domain::query::{Answer, Query};
use leptos::prelude::*;
use std::sync::Arc;

/// The answer to a question over what this device holds, in one of the ways that fit it.
#[component]
pub fn AnswerPage(named: Named) -> impl IntoView {
    let title = Signal::stored(named.title.clone());
    let query = match named.query.clone() {
        Ok(query) => Arc::new(query),
        Err(fault) => {
            let said = move || words::problem(&fault.problem);
            return view! {
                <Pane label=title kind=PaneKind::Detail>
                    <PageHead title back="/queries" />
                    <div class="problem" role="alert">{icon("warning")}<strong>{t("query.wrong")}</strong><p>{said}</p></div>
                </Pane>
            }
            .into_any();
        }
    };
    let rounds = use_rounds();
    let answered = rounds.ask(Signal::stored(Some(Query::clone(&query))));
    let chosen = RwSignal::new(way(&query, &named.shown));
    let kind = StoredValue::new(query.from.clone());
    let grouped = query.is_grouped();
    let count = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { total, .. } => Some(*total),
            Answer::Groups { total, .. } => Some(*total),
        },
        _ => None,
    });
    let quiet = Signal::derive(move || {
        let of = show::list_label(&kind.get_value());
        match count.get() {
            Some(count) if grouped => format!("{of} · {}", tn("query.groups", count)),
            Some(count) => format!("{of} · {}", tn("records.count", count)),
            None => of,
        }
    });
    let asked = query.clone();
    let question = move || words::question(&asked);
    let menu = {
        let (query, named) = (query.clone(), named.clone());
        move || view! { <ExportItems query=query.clone() answered title=named.title.clone() /> <ForMyDay named=named.clone() /> <Delete named=named.clone() /> }
    };
    let choices = ways(&query).iter().map(|way| view! { <Way way chosen /> }).collect::<Vec<_>>();
    view! {
        <Pane label=title kind=PaneKind::Detail wide=true>
            <PageHead title quiet back="/queries">
                <Tools named=named.clone() />
                <MenuButton id="query-menu" icon="more-horizontal" label=Signal::derive(t("nav.more")) />
                <Menu id="query-menu">
                    {menu.clone()}
                </Menu>
            </PageHead>
            <p class="query-words">{question}</p>
            <div class="chips" data-scroll="" role="radiogroup" aria-label=t("query.shown_as")>{choices}</div>
            <Found query answered way=chosen.into() label=title />
        </Pane>
    }
    .into_any()
}

#[component]
fn Way(way: &'static str, chosen: RwSignal<&'static str>) -> impl IntoView {
    let label = move || {
        let options = show::options("saved_query", "shown");
        options.into_iter().find(|(id, _)| id == way).map(|(_, label)| label).unwrap_or_default()
    };
    view! {
        <label class="chip">
            <input type="radio" name="way" prop:checked=move || chosen.get() == way on:change=move |_| chosen.set(way) />
            {small_icon(way_icon(way))}
            <span>{label}</span>
        </label>
    }
}

/// The way into the designer: to change one's own, or to make one's own of another's.
#[component]
fn Tools(named: Named) -> impl IntoView {
    let own = named.saved.is_some_and(|saved| saved.may_change);
    let label = if own { t("action.edit") } else { t("query.make_own") };
    view! { <a class="icon-button" href=named.edit_href() aria-label=label title=label>{icon("edit")}</a> }
}

/// Plans one's day by the question, or does so no longer; figures are nothing to do.
#[component]
fn ForMyDay(named: Named) -> impl IntoView {
    let own = named.key.clone();
    let is_chosen = memo(move || my_day::chosen().is_some_and(|key| key == own));
    let label = Signal::derive(move || if is_chosen.get() { t("my_day.stop")() } else { t("my_day.use")() });
    named.query.as_ref().is_ok_and(|query| !query.is_grouped()).then(|| {
        let choose = move |()| if is_chosen.get_untracked() { my_day::stop() } else { my_day::choose(&named) };
        view! { <MenuItem icon="today" label on_choose=Callback::new(choose) /> }
    })
}

#[component]
fn Delete(named: Named) -> impl IntoView {
    let (rounds, address) = (use_rounds(), use_address());
    named.saved.filter(|saved| saved.may_change).map(|saved| {
        let delete = Callback::new(move |()| {
            if let Some(row) = untrack(|| rounds.look_up(saved.id)) {
                actions::delete(&row);
                address.replace("/queries");
            }
        });
        view! { <MenuItem icon="trash" label=Signal::derive(t("action.delete")) danger=true on_choose=delete /> }
    })
}
