use super::defaults::{Companion, companion_of, default_of};
use crate::{
    components::widgets::Input,
    state::{Draft, Rounds},
};
use domain::{
    FieldSpec, Id, KindSpec, Row, Value,
    spec::Place,
    types::{FieldType, MergeRule},
};
use leptos::prelude::*;
use serde_json::{Map, json};

/// The fields of the form that a widget stands in; copy handle from context.
#[derive(Clone, Copy)]
pub struct FormInputs {
    pub kind: &'static str,
    pub record: Id,
    /// The record is being made: no device knows it yet.
    pub is_new: bool,
    inputs: StoredValue<Vec<Input>>,
    companion: Option<Companion>,
}

impl FormInputs {
    /// One input per field that is asked for; `initial` goes before what the record has, and before the defaults of a new one.
    pub fn of(
        rounds: Rounds,
        spec: &'static KindSpec,
        record: Id,
        row: Option<&Row>,
        initial: &[(String, Value)],
        tried: RwSignal<bool>,
    ) -> FormInputs {
        let is_new = row.is_none();
        let given = |field: &str| initial.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
        let input = |field: &'static FieldSpec| {
            let base = row.map_or(Value::Null, |row| row.value(&field.name));
            let default = || if is_new { default_of(rounds, &spec.name, &field.name) } else { base.clone() };
            Input::new(&spec.name, field, given(&field.name).unwrap_or_else(default), base, tried)
        };
        let mut inputs: Vec<Input> =
            spec.fields.iter().filter(|field| matches!(field.place, Place::First | Place::More)).map(input).collect();
        ask_at_gates(&mut inputs);
        let companion = companion_of(&spec.name).filter(|_| is_new);
        inputs.extend(companion.into_iter().flat_map(|companion| companion.inputs(rounds, tried)));
        FormInputs { kind: &spec.name, record, is_new, inputs: StoredValue::new(inputs), companion }
    }

    pub fn all(self) -> Vec<Input> {
        // After its form is gone, what still runs (a position that arrives late) finds nothing to fill.
        self.inputs.try_get_value().unwrap_or_default()
    }

    /// The input of a field of the form's own kind.
    pub fn named(self, field: &str) -> Option<Input> {
        self.all().into_iter().find(|input| input.kind == self.kind && input.spec.name == field)
    }

    pub fn first_of(self, is: impl Fn(&FieldType) -> bool) -> Option<Input> {
        self.all().into_iter().find(|input| input.kind == self.kind && is(&input.spec.ty))
    }

    /// The inputs of one part of the form, in its order; those of a companion stand after the field it names.
    pub fn in_place(self, place: Place) -> Vec<Input> {
        let has_address = self.first_of(|ty| matches!(ty, FieldType::Address(_))).is_some();
        // A position that belongs to an address is entered with it.
        let inside = |input: &Input| has_address && matches!(input.spec.ty, FieldType::Place(_));
        let (own, others): (Vec<Input>, Vec<Input>) = self.all().into_iter().partition(|input| input.kind == self.kind);
        let mut shown: Vec<Input> = own.into_iter().filter(|input| input.spec.place == place && !inside(input)).collect();
        let after = self.companion.and_then(|companion| shown.iter().position(|input| input.spec.name == companion.after));
        if let Some(at) = after {
            shown.splice(at + 1..at + 1, others);
        }
        shown
    }

    /// The user changed something since the form opened; reactive.
    pub fn is_touched(self) -> bool {
        self.all().into_iter().any(Input::is_touched)
    }

    /// The first field that cannot be stored; reactive.
    pub fn first_problem(self) -> Option<Input> {
        self.in_place(Place::First)
            .into_iter()
            .chain(self.in_place(Place::More))
            .chain(self.all())
            .find(|input| input.checked().is_err())
    }

    /// Everything that differs from what the record has, as one action.
    pub fn draft(self, rounds: Rounds) -> Draft {
        let (own, others): (Vec<Input>, Vec<Input>) = self.all().into_iter().partition(|input| input.kind == self.kind);
        let draft = if self.is_new { Draft::new().create(self.kind, self.record) } else { Draft::new() };
        let draft = own.into_iter().fold(draft, |draft, input| put(draft, self.record, input));
        match self.companion.filter(|_| others.iter().any(|input| input.value.with_untracked(|value| !value.is_null()))) {
            None => draft,
            Some(companion) => {
                let id = rounds.new_id();
                let draft = others.into_iter().fold(draft.create(companion.with, id), |draft, input| put(draft, id, input));
                draft.put(companion.with, id, companion.refers, json!(self.record)).put(
                    self.kind,
                    self.record,
                    companion.referred,
                    json!(id),
                )
            }
        }
    }

    /// What is half typed, as it survives the browser; `None` when nothing is. Reactive.
    pub fn kept(self) -> Option<Value> {
        let touched = self.all().into_iter().filter(|input| input.is_touched());
        let mut fields = Map::new();
        for input in touched {
            fields.insert(input.id(), json!({ "value": input.value.get(), "base": input.base.get_value() }));
        }
        (!fields.is_empty()).then(|| json!({ "record": self.record, "fields": fields }))
    }

    /// Goes on from what [`FormInputs::kept`] gave; false when there was nothing of it to take up.
    pub fn take_up(self, kept: &Value) -> bool {
        let mut taken = false;
        for input in self.all().into_iter().filter(|input| !untrack(|| input.is_touched())) {
            let Some(field) = kept.get("fields").and_then(|fields| fields.get(input.id())) else { continue };
            let Some(value) = field.get("value") else { continue };
            taken |= input.value.with_untracked(|now| now != value);
            input.value.set(value.clone());
            // A long text is merged from what the user had before him when he began to write.
            if let Some(base) = field.get("base").filter(|_| input.spec.ty.merge_rule() == MergeRule::Text) {
                input.base.set_value(base.clone());
            }
        }
        taken
    }

    /// Puts everything back to what stood there when the form opened.
    pub fn reset(self) {
        for input in self.all() {
            input.value.set(input.start.get_value());
            input.left.set(false);
        }
    }
}

/// A field becomes needed when a choice is moved to what only it opens the way to.
fn ask_at_gates(inputs: &mut [Input]) {
    for at in 0..inputs.len() {
        let choice = inputs[at];
        for gate in &choice.spec.gates {
            let Some(asked) = inputs.iter_mut().find(|input| input.spec.name == gate.needs) else { continue };
            // What stood closed before, from an import, is not the user's doing.
            let says = |value: &Value| value.as_str() == Some(&gate.option);
            let was_closed = choice.base.with_value(says) && asked.base.with_value(Value::is_null);
            asked.needed = Signal::derive(move || !was_closed && choice.value.with(says));
        }
    }
}

/// Writes an input that differs; one that cannot be stored is the caller's to have refused.
fn put(draft: Draft, record: Id, input: Input) -> Draft {
    let Ok(value) = untrack(|| input.checked()) else { return draft };
    let base = input.base.get_value();
    match input.spec.ty.merge_rule() {
        _ if value == base => draft,
        MergeRule::Text => draft.put_text(input.kind, record, &input.spec.name, base, value),
        MergeRule::Register | MergeRule::Set => draft.put(input.kind, record, &input.spec.name, value),
    }
}
