//! A dashboard: its tiles in a grid, each with the answer of its query at a glance.

mod add;
mod answer;
mod tile;
mod tools;

use crate::{
    components::{
        empty::Empty,
        flow::{For, Show, memo},
    },
    dashboards::Board,
    state::{AnswerLine, use_rounds},
    text::t,
};
use add::AddTile;
use domain::{Id, types::Tile};
use leptos::prelude::*;
use tile::TileView;

/// What the tiles of one dashboard share; copy handle from context.
#[derive(Clone, Copy)]
struct Shown {
    tiles: Memo<Vec<Tile>>,
    line: AnswerLine,
    /// The dashboard that is being changed, if it is.
    edited: Option<Id>,
    /// What was done, for those who hear it.
    said: RwSignal<String>,
}

/// The tiles of a dashboard; `edited` names its record while they are put, moved and changed.
#[component]
pub fn Tiles(board: Signal<Option<Board>>, edited: Option<Id>) -> impl IntoView {
    let tiles = memo(move || board.with(|board| board.as_ref().map(|board| board.tiles.clone()).unwrap_or_default()));
    provide_context(Shown { tiles, line: use_rounds().answer_line(), edited, said: RwSignal::new(String::new()) });
    let said = expect_context::<Shown>().said;
    let ids = move || tiles.read().iter().map(|tile| tile.id.clone()).collect::<Vec<_>>();
    view! {
        <Show when=move || tiles.read().is_empty()>
            <Empty icon="dashboard" text=Signal::derive(t("dashboard.empty")) />
        </Show>
        <ul class="tiles" role="list">
            <For each=ids key=String::clone children=|id| view! { <TileView id /> } />
        </ul>
        {edited.map(|board| view! {
            <AddTile board />
            <p class="sr" role="status">{said}</p>
        })}
    }
}
