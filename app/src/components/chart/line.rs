use super::{Line, Mark};
use crate::{
    queries::{figures, words},
    text::t,
};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;

/// Lines along the groups of an answer. A pointer, a finger or the arrow keys choose a place along them, whose figures then
/// stand below; pressing one of those chooses its group.
#[component]
pub fn LineChart(
    /// What stands along the axis.
    along: Vec<String>,
    lines: Vec<Line>,
    label: String,
    on_choose: Callback<usize>,
) -> impl IntoView {
    let count = along.len();
    let values = lines.iter().flat_map(|line| &line.marks).flatten().map(|mark| mark.value);
    let (least, most) = figures::range(values);
    let range = (if least < 0.0 { -figures::rounded_up(-least) } else { 0.0 }, figures::rounded_up(most));
    let (along, lines) = (Arc::new(along), Arc::new(lines));
    let active = RwSignal::new(count.saturating_sub(1));
    let plot = NodeRef::<html::Div>::new();
    let point = move |event: ev::PointerEvent| {
        if let Some(plot) = plot.get_untracked() {
            let share = f64::from(event.offset_x()) / f64::from(plot.client_width().max(1));
            active.set(nearest(share, count));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => active.get_untracked() + 1,
            "ArrowLeft" | "ArrowDown" => active.get_untracked().saturating_sub(1),
            "Home" => 0,
            "End" => count,
            _ => return,
        };
        event.prevent_default();
        active.set(to.min(count.saturating_sub(1)));
    };
    let said = {
        let (along, lines) = (along.clone(), lines.clone());
        move || said(&along, &lines, active.get())
    };
    let strokes: Vec<_> =
        lines.iter().enumerate().map(|(at, line)| view! { <path data-line=at.to_string() d=path(line, range) /> }).collect();
    let points = {
        let lines = lines.clone();
        move || points(&lines, active.get(), range)
    };
    let ends = [
        along.first().cloned().unwrap_or_default(),
        along.get(count / 2).filter(|_| count > 2).cloned().unwrap_or_default(),
        along.last().filter(|_| count > 1).cloned().unwrap_or_default(),
    ];
    view! {
        <div class="lines-chart">
            <div class="axis" aria-hidden="true">
                <span>{words::decimal(range.1)}</span>
                <span>{words::decimal(range.0)}</span>
            </div>
            <div
                class="plot" role="slider" tabindex="0" node_ref=plot aria-label=label aria-valuemin="1" aria-valuemax=count.max(1).to_string()
                aria-valuenow=move || (active.get() + 1).to_string() aria-valuetext=said
                on:pointermove=point on:pointerdown=point on:keydown=key
            >
                <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                    <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
                    {strokes}
                </svg>
                <span class="cursor" style:inset-inline-start=move || format!("{}%", across(active.get(), count) * 100.0)></span>
                {points}
            </div>
            <div class="axis-ends" aria-hidden="true">{ends.map(|end| view! { <span>{end}</span> }).into_iter().collect::<Vec<_>>()}</div>
            <Readout along lines active on_choose />
        </div>
    }
}

/// The figures at the chosen place: also the key of what each line is.
#[component]
fn Readout(along: Arc<Vec<String>>, lines: Arc<Vec<Line>>, active: RwSignal<usize>, on_choose: Callback<usize>) -> impl IntoView {
    let one = move |at: usize, line: &Line| {
        let mark = line.marks.get(active.get()).cloned().flatten();
        let (words, group) = mark.map_or(("–".to_owned(), None), |mark| (mark.words, Some(mark.group)));
        let name = line.name.clone();
        view! {
            <li>
                <button class="mark" type="button" disabled=group.is_none() on:click=move |_| group.into_iter().for_each(|group| on_choose.run(group))>
                    <svg class="sample" viewBox="0 0 32 8" aria-hidden="true"><path data-line=at.to_string() d="M0 4H32" /></svg>
                    <span class="mark-name">{name}</span>
                    <span class="mark-figure">{words}</span>
                </button>
            </li>
        }
    };
    view! {
        <p class="readout" aria-hidden="true">
            <strong>{move || along.get(active.get()).cloned().unwrap_or_default()}</strong>
            " "
            <span class="quiet">{t("query.chart_hint")}</span>
        </p>
        <ul class="bars">{move || lines.iter().enumerate().map(|(at, line)| one(at, line)).collect::<Vec<_>>()}</ul>
    }
}

/// The place nearest to a share of the width.
fn nearest(share: f64, count: usize) -> usize {
    (share.clamp(0.0, 1.0) * count.saturating_sub(1) as f64).round() as usize
}

/// Where a place is, from 0 to 1.
fn across(at: usize, count: usize) -> f64 {
    if count > 1 { at as f64 / (count - 1) as f64 } else { 0.5 }
}

/// The strokes of a line, with its gaps left open; a figure between two gaps is a short stroke.
fn path(line: &Line, range: (f64, f64)) -> String {
    let count = line.marks.len();
    let place = |at: usize, mark: &Mark| (across(at, count) * 100.0, (1.0 - figures::share(mark.value, range)) * 100.0);
    let mut path = String::new();
    let mut drawing = false;
    for (at, mark) in line.marks.iter().enumerate() {
        let Some(mark) = mark else {
            drawing = false;
            continue;
        };
        let (x, y) = place(at, mark);
        path.push_str(&format!("{}{x:.2} {y:.2}", if drawing { "L" } else { "M" }));
        if !drawing {
            path.push_str("h 0.01");
        }
        drawing = true;
    }
    path
}

fn points(lines: &[Line], active: usize, range: (f64, f64)) -> Vec<impl IntoView + use<>> {
    let point = |(at, line): (usize, &Line)| {
        let mark = line.marks.get(active)?.as_ref()?;
        let (x, y) = (across(active, line.marks.len()) * 100.0, figures::share(mark.value, range) * 100.0);
        Some(view! {
            <span class="point" data-line=at.to_string() style:inset-inline-start=format!("{x:.2}%") style:inset-block-end=format!("{y:.2}%")></span>
        })
    };
    lines.iter().enumerate().filter_map(point).collect()
}

fn said(along: &[String], lines: &[Line], active: usize) -> String {
    let figures = lines.iter().filter_map(|line| {
        let mark = line.marks.get(active)?.as_ref()?;
        Some(if line.name.is_empty() { mark.words.clone() } else { format!("{} {}", line.name, mark.words) })
    });
    let figures: Vec<String> = figures.collect();
    format!("{}: {}", along.get(active).map_or("", String::as_str), crate::format::joined(&figures))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(value: f64) -> Option<Mark> {
        Some(Mark { label: String::new(), value, words: String::new(), aside: String::new(), group: 0 })
    }

    #[test]
    fn a_finger_chooses_the_nearest_place() {
        assert_eq!(
            [nearest(0.0, 5), nearest(0.4, 5), nearest(0.99, 5), nearest(-3.0, 5), nearest(0.7, 1), nearest(0.7, 0)],
            [0, 2, 4, 0, 0, 0]
        );
    }

    #[test]
    fn a_line_leaves_gaps_where_there_is_no_figure() {
        let line = Line { name: String::new(), marks: vec![mark(0.0), mark(10.0), None, mark(5.0)] };
        let drawn = path(&line, (0.0, 10.0));
        assert_eq!(drawn, "M0.00 100.00h 0.01L33.33 0.00M100.00 50.00h 0.01");
    }
}
