//! Folded text in SQL: instead of folding what is stored, the pattern matches everything that folds to what was typed.

use domain::{fold, query::plan::Match};
use std::{collections::HashMap, fmt::Write, sync::LazyLock};

/// Per folded character, the characters that fold to it; under the space all white space.
static SOURCES: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut sources: HashMap<char, Vec<char>> = HashMap::new();
    for c in (1..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let folded = Some(fold::fold_char(c)).filter(|folded| !folded.is_whitespace()).unwrap_or(' ');
        if folded != c || c == ' ' {
            sources.entry(folded).or_default().push(c);
        }
    }
    sources
});

/// A regular expression of Postgres for texts that `how` match `folded`, which [`fold::fold`] made.
pub fn pattern(how: Match, folded: &str) -> String {
    let space = class(' ');
    let mut pattern = String::new();
    if matches!(how, Match::Whole | Match::Start) {
        let _ = write!(pattern, "^{space}*");
    }
    for c in folded.chars() {
        pattern.push_str(&class(c));
        if c == ' ' {
            pattern.push('+');
        }
    }
    if matches!(how, Match::Whole | Match::End) {
        let _ = write!(pattern, "{space}*$");
    }
    pattern
}

/// All that fold to one character, each as an escape, so that nothing has a meaning of its own.
fn class(folded: char) -> String {
    let others = SOURCES.get(&folded).map_or(&[][..], Vec::as_slice);
    let mut class = String::from("[");
    for c in others.iter().copied().chain((folded != ' ').then_some(folded)) {
        let _ = write!(class, "\\U{:08x}", u32::from(c));
    }
    class.push(']');
    class
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_every_form_of_a_letter() {
        let holds = |class: String, c: char| class.contains(&format!("\\U{:08x}", u32::from(c)));
        assert!(['a', 'A', 'ä', 'Ａ', 'ａ', 'Ǎ'].iter().filter(|c| fold::fold_char(**c) == 'a').all(|c| holds(class('a'), *c)));
        assert!([' ', '\u{3000}', '\n', '\u{a0}'].iter().all(|c| holds(class(' '), *c)));
        assert_eq!(pattern(Match::Part, "。"), "[\\U00003002]");
        assert!(holds(class('i'), 'İ') && holds(class('.'), '.'));
    }
}
