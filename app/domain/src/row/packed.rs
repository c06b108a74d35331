//! Rows as a device stores them: a page of text with a line for each, parsed only as far as somebody looks.
//!
//! Names of fields and kinds, devices and members, which otherwise are most of a row, stand once at the top of the page, in
//! order; numbers in a line are places there. JSON has neither tabs nor newlines outside of its strings' escapes, so these
//! divide. Every line begins with its checksum: one that was damaged is not read at all, and so is a record that is missing,
//! which a comparison with the server finds and mends (sync.md, item 16).
//!
//! Pages outlive a release: never change what [`pack`] writes without a new [`VERSION`], nor what [`unpack`] reads.

use super::{Cell, Created, Element, Fields, Row};
use crate::{
    Clock, Id, Value, json,
    sorting::{map, set},
};
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::{self, Write},
    sync::{Arc, OnceLock},
};

/// What a page begins with: the version of its form.
pub const VERSION: char = '3';
/// Parts of a line behind its checksum: id, kind, sequence number, creation, sets, deletion, stamps, then the cells.
const CELLS: usize = 7;

/// A record and what it is after a page; `None` when it was removed.
pub type Entry = (Id, Option<Row>);

struct Page {
    text: String,
    names: Vec<String>,
    ids: Vec<Id>,
    /// How many lines of entries it has.
    lines: usize,
}

/// Without the other rows of the page.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page.text[self.from as usize..self.until as usize])
    }
}

/// Where a row is in its page, and there its cells.
#[derive(Clone)]
pub(super) struct Line {
    page: Arc<Page>,
    from: u32,
    cells: u32,
    until: u32,
}

/// When and by whom a register was written, and the sequence number of that.
type Stamp = (Clock, Id, u64);

/// A row whose values are still JSON.
struct Parts<'r> {
    created: Option<Cow<'r, Created>>,
    /// Empty for none, as is `deleted`.
    sets: Cow<'r, str>,
    deleted: Cow<'r, str>,
    /// By name, in order.
    cells: Vec<(&'r str, Stamp, Cow<'r, str>)>,
}

/// Whether this is the text of a page, of whatever lines.
pub fn is_page(text: &str) -> bool {
    text.starts_with(VERSION)
}

/// The entries of a page, none of them parsed yet, without the damaged ones; none at all where its top is damaged.
pub fn unpack(text: String) -> Vec<Entry> {
    let top = text.strip_prefix(VERSION).and_then(|rest| checked(rest.split('\n').next()?));
    let Some((names, ids)) = top.and_then(json::parse) else { return Vec::new() };
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let page = Arc::new(Page { text, names, ids, lines });
    let mut entries = Vec::with_capacity(lines);
    let mut from = page.text.find('\n').map_or(page.text.len(), |end| end + 1);
    for line in page.text[from..].split('\n') {
        entries.extend(checked(line).and_then(|parts| entry(&page, parts, from + line.len())));
        from += line.len() + 1;
    }
    entries
}

/// The rows of a page in which nothing is damaged and nothing was removed; `None` of any other.
pub fn unpack_rows(text: String) -> Option<Vec<Row>> {
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let rows: Vec<Row> = unpack(text).into_iter().filter_map(|(_, row)| row).collect();
    (!rows.is_empty() && rows.len() == lines).then_some(rows)
}

/// What is behind the checksum of a line, if that is right.
fn checked(line: &str) -> Option<&str> {
    let (sum, rest) = line.split_at_checked(8)?;
    (u32::from_str_radix(sum, 16) == Ok(checksum(rest.as_bytes()))).then_some(rest)
}

/// Of eight bytes at a time; every step can be undone, so any change of few bytes makes another sum.
fn checksum(bytes: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(ODD).rotate_left(29);
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let sum = rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)));
    ((sum.wrapping_mul(ODD)) >> 32) as u32
}

/// `parts` end at `until` in the page.
fn entry(page: &Arc<Page>, parts: &str, until: usize) -> Option<Entry> {
    let (from, mut left) = (until - parts.len(), parts);
    let mut next = || {
        let (part, rest) = left.split_once('\t').unwrap_or((left, ""));
        left = rest;
        part
    };
    let id = Id::try_parse(next()).ok()?;
    let kind = next();
    if kind.is_empty() {
        return Some((id, None));
    }
    let kind = page.names.get(kind.parse::<usize>().ok()?)?.clone();
    let seq = next().parse().ok()?;
    (3..CELLS).for_each(|_| _ = next());
    let cells = until - left.len();
    let line = Line { page: page.clone(), from: from as u32, cells: cells as u32, until: until as u32 };
    Some((id, Some(Row { id, kind, seq, line: Some(line), fields: OnceLock::new() })))
}

impl Line {
    /// What stands before the cells.
    fn head(&self) -> &str {
        &self.page.text[self.from as usize..self.cells as usize]
    }

    fn part(&self, at: usize) -> &str {
        self.head().split('\t').nth(at).unwrap_or_default()
    }

    /// Places of names, each with its JSON.
    fn cells(&self) -> impl Iterator<Item = (usize, &str)> {
        let cells = &self.page.text[self.cells as usize..self.until as usize];
        cells.split('\t').filter_map(|cell| cell.split_once(' ')).filter_map(|(place, json)| Some((place.parse().ok()?, json)))
    }

    /// The JSON of a register. What is worked out from all rows spends most of its time here, so it goes by bytes.
    pub fn json(&self, field: &str) -> Option<&str> {
        let place = self.page.names.binary_search_by(|name| name.as_str().cmp(field)).ok()?;
        let mut left = &self.page.text[self.cells as usize..self.until as usize];
        while !left.is_empty() {
            let bytes = left.as_bytes();
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
            let (at, length) = digits.fold((0_usize, 0), |(at, length), digit| {
                (at.saturating_mul(10).saturating_add(usize::from(digit - b'0')), length + 1)
            });
            let end = bytes.iter().position(|byte| *byte == b'\t').unwrap_or(bytes.len());
            if at >= place {
                return left[length..end].strip_prefix(' ').filter(|_| at == place);
            }
            left = left.get(end + 1..).unwrap_or_default();
        }
        None
    }

    pub fn value(&self, field: &str) -> Option<Value> {
        json::value(self.json(field)?)
    }

    /// The text of a register, empty when it holds none; `None` where only parsing tells.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.json(field).and_then(|json| json.strip_prefix('"')?.strip_suffix('"')) {
            Some(escaped) if escaped.contains('\\') => None,
            plain => Some(plain.unwrap_or_default()),
        }
    }

    /// The set of a name, where there is one; nothing else of the row is parsed for it.
    pub fn set(&self, field: &str) -> Option<BTreeMap<String, Element>> {
        let sets = self.part(4);
        let is_name = |(at, _): (usize, &str)| sets[..at].ends_with('"') && sets[at + field.len()..].starts_with("\":");
        let may_be_there = !is_plain(field) || sets.match_indices(field).any(is_name);
        may_be_there.then(|| json::parse::<BTreeMap<String, _>>(sets)?.remove(field)).flatten()
    }

    /// `None` where only parsing tells.
    pub fn is_alive(&self) -> Option<bool> {
        let mut parts = self.head().split('\t').skip(3);
        let (created, sets) = (parts.next()?, parts.next()?);
        let is_something = !created.is_empty() || !sets.is_empty() || self.cells < self.until;
        parts.next()?.is_empty().then_some(is_something)
    }

    pub fn created(&self) -> Option<Created> {
        self.creation(self.part(3))
    }

    fn creation(&self, text: &str) -> Option<Created> {
        let mut parts = text.split(',');
        let first = self.clock(parts.next()?)?;
        let by = self.id(parts.next()?)?;
        Some(Created { first, by, last: parts.next().map_or(Some(first), |last| self.clock(last))? })
    }

    /// Milliseconds, counter, device.
    fn clock(&self, text: &str) -> Option<Clock> {
        let mut parts = text.split('.');
        let (ms, counter) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Clock { ms, counter, device: self.id(parts.next()?)? })
    }

    fn id(&self, place: &str) -> Option<Id> {
        self.page.ids.get(place.parse::<usize>().ok()?).copied()
    }

    fn stamp(&self, text: &str) -> Option<Stamp> {
        let mut parts = text.split(',');
        Some((self.clock(parts.next()?)?, self.id(parts.next()?)?, parts.next()?.parse().ok()?))
    }

    /// The latest clock of all; `None` where there is none and where only parsing tells.
    pub fn latest(&self) -> Option<Clock> {
        let mut parts = self.head().split('\t').skip(3);
        let (created, sets, deleted, stamps) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if !deleted.is_empty() {
            return None;
        }
        let mut latest = self.creation(created).map(|made| made.last);
        for own in stamps.split(';').filter(|own| !own.is_empty()) {
            latest = latest.max(Some(self.clock(own.split(',').next()?)?));
        }
        let sets = if sets.is_empty() { Value::Null } else { json::value(sets)? };
        for element in values(&sets).flat_map(values) {
            for clock in values(json::at(element, "add")) {
                latest = latest.max(Some(clock.as_str()?.parse().ok()?));
            }
        }
        latest
    }

    /// `None` where something is not as [`pack`] writes it.
    fn parts(&self) -> Option<Parts<'_>> {
        let created = self.created().map(Cow::Owned);
        if created.is_none() && !self.part(3).is_empty() {
            return None;
        }
        let (mut stamps, mut last) = (self.part(6).split(';'), None);
        let mut cells = Vec::new();
        for (name, json) in self.cells() {
            let own = stamps.next()?;
            last = if own.is_empty() { last } else { Some(self.stamp(own)?) };
            cells.push((self.page.names.get(name)?.as_str(), last?, Cow::Borrowed(json)));
        }
        Some(Parts { created, sets: self.part(4).into(), deleted: self.part(5).into(), cells })
    }

    /// Everything.
    pub fn fields(&self) -> Option<Fields> {
        let Parts { created, sets, deleted, cells } = self.parts()?;
        let cell = |(name, (clock, actor, seq), json): (&str, Stamp, Cow<str>)| {
            Some((name.to_owned(), Cell { value: json::value(&json)?, clock, actor, seq }))
        };
        Some(Fields {
            created: created.map(Cow::into_owned),
            cells: map(cells.into_iter().map(cell).collect::<Option<Vec<_>>>()?),
            sets: if sets.is_empty() { Default::default() } else { json::parse(&sets)? },
            deleted: if deleted.is_empty() { None } else { Some(json::parse(&deleted)?) },
        })
    }
}

fn values(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(|object| object.values())
}

impl Row {
    fn parts(&self) -> Option<Parts<'_>> {
        if let Some(line) = &self.line {
            return line.parts();
        }
        let or_empty = |is_empty: bool, json: &dyn Fn() -> String| if is_empty { Cow::Borrowed("") } else { json().into() };
        let cells = self.cells.iter().map(|(name, cell)| {
            let stamp = (cell.clock, cell.actor, cell.seq);
            (name.as_str(), stamp, written(&cell.value).into())
        });
        Some(Parts {
            created: self.created.as_ref().map(Cow::Borrowed),
            sets: or_empty(self.sets.is_empty(), &|| text_of(&self.sets)),
            deleted: or_empty(self.deleted.is_none(), &|| text_of(&self.deleted)),
            cells: cells.collect(),
        })
    }
}

fn text_of<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn written(value: &Value) -> String {
    match value.as_str() {
        // Most are.
        Some(text) if is_plain(text) => format!("\"{text}\""),
        _ => text_of(value),
    }
}

/// Whether there is nothing to escape in a text.
fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
}

/// The page whose entries these are, all of them as they were unpacked.
fn whole_page<'r>(entries: &[(Id, Option<&'r Row>)]) -> Option<&'r Arc<Page>> {
    let line = |(_, row): &(Id, Option<&'r Row>)| row.and_then(Row::packed);
    let page = &line(entries.first()?)?.page;
    let is_of_it = |entry| line(entry).is_some_and(|line| Arc::ptr_eq(&line.page, page));
    (entries.len() == page.lines && entries.iter().all(is_of_it)).then_some(page)
}

/// The page of these entries, one for each id. A packed row is not parsed for it, but copied.
pub fn pack(entries: &[(Id, Option<&Row>)]) -> String {
    if let Some(page) = whole_page(entries) {
        return page.text.clone();
    }
    let mut readable = Vec::with_capacity(entries.len());
    for (id, row) in entries {
        readable.extend(match row {
            Some(row) => row.parts().map(|parts| (id, Some((row, parts)))),
            None => Some((id, None)),
        });
    }
    let rows = || readable.iter().filter_map(|(_, row)| row.as_ref());
    let names = rows().flat_map(|(row, parts)| parts.cells.iter().map(|(name, ..)| *name).chain([row.kind.as_str()]));
    let names: Vec<&str> = set(names).into_iter().collect();
    let stamped = |parts: &'_ Parts<'_>| -> Vec<Id> {
        let cells = parts.cells.iter().flat_map(|(_, (clock, actor, _), _)| [clock.device, *actor]);
        let created = parts.created.iter().flat_map(|made| [made.first.device, made.by, made.last.device]);
        cells.chain(created).collect()
    };
    let ids: Vec<Id> = set(rows().flat_map(|(_, parts)| stamped(parts))).into_iter().collect();
    let tables = Tables { names, ids };
    let mut page = String::from(VERSION);
    push(&mut page, &text_of(&(&tables.names, &tables.ids)));
    for (id, row) in &readable {
        let mut line = id.simple().to_string();
        if let Some((row, parts)) = row {
            tables.write(&mut line, row, parts);
        }
        page.push('\n');
        push(&mut page, &line);
    }
    page
}

fn push(page: &mut String, line: &str) {
    _ = write!(page, "{:08x}{line}", checksum(line.as_bytes()));
}

/// What stands at the top of a page.
struct Tables<'r> {
    names: Vec<&'r str>,
    ids: Vec<Id>,
}

impl Tables<'_> {
    fn name(&self, name: &str) -> usize {
        self.names.binary_search(&name).unwrap_or_default()
    }

    fn id(&self, id: Id) -> usize {
        self.ids.binary_search(&id).unwrap_or_default()
    }

    fn clock(&self, line: &mut String, clock: Clock) {
        _ = write!(line, "{}.{}.{}", clock.ms, clock.counter, self.id(clock.device));
    }

    fn write(&self, line: &mut String, row: &Row, parts: &Parts<'_>) {
        _ = write!(line, "\t{}\t{}\t", self.name(&row.kind), row.seq);
        if let Some(made) = &parts.created {
            self.clock(line, made.first);
            _ = write!(line, ",{}", self.id(made.by));
            if made.last != made.first {
                line.push(',');
                self.clock(line, made.last);
            }
        }
        _ = write!(line, "\t{}\t{}\t", parts.sets, parts.deleted);
        let mut last = None;
        for (at, (_, stamp, _)) in parts.cells.iter().enumerate() {
            line.push_str(if at > 0 { ";" } else { "" });
            if last.replace(stamp) != Some(stamp) {
                self.clock(line, stamp.0);
                _ = write!(line, ",{},{}", self.id(stamp.1), stamp.2);
            }
        }
        for (name, _, json) in &parts.cells {
            _ = write!(line, "\t{} {json}", self.name(name));
        }
    }
}

#[cfg(test)]
mod tests;
