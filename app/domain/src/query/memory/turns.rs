//! Long work in turns: whoever waits for the same thread gets it in between.

use std::{
    cmp::Ordering,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// Says whether to go on at once (`None`), or what to wait for first.
pub type Rest<'a> = dyn FnMut() -> Option<Pin<Box<dyn Future<Output = ()>>>> + 'a;

/// So many records are looked at between two questions for a rest.
const STEP: u32 = 256;
/// So many are sorted by one call of the standard library's sort, which cannot rest.
const RUN: usize = 2_048;

pub struct Turns<'t, 'a> {
    rest: &'t mut Rest<'a>,
    steps: u32,
}

impl<'t, 'a> Turns<'t, 'a> {
    pub fn new(rest: &'t mut Rest<'a>) -> Turns<'t, 'a> {
        Turns { rest, steps: 0 }
    }

    /// One record is done.
    pub async fn step(&mut self) {
        self.steps += 1;
        if self.steps.is_multiple_of(STEP)
            && let Some(rest) = (self.rest)()
        {
            rest.await;
        }
    }

    /// The places from 0 to `len` in order; no two may be equal.
    pub async fn sorted(&mut self, len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
        let mut places: Vec<usize> = (0..len).collect();
        for run in places.chunks_mut(RUN) {
            run.sort_unstable_by(|a, b| compare(*a, *b));
            self.steps = STEP - 1;
            self.step().await;
        }
        let (mut size, mut merged) = (RUN, Vec::with_capacity(len));
        while size < len {
            for both in places.chunks(2 * size) {
                let (mut left, mut right) = both.split_at(size.min(both.len()));
                while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
                    if compare(*a, *b).is_gt() {
                        merged.push(*b);
                        right = rest_right;
                    } else {
                        merged.push(*a);
                        left = rest_left;
                    }
                    self.step().await;
                }
                merged.extend_from_slice(left);
                merged.extend_from_slice(right);
            }
            std::mem::swap(&mut places, &mut merged);
            merged.clear();
            size *= 2;
        }
        places
    }
}

/// What work comes to that never rests.
pub fn at_once<T>(work: impl Future<Output = T>) -> T {
    let (mut work, mut context) = (pin!(work), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn runs_are_merged_in_order_and_rests_are_asked_for_all_along() {
        for (seed, len) in [0, 1, RUN - 1, RUN, RUN + 1, 3 * RUN + 7, 4 * RUN].into_iter().enumerate() {
            let mut random = Random::new(seed as u64);
            let keys: Vec<(usize, usize)> = (0..len).map(|at| (random.below(1_000), at)).collect();
            let mut asked = 0;
            let mut rest = || {
                asked += 1;
                (asked % 2 == 0).then(|| Box::pin(std::future::ready(())) as Pin<Box<dyn Future<Output = ()>>>)
            };
            let sorted = at_once(Turns::new(&mut rest).sorted(len, &|a, b| keys[a].cmp(&keys[b])));
            let mut expected: Vec<usize> = (0..len).collect();
            expected.sort_by_key(|at| keys[*at]);
            assert_eq!(sorted, expected, "{len}");
            assert!(asked >= len / RUN + len.saturating_sub(RUN) / STEP as usize, "{asked} rests for {len}");
        }
    }
}
