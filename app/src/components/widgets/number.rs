use super::Input;
use leptos::prelude::*;

pub fn integer(input: Input) -> AnyView {
    draw(input, "numeric")
}

pub fn decimal(input: Input) -> AnyView {
    draw(input, "decimal")
}

/// A text control: a number control drops what it does not understand, here it stays and is explained.
fn draw(input: Input, mode: &'static str) -> AnyView {
    super::text::typed_line(input, "text", mode)
}
