//! `cargo x bench device`: a table and a chart of what end2end/bench/device.bench.ts measured, and their place in the README.

use super::{chart, readme};
use crate::tools::npm;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fs, io::ErrorKind, path::PathBuf};

/// What Rounds is compared with: its name in the figures, and for people.
pub const PEERS: [(&str, &str); 4] = [("indexeddb", "IndexedDB"), ("dexie", "Dexie"), ("rxdb", "RxDB"), ("pouchdb", "PouchDB")];

/// Where what measures is installed, and the chart is kept.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join("bench/device")
}

fn results(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join("results/device.json")
}

/// Installs what measures and what is compared with, and takes away what an earlier run left.
pub fn prepare(workspace: &Workspace) -> Result<()> {
    npm::install_in(&folder(workspace))?;
    match fs::remove_file(results(workspace)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints the table; a whole run's goes into the README with its chart.
pub fn tell(workspace: &Workspace, is_whole: bool) -> Result<()> {
    let results = fs::read_to_string(results(workspace)).context("not one step came to its end")?;
    let figures: Value = serde_json::from_str(&results)?;
    let table = table(&figures);
    println!("\n{table}");
    if is_whole {
        fs::write(folder(workspace).join("figures.svg"), chart::drawn(&figures))?;
        readme::put(workspace, "device", &format!("{table}\n{CHART}"))?;
    }
    Ok(())
}

const CHART: &str = "![The same tasks on Rounds, IndexedDB, Dexie, RxDB and PouchDB at both sizes, on a logarithmic scale; the figures are in the \
    table above](end2end/bench/device/figures.svg)\n";

/// What a figure is counted in.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Ms,
    Seconds,
    Mb,
    RowsPerS,
    /// A number by itself.
    Count,
}

impl Unit {
    fn shown(self, figure: f64) -> String {
        match self {
            Unit::Ms | Unit::Seconds | Unit::Mb if figure < 9.95 => format!("{figure:.1}"),
            _ => format!("{figure:.0}"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Unit::Ms => " ms",
            Unit::Seconds => " s",
            Unit::Mb => " MB",
            Unit::RowsPerS => " rows/s",
            Unit::Count => "",
        }
    }

    /// How many times better ours is.
    fn ratio(self, ours: f64, theirs: f64) -> f64 {
        if self == Unit::RowsPerS { ours / theirs } else { theirs / ours }
    }
}

/// A line of the table: what it is, in what, where of Rounds, the goal, and where of the others.
type Line = (&'static str, Unit, &'static str, &'static str, Option<&'static str>);

const LINES: [Line; 31] = [
    ("first load from the server beside it", Unit::RowsPerS, "first_load/rows_per_s", "", None),
    ("until it can be used", Unit::Ms, "first_load/usable_ms", "", None),
    ("load of rows that are there", Unit::RowsPerS, "load/rows_per_s", "≥ 100,000 rows/s at L", Some("load/rows_per_s")),
    ("the same in pages of 1,000 rows", Unit::RowsPerS, "-", "", Some("load_packed/rows_per_s")),
    ("start until first list and due count", Unit::Ms, "start/p50_ms", "≤ 60 / 250 ms", Some("start/p50_ms")),
    ("start until Today answers what is tapped", Unit::Ms, "start/answers/p50_ms", "", None),
    ("warm start offline, p95", Unit::Ms, "start/p95_ms", "≤ 400 ms", Some("start/p95_ms")),
    ("start until everything is searchable", Unit::Ms, "searchable/p50_ms", "≤ 800 ms at L", None),
    ("a name searched as typed, p95", Unit::Ms, "search/p95_ms", "≤ 4 / 16 ms", Some("search/p95_ms")),
    ("the same until all other kinds are there and counted, p95", Unit::Ms, "search/everything/p95_ms", "", None),
    ("accounts by name while up to 10,000 rows are pulled, p95", Unit::Ms, "search_pulling/p95_ms", "≤ 4 / 16 ms", None),
    ("account timeline, p95", Unit::Ms, "account/timeline/p95_ms", "≤ 1 ms", Some("timeline/p95_ms")),
    ("account opened, its whole page, p95", Unit::Ms, "account/p95_ms", "", None),
    ("save shown as pending, p95", Unit::Ms, "save/shown/p95_ms", "≤ 2 ms", None),
    ("save kept: Rounds and IndexedDB strict, others relaxed, p95", Unit::Ms, "save/p95_ms", "≤ 16 ms", Some("save/p95_ms")),
    ("report: value by stage, p95", Unit::Ms, "report/p95_ms", "≤ 2 / 10 ms", Some("report/p95_ms")),
    ("list in another order, p95", Unit::Ms, "sort/p95_ms", "", None),
    ("list in groups, p95", Unit::Ms, "group/p95_ms", "", None),
    ("accounts changed at once", Unit::Count, "bulk_edit/accounts", "", None),
    ("until all of them are on the disk", Unit::Seconds, "bulk_edit/seconds", "", None),
    ("memory after a search", Unit::Mb, "memory/mb", "≤ 250 MB at L", Some("memory/mb")),
    ("interaction to next paint, processor 4× slower, p95", Unit::Ms, "interactions/p95_ms", "≤ 50 ms", None),
    ("longest task: first load", Unit::Ms, "first_load/longest_task_ms", "", None),
    ("longest task: start at Today", Unit::Ms, "start/longest_task_ms", "", None),
    ("longest task: start, until searchable", Unit::Ms, "searchable/longest_task_ms", "", None),
    ("longest task: search", Unit::Ms, "search/longest_task_ms", "", None),
    ("longest task: save", Unit::Ms, "save/longest_task_ms", "", None),
    ("longest task: sort", Unit::Ms, "sort/longest_task_ms", "", None),
    ("longest task: group", Unit::Ms, "group/longest_task_ms", "", None),
    ("longest task: report", Unit::Ms, "report/longest_task_ms", "", None),
    ("longest task: bulk edit", Unit::Ms, "bulk_edit/longest_task_ms", "", None),
];

/// The sizes in the order in which they were measured.
pub fn sizes(figures: &Value) -> Vec<&Value> {
    (0..).map_while(|at| figures.pointer(&format!("/sizes/{at}"))).collect()
}

/// A figure of one of them at one size.
pub fn figure(size: &Value, of: &str, path: &str) -> Option<f64> {
    size.pointer(&format!("/{of}/{path}"))?.as_f64()
}

fn table(figures: &Value) -> String {
    let sizes = sizes(figures);
    let joined = |cells: Vec<String>| if cells.iter().all(|cell| cell == "-") { String::new() } else { cells.join(" / ") };
    let line = |(what, unit, ours, goal, theirs): Line| {
        let own = |size: &&Value| figure(size, "rounds", ours);
        let shown = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| unit.shown(figure));
        let with_unit = |cells: String| if cells.is_empty() { cells } else { format!("{cells}{}", unit.name()) };
        let measured = with_unit(joined(sizes.iter().map(|size| shown(own(size))).collect()));
        let others = PEERS.map(|(peer, _)| {
            let found: Vec<_> = sizes.iter().map(|size| figure(size, peer, theirs?)).collect();
            let cells = with_unit(joined(found.iter().map(|theirs| shown(*theirs)).collect()));
            let ratio = |(size, theirs): (&&Value, &Option<f64>)| Some(times(unit.ratio(own(size)?, (*theirs)?)));
            let ratios: Option<Vec<String>> = sizes.iter().zip(&found).map(ratio).collect();
            let ratios = ratios.map(|ratios| format!(" ({})", ratios.join(" / ")));
            format!("{cells}{}", ratios.filter(|_| !cells.is_empty()).unwrap_or_default())
        });
        format!("| {what} | {measured} | {goal} | {} |\n", others.join(" | "))
    };
    let lines: String = LINES.map(line).concat();
    let names = PEERS.map(|(_, name)| name).join(" | ");
    let accounts: Vec<String> = sizes.iter().map(|size| size["accounts"].to_string()).collect();
    format!(
        "| figure ({} accounts) | Rounds | goal | {names} |\n| --- | --- | --- | --- | --- | --- | --- |\n{lines}\n{}\n{}",
        accounts.join(" / "),
        lighthouse(figures),
        conditions(figures, &sizes)
    )
}

/// 12×, and with decimals what is less than ten times or less than one.
fn times(ratio: f64) -> String {
    match ratio {
        ..0.995 => format!("{ratio:.2}×"),
        ..9.95 => format!("{ratio:.1}×"),
        _ => format!("{ratio:.0}×"),
    }
}

/// What Lighthouse says of the door and of the app.
fn lighthouse(figures: &Value) -> String {
    let mut pages = vec![("sign-in".to_owned(), figures.get("door"))];
    pages.extend(
        sizes(figures).into_iter().map(|size| (format!("{} accounts", size["accounts"]), size.pointer("/rounds/lighthouse"))),
    );
    let line = |(page, scores): (String, Option<&Value>)| {
        let at = |name: &str| scores.and_then(|scores| scores[name].as_f64());
        let score = |name: &str| at(name).map_or_else(|| "-".to_owned(), |score| format!("{score:.0}"));
        let seconds = |name: &str| at(name).map_or_else(|| "-".to_owned(), |ms| format!("{:.1} s", ms / 1000.0));
        format!(
            "| {page} | {} | {} | {} | {} | {} |\n",
            score("performance"),
            score("accessibility"),
            score("best_practices"),
            seconds("first_contentful_paint_ms"),
            seconds("interactive_ms")
        )
    };
    let lines: String = pages.into_iter().map(line).collect();
    format!(
        "| Lighthouse, mobile, cold cache | performance | accessibility | best practices | first contentful paint | interactive |\n\
        | --- | --- | --- | --- | --- | --- |\n| goal | ≥ 90 | 100 | 100 | ≤ 1.0 s | ≤ 4 s |\n{lines}"
    )
}

fn conditions(figures: &Value, sizes: &[&Value]) -> String {
    let rows: Vec<String> = sizes.iter().map(|size| size["rows"].to_string()).collect();
    let version = |package: &str| figures["versions"][package].as_str().unwrap_or("(absent)");
    let number = |path: &str| figures.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    format!(
        "In brackets: how many times as fast as the other one Rounds is, or in how many times less memory. All hold the same {} rows, \
        each in a profile on the disk, one after another in one run; browser, server and Postgres shared {:.0} cores, with {:.1} processes \
        waiting for one before and {:.1} after. For the load of rows that are there the server's answers to another device are given again at \
        once, to be unpacked and merged; the others get plain rows, in the page before the clock starts. After the load the server is gone. A \
        time ends when what was asked for is in the document and laid out, in Rounds on its own page, in the others as a plain list. \
        The first list of a start is the still's, which nothing has changed since it was drawn; Today answers once all rows were read. Of a \
        name that is when the first accounts are there; behind them Rounds looks through the names, numbers, notes and pinyin of every kind of \
        record, the others know a part of an account's name. Memory is what JavaScript \
        still reaches, and all that Rounds' wasm has. Dexie {}, RxDB {} on it, PouchDB {} with its indexeddb adapter, Lighthouse {}, Chromium {}.\n",
        rows.join(" / "),
        number("/machine/cores"),
        number("/machine/load_before"),
        number("/machine/load_after"),
        version("dexie"),
        version("rxdb"),
        version("pouchdb-core"),
        version("lighthouse"),
        figures["machine"]["chromium"].as_str().unwrap_or("(absent)")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_has_the_figures_of_all_sizes_and_how_many_times_better_they_are() {
        let size = |accounts: u64, ours: f64, theirs: f64| {
            json!({
                "accounts": accounts,
                "rounds": { "search": { "p95_ms": ours }, "load": { "rows_per_s": 20_000 } },
                "dexie": { "search": { "p95_ms": theirs }, "load": { "rows_per_s": 5_000 } },
            })
        };
        let figures = json!({ "sizes": { "0": size(5_000, 4.0, 107.2), "1": size(50_000, 16.0, 8.0) } });
        let table = table(&figures);
        let search = "| a name searched as typed, p95 | 4.0 / 16 ms | ≤ 4 / 16 ms |  | 107 / 8.0 ms (27× / 0.50×) |  |  |";
        assert!(table.contains(search), "{table}");
        let load = "| 20000 / 20000 rows/s | ≥ 100,000 rows/s at L |  | 5000 / 5000 rows/s (4.0× / 4.0×) |";
        assert!(table.contains(load), "{table}");
    }

    #[test]
    fn what_a_failed_step_did_not_measure_is_left_out() {
        let figures = json!({ "sizes": { "0": { "accounts": 5, "rounds": {}, "dexie": { "report": { "p95_ms": 3 } } } } });
        let table = table(&figures);
        assert!(table.contains("| report: value by stage, p95 |  | ≤ 2 / 10 ms |  | 3.0 ms |  |  |"), "{table}");
        assert!(table.contains("| sign-in | - | - | - | - | - |"), "{table}");
    }
}
