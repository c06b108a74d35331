//! The documents of one kind, their texts in few pieces: a word passes over what it is not in at the speed of memory.

use super::asked::Hits;
use domain::{
    Id,
    search::{Circumstances, Class, Document, Han, Initials, Rank, Typed, Word},
};
use std::collections::HashMap;

/// No slot: of a record that belongs to none.
pub(super) const NONE: u32 = u32::MAX;

/// A record's place in the texts. A slot is its record's for good, so that others can name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub id: Id,
    /// The slot of the account it belongs to.
    pub root: u32,
    start: Place,
    /// Lengths in bytes: of the whole, of the short texts, of the title.
    length: u32,
    short: u32,
    pub title: u32,
    /// What its title may be found by, at its start and anywhere.
    first: Initials,
    any: Initials,
    /// Latitude and longitude, close enough for an order by distance; NaN for none.
    pub place: (f32, f32),
    pub mine: bool,
    is_alive: bool,
}

#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub kind: String,
    /// Whether its records are people.
    pub person: bool,
    texts: Texts,
    /// Where texts start, in their order, each with its slot. A text that is not its slot's any more is waste.
    spans: Vec<(Place, u32)>,
    entries: Vec<Entry>,
    slots: HashMap<Id, u32>,
    /// Bytes.
    waste: usize,
}

/// Where a text starts: in which piece, and there at which byte.
type Place = (u32, u32);

/// Texts one behind the other. One long one would be moved as a whole whenever it outgrows its memory, which takes longer than
/// the page can wait, and twice the memory.
#[derive(Debug, Default)]
struct Texts {
    pieces: Vec<String>,
}

/// So long a piece grows, in bytes, unless one text alone is longer.
const PIECE: usize = 1 << 20;

impl Texts {
    /// How many bytes there are.
    fn len(&self) -> usize {
        self.pieces.iter().map(String::len).sum()
    }

    fn push(&mut self, text: &str) -> Place {
        if self.pieces.last().is_none_or(|last| last.len() + text.len() > PIECE) {
            self.pieces.push(String::new());
        }
        let piece = self.pieces.len() - 1;
        let start = self.pieces[piece].len();
        self.pieces[piece].push_str(text);
        (piece as u32, start as u32)
    }

    /// What stands in a piece from a place on.
    fn behind(&self, (piece, start): Place) -> &str {
        &self.pieces[piece as usize][start as usize..]
    }
}

/// Waste that is not worth moving the rest for.
const LITTLE: usize = 1 << 20;

impl Shelf {
    pub fn new(kind: String, person: bool) -> Shelf {
        Shelf { kind, person, ..Shelf::default() }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn entry(&self, slot: u32) -> &Entry {
        &self.entries[slot as usize]
    }

    pub fn is_alive(&self, slot: u32) -> bool {
        self.entry(slot).is_alive
    }

    pub fn alive(&self) -> impl Iterator<Item = u32> {
        (0..self.entries.len() as u32).filter(|slot| self.is_alive(*slot))
    }

    /// The slots of pairs of records of which both have one.
    pub fn slots_of(&self, pairs: &[(Id, Id)]) -> HashMap<u32, u32> {
        pairs.iter().filter_map(|(one, other)| Some((*self.slots.get(one)?, *self.slots.get(other)?))).collect()
    }

    /// The slot of a record, which may be read later.
    pub fn slot(&mut self, id: Id) -> u32 {
        *self.slots.entry(id).or_insert_with(|| {
            let (root, place, (first, any)) = (NONE, (f32::NAN, f32::NAN), Default::default());
            self.entries.push(Entry {
                id,
                root,
                start: (0, 0),
                length: 0,
                short: 0,
                title: 0,
                first,
                any,
                place,
                mine: false,
                is_alive: false,
            });
            self.entries.len() as u32 - 1
        })
    }

    pub fn put(&mut self, han: &Han, id: Id, document: &Document, root: u32, mine: bool, place: Option<(f64, f64)>) {
        let (first, any) = Initials::of(han, &document.text[..document.title]);
        let slot = self.slot(id);
        let entry = &mut self.entries[slot as usize];
        self.waste += entry.length as usize;
        let start = self.texts.push(&document.text);
        let (length, short, title) = (document.text.len() as u32, document.short as u32, document.title as u32);
        let place = place.map_or((f32::NAN, f32::NAN), |(lat, lng)| (lat as f32, lng as f32));
        *entry = Entry { id, root, start, length, short, title, first, any, place, mine, is_alive: true };
        self.spans.push((start, slot));
    }

    pub fn remove(&mut self, id: Id) {
        if let Some(slot) = self.slots.get(&id) {
            let entry = &mut self.entries[*slot as usize];
            self.waste += entry.length as usize;
            (entry.is_alive, entry.length) = (false, 0);
        }
    }

    /// Moves the texts together once half of them is waste.
    pub fn tidy(&mut self) {
        if self.waste < LITTLE || self.waste * 2 < self.texts.len() {
            return;
        }
        let (before, mut texts) = (std::mem::take(&mut self.texts), Texts::default());
        self.spans.clear();
        for (slot, entry) in self.entries.iter_mut().enumerate().filter(|(_, entry)| entry.is_alive) {
            entry.start = texts.push(&before.behind(entry.start)[..entry.length as usize]);
            self.spans.push((entry.start, slot as u32));
        }
        (self.texts, self.waste) = (texts, 0);
    }

    fn text_of(&self, entry: &Entry) -> &str {
        &self.texts.behind(entry.start)[..entry.length as usize]
    }

    fn title_of(&self, entry: &Entry) -> &str {
        &self.text_of(entry)[..entry.title as usize]
    }

    /// Whether the title is these very words, spaces aside.
    fn is_title(&self, slot: u32, whole: &str) -> bool {
        self.title_of(self.entry(slot)).chars().filter(|c| *c != ' ').eq(whole.chars())
    }

    /// Adds the entries that have a word, of at most so many texts from one on; where to go on, if there are more.
    pub fn scan(&self, han: &Han, word: &Word, from: usize, most: usize, hits: &mut Hits) -> Option<usize> {
        let until = from.saturating_add(most).min(self.spans.len());
        let mut left = self.spans.get(from..until).unwrap_or_default();
        while let Some(((piece, _), _)) = left.first() {
            let (here, behind) = left.split_at(left.partition_point(|((of, _), _)| of == piece));
            let end = behind.first().or(self.spans.get(until)).filter(|((of, _), _)| of == piece).map(|((_, start), _)| *start);
            self.scan_piece(han, word, here, end, hits);
            left = behind;
        }
        (until < self.spans.len()).then_some(until)
    }

    /// Adds those of some texts one behind the other in one piece, up to `end` of it or to its own.
    fn scan_piece(&self, han: &Han, word: &Word, spans: &[(Place, u32)], end: Option<u32>, hits: &mut Hits) {
        let Some(((piece, begin), _)) = spans.first() else { return };
        let piece = &self.texts.pieces[*piece as usize];
        let text = &piece[..end.map_or(piece.len(), |end| end as usize)];
        let mut next = word.find_characters(text, *begin as usize).map(|range| range.start);
        for (at, (start, slot)) in spans.iter().enumerate() {
            let end = spans.get(at + 1).map_or(text.len(), |((_, start), _)| *start as usize);
            let has_characters = next.is_some_and(|next| next < end);
            let entry = self.entry(*slot);
            let is_current = entry.is_alive && entry.start == *start;
            if is_current && (has_characters || self.sounds(han, word, entry)) {
                hits.push((*slot, self.class(han, word, entry)));
            }
            if has_characters {
                next = word.find_characters(text, end).map(|range| range.start);
            } else if next.is_none() && !word.may_sound() {
                break;
            }
        }
    }

    /// Of entries that had the beginning of a word, those that have the word.
    pub fn narrow(&self, han: &Han, word: &Word, slots: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, Class)> {
        let has = |entry: &Entry| word.find_characters(self.text_of(entry), 0).is_some() || self.sounds(han, word, entry);
        let entries = slots.map(|slot| (slot, self.entry(slot)));
        entries.filter(move |(_, entry)| has(entry)).map(move |(slot, entry)| (slot, self.class(han, word, entry)))
    }

    /// Of some entries those that have a word in their title.
    pub fn with_title(&self, han: &Han, word: &Word, slots: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, Class)> {
        let alive = slots.filter(|slot| self.is_alive(*slot));
        alive.filter_map(|slot| Some((slot, self.class_in_title(han, word, self.entry(slot))?)))
    }

    /// How well a word is found at the start of a title.
    pub fn class_at_start(&self, han: &Han, word: &Word, slot: u32) -> Option<Class> {
        let entry = self.entry(slot);
        if entry.first.may_have(word) { word.class_at_start(han, self.title_of(entry)) } else { None }
    }

    /// How well an entry fits that words found so well each.
    pub fn class_of(&self, slot: u32, classes: &[Class], typed: &Typed) -> Class {
        match Class::of_words(classes.iter().copied()).unwrap_or(Class::Elsewhere) {
            Class::Prefix if self.is_title(slot, &typed.whole) => Class::Exact,
            class => class,
        }
    }

    /// [`Shelf::likeliest`] where there are so many, but for those that gave way to another.
    pub fn likeliest_if(
        &self,
        found: impl Iterator<Item = (u32, Class)>,
        gave_way: &[(Id, Id)],
        circumstances: &Circumstances,
        most: usize,
    ) -> Option<Vec<Id>> {
        let gave_way = self.slots_of(gave_way);
        let found: Hits = found.filter(|(slot, _)| !gave_way.contains_key(slot)).collect();
        (found.len() >= most).then(|| self.likeliest(found, circumstances, most))
    }

    /// The first of what was found, the likeliest first.
    pub fn likeliest(&self, mut found: Hits, circumstances: &Circumstances, most: usize) -> Vec<Id> {
        if found.len() > most {
            // The class counts most: what is of a worse one than enough others need not be ranked.
            let mut better = 0;
            let needed = Class::ALL.into_iter().find(|class| {
                better += found.iter().filter(|(_, of)| of == class).count();
                better >= most
            });
            found.retain(|(_, class)| Some(*class) <= needed);
        }
        let rank = |(slot, class): (u32, Class)| {
            let entry = self.entry(slot);
            (Rank::new(class, circumstances, entry.id, entry.mine, entry.place(), entry.title as usize), slot)
        };
        let mut ranked: Vec<(Rank, u32)> = found.into_iter().map(rank).collect();
        if ranked.len() > most {
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        ranked.iter().map(|(_, slot)| self.entry(*slot).id).collect()
    }

    fn sounds(&self, han: &Han, word: &Word, entry: &Entry) -> bool {
        word.may_sound() && word.find_sound(han, &self.text_of(entry)[..entry.short as usize], 0).is_some()
    }

    fn class(&self, han: &Han, word: &Word, entry: &Entry) -> Class {
        self.class_in_title(han, word, entry).unwrap_or(Class::Elsewhere)
    }

    fn class_in_title(&self, han: &Han, word: &Word, entry: &Entry) -> Option<Class> {
        if entry.any.may_have(word) { word.class_in_title(han, self.title_of(entry)) } else { None }
    }
}
