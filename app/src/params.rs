//! What an address says: the record's id, the tab, the kind.

use crate::state::use_rounds;
use domain::{Id, KindSpec};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The id in the address; nil, which no record has, when what stands there is not an id.
pub fn use_id() -> Memo<Id> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| Id::try_parse(id).ok()).unwrap_or_default()))
}

/// `?tab=…`; empty for the first.
pub fn use_tab() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str("tab").unwrap_or_default().to_owned()))
}

/// The kind in the address, where it is one with a list of its own.
pub fn use_kind() -> Memo<Option<&'static KindSpec>> {
    let (params, rounds) = (use_params_map(), use_rounds());
    Memo::new(move |_| params.with(|params| rounds.schema().kind(params.get_str("kind")?).filter(|kind| kind.menu)))
}
