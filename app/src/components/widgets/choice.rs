//! One of a fixed list: chips when it is short, a list to open when it is long.

use super::Input;
use crate::text::t;
use domain::{
    Value,
    types::{Choice, ChoiceOption, FieldType},
};
use leptos::prelude::*;

/// Chips; the chosen one pressed again is no longer chosen, unless the field needs a value.
pub fn chips(input: Input) -> AnyView {
    let chip = move |option: ChoiceOption| {
        let id = option.id.to_string();
        let is = {
            let id = id.clone();
            move || input.value.with(|value| value.as_str() == Some(&id))
        };
        let pick = move |_| {
            let again = input.value.with_untracked(|value| value.as_str() == Some(&id)) && !input.needed.get_untracked();
            input.value.set(if again { Value::Null } else { Value::String(id.clone()) });
        };
        view! {
            <label class="chip">
                <input type="radio" name=input.id() value=option.id.to_string() prop:checked=is on:click=pick/>
                <span>{move || option.label.get(input.rounds.lang().get()).to_owned()}</span>
            </label>
        }
    };
    view! {
        <div
            class="chips"
            role="radiogroup"
            id=input.id()
            aria-labelledby=input.part("label")
            aria-required=move || input.needed.get().then_some("true")
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
        >
            {options(input).into_iter().map(chip).collect_view()}
        </div>
    }
    .into_any()
}

pub fn list(input: Input) -> AnyView {
    let option = move |option: ChoiceOption| {
        let id = option.id.to_string();
        let chosen = move || input.value.with(|value| value.as_str() == Some(&id));
        view! { <option value=option.id.to_string() prop:selected=chosen>{move || option.label.get(input.rounds.lang().get()).to_owned()}</option> }
    };
    view! {
        <select
            class="input"
            id=input.id()
            name=input.spec.name.as_ref()
            required=move || input.needed.get()
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            on:change=move |event| input.set_text(event_target_value(&event))
        >
            <option value="" prop:selected=move || input.value.with(Value::is_null)>{t("widget.none")}</option>
            {options(input).into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

fn options(input: Input) -> Vec<ChoiceOption> {
    let FieldType::Choice(choice) = &input.spec.ty else { return Vec::new() };
    with_stored(choice, input.value.with_untracked(Value::clone).as_str())
}

/// The options, and the stored one when only a newer app knows it: it must not look empty, nor be lost by saving.
fn with_stored(choice: &Choice, stored: Option<&str>) -> Vec<ChoiceOption> {
    let unknown = stored.filter(|stored| choice.options.iter().all(|option| option.id != *stored));
    let label = |id: &str| domain::lang::Label([id.to_owned().into(), id.to_owned().into(), id.to_owned().into()]);
    let unknown = unknown.map(|id| ChoiceOption { id: id.to_owned().into(), label: label(id) });
    choice.options.iter().cloned().chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_a_newer_app_is_kept() {
        let choice = Choice::new([["a", "A", "甲", "甲"]]);
        assert_eq!(with_stored(&choice, Some("a")).len(), 1);
        assert_eq!(with_stored(&choice, None).len(), 1);
        assert_eq!(with_stored(&choice, Some("z"))[1].label.get(domain::Lang::ZhTw), "z");
    }
}
