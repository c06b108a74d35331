//! The order of names, kept true name by name: asking the browser how a language orders two of them is the costly part.

use domain::Id;
use std::{cmp::Ordering, collections::HashMap};

/// Records in the order of their names, each with a rank between which there is room for others.
#[derive(Debug, Default)]
pub struct Names {
    order: Vec<Named>,
    ranks: HashMap<Id, u64>,
}

#[derive(Debug)]
struct Named {
    rank: u64,
    id: Id,
    name: String,
}

const ROOM: u64 = 1 << 32;

impl Names {
    /// Without any, and with room for so many.
    pub fn with_capacity(names: usize) -> Names {
        Names { order: Vec::with_capacity(names), ranks: HashMap::with_capacity(names) }
    }

    /// Puts a record whose name comes behind all others.
    pub fn push(&mut self, name: String, id: Id) {
        let rank = (self.order.len() as u64 + 1) * ROOM;
        self.order.push(Named { rank, id, name });
        self.ranks.insert(id, rank);
    }

    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.order.iter().map(|named| named.id)
    }

    /// Orders records as their names are; unknown ones come first.
    pub fn rank(&self, id: Id) -> u64 {
        self.ranks.get(&id).copied().unwrap_or_default()
    }

    /// Puts a record where its name belongs, or away; `false` where others have other ranks now.
    pub fn put(&mut self, id: Id, name: Option<&str>, compare: &dyn Fn(&str, &str) -> Ordering) -> bool {
        if let Some(rank) = self.ranks.remove(&id) {
            let at = self.order.partition_point(|named| named.rank < rank);
            self.order.remove(at);
        }
        let Some(name) = name else { return true };
        let at = self.order.partition_point(|named| compare(&named.name, name).is_le());
        let before = at.checked_sub(1).map_or(0, |before| self.order[before].rank);
        let after = self.order.get(at).map_or(before + 2 * ROOM, |named| named.rank);
        let rank = before + (after - before) / 2;
        self.order.insert(at, Named { rank, id, name: name.to_owned() });
        self.ranks.insert(id, rank);
        let has_room = rank > before;
        if !has_room {
            self.renumber();
        }
        has_room
    }

    fn renumber(&mut self) {
        self.ranks.clear();
        for (named, at) in self.order.iter_mut().zip(1..) {
            named.rank = at * ROOM;
            self.ranks.insert(named.id, named.rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{Random, id};

    #[test]
    fn names_kept_true_are_in_order_and_so_are_their_ranks() {
        for seed in 0..50 {
            let (mut random, mut names, mut known) = (Random::new(seed), Names::default(), HashMap::new());
            for _ in 0..100 {
                let record = id(random.below(30) as u128);
                let name = (!random.chance(20)).then(|| format!("{}", random.below(50)));
                names.put(record, name.as_deref(), &|a, b| a.cmp(b));
                match name {
                    Some(name) => known.insert(record, name),
                    None => known.remove(&record),
                };
                let found: Vec<Id> = names.ids().collect();
                assert_eq!(found.len(), known.len());
                assert!(found.is_sorted_by(|a, b| known[a] <= known[b] && names.rank(*a) < names.rank(*b)), "seed {seed}");
            }
        }
    }

    #[test]
    fn where_there_is_no_room_left_all_are_numbered_anew() {
        let mut names = Names::with_capacity(2);
        [("a", id(1)), ("z", id(2))].into_iter().for_each(|(name, id)| names.push(name.to_owned(), id));
        let rank = names.rank(id(2));
        let moved = (3..60).find(|n| !names.put(id(*n), Some(&format!("b{n:03}")), &|a, b| a.cmp(b)));
        assert!(moved.is_some_and(|n| n > 30) && names.rank(id(2)) != rank);
        assert!(names.ids().map(|id| names.rank(id)).is_sorted());
    }
}
