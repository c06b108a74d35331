//! One line of text, and text of several paragraphs.

use super::Input;
use leptos::prelude::*;

pub fn line(input: Input) -> AnyView {
    typed_line(input, "text", "text")
}

pub fn email(input: Input) -> AnyView {
    typed_line(input, "email", "email")
}

pub fn website(input: Input) -> AnyView {
    typed_line(input, "text", "url")
}

/// `mode` picks the keyboard of a phone. The browser's own completion would offer the user's own data: it stays off.
pub(super) fn typed_line(input: Input, kind: &'static str, mode: &'static str) -> AnyView {
    view! {
        <input
            class="input"
            type=kind
            inputmode=mode
            id=input.id()
            name=input.spec.name.as_ref()
            autocomplete="off"
            required=move || input.needed.get()
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            prop:value=move || input.text()
            on:input=move |event| input.set_text(event_target_value(&event))
        />
    }
    .into_any()
}

pub fn long(input: Input) -> AnyView {
    // Where the style sheet's field-sizing is unknown (Firefox, Safari), the lines typed give the height.
    let rows = move || input.text().split('\n').count().clamp(3, 16).to_string();
    view! {
        <textarea
            class="input"
            rows=rows
            id=input.id()
            name=input.spec.name.as_ref()
            required=move || input.needed.get()
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            prop:value=move || input.text()
            on:input=move |event| input.set_text(event_target_value(&event))
        ></textarea>
    }
    .into_any()
}
