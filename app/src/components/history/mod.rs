//! Every value a record's fields had, from the server, each with the way back: of the value, and of the whole record.

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
use domain::{
    FieldSpec, Id, Row, Value,
    history::{Entry, as_at},
    time::print_instant,
};
use leptos::{prelude::*, task::spawn_local};
use online::{Fault, HistoryItem, record_history};
use std::sync::Arc;

/// What the server answered; none while it is asked.
type Answer = Option<Result<Arc<Vec<HistoryItem>>, Fault>>;
/// The server answers with no more than the newest so many.
const MOST: usize = 1_000;

#[component]
pub fn History(record: Id) -> impl IntoView {
    let answer = RwSignal::new(None as Answer);
    let ask = move || {
        answer.set(None);
        spawn_local(async move {
            let found = record_history(record).await.map(Arc::new);
            answer.try_set(Some(found));
        });
    };
    ask();
    move || match answer.get() {
        None => view! { <Bones/> }.into_any(),
        Some(Ok(items)) if items.is_empty() => {
            view! { <Empty icon="history" text=Signal::derive(t("history.empty"))/> }.into_any()
        }
        Some(Ok(items)) => {
            let mut newer = None;
            let one = |change: Change| {
                // Of what changed together, only one says that all of it can be as it was then.
                let items = (newer.replace(change.at) != Some(change.at)).then(|| Arc::clone(&items));
                view! { <OneChange record change items/> }
            };
            let changes = changes(&items).into_iter().map(one).collect_view();
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
fn OneChange(record: Id, change: Change, items: Option<Arc<Vec<HistoryItem>>>) -> impl IntoView {
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
    let whole = move || row.get().and_then(|row| whole_as_at(rounds, &row, items.as_ref()?, at));
    let ways_back = move || {
        let (one, all) = (restore(), whole());
        // Where a single value is all that changed since, one button says it.
        let all = all.filter(|all| one.as_ref() != Some(all));
        let button = |key, draft| view! { <RestoreButton key draft/> };
        (one.map(|draft| button("history.restore", draft)), all.map(|draft| button("history.restore_all", draft)))
    };
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
                <p class="ways-back">{ways_back}</p>
            </div>
        </li>
    }
}

#[component]
fn RestoreButton(key: &'static str, draft: Draft) -> impl IntoView {
    let rounds = use_rounds();
    let restore = move |_| rounds.save_with_toast(draft.clone(), untrack(t("history.restored")));
    view! { <button class="link-button" type="button" on:click=restore>{t(key)}</button> }
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

/// The action that makes the whole record what it was at a time; none where it is that, or where the member may not.
fn whole_as_at(rounds: Rounds, row: &Row, items: &[HistoryItem], at: i64) -> Option<Draft> {
    let kind = rounds.schema().kind(&row.kind).filter(|kind| may_write(kind, rounds.role()))?;
    let entries: Vec<Entry> =
        items.iter().map(|item| Entry { field: &item.field, value: &item.value, at: item.at, lost: item.lost }).collect();
    let put = |draft: Draft, (field, value): (String, Value)| {
        let restorable = rounds.schema().field(&row.kind, &field).is_some_and(|spec| !(spec.required && value.is_null()));
        if restorable { draft.put(&kind.name, row.id, &field, value) } else { draft }
    };
    let draft = as_at(row, &entries, items.len() < MOST, at).into_iter().fold(Draft::new(), put);
    (!draft.is_empty()).then_some(draft)
}
