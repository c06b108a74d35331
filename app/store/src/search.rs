//! The documents of all records, asked as somebody types: kept true change by change, like [`crate::Index`], and read record
//! by record so that a caller with a screen to draw can stop between any two.

mod asked;
mod shelf;

use crate::View;
use asked::{Asked, Classes, Hits, Scope};
use domain::{
    Id, Schema,
    search::{Circumstances, Class, Han, Typed, Word, document, is_searched},
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
    /// The words typed last, wherever they may be.
    texts: Asked,
    /// The same in the titles of one kind.
    titles: Asked,
    /// The word that titles of a kind were seen to start with last, and these.
    started: Option<(String, Word, Vec<u32>)>,
}

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
            self.asked().for_each(|asked| asked.last.clear());
            self.started = None;
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
            let han = self.han.clone();
            if let Some(shelf) = self.shelf_of(&row.kind) {
                shelf.put(&han, id, &document, root.unwrap_or(NONE), mine, place);
            }
        }
        self.shelves.iter_mut().for_each(Shelf::tidy);
        if self.unread.is_empty() {
            // What was found on the way is perhaps not of what was read.
            self.asked().for_each(|asked| asked.looking = None);
        }
        self.unread.is_empty()
    }

    fn asked(&mut self) -> impl Iterator<Item = &mut Asked> {
        [&mut self.texts, &mut self.titles].into_iter()
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
            let passing: Hits = fits.into_iter().filter(|(slot, _)| passes(&shelf.kind, shelf.entry(*slot).id)).collect();
            FoundKind { kind: shelf.kind.clone(), total: passing.len(), records: shelf.likeliest(passing, circumstances, most) }
        });
        found.collect()
    }

    /// The likeliest records of a kind, if the titles of so many start with the one word typed: then no other comes before
    /// them, wherever else the word may be. What is quickly found, for what everybody sees first.
    pub fn first_by_start(
        &mut self,
        kind: &str,
        typed: &Typed,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        most: usize,
    ) -> Option<Vec<Id>> {
        let [word] = typed.words.as_slice() else { return None };
        let at = self.shelves.iter().position(|shelf| shelf.kind == kind)?;
        let shelf = &self.shelves[at];
        let class = |slot: u32| Some((slot, shelf.class_at_start(&self.han, word, slot)?));
        // A longer word starts only what its beginning starts.
        let started = self.started.as_ref().filter(|(of, known, _)| of == kind && (word.narrows(known) || word == known));
        let starts: Hits = match (started, self.known_of(word, at)) {
            (Some((.., slots)), _) => slots.iter().copied().filter_map(class).collect(),
            (None, Some(known)) => {
                known.iter().filter(|(_, class)| *class <= Class::Prefix).filter_map(|(slot, _)| class(*slot)).collect()
            }
            (None, None) => shelf.alive().filter_map(class).collect(),
        };
        let found = starts.iter().map(|(slot, class)| (*slot, shelf.class_of(*slot, &[*class], typed)));
        let first = shelf.likeliest_if(found, gave_way, circumstances, most);
        self.started = Some((kind.to_owned(), word.clone(), starts.into_iter().map(|(slot, _)| slot).collect()));
        first
    }

    /// What is known of a word, or of its beginning, on a shelf.
    fn known_of(&self, word: &Word, shelf: usize) -> Option<&Hits> {
        let everywhere = self.texts.last.iter().filter(|_| self.texts.scope == Scope::Everywhere);
        let titles = self.titles.last.iter().filter(|_| self.titles.scope == Scope::Titles(self.shelves[shelf].kind.clone()));
        let known = everywhere.chain(titles).filter(|(known, _)| word.narrows(known) || word == known);
        known.max_by_key(|(known, _)| known.text().len()).map(|(_, hits)| &hits[shelf])
    }

    /// [`Search::first_by_start`] of those that have all words anywhere in their titles.
    pub fn first_by_title(
        &mut self,
        kind: &str,
        typed: &Typed,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        most: usize,
    ) -> Option<Vec<Id>> {
        while !self.look_for_titles(kind, typed, usize::MAX) {}
        let at = self.shelves.iter().position(|shelf| shelf.kind == kind)?;
        let (_, first) = self.titles.last.first()?;
        let (shelf, mut classes) = (&self.shelves[at], Classes::of(&self.titles.last, at));
        let found = first[at].iter().filter_map(|(slot, _)| Some((*slot, shelf.class_of(*slot, classes.at(*slot)?, typed))));
        shelf.likeliest_if(found, gave_way, circumstances, most)
    }

    /// Looks for the words in at most so many texts more, before [`Search::find`], or [`Search::find_of`] for a kind, so that a
    /// caller with a screen to draw can stop in between; whether they were looked for everywhere now. What is read meanwhile
    /// may be missing.
    pub fn look_for(&mut self, typed: &Typed, kind: Option<&str>, most: usize) -> bool {
        let scope = kind.map_or(Scope::Everywhere, |kind| Scope::Kind(kind.to_owned()));
        self.texts.look_for(typed, scope, Vec::new, &self.shelves, &self.han, most)
    }

    /// [`Search::look_for`] before [`Search::first_by_title`].
    pub fn look_for_titles(&mut self, kind: &str, typed: &Typed, most: usize) -> bool {
        let Search { shelves, texts, titles, han, .. } = self;
        // What was found everywhere is known of titles too.
        let of_titles = |(shelf, hits): (&Shelf, &Hits)| match shelf.kind == kind {
            true => hits.iter().filter(|(_, class)| *class <= Class::Title).copied().collect(),
            false => Hits::new(),
        };
        let everywhere = texts.last.iter().filter(|_| texts.scope == Scope::Everywhere);
        let known = || everywhere.map(|(word, hits)| (word.clone(), shelves.iter().zip(hits).map(of_titles).collect())).collect();
        titles.look_for(typed, Scope::Titles(kind.to_owned()), known, shelves, han, most)
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
        for (at, shelf) in self.shelves.iter().enumerate().filter(|(_, shelf)| shelf.person) {
            self.each_hit(at, &mut |word, slot| {
                if let Some(helped) = helped.get_mut(account_of(shelf.entry(slot))) {
                    *helped |= 1 << word;
                }
            });
        }
        let class = |at: usize, classes: &mut Classes, slot: u32| match u16::from(masks[at][slot as usize]) == full {
            true => classes.at(slot).map_or(Class::Elsewhere, |classes| self.shelves[at].class_of(slot, classes, typed)),
            false => Class::Through,
        };
        // Its account's words count once it has one of its own.
        let with_help = |at: usize, slot: u32| {
            let named = named.get(account_of(self.shelves[at].entry(slot))).copied().unwrap_or_default();
            masks[at][slot as usize] | named
        };
        (0..self.shelves.len())
            .map(|at| {
                let mut classes = Classes::of(&self.texts.last, at);
                if Some(at) == accounts {
                    let fitting = (0..).zip(&helped).filter(|(slot, mask)| u16::from(**mask) == full && is_shown(at, *slot));
                    return fitting.map(|(slot, _)| (slot, class(at, &mut classes, slot))).collect();
                }
                let (mut fitting, mut of_word) = (Hits::new(), 0);
                self.each_hit(at, &mut |word, slot| {
                    // Each where the first of its words found it.
                    let is_first = masks[at][slot as usize].trailing_zeros() == word;
                    if is_first && u16::from(with_help(at, slot)) == full && is_shown(at, slot) {
                        if word != of_word {
                            (of_word, classes) = (word, Classes::of(&self.texts.last, at));
                        }
                        fitting.push((slot, class(at, &mut classes, slot)));
                    }
                });
                fitting
            })
            .collect()
    }

    /// Visits the entries of a shelf that words found, each with the place of the word: in order for each.
    fn each_hit(&self, shelf: usize, visit: &mut dyn FnMut(u32, u32)) {
        for (word, (_, hits)) in (0..).zip(&self.texts.last) {
            hits[shelf].iter().for_each(|(slot, _)| visit(word, *slot));
        }
    }

    fn masks(&self, shelf: usize) -> Vec<u8> {
        let mut masks = vec![0_u8; self.shelves[shelf].len()];
        self.each_hit(shelf, &mut |word, slot| masks[slot as usize] |= 1 << word);
        masks
    }
}

impl Entry {
    fn place(&self) -> Option<(f64, f64)> {
        (!self.place.0.is_nan()).then_some((f64::from(self.place.0), f64::from(self.place.1)))
    }
}

#[cfg(test)]
mod tests;
