use crate::components::flow::{Show, memo};
use crate::{
    paths,
    queries::words,
    state::{Answered, use_rounds},
    text::{t_with, tn},
};
use domain::{
    Id,
    query::{Answer, Group, Query, table::shown},
};
use leptos::prelude::*;
use std::sync::Arc;

/// So many rows are drawn at first, and again with each press.
const STEP: usize = 100;

/// An answer as a table: of records the fields that the question shows, of groups their keys and figures.
#[component]
pub fn ResultTable(query: Arc<Query>, answered: Signal<Option<Answered>>) -> impl IntoView {
    let rounds = use_rounds();
    let most = RwSignal::new(STEP);
    let fields: Arc<Vec<String>> =
        Arc::new(rounds.schema().kind(&query.from).map(|kind| shown(kind, &query)).unwrap_or_default());
    let count = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { ids, .. } => ids.len(),
            Answer::Groups { groups, .. } => groups.len(),
        },
        _ => 0,
    });
    let heads = {
        let (query, fields) = (query.clone(), fields.clone());
        move || -> Vec<String> {
            match query.is_grouped() {
                false => fields.iter().map(|name| words::field(&query.from, name)).collect(),
                true => {
                    let keys = query.group.iter().map(|grouping| words::field(&query.from, &grouping.field));
                    keys.chain(query.show.iter().map(|show| words::aggregate(&query.from, show))).collect()
                }
            }
        }
    };
    let figures = query.group.len();
    let grouped = query.is_grouped();
    let head = move |(at, head): (usize, String)| view! { <th scope="col" data-figure=(grouped && at >= figures).then_some("")>{head}</th> };
    let rows = move || {
        let Some(Ok(answer)) = answered.get() else { return Vec::new() };
        match &*answer {
            Answer::Records { ids, .. } => {
                ids.iter().take(most.get()).map(|id| record(&query.from, *id, fields.clone())).collect()
            }
            Answer::Groups { groups, .. } => groups.iter().take(most.get()).map(|one| group(&query, one)).collect(),
        }
    };
    let shown = move || {
        t_with(
            "query.rows_shown",
            &[("n", &crate::format::number(most.get() as i64)), ("total", &crate::format::number(count.get() as i64))],
        )
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || tn("query.rows", count.get() as u64)>
            <table class="table">
                <thead><tr>{move || heads().into_iter().enumerate().map(head).collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=move || { count.get() > most.get() }>
            <p class="table-more">
                <span class="quiet">{shown}</span>
                <button class="button" type="button" on:click=move |_| most.update(|most| *most += STEP)>{move || tn("query.more_rows", STEP as u64)}</button>
            </p>
        </Show>
    }
}

/// The cells follow the record; its name leads to it.
fn record(kind: &str, id: Id, fields: Arc<Vec<String>>) -> AnyView {
    let row = use_rounds().row(id);
    let href = paths::record(kind, id);
    let cells = move || {
        let Some(row) = row.get() else { return Vec::new() };
        let cell = |(at, name): (usize, &String)| {
            let words = words::of_record(&row, name);
            match at {
                0 => view! { <th scope="row"><a href=href.clone()>{if words.is_empty() { "–".to_owned() } else { words }}</a></th> }.into_any(),
                _ => view! { <td>{words}</td> }.into_any(),
            }
        };
        fields.iter().enumerate().map(cell).collect::<Vec<_>>()
    };
    view! { <tr>{cells}</tr> }.into_any()
}

fn group(query: &Query, group: &Group) -> AnyView {
    let key = |(at, (grouping, key))| {
        let words = words::key(&query.from, grouping, key);
        if at == 0 { view! { <th scope="row">{words}</th> }.into_any() } else { view! { <td>{words}</td> }.into_any() }
    };
    let keys: Vec<_> = query.group.iter().zip(&group.keys).enumerate().map(key).collect();
    let figure = |(show, total)| view! { <td data-figure="">{words::total(&query.from, show, total)}</td> };
    let figures: Vec<_> = query.show.iter().zip(&group.totals).map(figure).collect();
    view! { <tr>{keys}{figures}</tr> }.into_any()
}
