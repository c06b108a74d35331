//! Why a record is among what was found, in one line.

use crate::{format, show, state::Rounds};
use domain::{
    FieldSpec, KindSpec, Lang, Row, Value,
    search::{Snippet, Word, marks, snippet},
    types::{FieldType, ListOf},
};
use std::sync::Arc;

pub enum Line {
    /// The name says it all: what lists say of such a record.
    Plain(String),
    /// A field that has what the name has not.
    Found { label: String, text: String, snippet: Snippet },
}

/// Characters of a text before what was found in it: a phone's line has room for some twenty more.
const BEFORE: usize = 12;

/// The line of a record: the first of its fields, or of its account's people, with a word that its name has not.
pub fn line(rounds: Rounds, row: &Row, words: &[Word]) -> Line {
    let Some(kind) = rounds.schema().kind(&row.kind) else { return Line::Plain(String::new()) };
    let missing = without(rounds, words, &show::name(row), true);
    if let Some(found) = in_fields(rounds, kind, row, &missing).or_else(|| in_people(rounds, row, &missing)) {
        return found;
    }
    let listed = kind.fields.iter().filter(|field| field.listed && field.name != kind.title);
    let words = listed.map(|field| show::value(field, &row.value(&field.name))).filter(|words| !words.is_empty());
    Line::Plain(words.take(3).collect::<Vec<_>>().join(" · "))
}

fn without(rounds: Rounds, words: &[Word], text: &str, sounds: bool) -> Vec<Word> {
    let has = |word: &&Word| !marks(&rounds.han(), std::slice::from_ref(*word), text, sounds).is_empty();
    words.iter().filter(|word| !has(word)).cloned().collect()
}

fn in_fields(rounds: Rounds, kind: &KindSpec, row: &Row, words: &[Word]) -> Option<Line> {
    kind.fields.iter().filter(|field| field.searched && field.name != kind.title).find_map(|field| {
        let text = words_of(field, &row.value(&field.name));
        let found = marks(&rounds.han(), words, &text, !matches!(field.ty, FieldType::LongText(_)));
        (!found.is_empty()).then(|| Line::Found {
            label: show::field_label(&row.kind, &field.name),
            snippet: snippet(&text, found, BEFORE),
            text,
        })
    })
}

/// An account is found by its people too.
fn in_people(rounds: Rounds, row: &Row, words: &[Word]) -> Option<Line> {
    if row.kind != "account" || words.is_empty() {
        return None;
    }
    let people = rounds.referrers("contact", "account", row.id);
    people.iter().find_map(|contact: &Arc<Row>| {
        let parts = [show::name(contact), show::field("contact", contact, "mobile"), show::field("contact", contact, "email")];
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let found = marks(&rounds.han(), words, &text, true);
        (!found.is_empty()).then(|| Line::Found {
            label: show::kind_label("contact"),
            snippet: snippet(&text, found, BEFORE),
            text,
        })
    })
}

/// What searching sees of a field, as it was written.
fn words_of(field: &FieldSpec, value: &Value) -> String {
    match (&field.ty, value) {
        (FieldType::LabelledList(list), Value::Array(entries)) if matches!(list.of, ListOf::Phones | ListOf::Handles) => {
            entries.iter().filter_map(|entry| entry.get("value")?.as_str()).collect::<Vec<_>>().join(" · ")
        }
        (FieldType::Tags(_), Value::Array(tags)) => {
            format::joined(&tags.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        }
        (ty, value) => ty.rules().print(value, Lang::En).replace('\n', " "),
    }
}
