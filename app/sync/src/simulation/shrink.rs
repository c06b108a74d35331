//! Finds the few steps that a failure needs (delta debugging, Zeller and Hildebrandt 2002).

use super::{Failure, run};

/// Runs at most this often: a failure in the hand is worth more than a smaller one an hour later.
const MAX_RUNS: usize = 600;

/// The same kind of failure with as few steps as can be found.
pub fn shrink(failure: &Failure) -> Failure {
    let mut best = failure.clone();
    let (mut chunk, mut runs) = (best.steps.len().div_ceil(2), 0);
    while chunk > 0 && runs < MAX_RUNS {
        let (mut at, mut smaller) = (0, false);
        while at < best.steps.len() && runs < MAX_RUNS {
            let mut steps = best.steps.clone();
            steps.drain(at..(at + chunk).min(steps.len()));
            runs += 1;
            match run(best.settings, &steps) {
                Err(found) if found.wrong.is_like(&failure.wrong) => (best, smaller) = (*found, true),
                _ => at += chunk,
            }
        }
        if !smaller || chunk > 1 {
            chunk /= 2;
        }
    }
    together(best)
}

/// The same steps sooner after each other, if they still fail.
fn together(mut failure: Failure) -> Failure {
    for pause in [100, 1_000, 10_000] {
        let mut steps = failure.steps.clone();
        let mut at = 0;
        for (step, before) in steps.iter_mut().zip(std::iter::once(0).chain(failure.steps.iter().map(|step| step.at))) {
            at += (step.at - before).min(pause);
            step.at = at;
        }
        if let Err(found) = run(failure.settings, &steps)
            && found.wrong.is_like(&failure.wrong)
        {
            failure = *found;
            break;
        }
    }
    failure
}
