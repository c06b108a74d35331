//! One family of stroke icons on a 24-unit grid, by name.

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

fn strokes(name: &str) -> &'static str {
    match name {
        "today" => {
            r#"<path d="M4 8.5A2.5 2.5 0 0 1 6.5 6h11A2.5 2.5 0 0 1 20 8.5v9a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5z"/><path d="M8 3.5V6M16 3.5V6"/><path d="m8.75 13 2.25 2.25L15.5 10.75"/>"#
        }
        "home" => {
            r#"<path d="M4 11 12 4l8 7"/><path d="M6 9.5V19a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V9.5"/><path d="M10 20v-5h4v5"/>"#
        }
        "accounts" => {
            r#"<path d="M4 20V6.5A1.5 1.5 0 0 1 5.5 5h7A1.5 1.5 0 0 1 14 6.5V20"/><path d="M14 10h4.5a1.5 1.5 0 0 1 1.5 1.5V20"/><path d="M2.5 20h19"/><path d="M7.5 9h3M7.5 12.5h3M7.5 16h3M17 14v0M17 17v0"/>"#
        }
        "users" => {
            r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5"/><path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.9c1.9.7 3.1 2.2 3.5 4.6"/>"#
        }
        "team" => {
            r#"<circle cx="12" cy="7" r="3"/><circle cx="5" cy="9.5" r="2.25"/><circle cx="19" cy="9.5" r="2.25"/><path d="M6.5 19.5c.3-3.6 2.4-5.5 5.5-5.5s5.2 1.9 5.5 5.5z"/><path d="M2 17c.1-1.9 1-3 2.6-3.2M22 17c-.1-1.9-1-3-2.6-3.2"/>"#
        }
        "plus" => r#"<path d="M12 5v14M5 12h14"/>"#,
        "minus" => r#"<path d="M5 12h14"/>"#,
        "plan" => {
            r#"<circle cx="6" cy="18.5" r="2"/><circle cx="18" cy="5.5" r="2"/><path d="M8 18.5h7.5a3.25 3.25 0 0 0 0-6.5h-7a3.25 3.25 0 0 1 0-6.5H16"/>"#
        }
        "map" => r#"<path d="M9 4.5 3.5 7v12.5L9 17l6 2.5 5.5-2.5V4.5L15 7z"/><path d="M9 4.5V17M15 7v12.5"/>"#,
        "more" => r#"<path d="M4 7h16M4 12h16M4 17h10"/>"#,
        "more-horizontal" => r#"<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.75"/>"#,
        "search" => r#"<circle cx="10.75" cy="10.75" r="6.25"/><path d="m15.5 15.5 4.75 4.75"/>"#,
        "phone" => {
            r#"<path d="M8.2 4H5.6A1.6 1.6 0 0 0 4 5.7C4.6 13.4 10.6 19.4 18.3 20a1.6 1.6 0 0 0 1.7-1.6v-2.6a1.5 1.5 0 0 0-1.2-1.5l-2.7-.6a1.5 1.5 0 0 0-1.5.5l-1 1.2a12.5 12.5 0 0 1-5-5l1.2-1a1.5 1.5 0 0 0 .5-1.5l-.6-2.7A1.5 1.5 0 0 0 8.2 4z"/>"#
        }
        "message" => {
            r#"<path d="M4 7a2.5 2.5 0 0 1 2.5-2.5h11A2.5 2.5 0 0 1 20 7v7a2.5 2.5 0 0 1-2.5 2.5H11L6.5 20v-3.5A2.5 2.5 0 0 1 4 14z"/><path d="M8 9h8M8 12h5"/>"#
        }
        "mail" => r#"<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m3.5 7.5 8.5 6 8.5-6"/>"#,
        "meeting" => {
            r#"<rect x="4" y="4" width="16" height="10.5" rx="2"/><path d="M12 14.5V17M8 20.5l4-3.5 4 3.5M8 8h8M8 11h4"/>"#
        }
        "visit" => {
            r#"<path d="M12 21c4.5-4.6 6.75-8.1 6.75-11A6.75 6.75 0 0 0 5.25 10c0 2.9 2.25 6.4 6.75 11z"/><circle cx="12" cy="10" r="2.5"/>"#
        }
        "navigate" => r#"<path d="M20.5 3.5 13.5 20.5l-2.75-7.25L3.5 10.5z"/>"#,
        "locate" => r#"<circle cx="12" cy="12" r="6"/><path d="M12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5"/><path d="M12 12h.01"/>"#,
        "check" => r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#,
        "check-circle" => r#"<circle cx="12" cy="12" r="8.5"/><path d="m8.25 12.25 2.5 2.5 5-5.25"/>"#,
        "circle" => r#"<circle cx="12" cy="12" r="8.5"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7.25V12l3 2"/>"#,
        "calendar" => r#"<rect x="4" y="5.5" width="16" height="14.5" rx="2.5"/><path d="M4 10h16M8 3.5v3.5M16 3.5v3.5"/>"#,
        "edit" => {
            r#"<path d="M4 20l.9-4.1L15.6 5.2a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.1 19.1z"/><path d="m13.5 7.3 3.2 3.2"/>"#
        }
        "trash" => {
            r#"<path d="M4.5 6.5h15M9.5 6.5V5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v1.5M6.5 6.5l.8 12A1.6 1.6 0 0 0 8.9 20h6.2a1.6 1.6 0 0 0 1.6-1.5l.8-12"/><path d="M10.25 10.5v5.5M13.75 10.5v5.5"/>"#
        }
        "undo" => r#"<path d="M8.5 5 4.5 9l4 4"/><path d="M4.5 9h9.75a5.25 5.25 0 0 1 0 10.5H9"/>"#,
        "sync" => {
            r#"<path d="M19.5 11A7.6 7.6 0 0 0 5.8 7.5L4 9.5M4 5v4.5h4.5"/><path d="M4.5 13a7.6 7.6 0 0 0 13.7 3.5L20 14.5M20 19v-4.5h-4.5"/>"#
        }
        "cloud" => r#"<path d="M7 18.5h10a4 4 0 0 0 .9-7.9 6 6 0 0 0-11.5-1.3A4.7 4.7 0 0 0 7 18.5z"/>"#,
        "offline" => {
            r#"<path d="M3.5 3.5l17 17"/><path d="M6.4 9.3A4.7 4.7 0 0 0 7 18.5h9.5M9.5 6.3a6 6 0 0 1 8.4 4.3 4 4 0 0 1 2.4 6"/>"#
        }
        "cloud-check" => {
            r#"<path d="M7 18.5h10a4 4 0 0 0 .9-7.9 6 6 0 0 0-11.5-1.3A4.7 4.7 0 0 0 7 18.5z"/><path d="m9.25 12.75 2 2 3.75-3.75"/>"#
        }
        "cloud-up" => {
            r#"<path d="M7 18.5h10a4 4 0 0 0 .9-7.9 6 6 0 0 0-11.5-1.3A4.7 4.7 0 0 0 7 18.5z"/><path d="M12 16v-5M9.75 13 12 10.75 14.25 13"/>"#
        }
        "warning" => {
            r#"<path d="M10.6 4.8 3.3 17.6A1.6 1.6 0 0 0 4.7 20h14.6a1.6 1.6 0 0 0 1.4-2.4L13.4 4.8a1.6 1.6 0 0 0-2.8 0z"/><path d="M12 9.5v4M12 16.75v.01"/>"#
        }
        "info" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11.25v4.5M12 8.25v.01"/>"#,
        "help" => {
            r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.7a2.45 2.45 0 1 1 3.5 2.4c-.7.4-1.1.9-1.1 1.7M12 16.4v.01"/>"#
        }
        "chevron-right" => r#"<path d="m9.5 6 6 6-6 6"/>"#,
        "chevron-left" => r#"<path d="m14.5 6-6 6 6 6"/>"#,
        "chevron-down" => r#"<path d="m6 9.5 6 6 6-6"/>"#,
        "chevron-up" => r#"<path d="m6 14.5 6-6 6 6"/>"#,
        "close" => r#"<path d="M6 6l12 12M18 6 6 18"/>"#,
        "filter" => r#"<path d="M4 7h16M7 12h10M10 17h4"/>"#,
        "sliders" => {
            r#"<path d="M4 7.5h8M17 7.5h3M4 16.5h3M12 16.5h8"/><circle cx="14.5" cy="7.5" r="2.25"/><circle cx="9.5" cy="16.5" r="2.25"/>"#
        }
        "sort" => r#"<path d="M7.5 5v14M4.25 15.75 7.5 19l3.25-3.25M16.5 19V5M13.25 8.25 16.5 5l3.25 3.25"/>"#,
        "settings" => {
            r#"<circle cx="12" cy="12" r="3"/><path d="M10.3 3.9a1.74 1.74 0 0 1 3.4 0 1.74 1.74 0 0 0 2.6 1.08 1.74 1.74 0 0 1 2.4 2.4 1.74 1.74 0 0 0 1.08 2.6 1.74 1.74 0 0 1 0 3.4 1.74 1.74 0 0 0-1.08 2.6 1.74 1.74 0 0 1-2.4 2.4 1.74 1.74 0 0 0-2.6 1.08 1.74 1.74 0 0 1-3.4 0 1.74 1.74 0 0 0-2.6-1.08 1.74 1.74 0 0 1-2.4-2.4 1.74 1.74 0 0 0-1.08-2.6 1.74 1.74 0 0 1 0-3.4 1.74 1.74 0 0 0 1.08-2.6 1.74 1.74 0 0 1 2.4-2.4 1.74 1.74 0 0 0 2.6-1.08z"/>"#
        }
        "globe" => {
            r#"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.3 2.4 3.5 5.2 3.5 8.5s-1.2 6.1-3.5 8.5c-2.3-2.4-3.5-5.2-3.5-8.5s1.2-6.1 3.5-8.5z"/>"#
        }
        "sun" => {
            r#"<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1"/>"#
        }
        "moon" => r#"<path d="M20 14.2A8.25 8.25 0 1 1 9.8 4a6.6 6.6 0 0 0 10.2 10.2z"/>"#,
        "camera" => {
            r#"<path d="M4 9a2 2 0 0 1 2-2h1.5l1.3-2h6.4l1.3 2H18a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/><circle cx="12" cy="12.75" r="3.25"/>"#
        }
        "user" => r#"<circle cx="12" cy="8" r="3.75"/><path d="M4.75 20c.7-4 3.5-5.75 7.25-5.75S18.55 16 19.25 20"/>"#,
        "user-plus" => {
            r#"<circle cx="9.5" cy="8" r="3.5"/><path d="M3 20c.6-3.8 3.1-5.5 6.5-5.5S15.4 16.2 16 20"/><path d="M18.5 7v5.5M15.75 9.75h5.5"/>"#
        }
        "building" => {
            r#"<rect x="5.5" y="3.5" width="13" height="16.5" rx="1.5"/><path d="M3 20h18M9.5 7.5h1M13.5 7.5h1M9.5 11.5h1M13.5 11.5h1M10.5 20v-4h3v4"/>"#
        }
        "link" => {
            r#"<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>"#
        }
        "star" => r#"<path d="m12 4 2.45 5 5.5.8-4 3.85.95 5.45L12 16.5l-4.9 2.6.95-5.45-4-3.85 5.5-.8z"/>"#,
        "note" => {
            r#"<path d="M6 4h12a1.5 1.5 0 0 1 1.5 1.5V14l-6 6H6a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 6 4z"/><path d="M13.5 20v-4.5A1.5 1.5 0 0 1 15 14h4.5M8 8.5h8M8 12h4"/>"#
        }
        "tag" => {
            r#"<path d="M4 5.5v6.2a2 2 0 0 0 .6 1.4l6.9 6.9a2 2 0 0 0 2.8 0l5.7-5.7a2 2 0 0 0 0-2.8l-6.9-6.9A2 2 0 0 0 11.7 4H5.5A1.5 1.5 0 0 0 4 5.5z"/><path d="M8.25 8.25v.01"/>"#
        }
        "history" => r#"<path d="M4.25 8.5A8.5 8.5 0 1 1 3.5 12M4 4.5v4h4M12 7.5V12l3 2"/>"#,
        "comment" => {
            r#"<path d="M12 4.5c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7a10 10 0 0 1-3-.45L4.5 20l1.2-3.5A6.5 6.5 0 0 1 3.5 11.5c0-3.9 3.8-7 8.5-7z"/>"#
        }
        "logout" => r#"<path d="M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M15.5 8l4 4-4 4M19.5 12H10"/>"#,
        "download" => r#"<path d="M12 4v11M7.5 11 12 15.5l4.5-4.5M5 20h14"/>"#,
        "upload" => r#"<path d="M12 15.5v-11M7.5 9 12 4.5 16.5 9M5 20h14"/>"#,
        "device" => r#"<rect x="6.5" y="2.75" width="11" height="18.5" rx="2.5"/><path d="M10.5 18.25h3"/>"#,
        "shield" => r#"<path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.3 7 9 4.1-1.7 7-4.8 7-9V6z"/><path d="m9 12 2.25 2.25L15.25 10"/>"#,
        "bell" => r#"<path d="M6 10.5a6 6 0 0 1 12 0c0 4.5 1.5 5.5 1.5 6.5h-15c0-1 1.5-2 1.5-6.5zM10 20h4"/>"#,
        "eye" => {
            r#"<path d="M2.75 12C4.5 8 7.8 6 12 6s7.5 2 9.25 6c-1.75 4-5.05 6-9.25 6s-7.5-2-9.25-6z"/><circle cx="12" cy="12" r="2.75"/>"#
        }
        "lock" => r#"<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>"#,
        "refresh" => r#"<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.5M20 4.5v5h-5"/>"#,
        "flag" => r#"<path d="M5.5 21V4M5.5 5c4-2.5 7 2 13 0v9c-6 2-9-2.5-13 0"/>"#,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sources;

    #[test]
    fn every_icon_that_the_sources_name_is_drawn() {
        for (path, source) in sources::all() {
            for call in ["icon(\"", "arrow(\"", "icon=\""] {
                for name in sources::arguments(&source, call) {
                    assert!(!strokes(&name).is_empty(), "{path} names the icon {name}");
                }
            }
        }
    }
}
