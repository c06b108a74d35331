//! `cargo x bench sync`: runs server/benches/sync, and puts its figures into the README's table.

use super::readme;
use crate::tools::{cargo, npm, postgres, process};
use crate::workspace::Workspace;
use anyhow::Result;
use serde_json::Value;
use std::fs;

/// The server is measured as released, but without the site: nobody asks for it here.
pub fn run(workspace: &Workspace) -> Result<()> {
    let pouchdb = workspace.end2end().join("bench/pouchdb");
    npm::install_in(&pouchdb)?;
    let results = workspace.end2end().join("results");
    fs::create_dir_all(&results)?;
    let file = results.join("sync.json");
    let database = postgres::start_durable()?;
    let mut bench = cargo::cargo_at(workspace);
    bench.args(["bench", "--package", "server", "--bench", "sync"]);
    bench.env("ROUNDS_TEST_DATABASE_URL", &database.url);
    bench.env("ROUNDS_BENCH_POUCHDB", &pouchdb).env("ROUNDS_BENCH_RESULT", &file);
    process::run(&mut bench)?;
    let figures: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let table = table(&figures);
    println!("\n{table}");
    readme::put(workspace, "sync", &table)
}

/// The figures, what they should be, and what PouchDB makes of the same rows.
fn table(figures: &Value) -> String {
    let at = |path: &str| figures.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let pouchdb = |path: &str| figures.pointer(path).and_then(Value::as_f64);
    let (load, push, told) =
        (at("/first_load/rows_per_s"), at("/ops_per_s_batched/ops_per_s"), at("/propagation/until_had/p95_ms"));
    let against = |theirs: Option<f64>, unit: &str, ratio: &dyn Fn(f64) -> f64| {
        theirs.map_or(String::new(), |theirs| format!("{theirs:.0} {unit} ({:.0}×)", ratio(theirs)))
    };
    let rows = [
        (
            "pushes, one company, single calls",
            format!("{:.0}/s", at("/pushes_per_s_one_company/ops_per_s")),
            "≥ 300/s",
            String::new(),
        ),
        (
            "pushes, eight companies, single calls",
            format!("{:.0}/s", at("/pushes_per_s_eight_companies/ops_per_s")),
            "≥ 600/s",
            String::new(),
        ),
        (
            "ops in batches of 100",
            format!("{push:.0}/s"),
            "≥ 2,000/s",
            against(pouchdb("/pouchdb/push_docs_per_s"), "docs/s", &|theirs| push / theirs),
        ),
        ("in-sync check, both ways", format!("{:.0} B", at("/bytes/check_both")), "≤ 400 B", String::new()),
        ("one-field edit in a batch, compressed", format!("{:.0} B", at("/bytes/edit_compressed")), "≤ 250 B", String::new()),
        (
            "first load over HTTP",
            format!("{load:.0} rows/s"),
            "",
            against(pouchdb("/pouchdb/load_rows_per_s"), "rows/s", &|theirs| load / theirs),
        ),
        ("5,000 waiting ops sent and seen", format!("{:.1} s", at("/drain/seconds")), "< 20 s", String::new()),
        ("another device is told, p95", format!("{:.0} ms", at("/propagation/until_told/p95_ms")), "< 30 ms", String::new()),
        (
            "another device has it, p95",
            format!("{told:.0} ms"),
            "",
            against(pouchdb("/pouchdb/propagation_p95_ms"), "ms", &|theirs| theirs / told),
        ),
        ("the same among the connected, p95", format!("{:.0} ms", at("/connected/lag/p95_ms")), "", String::new()),
        ("its slope", format!("{:+.1} ms a minute", at("/connected/lag_p95_slope_ms_per_min")), "0", String::new()),
        ("server's memory with them", format!("{:.0} MB", at("/connected/memory_end_mb")), "", String::new()),
        ("its slope", format!("{:+.2} MB a minute", at("/connected/memory_slope_mb_per_min")), "0", String::new()),
    ];
    let rows: String = rows.map(|(what, ours, goal, theirs)| format!("| {what} | {ours} | {goal} | {theirs} |\n")).concat();
    let conditions = format!(
        "Server, Postgres {} (fsync {}, {:.1} ms), all devices and PouchDB {} shared {:.0} cores, with {:.1} processes waiting for one before and \
        {:.1} after. Connected were {:.0} devices for {:.0} minutes, with {:.0} edits in all; of the last edit of each account, {:.0} did \
        not arrive. The first load is {:.0} rows.\n",
        figures["postgres"]["version"].as_str().unwrap_or_default(),
        figures["postgres"]["fsync"].as_str().unwrap_or_default(),
        at("/fsync_ms"),
        figures["pouchdb"]["version"].as_str().unwrap_or("(absent)"),
        at("/cores"),
        at("/load_before"),
        at("/load_after"),
        at("/connected/devices"),
        at("/connected/minutes"),
        at("/connected/edits"),
        at("/connected/missing"),
        at("/first_load/rows"),
    );
    format!("| figure | measured | goal | PouchDB |\n| --- | --- | --- | --- |\n{rows}\n{conditions}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_made_from_the_figures() {
        let figures =
            json!({ "ops_per_s_batched": { "ops_per_s": 2_000.4 }, "pouchdb": { "version": "9", "push_docs_per_s": 100 } });
        let table = table(&figures);
        assert!(table.contains("| ops in batches of 100 | 2000/s | ≥ 2,000/s | 100 docs/s (20×) |"), "{table}");
    }
}
