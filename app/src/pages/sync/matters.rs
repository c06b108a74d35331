use super::unsent::Unsent;
use crate::components::flow::Show;
use crate::{
    components::form::FormSheet,
    format,
    icons::icon,
    paths, show,
    state::{Attention, Toast, use_rounds},
    text::{t, t_with, tr},
};
use domain::{Value, types::Problem};
use leptos::{prelude::*, task::spawn_local};

/// An action that the server would not take: what happened, the user's own words, and what can be done.
#[component]
pub fn MatterCard(matter: Attention, unsent: RwSignal<Unsent>) -> impl IntoView {
    let rounds = use_rounds();
    let Attention { op_id, at, kind, record, parked, .. } = matter.clone();
    let name = {
        let kind = kind.clone();
        move || {
            rounds
                .row(record)
                .with(|row| row.as_ref().map(|row| show::name(row)))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| show::kind_label(&kind))
        }
    };
    let why = {
        let matter = matter.clone();
        move || reason(&matter)
    };
    let editing = RwSignal::new(false);
    let known = rounds.schema().kind(&kind).map(|spec| spec.name.as_ref());
    // What is parked for want of access can be written again where the record is here again.
    let here = rounds.row(record);
    let can_edit = move || (!parked || here.read().is_some()) && known.is_some() && unsent.with(|unsent| unsent.is_simple(op_id));
    let words = StoredValue::new(words(&matter));
    let initial =
        StoredValue::new(initial(&matter, |field| rounds.schema().field(&kind, field).is_some_and(|spec| spec.is_set())));
    let retry = move |_| spawn_local(rounds.retry_attention(op_id));
    let dismiss = move |_| spawn_local(rounds.dismiss_attention(op_id));
    let copy = move |_| {
        let lang = rounds.lang().get_untracked();
        copy_text(&words.with_value(|words| words.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")));
        rounds.toast(Toast::said(tr(lang, "sync.copied")));
    };
    let saved = Callback::new(move |_| {
        editing.set(false);
        spawn_local(rounds.dismiss_attention(op_id));
    });
    let form = move || {
        let kind = known.filter(|_| editing.get())?;
        Some(
            view! { <FormSheet kind id=Some(record) initial=initial.get_value() on_saved=saved on_close=Callback::new(move |()| editing.set(false))/> },
        )
    };
    let kind = matter.kind.clone();
    let own_words = move || {
        words.get_value().into_iter().map(|(field, text)| view! { <p class="matter-text"><span class="quiet">{format::labelled(&show::field_label(&kind, &field), "")}</span>{text}</p> }).collect_view()
    };
    view! {
        <article class="matter">
            <header class="matter-head">
                <strong><a href=paths::record(&matter.kind, record)>{name}</a></strong>
                <span class="quiet">
                    {let kind = matter.kind.clone(); move || format!("{} · {}", show::kind_label(&kind), format::moment(at))}
                </span>
            </header>
            <p>{why}" "{t("sync.text_safe")}</p>
            {own_words}
            <div class="matter-tools">
                <Show when=can_edit>
                    <button class="button primary" type="button" on:click=move |_| editing.set(true)>
                        {icon("edit")}{t("sync.edit")}
                    </button>
                </Show>
                <button class="button" type="button" on:click=retry>{t("sync.retry")}</button>
                <Show when=move || words.with_value(|words| !words.is_empty())>
                    <button class="button" type="button" on:click=copy>{t("sync.copy")}</button>
                </Show>
                <button class="button danger" type="button" on:click=dismiss>{t("sync.dismiss")}</button>
            </div>
            {form}
        </article>
    }
}

/// Why it was not taken, in the user's language where the reason is known, else in the server's words.
fn reason(matter: &Attention) -> String {
    let problem = Problem::of_code(&matter.code);
    let reason = match (matter.code.as_str(), problem) {
        ("unknown_record", _) => t_with("sync.why.unknown_record", &[]),
        ("forgotten", _) => t_with("sync.why.forgotten", &[]),
        (code, _) if matter.parked => show::closed_gate(&matter.kind, code).unwrap_or_else(|| t_with("sync.why.parked", &[])),
        ("not_allowed", _) => t_with("sync.why.not_allowed", &[]),
        ("merge_circle", _) => t_with("sync.why.merge_circle", &[]),
        ("merge_target", _) => t_with("sync.why.merge_target", &[]),
        ("too_large" | "too_long", _) => t_with("sync.why.too_long", &[]),
        (_, Some(problem)) => problem.message(use_rounds().lang().get()),
        (code, None) => t_with("sync.why.other", &[("reason", if matter.message.is_empty() { code } else { &matter.message })]),
    };
    match &matter.field {
        Some(field) => t_with("sync.why.field", &[("field", &show::field_label(&matter.kind, field)), ("reason", &reason)]),
        None => reason,
    }
}

/// What the user wrote in words, as field and text.
fn words(matter: &Attention) -> Vec<(String, String)> {
    let text = |(field, value): &(String, Value)| {
        let is_id = |text: &str| domain::Id::try_parse(text).is_ok();
        let text = value.as_str().filter(|text| !text.trim().is_empty() && !is_id(text))?;
        Some((field.clone(), text.to_owned()))
    };
    matter.fields.iter().filter_map(text).collect()
}

/// The values to start editing from: elements of a set together.
fn initial(matter: &Attention, is_set: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = Vec::new();
    for (field, value) in &matter.fields {
        match found.iter_mut().find(|(known, _)| known == field) {
            Some((_, Value::Array(elements))) if is_set(field) => elements.push(value.clone()),
            Some((_, known)) => *known = value.clone(),
            None if is_set(field) => found.push((field.clone(), Value::Array(vec![value.clone()]))),
            None => found.push((field.clone(), value.clone())),
        }
    }
    found
}

/// Puts text on the clipboard, where the browser lets it.
fn copy_text(text: &str) {
    use wasm_bindgen::{JsCast, JsValue};
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let clipboard = get(&js_sys::global(), "navigator").and_then(|navigator| get(&navigator, "clipboard"));
    let Some(clipboard) = clipboard.filter(|found| !found.is_undefined()) else { return };
    let write = get(&clipboard, "writeText").and_then(|write| write.dyn_into::<js_sys::Function>().ok());
    let _ = write.map(|write| write.call1(&clipboard, &text.into()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Id;
    use serde_json::json;

    fn matter(fields: Vec<(&str, Value)>) -> Attention {
        let fields = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        Attention {
            op_id: Id::nil(),
            at: 0,
            kind: "account".into(),
            record: Id::nil(),
            fields,
            code: "x".into(),
            message: String::new(),
            field: None,
            parked: false,
        }
    }

    #[test]
    fn the_users_words_are_shown_and_ids_are_not() {
        let found = words(&matter(vec![
            ("name", json!("华联")),
            ("owner", json!(Id::nil())),
            ("grade", json!(null)),
            ("note", json!("call first")),
        ]));
        assert_eq!(found, [("name".to_owned(), "华联".to_owned()), ("note".to_owned(), "call first".to_owned())]);
    }

    #[test]
    fn elements_of_a_set_come_back_together() {
        let found = initial(
            &matter(vec![("tags", json!("a")), ("name", json!("A")), ("tags", json!("b")), ("name", json!("B"))]),
            |field| field == "tags",
        );
        assert_eq!(found, [("tags".to_owned(), json!(["a", "b"])), ("name".to_owned(), json!("B"))]);
    }
}
