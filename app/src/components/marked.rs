use leptos::prelude::*;
use std::ops::Range;

/// A text from a place on, with parts of it marked. Ranges are in bytes of the text, in their order.
#[component]
pub fn Marked(text: String, ranges: Vec<Range<usize>>, from: usize) -> impl IntoView {
    let mut pieces = Vec::with_capacity(ranges.len() * 2 + 2);
    let mut last = from;
    if from > 0 {
        pieces.push("…".into_any());
    }
    for range in ranges {
        let (plain, marked) = (text.get(last..range.start), text.get(range.clone()));
        pieces.push(plain.unwrap_or_default().to_owned().into_any());
        pieces.push(view! { <mark>{marked.unwrap_or_default().to_owned()}</mark> }.into_any());
        last = range.end;
    }
    pieces.push(text.get(last..).unwrap_or_default().to_owned().into_any());
    pieces
}
