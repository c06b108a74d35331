//! Choosing other records: search over everything on the device, recent ones first, and making one that is missing.

use super::{
    Input,
    combobox::{Behaviour, Combobox, Suggestion, Token},
};
use crate::{
    components::form::{FormInputs, add_record, can_add},
    live::Live,
    state::{Rounds, use_rounds},
    text::t_with,
};
use domain::{FieldSpec, Id, KindSpec, Row, Value, types::References};
use leptos::prelude::*;
use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

/// How many records are suggested at once.
const SUGGESTED: usize = 20;

/// Which records a reference is about, where it is not all of the kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope {
    /// Those whose reference `.0` names the record `.1`.
    Through(&'static str, Id),
}

/// References that mean records of the same account: kind, field, the field of the referred kind that must agree, and where its value is from.
const SCOPES: [(&str, &str, &str, Source); 2] =
    [("account", "primary_contact", "account", Source::Record), ("follow_up", "contacts", "account", Source::Field("account"))];

#[derive(Clone, Copy)]
enum Source {
    /// The record being edited.
    Record,
    /// A field of the same form.
    Field(&'static str),
}

pub fn one(input: Input) -> AnyView {
    let Some(kind) = input.spec.ty.refers_to() else { return ().into_any() };
    let query = RwSignal::new(None::<String>);
    let chosen = move || input.value.with(|value| value.as_str().and_then(|id| Id::try_parse(id).ok()));
    let set = move |id: Id| input.value.set(Value::String(id.to_string()));
    let clear = Callback::new(move |()| input.value.set(Value::Null));
    let behaviour = Behaviour {
        query,
        suggestions: suggestions(input, kind, query, move || chosen().into_iter().collect()),
        resting: Signal::derive(move || chosen().map(|id| input.rounds.title(id)).unwrap_or_default()),
        on_pick: picked(input, kind, query, set),
        on_typed: None,
        on_backspace: None,
        on_clear: Some((Signal::derive(move || chosen().is_some()), clear)),
    };
    view! { <Combobox input behaviour/> }.into_any()
}

/// A field of several records of a kind, of which there need not be one in any declaration: for questions about a reference.
pub fn several_of(kind: &'static str) -> Option<&'static FieldSpec> {
    static FIELDS: OnceLock<Vec<FieldSpec>> = OnceLock::new();
    let field = |kind: &'static KindSpec| FieldSpec {
        label: kind.label.clone(),
        ..FieldSpec::new(&kind.name, References::new(&kind.name), [""; 3])
    };
    FIELDS.get_or_init(|| use_rounds().schema().kinds.iter().map(field).collect()).iter().find(|field| field.name == kind)
}

pub fn several(input: Input) -> AnyView {
    let Some(kind) = input.spec.ty.refers_to() else { return ().into_any() };
    let query = RwSignal::new(None::<String>);
    let chosen = move || input.value.with(ids);
    let set = move |ids: Vec<Id>| {
        input.value.set(if ids.is_empty() {
            Value::Null
        } else {
            Value::Array(ids.iter().map(|id| Value::String(id.to_string())).collect())
        })
    };
    let add = move |id: Id| set(untrack(chosen).into_iter().filter(|other| *other != id).chain([id]).collect());
    let remove = move |id: Id| set(untrack(chosen).into_iter().filter(|other| *other != id).collect());
    let behaviour = Behaviour {
        query,
        suggestions: suggestions(input, kind, query, chosen),
        resting: Signal::derive(String::new),
        on_pick: picked(input, kind, query, add),
        on_typed: None,
        on_backspace: Some(Callback::new(move |()| {
            if let Some(last) = untrack(chosen).last() {
                remove(*last);
            }
        })),
        on_clear: None,
    };
    let token = move |id: Id| view! { <Token name=input.rounds.title(id) on_remove=move |()| remove(id)/> };
    view! { <Combobox input behaviour tokens=move || chosen().into_iter().map(token).collect_view()/> }.into_any()
}

/// Living records of a kind whose text has every word of `query`, those of `first` before others, without those in `without`.
fn choose_record(
    rounds: Rounds,
    kind: &str,
    rows: &[Arc<Row>],
    query: &str,
    first: &[Id],
    without: &[Id],
    scope: Option<Scope>,
) -> Vec<Arc<Row>> {
    let found: Option<HashSet<Id>> = (!query.trim().is_empty()).then(|| rounds.find_of(kind, query).into_iter().collect());
    let in_scope = |row: &Row| scope.is_none_or(|Scope::Through(field, id)| row.reference(field) == Some(id));
    let fits = |row: &Row| found.as_ref().is_none_or(|found| found.contains(&row.id));
    let wanted = |row: &Arc<Row>| !without.contains(&row.id) && in_scope(row) && fits(row);
    let leading = first.iter().filter_map(|id| rounds.look_up(*id)).filter(|row| row.kind == kind);
    let others = rows.iter().filter(|row| !first.contains(&row.id)).cloned();
    leading.chain(others).filter(wanted).take(SUGGESTED).collect()
}

/// What is probably meant, each once: the user himself among members; else what he opened last, and of accounts then those
/// that he is to see, and the others by name.
fn likely(rounds: Rounds, live: Option<Live>, kind: &str) -> Vec<Id> {
    let mut likely = if kind == "member" { vec![rounds.me()] } else { rounds.recents().get() };
    if let Some(live) = live.filter(|_| kind == "account") {
        let standing = live.standing.read();
        let agenda = &standing.agenda;
        let planned = [&agenda.today, &agenda.overdue, &agenda.week].into_iter().flatten();
        likely.extend(planned.filter_map(|row| row.reference("account")).take(SUGGESTED));
        live.ranks.track();
        live.names.with_value(|names| likely.extend(names.ids().take(SUGGESTED)));
    }
    let mut seen = HashSet::new();
    likely.retain(|id| seen.insert(*id));
    likely
}

fn suggestions(
    input: Input,
    kind: &'static str,
    query: RwSignal<Option<String>>,
    chosen: impl Fn() -> Vec<Id> + Send + Sync + 'static,
) -> Signal<Vec<Suggestion>> {
    let rounds = input.rounds;
    let rows = rounds.rows(kind);
    let scope = scope(input);
    // Who asks a question makes no records.
    let can_add = input.place == 0 && can_add(rounds, kind) && !is_scoped_to_nothing(input);
    let live = use_context::<Live>();
    Signal::derive(move || {
        let typed = query.get().unwrap_or_default();
        let found =
            rows.with(|rows| choose_record(rounds, kind, rows, &typed, &likely(rounds, live, kind), &chosen(), scope.get()));
        let known = found.iter().map(|row| Suggestion {
            key: row.id.to_string(),
            name: rounds.title(row.id),
            second: second_line(rounds, row),
            is_new: false,
        });
        let new = (!typed.trim().is_empty() && can_add).then(|| Suggestion {
            key: typed.trim().to_owned(),
            name: t_with("widget.add_named", &[("name", typed.trim())]),
            second: String::new(),
            is_new: true,
        });
        known.chain(new).collect()
    })
}

fn picked(
    input: Input,
    kind: &'static str,
    query: RwSignal<Option<String>>,
    set: impl Fn(Id) + Send + Sync + 'static,
) -> Callback<Suggestion> {
    let scope = scope(input);
    Callback::new(move |suggestion: Suggestion| {
        query.set(None);
        let id = match suggestion.is_new {
            true => add_record(input.rounds, kind, &suggestion.key, scope.get_untracked()),
            false => Id::try_parse(&suggestion.key).ok(),
        };
        if let Some(id) = id {
            set(id);
        }
    })
}

fn scope(input: Input) -> Signal<Option<Scope>> {
    let rule = SCOPES.iter().find(|(kind, field, ..)| *kind == input.kind && *field == input.spec.name);
    let (Some((_, _, through, source)), Some(form)) = (rule, use_context::<FormInputs>()) else { return Signal::derive(|| None) };
    match *source {
        Source::Record => Signal::derive(move || Some(Scope::Through(through, form.record))),
        Source::Field(field) => Signal::derive(move || {
            let account = form.named(field)?.value.with(|value| value.as_str().and_then(|id| Id::try_parse(id).ok()))?;
            Some(Scope::Through(through, account))
        }),
    }
}

/// Whether the records it means belong to the record that the form is only making: none can, before that is saved.
fn is_scoped_to_nothing(input: Input) -> bool {
    let through_record = SCOPES
        .iter()
        .any(|(kind, field, _, source)| *kind == input.kind && *field == input.spec.name && matches!(source, Source::Record));
    through_record && use_context::<FormInputs>().is_some_and(|form| form.is_new)
}

/// What tells a record from another of the same name: the first listed fields after its title.
fn second_line(rounds: Rounds, row: &Row) -> String {
    let Some(kind) = rounds.schema().kind(&row.kind) else { return String::new() };
    let listed = kind.fields.iter().filter(|field| field.listed && field.name != kind.title);
    let words = listed.map(|field| crate::show::value(field, &row.value(&field.name))).filter(|text| !text.is_empty());
    words.take(3).collect::<Vec<_>>().join(" · ")
}

fn ids(value: &Value) -> Vec<Id> {
    let one = |value: &Value| value.as_str().and_then(|id| Id::try_parse(id).ok());
    match value {
        Value::Array(ids) => ids.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_names_declared_fields() {
        let schema = domain::records::schema();
        for (kind, field, through, source) in SCOPES {
            let refers_to = schema.field(kind, field).and_then(|field| field.ty.refers_to()).unwrap();
            assert!(schema.field(refers_to, through).is_some(), "{kind}.{field}");
            if let Source::Field(own) = source {
                assert!(schema.field(kind, own).is_some(), "{kind}.{own}");
            }
        }
    }
}
