use crate::{
    state::{Rounds, use_rounds},
    text::tr,
};
use domain::{FieldSpec, Value, types::Problem};
use leptos::prelude::*;

/// One field being entered: what every widget reads and writes.
#[derive(Clone, Copy)]
pub struct Input {
    pub kind: &'static str,
    pub spec: &'static FieldSpec,
    pub rounds: Rounds,
    /// What stands in the widget: the field's JSON form, or the text as far as it is typed.
    pub value: RwSignal<Value>,
    /// What stood there when the form opened.
    pub start: StoredValue<Value>,
    /// What the record has, as far as the user saw it: only what differs is written.
    pub base: StoredValue<Value>,
    /// The user has been in the field and left it: what is wrong may be said.
    pub left: RwSignal<bool>,
    /// The user tried to save: what is missing may be said too.
    pub tried: RwSignal<bool>,
    /// Whether the field must be filled.
    pub needed: Signal<bool>,
    /// Tells it from others of the same field in the page; 0 in a form, which has each field once.
    pub place: u32,
    /// The key of another label than the field's own, where the form is about another kind.
    pub label_key: Option<&'static str>,
}

impl Input {
    /// `start` is what the widget shows first, `base` what the record has.
    pub fn new(kind: &'static str, spec: &'static FieldSpec, start: Value, base: Value, tried: RwSignal<bool>) -> Input {
        let needed = Signal::derive(move || spec.required);
        let (value, start, base) = (RwSignal::new(start.clone()), StoredValue::new(start), StoredValue::new(base));
        Input {
            kind,
            spec,
            rounds: use_rounds(),
            value,
            start,
            base,
            left: RwSignal::new(false),
            tried,
            needed,
            place: 0,
            label_key: None,
        }
    }

    /// The control's id in the page, the same on every device: what stories and labels find it by.
    pub fn id(self) -> String {
        let own = format!("{}-{}", self.kind, self.spec.name);
        if self.place == 0 { own } else { format!("{own}-{}", self.place) }
    }

    /// The id of a part of the widget or of what stands beside it.
    pub fn part(self, name: &str) -> String {
        format!("{}-{name}", self.id())
    }

    /// The field's name in the language chosen now; reactive.
    pub fn label(self) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        let lang = self.rounds.lang();
        move || match self.label_key {
            Some(key) => tr(lang.get(), key).to_owned(),
            None => self.spec.label.get(lang.get()).to_owned(),
        }
    }

    /// The value as text in a one-line control; reactive.
    pub fn text(self) -> String {
        self.value.with(|value| typed(self.spec, value))
    }

    /// Takes what was typed, as it is.
    pub fn set_text(self, text: String) {
        self.value.set(if text.is_empty() { Value::Null } else { Value::String(text) });
    }

    /// The user left the control: shows the value as it will be stored, and says what is wrong with it.
    pub fn leave(self) {
        // A control that is taken away while it has the focus still says that it loses it.
        if self.value.is_disposed() {
            return;
        }
        if let Ok(canonical) = untrack(|| self.checked())
            && self.value.with_untracked(|value| *value != canonical)
        {
            self.value.set(canonical);
        }
        self.left.set(true);
    }

    /// The value as it will be stored, or why it cannot be. What the record has already is never refused. Reactive.
    pub fn checked(self) -> Result<Value, Problem> {
        let value = self.value.get();
        if !value.is_null() && self.base.with_value(|base| *base == value) {
            return Ok(value);
        }
        match self.spec.ty.rules().normalise(&value)? {
            Value::Null if self.needed.get() => Err(Problem::Required),
            canonical => Ok(canonical),
        }
    }

    /// The user changed it since the form opened; reactive.
    pub fn is_touched(self) -> bool {
        self.value.with(|value| self.start.with_value(|start| start != value))
    }

    /// What is wrong, once it may be said; reactive.
    pub fn problem(self) -> Option<Problem> {
        let problem = self.checked().err()?;
        let said = self.tried.get() || (self.left.get() && problem != Problem::Required);
        said.then_some(problem)
    }

    /// For `aria-invalid`; reactive.
    pub fn invalid(self) -> Option<&'static str> {
        self.problem().map(|_| "true")
    }

    /// For `aria-describedby`: the error while there is one, and the help where the field has one.
    pub fn described_by(self) -> Option<String> {
        let error = self.problem().map(|_| self.part("error"));
        let help = super::field::has_help(self).then(|| self.part("help"));
        let ids: Vec<String> = error.into_iter().chain(help).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A value as text in a one-line control: what was typed as it is, what is stored as its type prints it.
fn typed(spec: &FieldSpec, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => spec.ty.rules().print(other, domain::Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::types::{Integer, Phone};
    use serde_json::json;

    #[test]
    fn half_typed_text_and_stored_values_both_show() {
        let phone = FieldSpec::new("mobile", Phone::new(), ["", "", ""]);
        assert_eq!(typed(&phone, &json!("138 00")), "138 00");
        assert_eq!(typed(&phone, &json!({ "typed": "138 0013 8000", "digits": "13800138000" })), "138 0013 8000");
        assert_eq!(typed(&FieldSpec::new("employees", Integer::new(), ["", "", ""]), &json!(240)), "240");
        assert_eq!(typed(&phone, &Value::Null), "");
    }
}
