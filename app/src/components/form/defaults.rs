//! What a new record starts with, who may make one, and what is made together with it.

use crate::{
    components::widgets::{Input, Scope},
    state::{Draft, Rounds},
    text::{filled, tr},
};
use domain::{Id, KindSpec, Value, spec::Writers, wire::Role};
use leptos::prelude::*;
use serde_json::json;

/// Fields that name whoever makes the record, until somebody says otherwise.
const MADE_BY: [(&str, &str); 2] = [("account", "owner"), ("follow_up", "assigned_to")];

/// Kinds of which a picker can make a missing record, from its name alone.
const ADDED_BY_NAME: [&str; 2] = ["account", "contact"];

/// A record of another kind that the form of a new record makes along with it.
#[derive(Clone, Copy)]
pub struct Companion {
    kind: &'static str,
    /// The field after which it is asked for.
    pub after: &'static str,
    pub with: &'static str,
    /// Its fields, each with the key of the label it has here; the first is needed once any other is filled.
    fields: &'static [(&'static str, &'static str)],
    /// Its reference to the new record.
    pub refers: &'static str,
    /// The new record's reference to it.
    pub referred: &'static str,
}

const COMPANIONS: [Companion; 1] = [Companion {
    kind: "account",
    after: "address",
    with: "contact",
    fields: &[("name", "form.contact_name"), ("mobile", "form.contact_mobile")],
    refers: "account",
    referred: "primary_contact",
}];

impl Companion {
    pub fn inputs(self, rounds: Rounds, tried: RwSignal<bool>) -> Vec<Input> {
        let one = |(field, label): &(&'static str, &'static str)| {
            let spec = rounds.schema().field(self.with, field)?;
            Some(Input {
                needed: Signal::derive(|| false),
                label_key: Some(*label),
                ..Input::new(self.with, spec, Value::Null, Value::Null, tried)
            })
        };
        let mut inputs: Vec<Input> = self.fields.iter().filter_map(one).collect();
        if let Some((first, others)) = inputs.split_first_mut() {
            let others: Vec<RwSignal<Value>> = others.iter().map(|input| input.value).collect();
            first.needed = Signal::derive(move || others.iter().any(|value| value.with(|value| !value.is_null())));
        }
        inputs
    }
}

pub fn companion_of(kind: &str) -> Option<Companion> {
    COMPANIONS.into_iter().find(|companion| companion.kind == kind)
}

pub fn default_of(rounds: Rounds, kind: &str, field: &str) -> Value {
    if MADE_BY.contains(&(kind, field)) { json!(rounds.me()) } else { Value::Null }
}

/// Whether the signed-in member may write records of a kind; the server asks the same.
pub fn may_write(kind: &KindSpec, role: Role) -> bool {
    match kind.writers {
        Writers::Everyone => true,
        Writers::Administrators => role == Role::Administrator,
        Writers::System => false,
    }
}

/// Whether a picker offers to make a record of a kind.
pub fn can_add(rounds: Rounds, kind: &str) -> bool {
    ADDED_BY_NAME.contains(&kind) && rounds.schema().kind(kind).is_some_and(|spec| may_write(spec, rounds.role()))
}

/// Makes a record from its name, at once and undoable; `None` when the name cannot be one.
pub fn add_record(rounds: Rounds, kind: &'static str, name: &str, scope: Option<Scope>) -> Option<Id> {
    let spec = rounds.schema().kind(kind)?;
    let title = spec.field(&spec.title)?;
    let id = rounds.new_id();
    let named = Draft::new().create(kind, id).put(kind, id, &title.name, title.check(&Value::String(name.to_owned())).ok()?);
    let defaults = MADE_BY.iter().filter(|(of, _)| *of == kind);
    let draft = defaults.fold(named, |draft, (_, field)| draft.put(kind, id, field, json!(rounds.me())));
    let draft = match scope {
        Some(Scope::Through(field, record)) => draft.put(kind, id, field, json!(record)),
        None => draft,
    };
    let lang = rounds.lang().get_untracked();
    rounds.save_with_toast(draft, filled(&tr(lang, "form.added"), &[("name", name)]));
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_names_declared_fields() {
        let schema = domain::records::schema();
        for (kind, field) in MADE_BY {
            assert_eq!(schema.field(kind, field).and_then(|field| field.ty.refers_to()), Some("member"), "{kind}.{field}");
        }
        for companion in COMPANIONS {
            assert!(companion.fields.iter().all(|(field, _)| schema.field(companion.with, field).is_some()));
            assert_eq!(
                schema.field(companion.with, companion.refers).and_then(|field| field.ty.refers_to()),
                Some(companion.kind)
            );
            assert_eq!(
                schema.field(companion.kind, companion.referred).and_then(|field| field.ty.refers_to()),
                Some(companion.with)
            );
            assert!(schema.field(companion.kind, companion.after).is_some());
        }
    }

    #[test]
    fn only_administrators_write_members_and_nobody_writes_notices() {
        let schema = domain::records::schema();
        let may = |kind: &str, role| may_write(schema.kind(kind).unwrap(), role);
        assert!(may("account", Role::Rep));
        assert!(!may("member", Role::Manager));
        assert!(may("member", Role::Administrator));
        assert!(!may("notice", Role::Administrator));
    }
}
