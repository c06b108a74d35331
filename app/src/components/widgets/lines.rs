//! Several phone numbers or handles, each with a label.

use super::Input;
use crate::components::flow::{For, memo};
use crate::{
    icons::{icon, small_icon},
    text::t,
};
use domain::json::FromJson;
use domain::{
    Value,
    types::{Entry, FieldType, ListOf},
};
use leptos::prelude::*;
use serde_json::json;

pub fn draw(input: Input) -> AnyView {
    let FieldType::LabelledList(list) = &input.spec.ty else { return ().into_any() };
    let of = list.of;
    let count = memo(move || input.value.with(entries).len().max(1));
    let add =
        move |_| change(input, |entries| entries.push(Entry { label: next_label(entries, of).to_owned(), value: String::new() }));
    view! {
        <ul class="lines" id=input.id()>
            <For each=move || (0..count.get()).collect() key=|at| *at children=move |at| view! { <Line input at of/> }/>
        </ul>
        <button class="link-button" type="button" on:click=add>
            {small_icon("plus")}{t(if of == ListOf::Phones { "widget.lines.add_phone" } else { "widget.lines.add_handle" })}
        </button>
    }
    .into_any()
}

#[component]
fn Line(input: Input, at: usize, of: ListOf) -> impl IntoView {
    let phones = of == ListOf::Phones;
    let lang = input.rounds.lang();
    let entry = memo(move || {
        input
            .value
            .with(entries)
            .get(at)
            .cloned()
            .unwrap_or_else(|| Entry { label: of.labels()[0].0.to_owned(), value: String::new() })
    });
    let kind_id = input.part(&format!("kind-{at}"));
    let value_id = if at == 0 { input.part("value") } else { input.part(&format!("value-{at}")) };
    let labels = move || labels(of, &entry.read().label);
    let option = move |label: String| {
        let (own, named) = (label.clone(), label.clone());
        view! { <option value=label prop:selected=move || of.label_key(&entry.read().label) == own>{move || of.label_text(&named, lang.get()).to_owned()}</option> }
    };
    let pick = move |event| change(input, |entries| at_least(entries, at, of).label = event_target_value(&event));
    let type_value = move |event| change(input, |entries| at_least(entries, at, of).value = event_target_value(&event));
    let remove = move |_| {
        change(input, |entries| {
            if at < entries.len() {
                entries.remove(at);
            }
        })
    };
    view! {
        <li class="line">
            <select class="input" id=kind_id aria-label=t("widget.lines.kind") on:change=pick>
                {move || labels().into_iter().map(option).collect_view()}
            </select>
            <input
                class="input"
                type=if phones { "tel" } else { "text" }
                inputmode=if phones { "tel" } else { "text" }
                id=value_id
                autocomplete="off"
                autocapitalize="off"
                aria-label=t(if phones { "widget.lines.number" } else { "widget.lines.handle" })
                aria-describedby=move || input.described_by()
                aria-invalid=move || input.invalid()
                prop:value=move || entry.get().value
                on:input=type_value
            />
            <button class="icon-button" type="button" aria-label=t("widget.remove") title=t("widget.remove") on:click=remove>
                {icon("close")}
            </button>
        </li>
    }
}

/// The labels offered, and the stored one when it is another.
fn labels(of: ListOf, stored: &str) -> Vec<String> {
    let stored = of.label_key(stored);
    let own = of.labels().iter().all(|(key, _)| *key != stored).then(|| stored.to_owned());
    own.into_iter().chain(of.labels().iter().map(|(key, _)| (*key).to_owned())).collect()
}

/// The first label that no line has yet.
fn next_label(entries: &[Entry], of: ListOf) -> &'static str {
    let free = of.labels().iter().find(|(key, _)| entries.iter().all(|entry| entry.label != *key));
    free.map_or(of.labels()[0].0, |(key, _)| key)
}

fn entries(value: &Value) -> Vec<Entry> {
    Vec::from_json(value).unwrap_or_default()
}

/// The entry of a line; the line a user sees first exists only once he types into it.
fn at_least(entries: &mut Vec<Entry>, at: usize, of: ListOf) -> &mut Entry {
    while entries.len() <= at {
        let label = next_label(entries, of).to_owned();
        entries.push(Entry { label, value: String::new() });
    }
    &mut entries[at]
}

fn change(input: Input, with: impl FnOnce(&mut Vec<Entry>)) {
    let mut entries = input.value.with_untracked(entries);
    with(&mut entries);
    input.value.set(if entries.is_empty() { Value::Null } else { json!(entries) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_somebodys_own_is_offered_too() {
        assert_eq!(labels(ListOf::Phones, "Warehouse")[0], "Warehouse");
        assert_eq!(labels(ListOf::Handles, "微信").len(), ListOf::Handles.labels().len());
    }

    #[test]
    fn a_new_line_takes_a_free_label() {
        let mut entries = Vec::new();
        at_least(&mut entries, 0, ListOf::Handles).value = "wang88".into();
        assert_eq!(next_label(&entries, ListOf::Handles), "line");
        assert_eq!(at_least(&mut entries, 1, ListOf::Handles).label, "line");
    }
}
