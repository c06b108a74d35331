//! The conformance suite in a real browser: call `run_all()` from a page and read the JSON.
#![cfg(target_arch = "wasm32")]

use serde_json::json;
use store::conformance::{self, Factory, Report};
use store::indexed_db::{IndexedDb, delete, list};
use store::{Backend, Change, Read, StoreError, Table};
use wasm_bindgen::prelude::wasm_bindgen;

struct Databases;

impl Factory for Databases {
    type Store = IndexedDb;

    async fn open(&self, name: &str) -> Result<IndexedDb, StoreError> {
        IndexedDb::open(name).await
    }

    fn sever(&self, store: &IndexedDb) {
        store.sever();
    }

    fn tear(&self, store: &IndexedDb, after: usize) {
        store.tear(after);
    }
}

/// Runs every case on fresh databases; answers `[{name, ok, error}]`.
#[wasm_bindgen]
pub async fn run_all() -> String {
    let prefix = format!("rounds-conformance.{}", js_sys::Math::random());
    let mut reports = conformance::run_all(&Databases, &prefix).await;
    reports.extend(conformance::browser::run_all(&prefix).await);
    remove(&prefix).await;
    serde_json::Value::from_iter(reports.iter().map(entry)).to_string()
}

/// Writes and loads `rows` rows of `bytes` each; answers `{write_ms, load_ms, rows}` or `{error}`.
#[wasm_bindgen]
pub async fn measure(rows: u32, bytes: usize) -> String {
    let name = format!("rounds-measure.{}", js_sys::Math::random());
    let answer = measured(&name, rows, bytes).await;
    remove(&name).await;
    answer.unwrap_or_else(|error| json!({ "error": error.to_string() })).to_string()
}

async fn measured(name: &str, rows: u32, bytes: usize) -> Result<serde_json::Value, StoreError> {
    let store = IndexedDb::open(name).await?;
    let value = "visit ".repeat(bytes / 6);
    let started = js_sys::Date::now();
    for batch in (0..rows).step_by(5_000) {
        let put = |n: u32| Change::put(Table::Base, format!("account/{n:08}"), value.as_str());
        store.transact(&[], |_| Ok(((batch..rows.min(batch + 5_000)).map(put).collect(), ()))).await?;
    }
    drop(store);
    let written = js_sys::Date::now();
    let store = IndexedDb::open(name).await?;
    let found = store.read(&[Read::all(Table::Base)]).await?;
    let loaded = js_sys::Date::now();
    Ok(json!({ "write_ms": written - started, "load_ms": loaded - written, "rows": found[0].len() }))
}

async fn remove(prefix: &str) {
    for name in list(prefix).await {
        // A database left behind is only clutter in the test's own profile.
        let _ = delete(&name).await;
    }
}

fn entry(report: &Report) -> serde_json::Value {
    json!({ "name": report.name, "ok": report.outcome.is_ok(), "error": report.outcome.as_ref().err() })
}
