//! 500 seeds of 2 to 5 devices: after any faults everything converges with nothing lost.

use sync::simulation::{Counters, Settings, run};

#[test]
fn devices_converge_and_nothing_is_lost() {
    let (mut total, mut failures) = (Counters::default(), Vec::new());
    for seed in 0..500 {
        match run(Settings { seed, steps: 150, devices: 2 + (seed % 4) as usize }) {
            Ok(counters) => total.add(&counters),
            Err(error) => failures.push(error),
        }
    }
    assert!(failures.is_empty(), "{} of 500 seeds failed; the first:\n{}", failures.len(), failures[0]);
    for fault in ["kill", "clock", "store fault", "drop", "double", "answer lost"] {
        assert!(total.0.get(fault).is_some_and(|count| *count > 100), "{fault} hardly ever happened: {total:?}");
    }
}
