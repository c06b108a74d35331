//! Sorting and collecting that is compiled once. The standard library's sort is compiled anew for every type and every order,
//! some 4 kB each, and sorts whatever is collected into a `BTreeMap` or `BTreeSet`.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, VecDeque},
    iter::Peekable,
    vec,
};

/// Stable sorts of a slice, by way of the order of its places.
pub trait SharedSort<T> {
    fn shared_sort_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);
    fn shared_sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);
}

impl<T> SharedSort<T> for [T] {
    fn shared_sort_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let order = sorted(self.len(), &mut |a, b| compare(&self[a], &self[b]));
        arrange(order, &mut |a, b| self.swap(a, b));
    }

    /// The key is made once for each element.
    fn shared_sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        let keys: Vec<K> = self.iter().map(key).collect();
        let order = sorted(keys.len(), &mut |a, b| keys[a].cmp(&keys[b]));
        arrange(order, &mut |a, b| self.swap(a, b));
    }
}

/// A stable sort in steps of a moment each, for lists that would hold up the page otherwise: of places from 0 to `len`.
#[derive(Debug, Default)]
pub struct StepSort {
    len: usize,
    /// So many places are in runs.
    begun: usize,
    /// Runs that are in order.
    runs: VecDeque<Vec<usize>>,
    merging: Option<[Peekable<vec::IntoIter<usize>>; 2]>,
    merged: Vec<usize>,
}

/// So many places are sorted or merged in a step.
const STEP: usize = 250;

impl StepSort {
    pub fn new(len: usize) -> StepSort {
        StepSort { len, ..StepSort::default() }
    }

    /// Whether all is in order now. `compare` is asked about places.
    pub fn step(&mut self, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> bool {
        let mut compare = |a: &usize, b: &usize| compare(*a, *b).then(a.cmp(b));
        if self.begun < self.len {
            let until = self.len.min(self.begun + STEP);
            let mut run: Vec<usize> = (self.begun..until).collect();
            run.sort_by(&mut compare);
            self.runs.push_back(run);
            self.begun = until;
            return false;
        }
        if self.merging.is_none() {
            if self.runs.len() < 2 {
                return true;
            }
            self.merging =
                self.runs.pop_front().zip(self.runs.pop_front()).map(|(a, b)| [a, b].map(|run| run.into_iter().peekable()));
        }
        let Some([one, other]) = &mut self.merging else { return true };
        for _ in 0..STEP {
            let next = match (one.peek(), other.peek()) {
                (Some(a), Some(b)) if compare(b, a).is_lt() => other.next(),
                (None, _) => other.next(),
                _ => one.next(),
            };
            let Some(place) = next else {
                self.runs.push_back(std::mem::take(&mut self.merged));
                self.merging = None;
                break;
            };
            self.merged.push(place);
        }
        false
    }

    /// The places in their order, once a step has said that it was the last.
    pub fn order(mut self) -> Vec<usize> {
        self.runs.pop_front().unwrap_or_default()
    }
}

/// The places from 0 to `len` in the order of what is there.
fn sorted(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Brings what is at `order[n]` to `n`, along the cycles of the permutation.
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while order[at] != start {
            let from = std::mem::replace(&mut order[at], at);
            swap(at, from);
            at = from;
        }
        order[at] = at;
    }
}

/// A set of these, put in one by one.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    items.into_iter().for_each(|item| _ = set.insert(item));
    set
}

/// A map of these, put in one by one; of equal keys the last counts.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    items.into_iter().for_each(|(key, value)| _ = map.insert(key, value));
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        for seed in 0..200 {
            let mut random = Random::new(seed);
            let items: Vec<(usize, usize)> = (0..random.below(60)).map(|at| (random.below(20), at)).collect();
            let (mut expected, mut by, mut by_key) = (items.clone(), items.clone(), items);
            expected.sort_by_key(|item| std::cmp::Reverse(item.0));
            by.shared_sort_by(|a, b| b.0.cmp(&a.0));
            by_key.shared_sort_by_key(|item| std::cmp::Reverse(item.0));
            assert_eq!((&by, &by_key), (&expected, &expected), "seed {seed}");
        }
    }

    #[test]
    fn of_equal_keys_the_last_counts() {
        assert_eq!(map([(2, "a"), (1, "b"), (2, "c")]), BTreeMap::from([(1, "b"), (2, "c")]));
        assert_eq!(set([2, 1, 2]), BTreeSet::from([1, 2]));
    }

    #[test]
    fn steps_sort_as_a_whole_does() {
        for seed in 0..60 {
            let mut random = Random::new(seed);
            let items: Vec<usize> = (0..random.below(3_000)).map(|_| random.below(200)).collect();
            let (mut sort, mut steps) = (StepSort::new(items.len()), 1);
            while !sort.step(&mut |a, b| items[a].cmp(&items[b])) {
                steps += 1;
            }
            assert!(steps > items.len() / STEP);
            assert_eq!(sort.order(), sorted(items.len(), &mut |a, b| items[a].cmp(&items[b])), "seed {seed}");
        }
    }
}
