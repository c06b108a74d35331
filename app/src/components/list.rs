use super::pane::PaneScroll;
use crate::address::use_address;
use crate::components::flow::{For, memo};
use crate::{dom, selection::Selection};
use domain::Id;
use leptos::{ev, html, prelude::*, web_sys};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Rows drawn beyond what is seen, so that a fling and the arrow keys find the next ones there.
const BEYOND: usize = 8;

/// Which row of how many this is, for those who hear the list.
#[derive(Clone, Copy)]
pub struct Position {
    pub id: Id,
    pub at: usize,
    pub of: Memo<usize>,
}

/// Rows that belong together, under a heading: those from `start` to the next group's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub start: usize,
    pub label: String,
}

type Groups = Signal<Arc<Vec<Group>>>;

/// A list of any length, of which only the part in sight is drawn. All rows are as high as the token `--row`, and so is the
/// heading of a group; that of the group in sight stays at the top.
#[component]
pub fn WindowedList(
    items: Signal<Arc<Vec<Id>>>,
    label: Signal<String>,
    row: fn(Id, Position) -> AnyView,
    #[prop(optional, into)] groups: Groups,
) -> impl IntoView {
    let window = Window::new(items, groups);
    let (of, size) = (memo(move || items.with(|items| items.len())), window.row_height);
    let drawn = move || {
        let (from, until) = window.range.get();
        items.with(|items| groups.with(|groups| (from..until).filter_map(|at| line(at, items, groups)).collect::<Vec<_>>()))
    };
    let draw = move |line: Line| match line {
        Line::Row(at, id) => row(id, Position { id, at, of }),
        Line::Heading(_, label) => view! { <li class="row-group" role="listitem"><h2>{label}</h2></li> }.into_any(),
    };
    // Whole pixels: on the device the tables for printing fractions would weigh kilobytes.
    let pixels = move |rows: usize| (rows as f64 * size.get()).round() as i64;
    let height = move || format!("{}px", pixels(window.count.get()));
    let down = move || format!("0 {}px", pixels(window.range.get().0));
    let above = move || window.above.get();
    view! {
        <div
            class="runway" role="list" data-grouped=move || groups.with(|groups| !groups.is_empty()).then_some("") aria-label=label node_ref=window.runway style:block-size=height on:keydown=move |event| window.key(event)>
            <div class="row-group" data-stuck="" aria-hidden="true" hidden=move || above().is_none() style:inset-block-start=move || format!("{}px", window.head.get() as i64)>
                <h2>{move || above().unwrap_or_default()}</h2>
            </div>
            <ul class="rows" role="presentation" style:translate=down>
                <For each=drawn key=Line::key children=draw />
            </ul>
        </div>
    }
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// The heading of which group.
    Heading(usize, String),
    /// Which of all rows.
    Row(usize, Id),
}

impl Line {
    fn key(&self) -> (Id, String) {
        match self {
            Line::Heading(_, label) => (Id::nil(), label.clone()),
            Line::Row(_, id) => (*id, String::new()),
        }
    }
}

/// What stands at a place of the list, the headings counted.
fn line(at: usize, items: &[Id], groups: &[Group]) -> Option<Line> {
    let headings = groups.iter().enumerate().take_while(|(before, group)| group.start + before <= at).count();
    match headings.checked_sub(1).map(|last| (last, &groups[last])) {
        Some((last, group)) if group.start + last == at => Some(Line::Heading(last, group.label.clone())),
        _ => items.get(at - headings).map(|id| Line::Row(at - headings, *id)),
    }
}

/// How high the words of a heading are, which stand at the end of its line, and so the one that stays.
const HEADING: f64 = 28.0;

/// The last group of which the words of the heading have gone beyond the top of what is in sight.
fn group_above(top: f64, size: f64, groups: &[Group]) -> Option<String> {
    let is_above = |(before, group): &(usize, &Group)| ((group.start + before + 1) as f64) * size - HEADING < top;
    groups.iter().enumerate().take_while(is_above).last().map(|(_, group)| group.label.clone())
}

#[derive(Clone, Copy)]
struct Window {
    scroll: PaneScroll,
    /// Where its rows can be chosen.
    selection: Option<Selection>,
    runway: NodeRef<html::Div>,
    count: Memo<usize>,
    row_height: RwSignal<f64>,
    pane_height: RwSignal<f64>,
    /// Where the runway starts in the pane's content.
    offset: RwSignal<f64>,
    /// How much of the pane its head covers.
    head: RwSignal<f64>,
    /// The lines drawn: from, until.
    range: Memo<(usize, usize)>,
    /// The heading that was scrolled away and whose group is in sight.
    above: Memo<Option<String>>,
}

impl Window {
    fn new(items: Signal<Arc<Vec<Id>>>, groups: Groups) -> Window {
        let scroll = expect_context::<PaneScroll>();
        let count = memo(move || items.with(|items| items.len()) + groups.with(|groups| groups.len()));
        let (row_height, pane_height) = (RwSignal::new(64.0), RwSignal::new(900.0));
        let (offset, head) = (RwSignal::new(0.0), RwSignal::new(0.0));
        let range = memo(move || range(scroll.top.get() - offset.get(), pane_height.get(), row_height.get(), count.get()));
        let top = move || scroll.top.get() + head.get() - offset.get();
        let above = memo(move || groups.with(|groups| group_above(top(), row_height.get(), groups)));
        let (selection, runway) = (use_context(), NodeRef::new());
        let window = Window { scroll, selection, runway, count, row_height, pane_height, offset, head, range, above };
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
        let head = pane.query_selector(".page-head").ok().flatten();
        self.head.set(head.map_or(0.0, |head| f64::from(head.client_height())));
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
            " " if link.has_attribute("aria-checked") => {
                event.prevent_default();
                return link.click();
            }
            "Escape" => return self.selection.into_iter().for_each(Selection::end),
            _ => return,
        };
        event.prevent_default();
        // The heading of a group is no row.
        let is_row = |row: &web_sys::Element| row.class_list().contains("row");
        let beyond = |row: web_sys::Element| {
            if event.key() == "ArrowDown" { row.next_element_sibling() } else { row.previous_element_sibling() }
        };
        if let Some(link) = next
            .and_then(|row| if is_row(&row) { Some(row) } else { beyond(row) })
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

    #[test]
    fn headings_stand_before_their_rows_and_the_last_one_above_stays_in_sight() {
        let group = |start, label: &str| Group { start, label: label.to_owned() };
        let (items, groups) = ([1, 2, 3].map(Id::from_u128), [group(0, "overdue"), group(2, "later")]);
        let shown: Vec<String> = (0..6)
            .filter_map(|at| line(at, &items, &groups))
            .map(|line| match line {
                Line::Heading(_, label) => label,
                Line::Row(at, id) => format!("{at}:{}", id.as_u128()),
            })
            .collect();
        assert_eq!(shown, ["overdue", "0:1", "1:2", "later", "2:3"]);
        assert_eq!((0..9).filter_map(|at| line(at, &items, &[])).count(), 3);
        let above = |top: f64| group_above(top, 64.0, &groups).unwrap_or_default();
        assert_eq!([0.0, 30.0, 40.0, 220.0, 240.0].map(above), ["", "", "overdue", "overdue", "later"]);
    }
}
