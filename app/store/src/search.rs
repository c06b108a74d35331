//! The documents of all records, asked as somebody types: kept true change by change, like [`crate::Index`], and read record
//! by record so that a caller with a screen to draw can stop between any two.

mod shelf;

use crate::View;
use domain::{
    Id, Schema,
    search::{Circumstances, Class, Han, Rank, Typed, Word, document, is_searched},
    types::FieldType,
};
use shelf::{Entry, NONE, Shelf};
use std::{collections::HashMap, sync::Arc};

/// What a search found of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundKind {
    pub kind: String,
    /// How many fit.
    pub total: usize,
    /// The first of them, the likeliest first.
    pub records: Vec<Id>,
}

/// Searches a [`View`].
#[derive(Debug, Default)]
pub struct Search {
    han: Arc<Han>,
    shelves: Vec<Shelf>,
    /// Records that may have changed since they were read; some perhaps twice.
    unread: Vec<Id>,
    /// What the last words found: whoever types on looks only there.
    last: Vec<(Word, Vec<Hits>)>,
    /// The kind that was looked at for these words, with what it is found by; none for all.
    scope: Option<String>,
    looking: Option<Looking>,
}

/// Words that are being looked for.
#[derive(Debug, Default)]
struct Looking {
    words: Vec<Word>,
    kind: Option<String>,
    /// What is known of words that may be the same, or their beginnings.
    known: Vec<(Word, Vec<Hits>)>,
    found: Vec<(Word, Vec<Hits>)>,
    /// Of the word that is looked for: what was found on the shelves looked at, and on the one that is, up to a place.
    shelves: Vec<Hits>,
    hits: Hits,
    at: usize,
}

/// On one shelf the places of the entries that have a word, in order, and how well.
type Hits = Vec<(u32, Class)>;

impl Search {
    /// Empty, for the kinds of a schema that are searched at all.
    pub fn new(han: Arc<Han>, schema: &Schema) -> Search {
        let shelves = schema.kinds.iter().filter(|kind| is_searched(kind)).map(|kind| {
            let person = kind.field(&kind.title).is_some_and(|field| matches!(field.ty, FieldType::PersonName(_)));
            Shelf::new(kind.name.to_string(), person)
        });
        Search { han, shelves: shelves.collect(), ..Search::default() }
    }

    pub fn han(&self) -> &Arc<Han> {
        &self.han
    }

    /// Takes note that these records may have changed, come or gone.
    pub fn touch(&mut self, touched: impl IntoIterator<Item = Id>) {
        self.unread.extend(touched);
    }

    /// Reads at most so many of the records that changed; whether all are read now. Until then it finds what they were.
    pub fn read(&mut self, view: &View, schema: &Schema, me: Id, most: usize) -> bool {
        if !self.unread.is_empty() {
            self.last.clear();
        }
        for _ in 0..most {
            let Some(id) = self.unread.pop() else { break };
            let row = view.row(id).filter(|row| row.is_alive());
            let read = row.and_then(|row| Some((row, document(&self.han, schema, row)?)));
            let Some((row, document)) = read else {
                self.shelves.iter_mut().for_each(|shelf| shelf.remove(id));
                continue;
            };
            let place = row.glance("place").and_then(|place| Some((place.get("lat")?.as_f64()?, place.get("lng")?.as_f64()?)));
            // The owner of what has one; else who is to do it.
            let mine = ["owner", "assigned_to"].iter().any(|field| row.reference(field) == Some(me));
            let root = document.root.and_then(|root| Some(self.shelf_of("account")?.slot(root)));
            if let Some(shelf) = self.shelf_of(&row.kind) {
                shelf.put(id, &document, root.unwrap_or(NONE), mine, place);
            }
        }
        self.shelves.iter_mut().for_each(Shelf::tidy);
        if self.unread.is_empty() {
            // What was found on the way is perhaps not of what was read.
            self.looking = None;
        }
        self.unread.is_empty()
    }

    fn shelf_of(&mut self, kind: &str) -> Option<&mut Shelf> {
        self.shelves.iter_mut().find(|shelf| shelf.kind == kind)
    }

    /// What fits, by kind in the order of the schema. `gave_way` are the accounts that are found as another one, each with that
    /// ([`crate::Index::gave_way`]); `passes` says whether a record of a kind passes the typed filters; `most` is how many are
    /// wanted of each kind.
    pub fn find(
        &mut self,
        typed: &Typed,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        passes: &dyn Fn(&str, Id) -> bool,
        most: usize,
    ) -> Vec<FoundKind> {
        while !self.look_for(typed, None, usize::MAX) {}
        self.ranked(typed, gave_way, circumstances, passes, most)
    }

    /// The records of one kind that fit.
    pub fn find_of(
        &mut self,
        kind: &str,
        typed: &Typed,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        most: usize,
    ) -> FoundKind {
        while !self.look_for(typed, Some(kind), usize::MAX) {}
        let found = self.ranked(typed, gave_way, circumstances, &|of, _| of == kind, most);
        found.into_iter().find(|found| found.kind == kind).unwrap_or_default()
    }

    fn ranked(
        &self,
        typed: &Typed,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        passes: &dyn Fn(&str, Id) -> bool,
        most: usize,
    ) -> Vec<FoundKind> {
        let fits = self.fits(typed, gave_way);
        let shelves = self.shelves.iter().zip(fits);
        let found = shelves.map(|(shelf, fits)| {
            let passing = fits.into_iter().filter(|(slot, _)| passes(&shelf.kind, shelf.entry(*slot).id));
            let rank = |(slot, class): (u32, Class)| {
                let entry = shelf.entry(slot);
                (Rank::new(class, circumstances, entry.id, entry.mine, entry.place(), entry.title as usize), slot)
            };
            let mut passing: Vec<(u32, Class)> = passing.collect();
            let total = passing.len();
            if total > most {
                // The class counts most: what is of a worse one than enough others need not be ranked.
                let mut better = 0;
                let needed = Class::ALL.into_iter().find(|class| {
                    better += passing.iter().filter(|(_, of)| of == class).count();
                    better >= most
                });
                passing.retain(|(_, class)| Some(*class) <= needed);
            }
            let mut ranked: Vec<(Rank, u32)> = passing.into_iter().map(rank).collect();
            if ranked.len() > most {
                ranked.select_nth_unstable(most);
                ranked.truncate(most);
            }
            ranked.sort_unstable();
            let records = ranked.iter().map(|(_, slot)| shelf.entry(*slot).id).collect();
            FoundKind { kind: shelf.kind.clone(), total, records }
        });
        found.collect()
    }

    /// Looks for the words in at most so many texts more, before [`Search::find`], or [`Search::find_of`] for a kind, so that a
    /// caller with a screen to draw can stop in between; whether they were looked for everywhere now. What is read meanwhile
    /// may be missing.
    pub fn look_for(&mut self, typed: &Typed, kind: Option<&str>, most: usize) -> bool {
        let is_done = self.scope.as_deref() == kind && self.last.iter().map(|(word, _)| word).eq(&typed.words);
        if is_done {
            return true;
        }
        let before = self.looking.take().filter(|looking| looking.kind.as_deref() == kind);
        let mut looking = match before {
            Some(looking) if looking.words == typed.words => looking,
            before => {
                let last = std::mem::take(&mut self.last);
                let known = before.map(|looking| looking.known).unwrap_or_default();
                let known = if last.is_empty() || self.scope.as_deref() != kind { known } else { last };
                Looking { words: typed.words.clone(), kind: kind.map(str::to_owned), known, ..Looking::default() }
            }
        };
        if looking.step(&self.shelves, &self.han, most) {
            (self.last, self.scope) = (looking.found, looking.kind);
            return true;
        }
        self.looking = Some(looking);
        false
    }

    /// Which entries have all words, in their own texts or with the help of those they belong to, and how well.
    fn fits(&self, typed: &Typed, gave_way: &[(Id, Id)]) -> Vec<Hits> {
        let accounts = self.shelves.iter().position(|shelf| shelf.kind == "account");
        let stands_for: HashMap<u32, u32> = accounts.map(|at| self.shelves[at].slots_of(gave_way)).unwrap_or_default();
        let is_shown = |at: usize, slot: u32| {
            self.shelves[at].is_alive(slot) && (stands_for.is_empty() || Some(at) != accounts || !stands_for.contains_key(&slot))
        };
        if typed.words.is_empty() {
            let all = |(at, shelf): (usize, &Shelf)| {
                let shown = shelf.alive().filter(|slot| is_shown(at, *slot));
                shown.map(|slot| (slot, Class::Elsewhere)).collect()
            };
            return self.shelves.iter().enumerate().map(all).collect();
        }
        let account_of = |entry: &Entry| stands_for.get(&entry.root).copied().unwrap_or(entry.root) as usize;
        // Per entry the words it has; per account those of the accounts it stands for too, then with those of their people.
        let masks: Vec<Vec<u8>> = (0..self.shelves.len()).map(|shelf| self.masks(shelf)).collect();
        let mut named = accounts.map(|accounts| masks[accounts].clone()).unwrap_or_default();
        for (from, into) in &stands_for {
            named[*into as usize] |= masks[accounts.unwrap_or_default()][*from as usize];
        }
        let full = (1_u16 << typed.words.len().min(8)) - 1;
        let mut helped = named.clone();
        for (shelf, masks) in self.shelves.iter().zip(&masks).filter(|(shelf, _)| shelf.person) {
            for (slot, mask) in masks.iter().enumerate().filter(|(_, mask)| **mask != 0) {
                if let Some(helped) = helped.get_mut(account_of(shelf.entry(slot as u32))) {
                    *helped |= mask;
                }
            }
        }
        (0..self.shelves.len())
            .map(|at| {
                let shelf = &self.shelves[at];
                let with_help = |slot: usize, mask: u8| match accounts {
                    Some(accounts) if at == accounts => helped[slot],
                    // Its account's words count once it has one of its own.
                    _ if mask != 0 => mask | named.get(account_of(shelf.entry(slot as u32))).copied().unwrap_or_default(),
                    _ => mask,
                };
                let slots = masks[at].iter().enumerate().filter(|(slot, _)| is_shown(at, *slot as u32));
                slots
                    .filter_map(|(slot, mask)| match () {
                        () if u16::from(*mask) == full => Some((slot as u32, None)),
                        () if u16::from(with_help(slot, *mask)) == full => Some((slot as u32, Some(Class::Through))),
                        () => None,
                    })
                    .map(|(slot, through)| (slot, through.unwrap_or_else(|| self.class(at, slot, typed))))
                    .collect()
            })
            .collect()
    }

    fn masks(&self, shelf: usize) -> Vec<u8> {
        let mut masks = vec![0_u8; self.shelves[shelf].len()];
        for (word, (_, hits)) in self.last.iter().enumerate() {
            hits[shelf].iter().for_each(|(slot, _)| masks[*slot as usize] |= 1 << word);
        }
        masks
    }

    /// How well an entry fits that has all the words.
    fn class(&self, shelf: usize, slot: u32, typed: &Typed) -> Class {
        let of = |hits: &Hits| hits.binary_search_by_key(&slot, |(slot, _)| *slot).map_or(Class::Elsewhere, |at| hits[at].1);
        let class = Class::of_words(self.last.iter().map(|(_, hits)| of(&hits[shelf])));
        match class.unwrap_or(Class::Elsewhere) {
            Class::Prefix if self.shelves[shelf].is_title(slot, &typed.whole) => Class::Exact,
            class => class,
        }
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
        let place = self.shelves.len();
        let narrowed = self.known.iter().filter(|(known, _)| word.narrows(known) || word == known);
        match narrowed.max_by_key(|(known, _)| known.text().len()) {
            Some((known, hits)) if known == word => self.hits.clone_from(&hits[place]),
            Some((_, hits)) => {
                let until = self.at.saturating_add(most).min(hits[place].len());
                self.hits.extend(shelf.narrow(han, word, &hits[place][self.at..until]));
                return (until < hits[place].len()).then_some(until);
            }
            None => {
                let is_looked_at =
                    self.kind.as_ref().is_none_or(|kind| shelf.kind == *kind || shelf.kind == "account" || shelf.person);
                if is_looked_at {
                    return shelf.scan(han, word, self.at, most, &mut self.hits);
                }
            }
        }
        None
    }
}

impl Entry {
    fn place(&self) -> Option<(f64, f64)> {
        (!self.place.0.is_nan()).then_some((f64::from(self.place.0), f64::from(self.place.1)))
    }
}

#[cfg(test)]
mod tests;
