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
        self.look_up(&typed.words, None);
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
        self.look_up(&typed.words, Some(kind));
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
            let mut ranked: Vec<(Rank, u32)> = passing.map(rank).collect();
            let total = ranked.len();
            if total > most {
                ranked.select_nth_unstable(most);
                ranked.truncate(most);
            }
            ranked.sort_unstable();
            let records = ranked.iter().map(|(_, slot)| shelf.entry(*slot).id).collect();
            FoundKind { kind: shelf.kind.clone(), total, records }
        });
        found.collect()
    }

    /// Brings `last` to these words: from what it knows where they only went on.
    fn look_up(&mut self, words: &[Word], scope: Option<&str>) {
        let mut before = std::mem::take(&mut self.last);
        if self.scope.as_deref() != scope {
            before.clear();
            self.scope = scope.map(str::to_owned);
        }
        let looks_at = |shelf: &Shelf| scope.is_none_or(|kind| shelf.kind == kind || shelf.kind == "account" || shelf.person);
        for word in words {
            let same = before.iter().find(|(known, _)| known == word);
            let hits = match same
                .or_else(|| before.iter().filter(|(known, _)| word.narrows(known)).max_by_key(|(known, _)| known.text().len()))
            {
                Some((known, hits)) if known == word => hits.clone(),
                Some((_, hits)) => {
                    self.shelves.iter().zip(hits).map(|(shelf, hits)| shelf.narrow(&self.han, word, hits)).collect()
                }
                None => self
                    .shelves
                    .iter()
                    .map(|shelf| if looks_at(shelf) { shelf.scan(&self.han, word) } else { Hits::new() })
                    .collect(),
            };
            self.last.push((word.clone(), hits));
        }
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

impl Entry {
    fn place(&self) -> Option<(f64, f64)> {
        (!self.place.0.is_nan()).then_some((f64::from(self.place.0), f64::from(self.place.1)))
    }
}

#[cfg(test)]
mod tests;
