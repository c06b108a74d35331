//! Every value a record's fields had, from the server, each with the way back.

mod changes;

use super::{bones::Bones, empty::Empty, form::may_write};
use crate::{
    format,
    icons::icon,
    show,
    state::{Draft, Rounds, use_rounds},
    text::{t, t_with},
};
use changes::{Change, What, changes};
use domain::{FieldSpec, Id, Row, Value, time::print_instant};
use leptos::{prelude::*, task::spawn_local};
use online::{Fault, record_history};
use std::sync::Arc;

/// What the server answered; none while it is asked.
type Answer = Option<Result<Vec<Change>, Fault>>;

#[component]
pub fn History(record: Id) -> impl IntoView {
    let answer = RwSignal::new(None as Answer);
    let ask = move || {
        answer.set(None);
        spawn_local(async move {
            let found = record_history(record).await.map(|items| changes(&items));
            answer.try_set(Some(found));
        });
    };
    ask();
    move || match answer.get() {
        None => view! { <Bones/> }.into_any(),
        Some(Ok(changes)) if changes.is_empty() => {
            view! { <Empty icon="history" text=Signal::derive(t("history.empty"))/> }.into_any()
        }
        Some(Ok(changes)) => {
            let changes = changes.into_iter().map(|change| view! { <OneChange record change/> }).collect_view();
            view! { <ol class="timeline">{changes}</ol> }.into_any()
        }
        Some(Err(fault)) => {
            let said = if fault.is_offline() { t_with("history.offline", &[]) } else { t_with("history.refused", &[]) };
            view! {
                <div class="problem" role="status">
                    {icon("history")}
                    <strong>{said}</strong>
                    <p>{t("history.safe")}</p>
                    <p><button class="button" type="button" on:click=move |_| ask()>{t("history.again")}</button></p>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn OneChange(record: Id, change: Change) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(record);
    let kind = row.with_untracked(|row| row.as_ref().map(|row| row.kind.clone())).unwrap_or_default();
    let spec = rounds.schema().field(&kind, &change.field);
    let (actor, at) = (change.actor, change.at);
    let change = StoredValue::new(change);
    let title = move || change.with_value(|change| title(&kind, change));
    let who = move || {
        let who = if actor.is_nil() { t_with("history.import", &[]) } else { rounds.title(actor) };
        change.with_value(|change| if change.device.is_empty() { who } else { format!("{who} · {}", change.device) })
    };
    let restore = move || row.get().and_then(|row| change.with_value(|change| restore(rounds, &row, spec?, change)));
    let restore = move || restore().map(|draft| view! { <RestoreButton draft/> });
    view! {
        <li class="event">
            <span class="stop">{icon("history")}</span>
            <div>
                <div class="event-head">
                    <div class="event-words">
                        <strong>{title}</strong>
                        <span>{who}</span>
                        <time datetime=print_instant(at)>{move || format::moment(at)}</time>
                    </div>
                </div>
                <p class="change">{move || change.with_value(|change| told(spec, &change.what))}</p>
                {restore}
            </div>
        </li>
    }
}

#[component]
fn RestoreButton(draft: Draft) -> impl IntoView {
    let rounds = use_rounds();
    let restore = move |_| rounds.save_with_toast(draft.clone(), untrack(t("history.restored")));
    view! { <button class="link-button" type="button" on:click=restore>{t("history.restore")}</button> }
}

fn title(kind: &str, change: &Change) -> String {
    match change.what {
        What::Made => t_with("history.made", &[]),
        What::Deleted => t_with("history.deleted", &[]),
        What::Lost(_) => t_with("history.lost", &[("field", &show::field_label(kind, &change.field))]),
        _ => show::field_label(kind, &change.field),
    }
}

fn told(spec: Option<&FieldSpec>, what: &What) -> AnyView {
    let words = |value: &Value| {
        let words = match spec {
            // One element of a set reads as a set of one.
            Some(spec) if spec.is_set() && !value.is_array() => show::value(spec, &Value::Array(vec![value.clone()])),
            Some(spec) => show::value(spec, value),
            None => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        if words.is_empty() { "—".to_owned() } else { words }
    };
    match what {
        What::Made | What::Deleted => ().into_any(),
        What::Set { before: Value::Null, after } => view! { <ins>{words(after)}</ins> }.into_any(),
        What::Set { before, after } => view! { <del>{words(before)}</del>" "<ins>{words(after)}</ins> }.into_any(),
        What::Lost(value) | What::Removed(value) => view! { <del>{words(value)}</del> }.into_any(),
        What::Added(value) => view! { <ins>{words(value)}</ins> }.into_any(),
    }
}

/// The action that puts the old value back; none where it is in force, or where the member may not.
fn restore(rounds: Rounds, row: &Arc<Row>, spec: &FieldSpec, change: &Change) -> Option<Draft> {
    let kind = rounds.schema().kind(&row.kind).filter(|kind| may_write(kind, rounds.role()))?;
    let old = change.restorable()?;
    let now = row.value(&spec.name);
    let put_back = match (spec.is_set(), now.clone()) {
        (false, _) => old.clone(),
        (true, Value::Array(mut elements)) => {
            if !elements.contains(old) {
                elements.push(old.clone());
            }
            Value::Array(elements)
        }
        (true, _) => Value::Array(vec![old.clone()]),
    };
    (put_back != now && !(spec.required && put_back.is_null()))
        .then(|| Draft::new().put(&kind.name, row.id, &spec.name, put_back))
}
