use super::Shown;
use crate::{
    components::designer::Select,
    dashboards::{change, change_with_toast},
    dom,
    icons::icon,
    queries::figures::tile_ways,
    show,
    state::use_rounds,
    text::{t, t_with},
};
use domain::{Id, dashboard, query::Query, records::SavedQuery, types::Tile};
use leptos::{ev, prelude::*};

/// What can be done with a tile: its place among the others, how it is shown, its width, and taking it away. Each is kept at once.
#[component]
pub fn TileTools(
    board: Id,
    tile: Memo<Option<Tile>>,
    query: Memo<Option<Query>>,
    way: Memo<Option<&'static str>>,
    title: Signal<String>,
) -> impl IntoView {
    let (rounds, shown) = (use_rounds(), expect_context::<Shown>());
    let id = tile.with_untracked(|tile| tile.as_ref().map(|tile| tile.id.clone()).unwrap_or_default());
    let own = StoredValue::new(id.clone());
    let name = move || title.get_untracked();
    let at = move || shown.tiles.read().iter().position(|tile| own.with_value(|own| tile.id == *own));
    let (first, last) = (move || at() == Some(0), move || at().is_some_and(|at| at + 1 == shown.tiles.read().len()));
    let shift = move |down: bool| {
        let moved = change(rounds, board, |tiles| dashboard::shift(tiles, &own.get_value(), down, rounds.clock_ms())).flatten();
        if let Some(to) = moved {
            let count = shown.tiles.with_untracked(Vec::len);
            let place = [("name", name()), ("at", (to + 1).to_string()), ("of", count.to_string())];
            let place: Vec<(&str, &str)> = place.iter().map(|(key, value)| (*key, value.as_str())).collect();
            shown.said.set(untrack(|| t_with("dashboard.moved", &place)));
            // What moves in the page loses the focus; at the end the other way is the one to go on with.
            let way = if (down && to + 1 == count) || (!down && to > 0) { "up" } else { "down" };
            let tools = format!("#tools-{}", own.get_value());
            request_animation_frame(move || {
                _ = dom::focus(&format!("{tools} [data-move={way}]"));
                dom::focused("button").iter().for_each(dom::into_view);
            });
        }
    };
    let change_one = move |edit: &dyn Fn(&mut Tile)| {
        change(rounds, board, |tiles| tiles.iter_mut().filter(|tile| own.with_value(|own| tile.id == *own)).for_each(edit));
    };
    let choose = move |way: String| change_one(&|tile| tile.shown.say(way.clone(), rounds.clock_ms()));
    let widen = move |_| change_one(&|tile| tile.wide.say(!tile.wide.value, rounds.clock_ms()));
    let remove = move |_| {
        let said = untrack(|| t_with("dashboard.removed", &[("name", &name())]));
        change_with_toast(rounds, board, said, |tiles| tiles.retain(|tile| own.with_value(|own| tile.id != *own)));
    };
    let by_key = move |event: ev::KeyboardEvent| {
        if event.alt_key() && matches!(event.key().as_str(), "ArrowUp" | "ArrowDown") {
            event.prevent_default();
            shift(event.key() == "ArrowDown");
        }
    };
    let ways = Signal::derive(move || {
        let options = show::options(SavedQuery::KIND, "shown");
        let label = |way: &str| options.iter().find(|(id, _)| id == way).map(|(_, label)| label.clone()).unwrap_or_default();
        query.read().iter().flat_map(tile_ways).map(|way| (way.to_owned(), label(way))).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || way.get().unwrap_or_default().to_owned());
    let labelled = move |key: &'static str| move || t_with(key, &[("name", &title.get())]);
    let wide = move || tile.read().as_ref().is_some_and(|tile| tile.wide.value).to_string();
    view! {
        <div class="tile-tools" id=format!("tools-{id}") role="group" aria-label=title on:keydown=by_key>
            <button
                class="icon-button" type="button" data-move="up" disabled=first on:click=move |_| shift(false) aria-keyshortcuts="Alt+ArrowUp"
                aria-label=labelled("dashboard.up") title=t("dashboard.move_up")
            >{icon("chevron-up")}</button>
            <button
                class="icon-button" type="button" data-move="down" disabled=last on:click=move |_| shift(true) aria-keyshortcuts="Alt+ArrowDown"
                aria-label=labelled("dashboard.down") title=t("dashboard.move_down")
            >{icon("chevron-down")}</button>
            {move || (ways.read().len() > 1).then(|| view! {
                <Select label=Signal::derive(labelled("dashboard.shown_as")) options=ways chosen on_choose=Callback::new(choose) />
            })}
            <button class="chip" type="button" aria-pressed=wide on:click=widen>{t("dashboard.wide")}</button>
            <button class="icon-button" type="button" on:click=remove aria-label=labelled("dashboard.remove") title=t("query.remove")>
                {icon("trash")}
            </button>
        </div>
    }
}
