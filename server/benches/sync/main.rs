//! What syncing costs (the last table of sync.md): the server as a process, a real Postgres, real connections, all on this
//! machine; and PouchDB replicating the same rows with a PouchDB server in the same run. Writes JSON to ROUNDS_BENCH_RESULT.
//!
//! `cargo x bench sync` starts it with a Postgres that writes to disk before it answers. ROUNDS_BENCH_SECONDS is how long
//! each rate is measured (10); ROUNDS_BENCH_MINUTES, ROUNDS_BENCH_DEVICES and ROUNDS_BENCH_EDITS are how long and how many
//! devices are connected (10, 500) and how many edits a second they hear of (10); ROUNDS_BENCH_ACCOUNTS is the demo
//! company's size (2,500). ROUNDS_BENCH_POUCHDB is a folder with PouchDB installed; without it there is no comparison.

#[path = "../../tests/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use the rest of it")]
mod support;

#[path = "../../tests/sync/phone.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod phone;

mod bytes;
mod crowd;
mod figures;
mod first_load;
mod line;
mod poke;
mod pouchdb;
mod pushes;
mod scene;

use figures::rounded;
use scene::Scene;
use serde_json::{Value, json};
use std::{
    env, fs,
    io::Write,
    time::{Duration, Instant},
};

fn number(name: &str, usual: f64) -> f64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[tokio::main]
async fn main() {
    let seconds = Duration::from_secs_f64(number("ROUNDS_BENCH_SECONDS", 10.0));
    let size = crowd::Size {
        devices: number("ROUNDS_BENCH_DEVICES", 500.0) as usize,
        edits_per_s: number("ROUNDS_BENCH_EDITS", 10.0) as u64,
        length: Duration::from_secs_f64(60.0 * number("ROUNDS_BENCH_MINUTES", 10.0)),
    };
    let scene = Scene::new().await;
    first_load::prepare(&scene, number("ROUNDS_BENCH_ACCOUNTS", 2_500.0) as u64).await;
    let before = load();
    let mut result = json!({ "fsync_ms": fsync(), "postgres": postgres(&scene).await, "cores": cores(), "load_before": before });
    let mut put = |name: &str, value: Value| {
        println!("{name}: {value}");
        result[name] = value;
    };
    put("pushes_per_s_one_company", pushes::single(&scene, 1, seconds).await);
    put("pushes_per_s_eight_companies", pushes::single(&scene, 8, seconds).await);
    put("ops_per_s_batched", pushes::batched(&scene, seconds).await);
    put("drain", pushes::drain(&scene, 5_000).await);
    put("bytes", bytes::measure(&scene).await);
    put("propagation", poke::measure(&scene, 100).await);
    let (loaded, rows) = first_load::measure(&scene).await;
    put("first_load", loaded);
    put("connected", crowd::measure(&scene, size).await);
    if let Ok(folder) = env::var("ROUNDS_BENCH_POUCHDB") {
        put("pouchdb", pouchdb::measure(&folder, &rows));
    }
    put("load_after", load());
    if let Ok(file) = env::var("ROUNDS_BENCH_RESULT") {
        fs::write(file, serde_json::to_string_pretty(&result).unwrap()).unwrap();
    }
}

/// How long this disk takes to keep eight kilobytes, as Postgres asks it to at every commit: the median.
fn fsync() -> Value {
    let path = env::temp_dir().join(format!("rounds-bench-{}", std::process::id()));
    let mut file = fs::File::create(&path).unwrap();
    let mut once = || {
        let began = Instant::now();
        file.write_all(&[7; 8_192]).unwrap();
        file.sync_data().unwrap();
        began.elapsed().as_secs_f64() * 1_000.0
    };
    let times: Vec<f64> = (0..200).map(|_| once()).collect();
    fs::remove_file(path).unwrap();
    rounded(figures::percentile(&times, 0.5))
}

/// What decides whether a commit waits for the disk.
async fn postgres(scene: &Scene) -> Value {
    let show = "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')";
    let (version, fsync, commit): (String, String, String) = sqlx::query_as(show).fetch_one(scene.pool()).await.unwrap();
    json!({ "version": version, "fsync": fsync, "synchronous_commit": commit })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(0, Into::into)
}

/// Processes that wanted a core in the last minute: above the number of cores, the figures are of the crowd.
fn load() -> Value {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|load| load.parse::<f64>().ok()).map_or(Value::Null, rounded)
}
