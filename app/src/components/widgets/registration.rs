use super::Input;
use crate::text::t;
use domain::registration::{Finding, Scheme, inspect};
use leptos::prelude::*;

/// A line that says when a registration number looks mistyped, and which accounts have it already. It warns and never blocks: numbers of other countries are right too.
pub fn draw(input: Input) -> AnyView {
    let warning =
        Memo::new(
            move |_| {
                if input.left.get() || input.tried.get() { input.value.with(|value| warning(value.as_str()?)) } else { None }
            },
        );
    view! {
        {super::text::line(input)}
        <div role="status">
            {move || warning.get().map(|key| view! { <p class="field-help">{t(key)}</p> })}
        </div>
        {super::duplicates::of_number(input)}
    }
    .into_any()
}

fn warning(number: &str) -> Option<&'static str> {
    match inspect(number)? {
        Finding::Fits(_) => None,
        Finding::Mistyped(Scheme::Taiwan) => Some("widget.registration.taiwan"),
        Finding::Mistyped(_) => Some("widget.registration.china"),
        Finding::Unknown => Some("widget.registration.unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_wrong_is_warned_about() {
        assert_eq!(warning("91350100M000100Y43"), None);
        assert_eq!(warning("22099132"), Some("widget.registration.taiwan"));
        assert_eq!(warning("abc"), Some("widget.registration.unknown"));
        assert_eq!(warning(" "), None);
    }
}
