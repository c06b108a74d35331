use super::Mark;
use crate::{dom, queries::figures};
use leptos::{ev, prelude::*, web_sys};
use wasm_bindgen::JsCast;

/// Bars, one below the other, each with its name and figure; `centred` makes a funnel of them. Pressing one chooses its group.
#[component]
pub fn Bars(
    marks: Vec<Mark>,
    /// What is drawn, for those who hear it.
    label: String,
    #[prop(optional)] centred: bool,
    /// The group that is chosen.
    chosen: Signal<Option<usize>>,
    on_choose: Callback<usize>,
) -> impl IntoView {
    let range = figures::range(marks.iter().map(|mark| mark.value));
    let active = RwSignal::new(0);
    let bar = move |(at, mark): (usize, Mark)| {
        let (zero, end) = (figures::share(0.0, range), figures::share(mark.value, range));
        let (from, width) = (zero.min(end) * 100.0, (end - zero).abs() * 100.0);
        let from = if centred { (100.0 - width) / 2.0 } else { from };
        let group = mark.group;
        let said = if mark.aside.is_empty() { mark.words.clone() } else { format!("{}, {}", mark.words, mark.aside) };
        let heard = format!("{}: {said}", mark.label);
        view! {
            <li>
                <button
                    class="mark" type="button"
                    aria-label=heard
                    aria-pressed=move || (chosen.get() == Some(group)).to_string()
                    tabindex=move || if active.get() == at { "0" } else { "-1" }
                    on:focus=move |_| active.set(at)
                    on:click=move |_| on_choose.run(group)
                >
                    <span class="mark-name">{mark.label}</span>
                    <span class="mark-figure">{mark.words} <span class="quiet">{mark.aside}</span></span>
                    <svg class="mark-bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 8">
                        <rect class="mark-track" width="100" height="8" />
                        <rect class="mark-fill" x=percent(from) width=percent(width) height="8" />
                    </svg>
                </button>
            </li>
        }
    };
    let bars: Vec<_> = marks.into_iter().enumerate().map(bar).collect();
    view! { <ol class="bars" aria-label=label data-funnel=centred.then_some("") on:keydown=go>{bars}</ol> }
}

/// A hundredth, which no bar is shorter than that is drawn at all.
fn percent(share: f64) -> String {
    ((share * 100.0).round() / 100.0).to_string()
}

/// Arrow keys go from bar to bar, Home and End to the ends.
fn go(event: ev::KeyboardEvent) {
    let Some(item) = dom::focused(".mark").and_then(|mark| mark.parent_element()) else { return };
    let next = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => item.next_element_sibling(),
        "ArrowUp" | "ArrowLeft" => item.previous_element_sibling(),
        "Home" => item.parent_element().and_then(|list| list.first_element_child()),
        "End" => item.parent_element().and_then(|list| list.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    let mark = next.and_then(|item| item.first_element_child());
    if let Some(mark) = mark.and_then(|mark| mark.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = mark.focus();
    }
}
