//! `cargo x simulate`: runs seeds of the simulation and prints what happened in them.
//!
//! `--seeds N` (how many, from `--seed S` or 0), `--steps M`, `--devices D` (0: 2 to 5, by the seed).

use sync::simulation::{Counters, Settings, run};

fn option(arguments: &[String], name: &str) -> Option<u64> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1)?.parse().ok()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let first = option(&arguments, "--seed").unwrap_or(0);
    let seeds = option(&arguments, "--seeds").unwrap_or(1);
    let steps = option(&arguments, "--steps").unwrap_or(150) as usize;
    let devices = option(&arguments, "--devices").unwrap_or(0) as usize;
    let (mut total, mut failed) = (Counters::default(), 0);
    for seed in first..first + seeds {
        let devices = if devices == 0 { 2 + (seed % 4) as usize } else { devices };
        match run(Settings { seed, steps, devices }) {
            Ok(counters) => total.add(&counters),
            Err(error) => {
                failed += 1;
                println!("{error}");
            }
        }
    }
    println!("{seeds} seeds x {steps} steps: {failed} failed");
    for (what, count) in &total.0 {
        println!("{count:>10}  {what}");
    }
    if failed > 0 {
        std::process::exit(1);
    }
}
