//! The questions that their makers put into the menu.

use crate::{paths, show, state::use_rounds};
use domain::{Row, json::at, records::SavedQuery, sorting::SharedSort};
use leptos::prelude::*;

/// Address and name of each, by name, of those `about` a kind or of all; reactive.
pub fn pinned(about: Option<&str>) -> Vec<(String, String)> {
    let rows = use_rounds().rows(SavedQuery::KIND).get();
    let is_pinned = |row: &Row| SavedQuery(row).pinned() == Some(true);
    let asks = |row: &Row| about.is_none_or(|kind| at(&row.value("query"), "from").as_str() == Some(kind));
    let here = rows.iter().filter(|row| is_pinned(row) && asks(row));
    let mut found: Vec<(String, String)> = here.map(|row| (paths::record(&row.kind, row.id), show::name(row))).collect();
    found.shared_sort_by_key(|(_, name)| name.clone());
    found
}
