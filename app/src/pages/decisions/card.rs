use super::{
    Desk, Items,
    dismiss::Dismiss,
    hand_over::HandOver,
    written::{What, Written, WrittenField, written, written_at},
};
use crate::{
    format,
    icons::small_icon,
    paths, show,
    state::{Rounds, use_rounds},
    text::{filled, t, t_with},
};
use domain::{fold::lower, hub::gates, types::Problem};
use leptos::prelude::*;
use online::{ParkedItem, TakenUp, take_up};

/// One change: whose, when, what it does to which records, why it waits, and the three ways to decide.
#[component]
pub fn WaitingCard(item: ParkedItem, items: Items) -> impl IntoView {
    let rounds = use_rounds();
    let ParkedItem { op, author, device_label, reason, at, writes, .. } = item;
    let desk = Desk { rounds, op, items, busy: RwSignal::new(false), refused: RwSignal::new(None) };
    let (handing, dismissing) = (RwSignal::new(false), RwSignal::new(false));
    let at = written_at(&writes).unwrap_or(at);
    let from = move || {
        let who = Some(rounds.title(author)).filter(|name| !name.is_empty()).unwrap_or_else(|| t_with("decision.somebody", &[]));
        t_with("decision.from", &[("who", &who), ("when", &format::moment(at)), ("device", &device_label)])
    };
    let records = written(&writes, author);
    let subject = records.first().map(|first| {
        let (first, href) = (first.clone(), paths::record(&first.kind, first.record));
        let name = move || name(rounds, &first);
        view! { <strong><a href=href>{name}</a></strong> }
    });
    let kind = records.first().map(|first| first.kind.clone()).unwrap_or_default();
    let records = records.into_iter().map(|record| view! { <RecordWritten record/> }).collect_view();
    // The buttons are not disabled while one is carried out, which would lose the focus: a second press does nothing.
    let take = move |_| desk.decide(take_up(vec![op]), taken_up);
    view! {
        <article class="matter">
            <header class="matter-head">
                {subject}
                <span class="quiet">{from}</span>
            </header>
            <p>{move || why(&kind, &reason)}</p>
            {records}
            {move || {
                desk.refused.get().map(|why| view! { <p class="field-error" role="alert">{small_icon("warning")}<span>{why}</span></p> })
            }}
            <div class="matter-tools">
                <button class="button primary" type="button" aria-disabled=move || desk.busy.get().then_some("true") on:click=take>
                    {t("decision.take_up")}
                </button>
                <button class="button" type="button" on:click=move |_| handing.set(true)>{t("decision.hand_over")}</button>
                <button class="button danger" type="button" on:click=move |_| dismissing.set(true)>{t("decision.dismiss")}</button>
            </div>
            <HandOver desk open=handing/>
            <Dismiss desk open=dismissing/>
        </article>
    }
}

/// What was done to one record, then each field with its value.
#[component]
fn RecordWritten(record: Written) -> impl IntoView {
    let rounds = use_rounds();
    let kind = record.kind.clone();
    let fields = record.fields.clone().into_iter().map(|field| view! { <FieldWritten kind=kind.clone() field/> }).collect_view();
    let what = move || {
        let label = show::kind_label(&record.kind);
        let what = match record.what {
            What::Made => t_with("sync.made", &[("kind", &lower(&label))]),
            What::Deleted => t_with("sync.deleted", &[("kind", &label)]),
            What::Changed => label,
        };
        format::labelled(&what, &name(rounds, &record))
    };
    view! {
        <p class="quiet">{what}</p>
        {fields}
    }
}

#[component]
fn FieldWritten(kind: String, field: WrittenField) -> impl IntoView {
    let WrittenField { field, value, removed } = field;
    let label = {
        let (kind, field) = (kind.clone(), field.clone());
        move || {
            let label = show::field_label(&kind, &field);
            let label = if removed { t_with("decision.removed", &[("field", &label)]) } else { label };
            format::labelled(&label, "")
        }
    };
    view! { <p class="matter-text"><span class="quiet">{label}</span>{move || show::written(&kind, &field, &value)}</p> }
}

/// The record's name; of one that is not here what the change itself calls it, else its kind.
fn name(rounds: Rounds, record: &Written) -> String {
    let named = || {
        let title = &rounds.schema().kind(&record.kind)?.title;
        record.value(title).map(|name| show::written(&record.kind, title, name))
    };
    let here = Some(rounds.title(record.record)).filter(|name| !name.is_empty());
    here.or_else(named).unwrap_or_else(|| show::kind_label(&record.kind))
}

fn why(kind: &str, reason: &str) -> String {
    match reason {
        "no_access" => t_with("decision.why.no_access", &[]),
        "unknown_record" => t_with("decision.why.unknown_record", &[]),
        "unknown_operation" => t_with("decision.why.unknown_operation", &[]),
        "device_revoked" => t_with("decision.why.device_revoked", &[]),
        other => show::closed_gate(kind, other).unwrap_or_else(|| t_with("sync.why.other", &[("reason", other)])),
    }
}

/// What the server made of taking it up.
fn taken_up(desk: Desk, answer: Vec<TakenUp>) -> Result<String, String> {
    let code = answer.into_iter().find(|one| one.op == desk.op && !one.taken).map(|one| one.code.unwrap_or_default());
    let Some(code) = code else {
        desk.take_away();
        // What was done comes back as a change of the records.
        desk.rounds.sync_now();
        return Ok(desk.said("decision.taken_up"));
    };
    let problem = Problem::of_code(&code);
    let reason = match (code.as_str(), problem) {
        ("no_access" | "not_allowed", _) => desk.said("decision.no_access"),
        ("unknown_operation", _) => desk.said("decision.why.unknown_operation"),
        ("unknown_record", _) => desk.said("decision.why.unknown_record"),
        (gate, _) if gates::field_of(gate).is_some() => desk.said("decision.gate"),
        (_, Some(problem)) => problem.message(desk.rounds.lang().get_untracked()),
        (_, None) => filled(&desk.said("sync.why.other"), &[("reason", &code)]),
    };
    Err(filled(&desk.said("decision.waits_on"), &[("reason", &reason)]))
}
