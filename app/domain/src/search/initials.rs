//! By which first characters a title can be found: one that lacks a word's is passed over without being read.

use super::{Han, Word, surnames::surname};

/// Characters, or letters that characters sound like at first: a bit for each letter, the others share the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Initials(u64);

const LETTERS: u32 = 26;

impl Initials {
    /// Of what is found at the start of a folded title, and of what is found anywhere in it.
    pub fn of(han: &Han, title: &str) -> (Initials, Initials) {
        let of = |c: char| bit(c) | u64::from(han.initials(c));
        let as_name = surname(title).and_then(|sound| sound.chars().next()).map_or(0, bit);
        let first = title.chars().next().map_or(0, of) | as_name;
        (Initials(first), Initials(title.chars().fold(first, |all, c| all | of(c))))
    }

    /// Whether a word may be there; if not, it is not.
    pub fn may_have(self, word: &Word) -> bool {
        word.text().chars().next().is_some_and(|c| self.0 & bit(c) != 0)
    }
}

fn bit(c: char) -> u64 {
    match c {
        'a'..='z' => 1 << (c as u32 - 'a' as u32),
        c => 1 << (LETTERS + c as u32 % (u64::BITS - LETTERS)),
    }
}
