use super::{dot::Dot, follow_up_row::what_for, row::Row};
use crate::{actions, agenda, format, paths, state::use_rounds};
use domain::{Id, Row as Record};
use leptos::prelude::*;

/// A follow-up that was done: when, where, by whom, with what outcome.
#[component]
pub fn DoneRow(id: Id) -> impl IntoView {
    let follow_up = use_rounds().row(id);
    let name = Signal::derive(move || follow_up.with(|row| row.as_ref().map(|row| actions::subject(row)).unwrap_or_default()));
    let time = move || follow_up.with(|row| row.as_ref().and_then(|row| agenda::done_at(row)).map(format::time));
    let line = move || follow_up.with(|row| row.as_ref().map(|row| who_and_what(row)).unwrap_or_default());
    let lead = view! {
        <span class="row-time">
            <time>{time}</time>
        </span>
    };
    view! {
        <Row href=paths::record("follow_up", id) lead=lead.into_any() name line=line.into_any()>
            <Dot id />
        </Row>
    }
}

fn who_and_what(follow_up: &Record) -> String {
    let rounds = use_rounds();
    let who = agenda::responsible(follow_up, |account| rounds.owner(account)).map(|id| rounds.title(id));
    let parts = [who, Some(what_for(follow_up)), Some(follow_up.text("text").to_owned())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
