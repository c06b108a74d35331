//! Connected devices for minutes: what the server's memory and the time until an edit is everywhere come to, and whether
//! they grow.

use crate::{
    figures::{percentile, rounded, slope, spread},
    line::{Line, is_poke},
    scene::{Company, Scene},
};
use domain::{Id, Row, testing::Random};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Over how many seconds a p95 is taken, before the line through them.
const WINDOW_S: f64 = 10.0;
/// Left out of the lines: caches and pools fill at first.
const WARM_UP: f64 = 0.2;

#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub devices: usize,
    pub edits_per_s: u64,
    pub length: Duration,
}

/// A device got an edit.
struct Arrival {
    device: usize,
    account: Id,
    /// When it was sent, microseconds after the beginning; it is what the edit says.
    sent: u64,
    at: u64,
}

pub async fn measure(scene: &Scene, size: Size) -> Value {
    // Of a hundred members each has as many devices; 500 devices are five each.
    let company = scene.company(9, 10).await;
    let members: Vec<Id> = [&company.administrator].into_iter().chain(&company.managers).chain(&company.reps).copied().collect();
    let (began, (arrived, arrivals)) = (Instant::now(), unbounded_channel());
    let mut holders = Vec::new();
    let mut devices = Vec::new();
    for at in 0..size.devices {
        let member = members[at % members.len()];
        holders.push(member);
        let mut line = Line::new(scene.browser(company.org, member).await, company.org, member);
        line.pull().await;
        devices.push(tokio::spawn(device(line, at, began, arrived.clone())));
    }
    drop(arrived);
    let idle = scene.memory_mb();
    let edits = edit(scene, &company, size, began).await;
    // A last poke may be coalesced, and what was lost is looked for by polling.
    tokio::time::sleep(Duration::from_secs(8)).await;
    devices.iter().for_each(tokio::task::JoinHandle::abort);
    let connected =
        futures::future::join_all(devices).await.iter().filter(|ended| ended.as_ref().is_err_and(|e| e.is_cancelled())).count();
    assert_eq!(connected, size.devices, "no device was disconnected");
    summary(&company, size, &holders, idle, edits, arrivals).await
}

/// Pulls at each poke, and tells what came.
async fn device(mut line: Line, device: usize, began: Instant, arrived: UnboundedSender<Arrival>) {
    let mut pokes = line.listen().await;
    while let Some(piece) = pokes.chunk().await.unwrap() {
        if !is_poke(&piece) {
            continue;
        }
        for row in line.pull().await {
            if let Some((account, sent)) = read(&row) {
                let _ = arrived.send(Arrival { device, account, sent, at: began.elapsed().as_micros() as u64 });
            }
        }
    }
}

fn read(row: &Row) -> Option<(Id, u64)> {
    Some((row.id, row.text("industry").strip_prefix("at ")?.parse().ok()?))
}

struct Edits {
    count: usize,
    /// When the last edit of each account was sent, and the place of its owner.
    last: BTreeMap<Id, (u64, usize)>,
    late: usize,
    /// (minutes, megabytes)
    memory: Vec<(f64, f64)>,
}

async fn edit(scene: &Scene, company: &Company, size: Size, began: Instant) -> Edits {
    let mut lines = Vec::new();
    for rep in &company.reps {
        let mut line = Line::new(scene.browser(company.org, *rep).await, company.org, *rep);
        line.pull().await;
        lines.push(line);
    }
    let (mut random, mut edits) = (Random::new(1), Edits { count: 0, last: BTreeMap::new(), late: 0, memory: Vec::new() });
    let (start, pace) = (Instant::now(), Duration::from_micros(1_000_000 / size.edits_per_s));
    let mut ticks = tokio::time::interval(pace);
    while start.elapsed() < size.length {
        let due = ticks.tick().await;
        edits.late += usize::from(due.elapsed() > pace);
        let rep = random.below(lines.len());
        let account = company.accounts[rep][random.below(company.accounts[rep].len())];
        let sent = began.elapsed().as_micros() as u64;
        let op = lines[rep].edit(account, &format!("at {sent}"));
        lines[rep].exchange(vec![op]).await;
        edits.last.insert(account, (sent, rep));
        edits.count += 1;
        if (edits.count as u64).is_multiple_of(size.edits_per_s) {
            edits.memory.extend(scene.memory_mb().map(|mb| (start.elapsed().as_secs_f64() / 60.0, mb)));
        }
    }
    edits
}

async fn summary(
    company: &Company,
    size: Size,
    holders: &[Id],
    idle_mb: Option<f64>,
    edits: Edits,
    mut arrivals: UnboundedReceiver<Arrival>,
) -> Value {
    let (mut lags, mut windows): (Vec<f64>, BTreeMap<u64, Vec<f64>>) = Default::default();
    let mut newest: BTreeSet<(usize, Id, u64)> = BTreeSet::new();
    while let Some(Arrival { device, account, sent, at }) = arrivals.recv().await {
        let lag = (at - sent) as f64 / 1_000.0;
        lags.push(lag);
        windows.entry(sent / (WINDOW_S * 1e6) as u64).or_default().push(lag);
        newest.insert((device, account, sent));
    }
    let mut missing = 0;
    for (account, (sent, rep)) in &edits.last {
        let who = [company.administrator, company.manager_of(*rep), company.reps[*rep]];
        let devices = holders.iter().enumerate().filter(|(_, member)| who.contains(member));
        missing += devices.filter(|(device, _)| !newest.contains(&(*device, *account, *sent))).count();
    }
    assert_eq!(missing, 0, "every device that may see an account has its last edit");
    let of_late = |points: Vec<(f64, f64)>| {
        let skip = (points.len() as f64 * WARM_UP) as usize;
        points[skip..].to_vec()
    };
    let p95s = windows.into_iter().map(|(at, lags)| (at as f64 * WINDOW_S / 60.0, percentile(&lags, 0.95))).collect();
    let (lag_line, memory_line) = (of_late(p95s), of_late(edits.memory));
    json!({
        "devices": size.devices, "minutes": rounded(size.length.as_secs_f64() / 60.0), "edits": edits.count,
        "edits_begun_late": edits.late, "arrivals": lags.len(), "missing": missing,
        "lag": spread(&lags), "lag_p95_slope_ms_per_min": rounded(slope(&lag_line)),
        "memory_idle_mb": idle_mb.map(rounded), "memory_end_mb": memory_line.last().map(|(_, mb)| rounded(*mb)),
        "memory_slope_mb_per_min": rounded(slope(&memory_line)),
    })
}
