use crate::{paths, show, state::use_rounds};
use domain::{FieldSpec, Row, Value, spec::Place, types::FieldType};
use leptos::prelude::*;
use std::sync::Arc;

/// What is known of a record, from its declaration: only fields that are filled, those of an import too.
#[component]
pub fn Facts(
    row: Signal<Option<Arc<Row>>>,
    /// Fields that are shown elsewhere on the page.
    #[prop(optional)]
    without: &'static [&'static str],
) -> impl IntoView {
    move || row.get().map(|row| view! { <dl class="facts">{facts(&row, without)}</dl> })
}

fn facts(row: &Row, without: &[&str]) -> Vec<AnyView> {
    let Some(kind) = use_rounds().schema().kind(&row.kind) else { return Vec::new() };
    let shown = kind.fields.iter().filter(|field| field.place != Place::Hidden && !without.contains(&field.name.as_ref()));
    shown.flat_map(|field| fact(field, row.value(&field.name))).collect()
}

/// A field's line; a column of an import that has no field has one of its own.
fn fact(field: &'static FieldSpec, value: Value) -> Vec<AnyView> {
    let label = field.label.get(use_rounds().lang().get()).to_owned();
    match (&field.ty, value) {
        (_, Value::Null) => Vec::new(),
        (FieldType::Anything(_), Value::Object(columns)) => {
            let words = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            columns.into_iter().map(|(column, value)| line(column, words(value).into_any())).collect()
        }
        (_, value) => vec![line(label, shown(field, &value))],
    }
}

fn line(label: String, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// A value in words, as a link where it leads somewhere.
fn shown(field: &FieldSpec, value: &Value) -> AnyView {
    let words = show::value(field, value);
    match link(field, value, &words) {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

fn link(field: &FieldSpec, value: &Value, words: &str) -> Option<String> {
    match &field.ty {
        FieldType::Reference(reference) if matches!(reference.kind.as_ref(), "account" | "contact" | "follow_up") => {
            Some(paths::record(&reference.kind, domain::Id::try_parse(value.as_str()?).ok()?))
        }
        FieldType::Phone(_) => Some(format!("tel:{}", value.get("digits")?.as_str()?)),
        _ if field.name == "email" => Some(format!("mailto:{words}")),
        _ if field.name == "website" && words.starts_with("http") => Some(words.to_owned()),
        _ if field.name == "website" => Some(format!("https://{words}")),
        _ => None,
    }
}
