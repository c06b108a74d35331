//! What the address says to a page: the record's id, the tab.

use crate::{
    address::{Detail, use_address},
    components::flow::memo,
};
use domain::Id;
use leptos::prelude::*;

/// The id in the address; nil, which no record has, when what stands there is not an id.
pub fn use_id() -> Memo<Id> {
    let route = use_address().route();
    // Until the page of a record is gone it goes on showing its record, not the nothing that stands in the next address.
    Memo::new(move |last: Option<&Id>| {
        route.with(|route| match (route.detail, last) {
            (Detail::None | Detail::New, Some(last)) => *last,
            _ => route.id,
        })
    })
}

/// `?tab=…`; empty for the first.
pub fn use_tab() -> Memo<String> {
    let address = use_address();
    memo(move || address.asked("tab").unwrap_or_default())
}
