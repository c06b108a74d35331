//! Questions with a name: those that come with the app, and those that somebody keeps.

pub mod csv;
pub mod figures;
pub mod line;
pub mod words;

use crate::{paths, show, state::use_rounds};
use domain::{
    Id, Row,
    query::{Fault, Query, ready},
    records::SavedQuery,
    sorting::SharedSort,
    wire::Role,
};
use leptos::prelude::*;

/// A question with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// As its address says it.
    pub key: String,
    pub title: String,
    /// How it is shown: an option of a saved query's `shown`.
    pub shown: String,
    pub query: Result<Query, Fault>,
    pub saved: Option<Saved>,
}

/// What is known of a question that somebody keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saved {
    pub id: Id,
    /// Nil where that is not known.
    pub maker: Id,
    /// Whether who is signed in may change it.
    pub may_change: bool,
}

impl Saved {
    /// Of a query or dashboard: its maker changes it, and who administers the company.
    pub fn of(row: &Row) -> Saved {
        let rounds = use_rounds();
        let maker = row.created.as_ref().map_or(Id::nil(), |created| created.by);
        let may_change = maker.is_nil() || maker == rounds.me() || rounds.role() == Role::Administrator;
        Saved { id: row.id, maker, may_change }
    }
}

impl Named {
    fn of(row: &Row) -> Named {
        Named {
            key: row.id.to_string(),
            title: show::name(row),
            shown: row.text("shown").to_owned(),
            query: Query::from_json(&row.value("query")),
            saved: Some(Saved::of(row)),
        }
    }

    fn ready(ready: ready::Ready) -> Named {
        let title = ready.label.get(use_rounds().lang().get()).to_owned();
        Named { key: ready.id.to_owned(), title, shown: ready.shown.to_owned(), query: Ok(ready.query), saved: None }
    }

    pub fn href(&self) -> String {
        format!("{}/{}", paths::list(SavedQuery::KIND), self.key)
    }

    pub fn edit_href(&self) -> String {
        format!("{}/edit", self.href())
    }

    /// The kind of record asked about; empty where the question cannot be read.
    pub fn kind(&self) -> &str {
        self.query.as_ref().map_or("", |query| &query.from)
    }
}

/// The question that an address names; reactive.
pub fn named(key: &str) -> Option<Named> {
    if let Some(ready) = ready::all().into_iter().find(|ready| ready.id == key) {
        return Some(Named::ready(ready));
    }
    let row = use_rounds().look_up(Id::try_parse(key).ok()?)?;
    (row.kind == SavedQuery::KIND).then(|| Named::of(&row))
}

/// Those that come with the app; reactive.
pub fn ready_made() -> Vec<Named> {
    ready::all().into_iter().map(Named::ready).collect()
}

/// Those that are kept, the own ones or those of others, by name; reactive.
pub fn kept(own: bool) -> Vec<Named> {
    let rounds = use_rounds();
    let me = rounds.me();
    let mut found: Vec<Named> = rounds.rows(SavedQuery::KIND).read().iter().map(|row| Named::of(row)).collect();
    found.retain(|named| named.saved.is_some_and(|saved| (saved.maker == me) == own));
    found.shared_sort_by_key(|named| (named.title.clone(), named.key.clone()));
    found
}
