//! One family of stroke icons on a 24-unit grid, by name; they are drawn in `public/icons/strokes.svg`.

use leptos::prelude::*;

/// An icon at 24 px; decoration, so never read aloud: what holds it carries the words.
pub fn icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=strokes(name) /> }
}

/// An icon at 18 px, beside text.
pub fn small_icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" data-size="small" viewBox="0 0 24 24" aria-hidden="true" inner_html=strokes(name) /> }
}

/// An arrow that points along the text and is mirrored where it runs from right to left.
pub fn arrow(name: &'static str) -> impl IntoView {
    let small = (name == "chevron-right").then_some("small");
    view! { <svg class="icon" data-turns="" data-size=small viewBox="0 0 24 24" aria-hidden="true" inner_html=strokes(name) /> }
}

/// The icon of a follow-up's channel.
pub fn channel_icon(channel: &str) -> &'static str {
    match channel {
        "visit" => "visit",
        "call" => "phone",
        "message" => "message",
        "email" => "mail",
        "meeting" => "meeting",
        _ => "note",
    }
}

/// A reference into the family's one file, which the service worker keeps: with 9 kB of paths in it the wasm would be larger
/// for who waits for it.
fn strokes(name: &str) -> String {
    format!(r##"<use href="/icons/strokes.svg#{name}"/>"##)
}

#[cfg(test)]
mod tests {
    use crate::text::sources;

    #[test]
    fn every_icon_that_the_sources_name_is_drawn() {
        let family = include_str!("../../public/icons/strokes.svg");
        for (path, source) in sources::all() {
            for call in ["icon(\"", "arrow(\"", "icon=\""] {
                for name in sources::arguments(&source, call) {
                    assert!(family.contains(&format!(r#"<symbol id="{name}" "#)), "{path} names the icon {name}");
                }
            }
        }
    }
}
