//! A set of free words, with the words already in use suggested.

use super::{
    Input,
    combobox::{Behaviour, Combobox, Suggestion, Token},
};
use domain::{Value, fold::fold, sorting::SharedSort, types::FieldType};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How many words are suggested at once.
const SUGGESTED: usize = 8;

pub fn draw(input: Input) -> AnyView {
    let query = RwSignal::new(None::<String>);
    let rows = input.rounds.rows(input.kind);
    let chosen = move || input.value.with(words);
    let suggestions = Signal::derive(move || {
        let mut words = Vec::new();
        let mut note = |word: &Value| words.extend(word.as_str().map(str::to_owned));
        rows.with(|rows| rows.iter().for_each(|row| row.visit(&input.spec.name, &mut note)));
        suggested(counted(words.iter().map(String::as_str)), &chosen(), &query.get().unwrap_or_default())
    });
    let add = move |typed: String| {
        let FieldType::Tags(rules) = &input.spec.ty else { return };
        // What is pasted may be several words with separators.
        let Ok(Value::Array(new)) = domain::types::FieldRules::parse(rules, &typed) else { return };
        input.value.update(|value| {
            *value = joined(words(value).into_iter().chain(new.iter().filter_map(Value::as_str).map(str::to_owned)))
        });
    };
    let remove =
        move |word: &str| input.value.update(|value| *value = joined(words(value).into_iter().filter(|other| other != word)));
    let behaviour = Behaviour {
        query,
        suggestions,
        resting: Signal::derive(String::new),
        on_pick: Callback::new(move |suggestion: Suggestion| add(suggestion.key)),
        on_typed: Some(Callback::new(add)),
        on_backspace: Some(Callback::new(move |()| {
            if let Some(last) = untrack(chosen).last() {
                remove(last);
            }
        })),
        on_clear: None,
    };
    let token = move |word: String| view! { <Token name=word.clone() on_remove=move |()| remove(&word)/> };
    view! { <Combobox input behaviour tokens=move || chosen().into_iter().map(token).collect_view()/> }.into_any()
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(words) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(word) => vec![word.clone()],
        _ => Vec::new(),
    }
}

/// In the order given, each once.
fn joined(words: impl Iterator<Item = String>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for word in words.map(Value::String) {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    if kept.is_empty() { Value::Null } else { Value::Array(kept) }
}

fn counted<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

/// Words in use that fit what is typed, the most used first.
fn suggested(used: BTreeMap<String, usize>, chosen: &[String], query: &str) -> Vec<Suggestion> {
    let query = fold(query);
    let mut fitting: Vec<_> =
        used.into_iter().filter(|(word, _)| !chosen.contains(word) && fold(word).contains(&query)).collect();
    fitting.shared_sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
    let suggestion =
        |(word, _): (String, usize)| Suggestion { key: word.clone(), name: word, second: String::new(), is_new: false };
    fitting.into_iter().take(SUGGESTED).map(suggestion).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_in_use_are_suggested_the_most_used_first() {
        let used = counted(["VIP", "chain", "chain", "cold"].into_iter());
        let names = |chosen: &[String], query| {
            suggested(used.clone(), chosen, query).into_iter().map(|found| found.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&[], ""), ["chain", "VIP", "cold"]);
        assert_eq!(names(&["chain".to_owned()], "C"), ["cold"]);
    }

    #[test]
    fn a_word_is_in_the_set_once() {
        assert_eq!(joined(["a", "b", "a"].into_iter().map(str::to_owned)), json!(["a", "b"]));
        assert_eq!(joined(std::iter::empty()), Value::Null);
    }
}
