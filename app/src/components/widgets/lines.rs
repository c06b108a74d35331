//! Several phone numbers or handles, each with a label.

use super::Input;
use crate::{
    icons::{icon, small_icon},
    text::{t, tr},
};
use domain::{
    Lang, Value,
    types::{Entry, FieldType, ListOf},
};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// Labels offered, as they are stored, each with the text's key.
const OF_PHONES: [(&str, &str); 5] = [
    ("Office", "widget.label.office"),
    ("Mobile", "widget.label.mobile"),
    ("Home", "widget.label.home"),
    ("Front desk", "widget.label.front_desk"),
    ("Fax", "widget.label.fax"),
];
const OF_HANDLES: [(&str, &str); 5] = [
    ("WeChat", "widget.label.wechat"),
    ("LINE", "widget.label.line"),
    ("WhatsApp", "widget.label.whatsapp"),
    ("Telegram", "widget.label.telegram"),
    ("QQ", "widget.label.qq"),
];

pub fn draw(input: Input) -> AnyView {
    let phones = matches!(&input.spec.ty, FieldType::LabelledList(list) if list.of == ListOf::Phones);
    let count = Memo::new(move |_| input.value.with(entries).len().max(1));
    let add = move |_| {
        change(input, |entries| entries.push(Entry { label: next_label(entries, phones).to_owned(), value: String::new() }))
    };
    view! {
        <ul class="lines" id=input.id()>
            <For each=move || 0..count.get() key=|at| *at children=move |at| view! { <Line input at phones/> }/>
        </ul>
        <button class="link-button" type="button" on:click=add>
            {small_icon("plus")}{t(if phones { "widget.lines.add_phone" } else { "widget.lines.add_handle" })}
        </button>
    }
    .into_any()
}

#[component]
fn Line(input: Input, at: usize, phones: bool) -> impl IntoView {
    let lang = input.rounds.lang();
    let entry = Memo::new(move |_| {
        input
            .value
            .with(entries)
            .get(at)
            .cloned()
            .unwrap_or_else(|| Entry { label: offered(phones)[0].0.to_owned(), value: String::new() })
    });
    let kind_id = input.part(&format!("kind-{at}"));
    let value_id = if at == 0 { input.part("value") } else { input.part(&format!("value-{at}")) };
    let labels = move || labels(phones, &entry.read().label);
    let option = move |label: String| {
        let (own, named) = (label.clone(), label.clone());
        view! { <option value=label prop:selected=move || entry.read().label == own>{move || label_text(lang.get(), &named)}</option> }
    };
    let pick = move |event| change(input, |entries| at_least(entries, at, phones).label = event_target_value(&event));
    let type_value = move |event| change(input, |entries| at_least(entries, at, phones).value = event_target_value(&event));
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

/// A stored label in the language chosen; a label of somebody's own as it is.
pub fn label_text(lang: Lang, label: &str) -> String {
    let known = OF_PHONES.iter().chain(&OF_HANDLES).find(|(stored, _)| *stored == label);
    known.map_or_else(|| label.to_owned(), |(_, key)| tr(lang, key).to_owned())
}

fn offered(phones: bool) -> &'static [(&'static str, &'static str)] {
    if phones { &OF_PHONES } else { &OF_HANDLES }
}

/// The labels offered, and the stored one when it is another.
fn labels(phones: bool, stored: &str) -> Vec<String> {
    let own = offered(phones).iter().all(|(label, _)| *label != stored).then(|| stored.to_owned());
    own.into_iter().chain(offered(phones).iter().map(|(label, _)| (*label).to_owned())).collect()
}

/// The first label that no line has yet.
fn next_label(entries: &[Entry], phones: bool) -> &'static str {
    let free = offered(phones).iter().find(|(label, _)| entries.iter().all(|entry| entry.label != *label));
    free.map_or(offered(phones)[0].0, |(label, _)| label)
}

fn entries(value: &Value) -> Vec<Entry> {
    Vec::deserialize(value).unwrap_or_default()
}

/// The entry of a line; the line a user sees first exists only once he types into it.
fn at_least(entries: &mut Vec<Entry>, at: usize, phones: bool) -> &mut Entry {
    while entries.len() <= at {
        let label = next_label(entries, phones).to_owned();
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
        assert_eq!(labels(true, "Warehouse")[0], "Warehouse");
        assert_eq!(labels(false, "LINE").len(), OF_HANDLES.len());
    }

    #[test]
    fn a_new_line_takes_a_free_label() {
        let mut entries = Vec::new();
        at_least(&mut entries, 0, false).value = "wang88".into();
        assert_eq!(next_label(&entries, false), "LINE");
        assert_eq!(at_least(&mut entries, 1, false).label, "LINE");
    }

    #[test]
    fn labels_speak_the_language() {
        assert_eq!(label_text(Lang::ZhCn, "WeChat"), "微信");
        assert_eq!(label_text(Lang::ZhCn, "仓库"), "仓库");
    }
}
