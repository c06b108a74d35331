//! Dashboards: those that come with the app, one for each role, and how their tiles are put, moved and changed.

use crate::{
    lang::Label,
    types::{Said, Tile},
    wire::Role,
};

/// So far apart are the places of two tiles that stand side by side, so that many others find room between them.
const STEP: i64 = 1 << 16;

/// A dashboard that comes with the app.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Stable: addresses name it. The role's that it is for.
    pub id: &'static str,
    pub label: Label,
    pub tiles: Vec<Tile>,
}

/// Those that somebody with this role is offered, the one for his role first: who leads people also has work of his own.
pub fn ready(role: Role) -> Vec<Ready> {
    let all = [
        (
            Role::Rep,
            ["My work", "我的工作", "我的工作"],
            &["my_overdue", "my_week", "my_not_contacted", "my_stages", "new_this_month", "birthdays"][..],
        ),
        (
            Role::Manager,
            ["My team", "我的团队", "我的團隊"],
            &[
                "team_week",
                "late_by_person",
                "by_stage",
                "no_next_step",
                "not_contacted_30",
                "new_this_month",
                "done_by_week full",
            ],
        ),
        (
            Role::Administrator,
            ["The company", "公司概况", "公司概況"],
            &[
                "overdue number",
                "no_next_step number",
                "not_contacted_90 number",
                "by_stage",
                "by_owner",
                "late_by_person",
                "done_by_week full",
                "by_source",
                "by_area",
                "new_by_month",
            ],
        ),
    ];
    let up_to = Role::ALL.iter().position(|one| *one == role).unwrap_or(0);
    let ready = |(role, label, tiles): (Role, _, &[&str])| Ready { id: role.id(), label: Label::new(label), tiles: made(tiles) };
    all.into_iter().take(up_to + 1).rev().map(ready).collect()
}

fn made(queries: &[&str]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for query in queries {
        let (query, how) = query.split_once(' ').unwrap_or((query, ""));
        // Without a way of its own it is shown as its query is.
        add(&mut tiles, query, query, if how == "number" { how } else { AS_ITS_QUERY });
        if let Some(tile) = tiles.last_mut() {
            tile.wide = Said::first(how == "full");
        }
    }
    tiles
}

/// How a tile is shown for which nobody has chosen another way than its query's.
pub const AS_ITS_QUERY: &str = "own";

/// Puts a tile behind all others.
pub fn add(tiles: &mut Vec<Tile>, id: &str, query: &str, shown: &str) {
    let last = tiles.last().map_or(0, |tile| tile.place.value);
    tiles.push(Tile {
        id: id.to_owned(),
        query: query.to_owned(),
        place: Said::first(last.saturating_add(STEP)),
        shown: Said::first(shown.to_owned()),
        wide: Said::first(false),
    });
}

/// Moves a tile one place up or down, and says at which place, from 0, it then stands; where it is at the end it stays. Only its
/// own place is changed, unless there is no room left between those that it comes between.
pub fn shift(tiles: &mut Vec<Tile>, id: &str, down: bool, now_ms: i64) -> Option<usize> {
    let from = tiles.iter().position(|tile| tile.id == id)?;
    let to = if down { from + 1 } else { from.checked_sub(1)? };
    if to >= tiles.len() {
        return None;
    }
    let tile = tiles.remove(from);
    tiles.insert(to, tile);
    let place = |at: usize| tiles.get(at).map(|tile| tile.place.value);
    let (before, behind) = (to.checked_sub(1).and_then(place), place(to + 1));
    let room = match (before, behind) {
        (Some(before), Some(behind)) => Some(before + (behind - before) / 2).filter(|place| (before + 1..behind).contains(place)),
        (Some(before), None) => before.checked_add(STEP),
        (None, behind) => behind.and_then(|behind| behind.checked_sub(STEP)),
    };
    match room {
        Some(place) => tiles[to].place.say(place, now_ms),
        None => (1..).zip(tiles.iter_mut()).for_each(|(at, tile)| tile.place.say(at * STEP, now_ms)),
    }
    Some(to)
}

#[cfg(test)]
mod tests;
