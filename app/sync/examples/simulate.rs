//! `cargo x simulate`: runs seeds of the simulation on every core and prints what happened in them.
//!
//! `--seeds N` (how many, from `--seed S` or 0), `--minutes T` (begins no seed after that time; without `--seeds` as many as it
//! allows), `--steps M`, `--devices D` (0: 2 to 5, by the seed). The first failure is shrunk, told step by step and kept among
//! the regressions.

use std::{
    path::Path,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use sync::simulation::{Counters, Failure, Settings, report, run, steps};

/// Below this many steps in all, a kind of fault may be missing by chance.
const LONG_RUN: u64 = 60_000;

struct Options {
    first: u64,
    seeds: u64,
    time: Option<Duration>,
    steps: usize,
    devices: usize,
}

#[derive(Default)]
struct Total {
    counters: Counters,
    done: u64,
    failed: [u64; 4],
    first_failure: Option<Failure>,
}

impl Total {
    /// How far the run is and what it found, so that one that is stopped leaves a figure.
    fn told(&self, options: &Options, began: Instant) -> String {
        let kinds: Vec<String> = KINDS.iter().zip(self.failed).map(|(kind, count)| format!("{count} {kind}")).collect();
        let cpu = cpu_seconds().map_or(String::new(), |seconds| format!(" ({seconds} CPU s)"));
        format!(
            "{} seeds x {} steps in {} s{cpu}: {}; everybody agreed at the latest {:.1} s after the last fault",
            self.done,
            options.steps,
            began.elapsed().as_secs(),
            kinds.join(", "),
            self.counters.slowest_ms as f64 / 1000.0
        )
    }
}

/// What this process has used, where the system tells it (Linux, proc(5): utime and stime, in hundredths of a second).
fn cpu_seconds() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<u64> =
        stat.rsplit(')').next()?.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(fields.iter().sum::<u64>() / 100)
}

const KINDS: [&str; 4] = ["lost", "divergent", "stuck", "broken"];

fn options() -> Result<Options, String> {
    let (mut options, mut seeds) = (Options { first: 0, seeds: 1, time: None, steps: 300, devices: 0 }, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse().ok());
        let value: u64 = value.ok_or_else(|| format!("{name} takes a number"))?;
        match name.as_str() {
            "--seed" => options.first = value,
            "--seeds" => seeds = Some(value),
            "--minutes" => options.time = Some(Duration::from_secs(value * 60)),
            "--steps" => options.steps = value as usize,
            "--devices" => options.devices = value as usize,
            _ => return Err(format!("there is no option {name}; there are --seed, --seeds, --minutes, --steps, --devices")),
        }
    }
    let unlimited = if options.time.is_some() { u64::MAX - options.first } else { 1 };
    Ok(Options { seeds: seeds.unwrap_or(unlimited), ..options })
}

fn settings(options: &Options, seed: u64) -> Settings {
    match options.devices {
        0 => Settings::of(seed),
        devices => Settings { devices: devices.min(8), ..Settings::of(seed) },
    }
}

fn work(options: &Options, began: Instant, next: &AtomicU64, total: &Mutex<Total>) {
    while options.time.is_none_or(|time| began.elapsed() < time) {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= options.first + options.seeds {
            return;
        }
        let result = run(settings(options, seed), &steps(seed, options.steps));
        let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
        total.done += 1;
        match result {
            Ok(counters) => total.counters.add(&counters),
            Err(failure) => {
                if let Some(at) = KINDS.iter().position(|kind| *kind == failure.wrong.kind()) {
                    total.failed[at] += 1;
                }
                eprintln!("seed {seed}: {}", failure.wrong);
                total.first_failure.get_or_insert(*failure);
            }
        }
    }
}

/// Says now and then how far the run is, until it is over.
fn watch(options: &Options, began: Instant, is_over: impl Fn() -> bool, total: &Mutex<Total>) {
    let mut said = began;
    while !is_over() {
        thread::sleep(Duration::from_millis(200));
        if said.elapsed() > Duration::from_secs(10) {
            said = Instant::now();
            let total = total.lock().unwrap_or_else(PoisonError::into_inner);
            let a_seed = began.elapsed().as_secs_f64() / total.done.max(1) as f64;
            let all = Duration::try_from_secs_f64(a_seed * (options.seeds - total.done) as f64).unwrap_or(Duration::MAX);
            let left = options.time.map_or(all, |time| all.min(time.saturating_sub(began.elapsed())));
            eprintln!("{}; about {} s left", total.told(options, began), left.as_secs());
        }
    }
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(what) => {
            eprintln!("{what}");
            return ExitCode::FAILURE;
        }
    };
    let (next, total, began) = (AtomicU64::new(options.first), Mutex::new(Total::default()), Instant::now());
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(|| work(&options, began, &next, &total))).collect();
        watch(&options, began, || workers.iter().all(|worker| worker.is_finished()), &total);
    });
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (what, count) in &total.counters.counts {
        println!("{count:>12}  {what}");
    }
    let missing = if total.done * options.steps as u64 >= LONG_RUN { total.counters.missing() } else { Vec::new() };
    if let Some(failure) = &total.first_failure {
        println!("\n{}", report(failure, Path::new("app/sync/tests/regressions")));
    }
    if !missing.is_empty() {
        println!("never happened, so this run proves nothing about it: {}", missing.join(", "));
    }
    println!("{}", total.told(&options, began));
    if total.first_failure.is_none() && missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
