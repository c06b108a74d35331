//! The chart in the README: the same tasks on Rounds and on the others, a column for each size. Times are told apart by their
//! order of magnitude, so the scale is logarithmic.

use super::device::{PEERS, figure, sizes};
use serde_json::Value;

/// A task: what it is called, where it is of Rounds and of the others, and the goal at the design's sizes, milliseconds.
const TASKS: [(&str, &str, &str, [f64; 2]); 5] = [
    ("Start until first list and due count", "start/p50_ms", "start/p50_ms", [60.0, 250.0]),
    ("A name searched as typed, p95", "search/p95_ms", "search/p95_ms", [4.0, 16.0]),
    ("Account timeline, p95", "account/timeline/p95_ms", "timeline/p95_ms", [1.0, 1.0]),
    ("Save kept, p95", "save/p95_ms", "save/p95_ms", [16.0, 16.0]),
    ("Report: value by stage, p95", "report/p95_ms", "report/p95_ms", [2.0, 10.0]),
];

/// The ends of the scale, milliseconds.
const SCALE: (f64, f64) = (0.5, 20_000.0);
/// Widths in pixels: of the names, of the longest bar, of the figure behind it.
const WIDTHS: (f64, f64, f64) = (76.0, 250.0, 74.0);
const COLUMN: f64 = WIDTHS.0 + WIDTHS.1 + WIDTHS.2;
/// Heights in pixels: of a column's head, of a task's heading, of a bar with its gap, of the gap below a task.
const HEAD: f64 = 30.0;
const HEADING: f64 = 20.0;
const BAR: f64 = 15.0;
const BELOW: f64 = 12.0;

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600;font-size:13px}.quiet{fill:#59636e}\
    .other{fill:#8c959f}.own{fill:#0b6e4f}.goal{stroke:#bc4c00;stroke-width:2}\
    @media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}.other{fill:#656c76}.own{fill:#3fb68b}.goal{stroke:#f0883e}}";

/// The chart as SVG, which follows the reader's colour scheme.
pub fn drawn(figures: &Value) -> String {
    let sizes = sizes(figures);
    let columns: String = sizes.iter().enumerate().map(|(at, size)| column(at, size)).collect();
    let task = HEADING + (1 + PEERS.len()) as f64 * BAR + BELOW;
    let (width, bottom) = (COLUMN * sizes.len() as f64, HEAD + task * TASKS.len() as f64);
    let height = bottom + HEADING;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\
        <title>Rounds, IndexedDB, Dexie, RxDB and PouchDB on the same rows</title><style>{STYLE}</style>{columns}\
        <text class=\"quiet\" x=\"0\" y=\"{:.0}\">A hundred times as long is always the same step; the mark is the goal of Rounds.</text></svg>\n",
        bottom + 13.0
    )
}

fn column(at: usize, size: &Value) -> String {
    let x = COLUMN * at as f64;
    let (accounts, rows) = (&size["accounts"], &size["rows"]);
    let mut y = HEAD;
    let mut drawn = format!("<text class=\"head\" x=\"{x:.0}\" y=\"16\">{accounts} accounts, {rows} rows</text>");
    for (what, ours, theirs, goals) in TASKS {
        drawn += &format!("<text class=\"quiet\" x=\"{x:.0}\" y=\"{:.0}\">{what}</text>", y + 13.0);
        y += HEADING;
        let others = PEERS.map(|(peer, name)| ("other", name, figure(size, peer, theirs)));
        for (class, name, ms) in [("own", "Rounds", figure(size, "rounds", ours))].into_iter().chain(others) {
            drawn += &bar(x, y, class, name, ms);
            y += BAR;
        }
        // Only the design's two sizes have goals.
        if let Some(goal) = goals.get(at) {
            let (x, top) = (x + WIDTHS.0 + length(*goal), y - BAR * (1 + PEERS.len()) as f64);
            drawn += &format!(
                "<line class=\"goal\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.0}\" y2=\"{:.0}\"><title>goal: {goal} ms</title></line>",
                top + BAR
            );
        }
        y += BELOW;
    }
    drawn
}

fn bar(x: f64, y: f64, class: &str, name: &str, ms: Option<f64>) -> String {
    let text = y + BAR - 4.0;
    let label = format!("<text x=\"{x:.0}\" y=\"{text:.0}\">{name}</text>");
    let Some(ms) = ms else {
        return format!("{label}<text class=\"quiet\" x=\"{:.0}\" y=\"{text:.0}\">not measured</text>", x + WIDTHS.0);
    };
    let (from, length, thick) = (x + WIDTHS.0, length(ms), BAR - 4.0);
    let figure = if ms < 9.95 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") };
    format!(
        "{label}<rect class=\"{class}\" x=\"{from:.0}\" y=\"{:.0}\" width=\"{length:.1}\" height=\"{thick:.0}\" rx=\"2\"/>\
        <text x=\"{:.1}\" y=\"{text:.0}\">{figure}</text>",
        y + 1.0,
        from + length + 6.0
    )
}

/// How long a bar is, pixels; never so short that it is not seen.
fn length(ms: f64) -> f64 {
    let (least, most) = SCALE;
    ((ms / least).ln() / (most / least).ln() * WIDTHS.1).clamp(2.0, WIDTHS.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hundred_times_as_long_is_the_same_step_anywhere_on_the_scale() {
        let step = |ms: f64| length(ms * 100.0) - length(ms);
        assert!((step(1.0) - step(100.0)).abs() < 1e-9);
        assert!((length(SCALE.0), length(f64::MAX)) == (2.0, WIDTHS.1));
    }

    #[test]
    fn every_task_has_a_bar_where_it_was_measured_and_says_so_where_not() {
        let size = |p95: f64| json!({ "accounts": 5_000, "rows": 35_000, "rounds": { "search": { "p95_ms": p95 } } });
        let svg = drawn(&json!({ "sizes": { "0": size(3.2), "1": size(12.0) } }));
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains("3.2 ms") && svg.contains("12 ms"));
        assert_eq!(svg.matches("not measured").count(), 2 * (TASKS.len() * 5 - 1));
        assert_eq!(svg.matches("class=\"goal\"").count(), 2 * TASKS.len());
    }
}
