//! Dashboards: those that come with the app and those that somebody keeps, and how their tiles are changed.

use crate::{
    queries::Saved,
    show,
    state::{Draft, Rounds, Toast, use_rounds},
    text::t_with,
};
use domain::{
    Id, Row, Value,
    dashboard::{self, Ready},
    records::{Dashboard, SavedQuery},
    sorting::SharedSort,
    types::{Tile, Tiles, Typed},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// At most this many tiles can be put on one dashboard.
pub const MOST_TILES: usize = 24;

/// A dashboard with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// As its address says it.
    pub key: String,
    pub title: String,
    pub tiles: Vec<Tile>,
    /// None of those that come with the app.
    pub saved: Option<Saved>,
}

impl Board {
    fn of(row: &Row) -> Board {
        Board { key: row.id.to_string(), title: show::name(row), tiles: tiles(row), saved: Some(Saved::of(row)) }
    }

    fn ready(ready: Ready) -> Board {
        let title = ready.label.get(use_rounds().lang().get()).to_owned();
        Board { key: ready.id.to_owned(), title, tiles: ready.tiles, saved: None }
    }

    pub fn href(&self) -> String {
        href(&self.key)
    }

    /// The record of a dashboard that who is signed in may change.
    pub fn own(&self) -> Option<Id> {
        self.saved.filter(|saved| saved.may_change).map(|saved| saved.id)
    }
}

/// The address of a dashboard.
pub fn href(key: &str) -> String {
    format!("/dashboards/{key}")
}

/// All dashboards that there are for who is signed in, the own ones first; reactive.
pub fn all() -> Vec<Board> {
    let rounds = use_rounds();
    let me = rounds.me();
    let mut kept: Vec<Board> = rounds.rows(Dashboard::KIND).read().iter().map(|row| Board::of(row)).collect();
    let is_others = |board: &Board| board.saved.is_some_and(|saved| saved.maker != me);
    kept.shared_sort_by_key(|board| (is_others(board), board.title.clone(), board.key.clone()));
    let (others, own): (Vec<Board>, Vec<Board>) = kept.into_iter().partition(is_others);
    let ready = dashboard::ready(rounds.role()).into_iter().map(Board::ready);
    own.into_iter().chain(ready).chain(others).collect()
}

fn tiles(row: &Row) -> Vec<Tile> {
    Tiles::read(&row.value("tiles")).unwrap_or_default()
}

/// Makes a dashboard of one's own, with these tiles, and gives its key; it is kept while the page goes there.
pub fn make(rounds: Rounds, name: String, tiles: &[Tile]) -> String {
    let (kind, id) = (Dashboard::KIND, rounds.new_id());
    let draft = Draft::new().create(kind, id).put(kind, id, "name", json!(name)).put(kind, id, "shared", json!("private"));
    save(rounds, draft.put(kind, id, "tiles", Tiles::stored(tiles)));
    id.to_string()
}

/// Makes one's own of a dashboard that somebody else made, or that comes with the app.
pub fn copy(rounds: Rounds, board: &Board) -> String {
    let name = untrack(|| t_with("dashboard.copy_of", &[("name", &board.title)]));
    make(rounds, name, &board.tiles)
}

/// Changes the tiles of a dashboard as they are now, at once and for good.
pub fn change<T>(rounds: Rounds, board: Id, edit: impl FnOnce(&mut Vec<Tile>) -> T) -> Option<T> {
    let (draft, made) = changed(rounds, board, edit)?;
    save(rounds, draft);
    Some(made)
}

/// The same, with what was done and the way back in a toast.
pub fn change_with_toast(rounds: Rounds, board: Id, said: String, edit: impl FnOnce(&mut Vec<Tile>)) {
    if let Some((draft, ())) = changed(rounds, board, edit) {
        rounds.save_with_toast(draft, said);
    }
}

fn changed<T>(rounds: Rounds, board: Id, edit: impl FnOnce(&mut Vec<Tile>) -> T) -> Option<(Draft, T)> {
    let row = untrack(|| rounds.look_up(board))?;
    let mut tiles = tiles(&row);
    let made = edit(&mut tiles);
    Some((Draft::new().put(Dashboard::KIND, board, "tiles", Tiles::stored(&tiles)), made))
}

/// Keeps a change without a word, unless it cannot be kept.
pub fn save(rounds: Rounds, draft: Draft) {
    spawn_local(async move {
        if let Err(error) = rounds.save(draft).await {
            rounds.toast(Toast::wrong(rounds.store_error(&error)));
        }
    });
}

/// The names of the saved queries on a dashboard that its maker alone sees: who it is shared with finds them missing; reactive.
pub fn unshared(board: &Board) -> Vec<String> {
    let rounds = use_rounds();
    let saved = board.tiles.iter().filter_map(|tile| rounds.look_up(Id::try_parse(&tile.query).ok()?));
    let is_private =
        |row: &Row| row.kind == SavedQuery::KIND && !matches!(row.value("shared"), Value::String(with) if with != "private");
    let mut names: Vec<String> = saved.filter(|row| is_private(row)).map(|row| show::name(&row)).collect();
    names.shared_sort_by_key(String::clone);
    names.dedup();
    names
}
