use super::pane::PaneScroll;
use crate::address::use_address;
use crate::components::flow::{For, memo};
use crate::dom;
use domain::Id;
use leptos::{ev, html, prelude::*, web_sys};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Rows drawn beyond what is seen, so that a fling and the arrow keys find the next ones there.
const BEYOND: usize = 8;

/// Which row of how many this is, for those who hear the list.
#[derive(Clone, Copy)]
pub struct Position {
    pub at: usize,
    pub of: Memo<usize>,
}

/// A list of any length, of which only the part in sight is drawn. All rows are as high as the token `--row`.
#[component]
pub fn WindowedList(items: Signal<Arc<Vec<Id>>>, label: Signal<String>, row: fn(Id, Position) -> AnyView) -> impl IntoView {
    let window = Window::new(items);
    let (count, size) = (window.count, window.row_height);
    let drawn = move || {
        let (from, until) = window.range.get();
        items.with(|items| items.iter().enumerate().take(until).skip(from).map(|(at, id)| (at, *id)).collect::<Vec<_>>())
    };
    // Whole pixels: on the device the tables for printing fractions would weigh kilobytes.
    let pixels = move |rows: usize| (rows as f64 * size.get()).round() as i64;
    let height = move || format!("{}px", pixels(count.get()));
    let down = move || format!("0 {}px", pixels(window.range.get().0));
    view! {
        <div class="runway" role="list" aria-label=label node_ref=window.runway style:block-size=height on:keydown=move |event| window.key(event)>
            <ul class="rows" role="presentation" style:translate=down>
                <For each=drawn key=|item| *item children=move |(at, id)| row(id, Position { at, of: count }) />
            </ul>
        </div>
    }
}

#[derive(Clone, Copy)]
struct Window {
    scroll: PaneScroll,
    runway: NodeRef<html::Div>,
    count: Memo<usize>,
    row_height: RwSignal<f64>,
    pane_height: RwSignal<f64>,
    /// Where the runway starts in the pane's content.
    offset: RwSignal<f64>,
    /// The rows drawn: from, until.
    range: Memo<(usize, usize)>,
}

impl Window {
    fn new(items: Signal<Arc<Vec<Id>>>) -> Window {
        let scroll = expect_context::<PaneScroll>();
        let count = memo(move || items.with(|items| items.len()));
        let (row_height, pane_height, offset) = (RwSignal::new(64.0), RwSignal::new(900.0), RwSignal::new(0.0));
        let range = memo(move || range(scroll.top.get() - offset.get(), pane_height.get(), row_height.get(), count.get()));
        let window = Window { scroll, runway: NodeRef::new(), count, row_height, pane_height, offset, range };
        let path = use_address().path();
        Effect::new(move || {
            // A navigation may have brought the list back into sight.
            count.track();
            window.runway.track();
            path.track();
            request_animation_frame(move || window.measure());
        });
        let resized = window_event_listener(ev::resize, move |_| window.measure());
        on_cleanup(move || resized.remove());
        window
    }

    fn measure(self) {
        let (Some(pane), Some(runway)) =
            (self.scroll.node.try_get_untracked().flatten(), self.runway.try_get_untracked().flatten())
        else {
            return;
        };
        if pane.client_height() == 0 {
            return;
        }
        self.pane_height.set(f64::from(pane.client_height()));
        self.offset.set(f64::from(runway.offset_top()));
        // Over all rows drawn, because the browser rounds heights to whole pixels.
        let rows = runway.first_element_child().and_then(|rows| rows.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(rows) = rows.filter(|rows| rows.child_element_count() > 0 && rows.offset_height() > 0) {
            self.row_height.set(f64::from(rows.offset_height()) / f64::from(rows.child_element_count()));
        }
        // A list that was out of sight comes back where it was left, also where the browser forgot.
        let left_at = self.scroll.top.get_untracked() as i32;
        if pane.scroll_top() == 0 && left_at > 0 {
            pane.set_scroll_top(left_at);
        }
    }

    /// Arrow keys go from row to row, Home and End to the ends.
    fn key(self, event: ev::KeyboardEvent) {
        let Some(link) = dom::focused(".row-link") else { return };
        let row = link.closest(".row").ok().flatten();
        let next = match event.key().as_str() {
            "ArrowDown" => row.and_then(|row| row.next_element_sibling()),
            "ArrowUp" => row.and_then(|row| row.previous_element_sibling()),
            "Home" => return self.go_to_end(event, 0, ".runway .row:first-child .row-link"),
            "End" => return self.go_to_end(event, i32::MAX, ".runway .row:last-child .row-link"),
            _ => return,
        };
        event.prevent_default();
        if let Some(link) = next
            .and_then(|row| row.query_selector(".row-link").ok().flatten())
            .and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = link.focus();
        }
    }

    fn go_to_end(self, event: ev::KeyboardEvent, top: i32, selector: &'static str) {
        event.prevent_default();
        if let Some(pane) = self.scroll.node.get_untracked() {
            pane.set_scroll_top(top);
            // The rows there are drawn by the frame after the scroll is noticed.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    dom::focus(selector);
                });
            });
        }
    }
}

/// The rows in sight and [`BEYOND`], of `count` rows of `size` pixels, in a view that starts `top` pixels into the list.
fn range(top: f64, view: f64, size: f64, count: usize) -> (usize, usize) {
    let first = (top.max(0.0) / size) as usize;
    let last = ((top + view).max(0.0) / size).ceil() as usize;
    let until = (last + BEYOND).min(count);
    (first.saturating_sub(BEYOND).min(until), until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_drawn() {
        assert_eq!(range(0.0, 640.0, 64.0, 50_000), (0, 18));
        assert_eq!(range(640_000.0, 640.0, 64.0, 50_000), (9_992, 10_018));
        assert_eq!(range(-200.0, 640.0, 64.0, 3), (0, 3));
        assert_eq!(range(9_000.0, 640.0, 64.0, 3), (3, 3));
        assert_eq!(range(0.0, 640.0, 64.0, 0), (0, 0));
    }
}
