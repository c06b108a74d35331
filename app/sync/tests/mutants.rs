//! Deliberate mistakes in device and server, each of which the simulation's seeds must notice.

use sync::simulation::{Mutant, Settings, run, steps};

/// The seeds of `simulation.rs`, with as many steps.
const SEEDS: u64 = 2_000;
const STEPS: usize = 300;

#[test]
fn every_mutant_is_caught_by_a_seed() {
    let mut survivors = Vec::new();
    for mutant in Mutant::ALL {
        let caught = (0..SEEDS).find_map(|seed| {
            let settings = Settings { mutant: Some(mutant), ..Settings::of(seed) };
            run(settings, &steps(seed, STEPS)).err()
        });
        match caught {
            Some(failure) => println!("{mutant:?}: seed {}: {}", failure.settings.seed, failure.wrong.kind()),
            None => survivors.push(mutant),
        }
    }
    assert!(survivors.is_empty(), "no seed notices {survivors:?}");
}

#[test]
fn without_a_mutant_the_same_seeds_are_well() {
    for seed in 0..20 {
        assert!(run(Settings::of(seed), &steps(seed, STEPS)).is_ok(), "seed {seed}");
    }
}
