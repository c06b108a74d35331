use super::{Shown, answer::TileAnswer, tools::TileTools};
use crate::{
    components::{bones::Bones, flow::memo, pane::PaneScroll},
    format,
    icons::icon,
    queries::{Named, figures::tile_way, named, words},
    text::t,
};
use domain::{
    dashboard::AS_ITS_QUERY,
    query::{Answer, Query},
};
use leptos::{html, prelude::*};
use std::{rc::Rc, sync::Arc};

/// One query of a dashboard: its name, how much it finds, and that at a glance. What is wrong with it is said in its place.
#[component]
pub fn TileView(id: String) -> impl IntoView {
    let Shown { tiles, line, edited, .. } = expect_context();
    let element = NodeRef::<html::Li>::new();
    let own = id.clone();
    let tile = memo(move || tiles.read().iter().find(|tile| tile.id == own).cloned());
    let key = memo(move || tile.read().as_ref().map(|tile| tile.query.clone()).unwrap_or_default());
    let found: Memo<Option<Named>> = memo(move || named(&key.read()));
    let query: Memo<Option<Query>> = memo(move || found.read().as_ref()?.query.as_ref().ok().cloned());
    let way = memo(move || {
        let (tile, found, query) = (tile.read(), found.read(), query.read());
        let shown = match &tile.as_ref()?.shown.value {
            shown if shown == AS_ITS_QUERY => &found.as_ref()?.shown,
            shown => shown,
        };
        Some(tile_way(query.as_ref()?, shown))
    });
    let pane = expect_context::<PaneScroll>();
    let answered = line.ask(query.into(), Rc::new(move || is_in_view(pane, element)));
    let wide = memo(move || tile.read().as_ref().is_some_and(|tile| tile.wide.value));
    let title = Signal::derive(move || found.read().as_ref().map_or_else(t("dashboard.gone"), |named| named.title.clone()));
    // Of groups the figures themselves are what counts.
    let count = move || match (answered.get()?.ok()?.as_ref(), way.get()?) {
        (Answer::Records { total, .. }, "list") => Some(format::number(*total as i64)),
        _ => None,
    };
    let heading = {
        let id = format!("tile-{id}");
        move || match found.get() {
            Some(named) => view! { <h2 id=id.clone()><a href=named.href()>{named.title.clone()}</a></h2> }.into_any(),
            None => view! { <h2 id=id.clone()>{title}</h2> }.into_any(),
        }
    };
    let body = move || match (found.get(), query.get(), way.get()) {
        (Some(named), Some(query), Some(way)) => {
            let (wide, href) = (wide.get(), named.href());
            view! { <TileAnswer query=Arc::new(query) answered way wide href title /> }.into_any()
        }
        (Some(Named { query: Err(fault), .. }), ..) => wrong(words::problem(&fault.problem)).into_any(),
        (Some(_), ..) => view! { <Bones /> }.into_any(),
        (None, ..) => wrong(t("dashboard.not_here")()).into_any(),
    };
    view! {
        <li class="tile" node_ref=element data-wide=move || wide.get().then_some("") aria-labelledby=format!("tile-{id}")>
            <header class="tile-head">
                {heading}
                <span class="count">{count}</span>
            </header>
            {edited.map(|board| view! { <TileTools board tile query way title /> })}
            <div class="tile-body" inert=edited.is_some()>{body}</div>
        </li>
    }
}

fn wrong(said: String) -> impl IntoView {
    view! { <div class="problem">{icon("warning")}<p>{said}</p></div> }
}

/// Whether any of it is within the height of its pane.
fn is_in_view(pane: PaneScroll, element: NodeRef<html::Li>) -> bool {
    let nodes = pane.node.try_get_untracked().flatten().zip(element.try_get_untracked().flatten());
    nodes.is_some_and(|(pane, element)| {
        let (top, above) = (element.offset_top(), pane.scroll_top());
        top < above + pane.client_height() && top + element.offset_height() > above
    })
}
