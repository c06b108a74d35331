//! Words that are looked for in turns: whoever types on looks only where the words before were found.

use super::shelf::Shelf;
use domain::search::{Class, Han, Typed, Word};
use std::cmp::Ordering;

/// What was asked last, and what is known of it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub scope: Scope,
    /// What the last words found: whoever types on looks only there.
    pub last: Found,
    pub looking: Option<Looking>,
}

/// Each word with what it found on each shelf.
pub(super) type Found = Vec<(Word, Vec<Hits>)>;

/// Where words are looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Scope {
    #[default]
    Everywhere,
    /// Among the records of a kind, with what they are found by.
    Kind(String),
    /// In the titles of a kind's records.
    Titles(String),
}

/// Words that are being looked for.
#[derive(Debug, Default)]
pub(super) struct Looking {
    words: Vec<Word>,
    scope: Scope,
    /// What is known of words that may be the same, or their beginnings.
    known: Found,
    found: Found,
    /// Of the word that is looked for: what was found on the shelves looked at, and on the one that is, up to a place.
    shelves: Vec<Hits>,
    hits: Hits,
    at: usize,
}

/// On one shelf the places of the entries that have a word, in order, and how well.
pub(super) type Hits = Vec<(u32, Class)>;

impl Asked {
    /// Looks in at most so many texts more; whether that were all. `known` is what was found otherwise.
    pub fn look_for(
        &mut self,
        typed: &Typed,
        scope: Scope,
        known: impl FnOnce() -> Found,
        shelves: &[Shelf],
        han: &Han,
        most: usize,
    ) -> bool {
        let is_done = self.scope == scope && self.last.iter().map(|(word, _)| word).eq(&typed.words);
        if is_done {
            return true;
        }
        let before = self.looking.take().filter(|looking| looking.scope == scope);
        let mut looking = match before {
            Some(looking) if looking.words == typed.words => looking,
            before => {
                let last = std::mem::take(&mut self.last);
                let before = before.map(|looking| looking.known).unwrap_or_default();
                let own = if last.is_empty() || self.scope != scope { before } else { last };
                let known = own.into_iter().chain(known()).collect();
                Looking { words: typed.words.clone(), scope, known, ..Looking::default() }
            }
        };
        if looking.step(shelves, han, most) {
            (self.last, self.scope) = (looking.found, looking.scope);
            return true;
        }
        self.looking = Some(looking);
        false
    }
}

/// How well each word found the entries of a shelf, asked for one entry behind the other.
pub(super) struct Classes<'a> {
    words: Vec<&'a [(u32, Class)]>,
    of_slot: Vec<Class>,
}

impl Classes<'_> {
    pub fn of(found: &Found, shelf: usize) -> Classes<'_> {
        Classes { words: found.iter().map(|(_, hits)| hits[shelf].as_slice()).collect(), of_slot: Vec::new() }
    }

    /// For each word; none where one did not find the entry.
    pub fn at(&mut self, slot: u32) -> Option<&[Class]> {
        self.of_slot.clear();
        for hits in &mut self.words {
            self.of_slot.push(Self::next(hits, slot)?);
        }
        Some(&self.of_slot)
    }

    fn next(hits: &mut &[(u32, Class)], slot: u32) -> Option<Class> {
        while let Some(((at, class), behind)) = hits.split_first() {
            match at.cmp(&slot) {
                Ordering::Less => *hits = behind,
                Ordering::Equal => return Some(*class),
                Ordering::Greater => break,
            }
        }
        None
    }
}

impl Looking {
    /// Looks through at most so many texts; whether that were all.
    fn step(&mut self, shelves: &[Shelf], han: &Han, mut most: usize) -> bool {
        while let Some(word) = self.words.get(self.found.len()).cloned() {
            while let Some(shelf) = shelves.get(self.shelves.len()) {
                if most == 0 {
                    return false;
                }
                let (from, next) = (self.at, self.next(shelf, &word, han, most));
                most = most.saturating_sub(next.map_or(1, |next| next - from));
                self.at = next.unwrap_or_default();
                if next.is_none() {
                    let mut hits = std::mem::take(&mut self.hits);
                    hits.sort_unstable();
                    self.shelves.push(hits);
                }
            }
            self.found.push((word, std::mem::take(&mut self.shelves)));
        }
        true
    }

    /// Looks for a word on a shelf, from where it came to before; how far it came, if not to the end.
    fn next(&mut self, shelf: &Shelf, word: &Word, han: &Han, most: usize) -> Option<usize> {
        let (place, titles) = (self.shelves.len(), matches!(self.scope, Scope::Titles(_)));
        let narrowed = self.known.iter().filter(|(known, _)| word.narrows(known) || word == known);
        match narrowed.max_by_key(|(known, _)| known.text().len()) {
            Some((known, hits)) if known == word => self.hits.clone_from(&hits[place]),
            Some((_, hits)) => {
                let until = self.at.saturating_add(most).min(hits[place].len());
                let slots = hits[place][self.at..until].iter().map(|(slot, _)| *slot);
                match titles {
                    true => self.hits.extend(shelf.with_title(han, word, slots)),
                    false => self.hits.extend(shelf.narrow(han, word, slots)),
                }
                return (until < hits[place].len()).then_some(until);
            }
            None if titles && self.scope.has(shelf) => {
                let until = self.at.saturating_add(most).min(shelf.len());
                self.hits.extend(shelf.with_title(han, word, self.at as u32..until as u32));
                return (until < shelf.len()).then_some(until);
            }
            None if self.scope.has(shelf) => return shelf.scan(han, word, self.at, most, &mut self.hits),
            None => {}
        }
        None
    }
}

impl Scope {
    /// Whether what is asked for can be on a shelf, or be found by what is there.
    fn has(&self, shelf: &Shelf) -> bool {
        match self {
            Scope::Everywhere => true,
            Scope::Kind(kind) => shelf.kind == *kind || shelf.kind == "account" || shelf.person,
            Scope::Titles(kind) => shelf.kind == *kind,
        }
    }
}
