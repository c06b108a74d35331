//! Which parts of a text that is shown are what was typed.

use super::{Han, Word, fold::each_folded};
use std::ops::Range;

/// The parts of a text that the words are found in, in bytes, in their order and without overlaps. `sounds`: also where
/// characters sound like a word, as in all short texts.
pub fn marks(han: &Han, words: &[Word], text: &str, sounds: bool) -> Vec<Range<usize>> {
    let (folded, places) = folded_with_places(han, text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in words {
        let mut from = 0;
        while let Some(range) = if sounds { word.find(han, &folded, from) } else { word.find_characters(&folded, from) } {
            from = range.end.max(range.start + 1);
            found.push(range);
        }
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut marked: Vec<Range<usize>> = Vec::new();
    for range in found {
        // The last character of a range counts to its end, with the accents behind it.
        let (start, end) = (places[range.start], places[range.end]);
        match marked.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => marked.push(start..end),
        }
    }
    marked
}

/// The folded text, and for each of its bytes, and its end, where the character it is of starts in the text.
fn folded_with_places(han: &Han, text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    for (at, c) in text.char_indices() {
        each_folded(han, c, &mut |c| {
            folded.push(c);
            places.resize(folded.len(), at);
        });
    }
    places.push(text.len());
    (folded, places)
}

/// A piece of a long text around what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// In bytes of the text.
    pub range: Range<usize>,
    /// In bytes of the text, within the range.
    pub marks: Vec<Range<usize>>,
}

/// The piece of a text that starts at most `before` characters before its first mark.
pub fn snippet(text: &str, marks: Vec<Range<usize>>, before: usize) -> Snippet {
    let first = marks.first().map_or(0, |mark| mark.start);
    let start = text[..first].char_indices().rev().take(before).last().map_or(first, |(at, _)| at);
    // One or two characters more are no shorter than the dots in their place.
    let start = if text[..start].chars().count() <= 2 { 0 } else { start };
    Snippet { range: start..text.len(), marks }
}
