//! Whether a device holds what it should: a tree of digests over (id, sequence number) of living records, descended only
//! where the two ends differ (sync.md, item 16).
//!
//! A part of the tree is named by the last bytes of its records' ids, the last first, in hexadecimal: the end of an id is
//! random however it was made, and it does not depend on what an older or newer app believes a record belongs to.

use crate::{
    Id, Row, ids,
    json::{FromJson, field},
    reads,
    sorting::{SharedSort, map, set},
    wire::{DigestAnswer, DigestRequest},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The part that is everything.
pub const ALL: &str = "";
/// A part of at most this many records is listed instead of divided.
const LISTED: usize = 256;
/// At most this many parts, and this many records, are asked for at once.
pub const MAX_PARTS: usize = 32;
pub const MAX_WANTED: usize = 1_000;

/// How many records, and all of their hashes in one, whatever their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Digest {
    pub count: u64,
    pub xor: Id,
}

reads!(Digest { count, xor });

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The digests of the parts it divides into, as far as they hold anything.
    Parts(BTreeMap<String, Digest>),
    /// Its records' ids and sequence numbers.
    Rows(Vec<(Id, u64)>),
}

reads!(Content, |value| match value.get("parts") {
    Some(parts) => Ok(Content::Parts(FromJson::from_json(parts)?)),
    None => Ok(Content::Rows(field(value, "rows")?)),
});

/// Living records in the order of the bytes of their ids in reverse, so that a part is a range.
#[derive(Clone, Debug, Default)]
pub struct Tree(Vec<(u128, u64)>);

/// How the records of a part differ from what they should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub missing: BTreeSet<Id>,
    /// Held at another sequence number.
    pub outdated: BTreeSet<Id>,
    /// Held, and not to be held.
    pub superfluous: BTreeSet<Id>,
}

impl Tree {
    pub fn new(records: impl IntoIterator<Item = (Id, u64)>) -> Tree {
        let mut records: Vec<_> = records.into_iter().map(|(id, seq)| (id.as_u128().swap_bytes(), seq)).collect();
        records.shared_sort_by_key(|(reversed, _)| *reversed);
        Tree(records)
    }

    pub fn of_rows<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Tree {
        Tree::new(rows.into_iter().filter(|row| row.is_alive()).map(|row| (row.id, row.seq)))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn digest(&self, part: &str) -> Digest {
        let add = |sum: Digest, (id, seq): (Id, u64)| Digest {
            count: sum.count + 1,
            xor: Id::from_u128(sum.xor.as_u128() ^ ids::derived(id, &seq.to_string()).as_u128()),
        };
        self.records(part).fold(Digest::default(), add)
    }

    /// Which of `theirs` differ from the same parts here, and what is in those here.
    pub fn differing(&self, theirs: &BTreeMap<String, Digest>) -> BTreeMap<String, Content> {
        let differ = theirs.iter().filter(|(part, digest)| self.digest(part) != **digest);
        map(differ.map(|(part, _)| (part.clone(), self.content(part))))
    }

    /// The parts among `theirs`, those into which `part` divides, that differ here.
    pub fn differing_parts(&self, part: &str, theirs: &BTreeMap<String, Digest>) -> BTreeSet<String> {
        let (mine, none) = (self.parts(part), Digest::default());
        let all = set(mine.keys().chain(theirs.keys()).cloned());
        let digest_in = |parts: &BTreeMap<String, Digest>, part: &String| parts.get(part).copied().unwrap_or(none);
        set(all.into_iter().filter(|part| digest_in(&mine, part) != digest_in(theirs, part)))
    }

    /// How the records of a part here differ from `theirs`, which are right.
    pub fn difference(&self, part: &str, theirs: &[(Id, u64)]) -> Difference {
        let right = set(theirs.iter().map(|(id, _)| *id));
        let mine = self.records(part).map(|(id, _)| id);
        let mut difference = Difference { superfluous: set(mine.filter(|id| !right.contains(id))), ..Difference::default() };
        for (id, seq) in theirs {
            match self.seq(*id) {
                None => _ = difference.missing.insert(*id),
                Some(held) if held != *seq => _ = difference.outdated.insert(*id),
                Some(_) => {}
            }
        }
        difference
    }

    fn seq(&self, id: Id) -> Option<u64> {
        let place = self.0.binary_search_by_key(&id.as_u128().swap_bytes(), |(reversed, _)| *reversed);
        place.ok().map(|place| self.0[place].1)
    }

    fn content(&self, part: &str) -> Content {
        match self.records(part).nth(LISTED) {
            Some(_) => Content::Parts(self.parts(part)),
            None => Content::Rows(self.records(part).collect()),
        }
    }

    fn parts(&self, part: &str) -> BTreeMap<String, Digest> {
        let next = |(id, _): (Id, u64)| format!("{part}{:02x}", id.as_bytes()[15 - part.len() / 2]);
        let names = set(self.records(part).map(next));
        map(names.into_iter().map(|name| (name.clone(), self.digest(&name))))
    }

    /// The records of a part; a name that is none has no records.
    fn records(&self, part: &str) -> impl Iterator<Item = (Id, u64)> {
        let well_formed = part.len() <= 30 && part.len().is_multiple_of(2) && part.bytes().all(|digit| digit.is_ascii_hexdigit());
        let bound = |fill: &str| u128::from_str_radix(&format!("{part}{}", fill.repeat(32 - part.len())), 16).ok();
        let range = well_formed.then(|| bound("0").zip(bound("f"))).flatten();
        let place = |end: u128| self.0.partition_point(|(reversed, _)| *reversed < end);
        let past = |end: u128| self.0.partition_point(|(reversed, _)| *reversed <= end);
        let within = range.map_or(&[][..], |(from, to)| &self.0[place(from)..past(to)]);
        within.iter().map(|(reversed, seq)| (Id::from_u128(reversed.swap_bytes()), *seq))
    }
}

impl Difference {
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.missing.iter().chain(&self.outdated).chain(&self.superfluous).copied()
    }

    pub fn add(&mut self, other: Difference) {
        self.missing.extend(other.missing);
        self.outdated.extend(other.outdated);
        self.superfluous.extend(other.superfluous);
    }
}

/// The answer to a comparison at equal checkpoints: `tree` is what the member sees, `rows` those wanted that he sees,
/// tombstones included.
pub fn answer(request: &DigestRequest, tree: &Tree, rows: Vec<Row>) -> DigestAnswer {
    let seen: BTreeSet<Id> = rows.iter().map(|row| row.id).collect();
    let removed = request.wanted.iter().copied().filter(|id| !seen.contains(id)).collect();
    DigestAnswer { behind: false, differing: tree.differing(&request.parts), rows, removed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, id};

    fn tree(records: &BTreeMap<Id, u64>) -> Tree {
        Tree::new(records.iter().map(|(id, seq)| (*id, *seq)))
    }

    /// Descends from the top as a device does; the difference found and how many digests and records were sent.
    fn descend(mine: &Tree, theirs: &Tree) -> (Difference, usize) {
        let (mut found, mut sent) = (Difference::default(), 0);
        let mut asking = BTreeSet::from([ALL.to_owned()]);
        while let Some(part) = asking.pop_first() {
            for (part, content) in theirs.differing(&[(part.clone(), mine.digest(&part))].into()) {
                match content {
                    Content::Parts(parts) => {
                        sent += parts.len();
                        asking.extend(mine.differing_parts(&part, &parts));
                    }
                    Content::Rows(rows) => {
                        sent += rows.len();
                        found.add(mine.difference(&part, &rows));
                    }
                }
            }
        }
        (found, sent)
    }

    #[test]
    fn any_damage_is_found_exactly() {
        for seed in 0..40 {
            let mut random = Random::new(seed);
            let size = [0, 1, 200, 3_000][seed as usize % 4];
            let right: BTreeMap<Id, u64> = (0..size).map(|_| (random.id(), random.draw() % 1_000)).collect();
            let (mut held, mut expected) = (right.clone(), Difference::default());
            for (record, seq) in &right {
                match random.below(100) {
                    0 => {
                        held.remove(record);
                        expected.missing.insert(*record);
                    }
                    1 => {
                        held.insert(*record, seq + 1);
                        expected.outdated.insert(*record);
                    }
                    _ => {}
                }
            }
            for _ in 0..random.below(3) {
                let extra = random.id();
                held.insert(extra, 1);
                expected.superfluous.insert(extra);
            }
            assert_eq!(descend(&tree(&held), &tree(&right)).0, expected, "seed {seed}");
        }
    }

    #[test]
    fn what_is_equal_costs_nothing_and_one_record_little() {
        let mut random = Random::new(1);
        let right: BTreeMap<Id, u64> = (0..5_000).map(|_| (random.id(), 1)).collect();
        assert_eq!(descend(&tree(&right), &tree(&right)), (Difference::default(), 0));
        let mut held = right.clone();
        held.pop_first();
        let (found, sent) = descend(&tree(&held), &tree(&right));
        assert_eq!(found.missing.len(), 1);
        assert!(sent < 400, "{sent} digests and records for one of 5,000");
    }

    #[test]
    fn ids_that_end_alike_are_told_apart() {
        let alike = |n: u128| Id::from_u128(n << 64 | 7);
        let right: BTreeMap<Id, u64> = (0..1_000).map(|n| (alike(n), 1)).collect();
        let mut held = right.clone();
        held.remove(&alike(500));
        assert_eq!(descend(&tree(&held), &tree(&right)).0.missing, BTreeSet::from([alike(500)]));
    }

    #[test]
    fn a_part_that_is_none_holds_nothing() {
        let tree = Tree::new([(id(1), 1)]);
        for part in ["0", "zz", "é", "-1", "+1", &"00".repeat(16), &"f".repeat(64)] {
            assert_eq!(tree.digest(part), Digest::default(), "{part}");
            assert!(tree.parts(part).is_empty());
        }
    }

    #[test]
    fn the_sent_bytes_stay_as_they_are() {
        let tree = Tree::new([(id(1), 7)]);
        let digest = serde_json::to_string(&tree.digest(ALL)).unwrap();
        assert_eq!(digest, r#"{"count":1,"xor":"dc768e8c-836e-5035-ac83-2a108749076e"}"#);
        let rows = serde_json::to_string(&Content::Rows(vec![(id(1), 7)])).unwrap();
        assert_eq!(rows, r#"{"rows":[["00000000-0000-0000-0000-000000000001",7]]}"#);
    }
}
