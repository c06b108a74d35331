use super::Input;
use leptos::prelude::*;

/// A number is kept as typed; its digits for calling are worked out when the field is left.
pub fn draw(input: Input) -> AnyView {
    super::text::typed_line(input, "tel", "tel")
}
