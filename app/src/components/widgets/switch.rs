use super::Input;
use domain::Value;
use leptos::prelude::*;

pub fn draw(input: Input) -> AnyView {
    // Nobody said "no" by never touching the switch.
    let unsaid = input.value.with_untracked(Value::is_null);
    let choose = move |event: leptos::web_sys::Event| {
        let on = event_target_checked(&event);
        input.value.set(if !on && unsaid { Value::Null } else { Value::Bool(on) });
    };
    view! {
        <label class="switch-line" for=input.id()>
            <span>{input.label()}</span>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                id=input.id()
                name=input.spec.name.as_ref()
                prop:checked=move || input.value.with(|value| value == &Value::Bool(true))
                on:change=choose
            />
        </label>
    }
    .into_any()
}
