//! 2,000 seeds of 2 to 5 devices: after any faults everybody agrees within a minute and nothing is lost.
//!
//! In parts, so that they run beside each other. A failure is shrunk, told, and kept in `regressions`.

use std::path::{Path, PathBuf};
use sync::simulation::{Counters, Regression, Settings, report, run, steps};

const STEPS: usize = 300;
const SEEDS_OF_A_PART: u64 = 250;

fn regressions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions")
}

#[test]
fn a_regressions_stay_mended() {
    for (name, regression) in Regression::read_all(&regressions()).expect("the folder can be read") {
        if let Err(failure) = regression.run() {
            panic!("{name}, which was: {}\nis back: {}", regression.wrong, failure.wrong);
        }
    }
}

fn part(number: u64) {
    let mut total = Counters::default();
    for seed in number * SEEDS_OF_A_PART..(number + 1) * SEEDS_OF_A_PART {
        match run(Settings::of(seed), &steps(seed, STEPS)) {
            Ok(counters) => total.add(&counters),
            Err(failure) => panic!("{}", report(&failure, &regressions())),
        }
    }
    assert!(total.missing().is_empty(), "never happened: {:?}", total.missing());
}

macro_rules! parts {
    ($($name:ident: $number:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            part($number);
        })*
    };
}

parts! {
    nothing_is_lost_in_seeds_from_0: 0,
    nothing_is_lost_in_seeds_from_250: 1,
    nothing_is_lost_in_seeds_from_500: 2,
    nothing_is_lost_in_seeds_from_750: 3,
    nothing_is_lost_in_seeds_from_1000: 4,
    nothing_is_lost_in_seeds_from_1250: 5,
    nothing_is_lost_in_seeds_from_1500: 6,
    nothing_is_lost_in_seeds_from_1750: 7,
}
