//! What a person typed into the search box, taken apart.

use super::{Comparison, Han, TypedFilter, Word, fold};
use crate::Schema;

/// Words to find and filters to hold, in the order in which they were typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typed {
    pub words: Vec<Word>,
    pub filters: Vec<TypedFilter>,
    /// The words in one piece, folded: a record of this very title is meant before all others.
    pub whole: String,
}

/// More words than this tell nothing further apart.
const MOST_WORDS: usize = 8;

impl Typed {
    /// Reads `明珠 贸易 stage:customer "a phrase" due:<today`. What looks like a filter but names no field is words.
    pub fn read(han: &Han, schema: &Schema, text: &str) -> Typed {
        let mut typed = Typed::default();
        let mut pieces = pieces(text).into_iter().peekable();
        while let Some(mut piece) = pieces.next() {
            if let Some(filter) = TypedFilter::read(schema, &piece) {
                // While its value is not typed yet, it lets everything pass.
                typed.filters.extend(Some(filter).filter(|filter| !filter.value.is_empty()));
                continue;
            }
            // +86 138 0013 8000 is one number.
            if piece.starts_with(['+', '\u{ff0b}']) {
                while let Some(next) = pieces.next_if(|next| next.chars().all(|c| c.is_numeric() || "-().".contains(c))) {
                    piece += &next;
                }
            }
            let folded = fold(han, piece.trim_matches(['"', '“', '”']));
            if typed.words.len() < MOST_WORDS {
                typed.whole += &folded;
                typed.words.extend(Word::new(&folded));
            }
        }
        typed.whole.retain(|c| c != ' ');
        typed
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.filters.is_empty()
    }
}

/// The text at its white space, but for what stands between quotation marks.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        quoted ^= matches!(c, '"' | '“' | '”');
        match pieces.last_mut() {
            Some(piece) if quoted || !c.is_whitespace() => piece.push(c),
            _ => pieces.push(String::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

impl TypedFilter {
    /// Reads `due:<today`, `阶段:成交客户`, `-stage:lost`, `grade:a,b`; `None` where no field has such a name.
    fn read(schema: &Schema, piece: &str) -> Option<TypedFilter> {
        let (negated, positive) = piece.strip_prefix('-').map_or((false, piece), |positive| (true, positive));
        let (name, value) = positive.split_once([':', '\u{ff1a}'])?;
        let name = TypedFilter::name(name);
        if name.is_empty() || !TypedFilter::is_known(schema, &name) {
            return None;
        }
        let value: String = value.chars().map(crate::fold::half_width).collect();
        let (comparison, value) = [
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::More),
            ("!", Comparison::IsNot),
            ("=", Comparison::Is),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| Some((comparison, value.strip_prefix(sign)?)))
        .unwrap_or((Comparison::Is, value.as_str()));
        let value = value.trim_matches(['"', '“', '”']).trim().to_owned();
        Some(TypedFilter { name, comparison, value, negated, typed: piece.to_owned() })
    }
}
