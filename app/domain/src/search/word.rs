//! One word of what was typed, and how it finds itself in a folded text.

use super::{Class, Han, surnames::surname};
use std::ops::{Range, RangeInclusive};

/// A folded word. Equal words find the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    text: String,
    how: How,
    /// Where in it the byte is that is likely the rarest in texts.
    rarest: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Its characters as they are.
    Plain,
    /// Its characters, or where it has letters how Chinese characters sound: syllables in full, by their initials, or mixed,
    /// the last perhaps not yet typed to its end.
    Sounding,
    /// Digits in any grouping.
    Digits,
    /// A number with its country, of which only the end counts: it may have been noted without.
    International,
}

/// A longer word is no name; it bounds what matching sounds can cost.
const LONGEST_SOUND: usize = 40;
/// An international number has at least as many digits; this many at its end are the same with and without the country.
const INTERNATIONAL: usize = 10;
const NATIONAL: usize = 9;

impl Word {
    /// A word of a folded text; `None` for nothing.
    pub fn new(folded: &str) -> Option<Word> {
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let is_number = !digits.is_empty() && folded.chars().all(|c| c.is_ascii_digit() || c == '+' || parts_digits(c));
        let abroad = is_number && digits.len() >= INTERNATIONAL && (folded.starts_with('+') || folded.starts_with("00"));
        let (text, how) = match () {
            () if folded.is_empty() => return None,
            () if abroad => (digits[digits.len() - NATIONAL..].to_owned(), How::International),
            () if is_number => (digits, How::Digits),
            () if folded.len() <= LONGEST_SOUND && folded.bytes().any(|b| b.is_ascii_lowercase()) => {
                (folded.to_owned(), How::Sounding)
            }
            () => (folded.to_owned(), How::Plain),
        };
        let rarest = (0..text.len()).min_by_key(|at| frequency(text.as_bytes()[*at])).unwrap_or_default();
        Some(Word { text, how, rarest })
    }

    /// What it looks for, folded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it finds nothing that `before` does not: then what `before` found is all that must be looked at.
    pub fn narrows(&self, before: &Word) -> bool {
        self.how != How::International && before.how != How::International && self.text.starts_with(&before.text)
            // A letter behind digits, or a sound behind characters, is looked for otherwise.
            && (self.how == before.how || before.how == How::Plain)
    }

    pub fn may_sound(&self) -> bool {
        self.how == How::Sounding
    }

    /// The first place from `from` on where the characters of the word are.
    pub fn find_characters(&self, text: &str, from: usize) -> Option<Range<usize>> {
        match self.how {
            How::Plain | How::Sounding => {
                find(text.as_bytes(), self.text.as_bytes(), self.rarest, from).map(|at| at..at + self.text.len())
            }
            How::Digits | How::International => find_digits(text.as_bytes(), self.text.as_bytes(), from),
        }
    }

    /// The first place from `from` on where characters sound like the word. At the start of the text a family name is read as one.
    pub fn find_sound(&self, han: &Han, text: &str, from: usize) -> Option<Range<usize>> {
        if self.how != How::Sounding || han.is_empty() {
            return None;
        }
        let mut at = from;
        while at < text.len() {
            if let Some(length) = self.sound_at(han, text, at) {
                return Some(at..at + length);
            }
            at += width(text.as_bytes()[at]);
        }
        None
    }

    /// The length of the characters that sound like the word at a place.
    fn sound_at(&self, han: &Han, text: &str, at: usize) -> Option<usize> {
        let (first, byte) = (self.text.bytes().next()?, *text.as_bytes().get(at)?);
        let (behind, name) = (&text[at..], at == 0);
        let may =
            if byte < 0x80 { byte == first } else { self.may_start(han, behind, first) || name && surname(behind).is_some() };
        may.then(|| sounds_like(han, behind, &self.text, name)).flatten()
    }

    fn may_start(&self, han: &Han, text: &str, first: u8) -> bool {
        text.chars().next().is_some_and(|c| if first < 0x80 { han.starts_with(c, first) } else { self.text.starts_with(c) })
    }

    /// The length of the word at this very place, by its characters or by their sound.
    fn at(&self, han: &Han, text: &str, at: usize) -> Option<usize> {
        let (behind, own) = (&text.as_bytes()[at..], self.text.as_bytes());
        let characters = || behind.starts_with(own).then_some(own.len());
        match self.how {
            How::Plain => characters(),
            How::Sounding => characters().or_else(|| if han.is_empty() { None } else { self.sound_at(han, text, at) }),
            How::Digits | How::International => starts_with_digits(behind, own),
        }
    }

    /// How well a title has the word at its very start.
    pub fn class_at_start(&self, han: &Han, title: &str) -> Option<Class> {
        let length = self.at(han, title, 0)?;
        Some(if length == title.len() { Class::Exact } else { Class::Prefix })
    }

    /// The first place where the word is, by its characters or by their sound.
    pub fn find(&self, han: &Han, text: &str, from: usize) -> Option<Range<usize>> {
        match (self.find_characters(text, from), self.find_sound(han, text, from)) {
            (Some(a), Some(b)) => Some(if b.start < a.start { b } else { a }),
            (a, b) => a.or(b),
        }
    }

    /// How well a title has the word: at best at its start, else at the start of a word of it.
    pub fn class_in_title(&self, han: &Han, title: &str) -> Option<Class> {
        if let Some(class) = self.class_at_start(han, title) {
            return Some(class);
        }
        let first = self.find(han, title, 0)?;
        let is_word = |at: usize| starts_word(title, at) && self.at(han, title, at).is_some();
        Some(match first.start {
            at if starts_word(title, at) || title[at..].char_indices().any(|(further, _)| is_word(at + further)) => {
                Class::TitleWord
            }
            _ => Class::Title,
        })
    }
}

/// Whether a word starts there, where a character does that is not the first.
fn starts_word(text: &str, at: usize) -> bool {
    match text[..at].chars().next_back() {
        Some(c) if c.is_ascii() => !c.is_ascii_alphanumeric(),
        Some(c) => text.as_bytes()[at] < 0x80 || !CHARACTERS.contains(&c) && !c.is_alphanumeric(),
        None => true,
    }
}

/// Nearly all Chinese characters: what is asked for all of them shall not take a table.
const CHARACTERS: RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// The length of a character from its first byte.
fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// The letters of texts from the rarest to the most frequent; other bytes count as rare.
const FREQUENT: &[u8] = b"qxzjkvbpygfwmuclrdhsnioate ";

fn frequency(byte: u8) -> usize {
    match byte {
        // The first bytes of nearly all Chinese characters.
        0xe4..=0xe9 => 100,
        0x80.. => 0,
        _ => FREQUENT.iter().position(|letter| *letter == byte).map_or(0, |place| place + 1),
    }
}

/// [`str::find`] from a place on, by the byte of the needle that is likely the rarest: most texts are passed over at once.
fn find(text: &[u8], needle: &[u8], offset: usize, from: usize) -> Option<usize> {
    let rarest = needle.get(offset)?;
    let mut at = from + offset;
    loop {
        at += memchr::memchr(*rarest, text.get(at..)?)?;
        if text[at - offset..].starts_with(needle) {
            return Some(at - offset);
        }
        at += 1;
    }
}

/// What people write between the digits of a number.
fn parts_digits(c: char) -> bool {
    matches!(c, ' ' | '-' | '(' | ')' | '.')
}

fn find_digits(text: &[u8], digits: &[u8], from: usize) -> Option<Range<usize>> {
    let first = *digits.first()?;
    let mut start = from;
    loop {
        start += memchr::memchr(first, text.get(start..)?)?;
        if let Some(length) = starts_with_digits(&text[start..], digits) {
            return Some(start..start + length);
        }
        start += 1;
    }
}

/// The length of these digits at the start of a text, with at most two signs between two of them.
fn starts_with_digits(text: &[u8], digits: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (place, digit) in digits.iter().enumerate() {
        let between =
            text[at..].iter().take(if place == 0 { 0 } else { 2 }).take_while(|b| parts_digits(char::from(**b))).count();
        at += between;
        if text.get(at) != Some(digit) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// The length of the characters at the start of `text` that sound like `typed`.
fn sounds_like(han: &Han, text: &str, typed: &str, name: bool) -> Option<usize> {
    if typed.is_empty() {
        return Some(0);
    }
    let c = text.chars().next()?;
    let behind = &text[c.len_utf8()..];
    let on = |rest: &str, behind: &str, taken: usize| {
        sounds_like(han, behind, rest, false)
            // 明珠(上海) is typed in one go.
            .or_else(|| {
                let part = behind.bytes().take(2).take_while(|b| parts_digits(char::from(*b))).count();
                if part == 0 || rest.is_empty() {
                    None
                } else {
                    sounds_like(han, &behind[part..], rest, false).map(|length| length + part)
                }
            })
            .map(|length| length + taken)
    };
    if let Some(length) = typed.strip_prefix(c).and_then(|rest| on(rest, behind, c.len_utf8())) {
        return Some(length);
    }
    let own = if name { surname(text) } else { None };
    let mut sounds = own.into_iter().chain(han.sounds(c));
    sounds.find_map(|sound| {
        let (eaten, rest) = eat(sound, typed);
        if rest.is_empty() && eaten > 0 {
            // It ends with this character, typed in full or in part.
            return Some(c.len_utf8());
        }
        let initial = usize::from(sound.as_bytes().get(1) == Some(&b'h')) + 1;
        let full = if eaten == sound.len() { on(rest, behind, c.len_utf8()) } else { None };
        let two = || if initial == 2 && sound.len() > 2 && eaten >= 2 { on(&typed[2..], behind, c.len_utf8()) } else { None };
        let one = || if sound.len() > 1 && eaten >= 1 { on(&typed[1..], behind, c.len_utf8()) } else { None };
        full.or_else(two).or_else(one)
    })
}

/// How many letters of a reading the start of `typed` has, and the rest of it. For ü people type v, u or yu.
fn eat<'t>(sound: &str, typed: &'t str) -> (usize, &'t str) {
    let mut rest = typed;
    for (eaten, letter) in sound.bytes().enumerate() {
        if letter == b'v' && rest == "y" {
            return (sound.len(), "");
        }
        let next = match letter {
            b'v' => rest.strip_prefix("yu").or_else(|| rest.strip_prefix(['v', 'u'])),
            letter => rest.strip_prefix(char::from(letter)),
        };
        match next {
            Some(next) => rest = next,
            None => return (eaten, rest),
        }
    }
    (sound.len(), rest)
}
