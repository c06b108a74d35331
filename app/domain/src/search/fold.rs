//! Text as searching sees it, so that what differs only in how it was typed is the same.

use super::Han;
use crate::fold;

/// The folded text: small letters, half width, without accents, marks that join or part letters, and apostrophes; Chinese in
/// simplified characters. White space is a space; lines stay apart.
pub fn fold(han: &Han, text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(han, text, &mut folded);
    folded
}

/// [`fold`] behind what `folded` holds already; runs of white space become one space, and none is left at either end.
pub(super) fn fold_into(han: &Han, text: &str, folded: &mut String) {
    let start = folded.len();
    for c in text.chars() {
        each_folded(han, c, &mut |c| match c {
            ' ' if folded.len() == start || folded.ends_with(' ') => {}
            c => folded.push(c),
        });
    }
    let end = folded.trim_end_matches(' ').len();
    folded.truncate(end.max(start));
}

/// The characters that one becomes: none for a mark, two for a ligature.
pub(super) fn each_folded(han: &Han, c: char, visit: &mut dyn FnMut(char)) {
    if c.is_ascii() {
        match c {
            '\'' => {}
            c if c.is_ascii_whitespace() => visit(' '),
            c => visit(c.to_ascii_lowercase()),
        }
        return;
    }
    match fold::fold_char(c) {
        // Accents of their own, apostrophes, dots between parts of a name, what takes no room.
        '\u{300}'..='\u{36f}'
        | '\''
        | '‘'
        | '’'
        | 'ʼ'
        | '·'
        | '•'
        | '・'
        | '‧'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{feff}' => {}
        'ß' => "ss".chars().for_each(visit),
        'æ' => "ae".chars().for_each(visit),
        'œ' => "oe".chars().for_each(visit),
        c if c.is_whitespace() => visit(' '),
        c => visit(han.simplified(plain(c))),
    }
}

/// The letter under the accents of pinyin's tones and of Vietnamese, for which [`fold::fold_char`] has no table.
fn plain(c: char) -> char {
    match c {
        'ǎ' | 'ạ'..='ặ' => 'a',
        'ẹ'..='ệ' => 'e',
        'ǐ' | 'ỉ'..='ị' => 'i',
        'ǒ' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ǔ' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'ư' | 'ụ'..='ự' => 'u',
        'ỳ'..='ỹ' => 'y',
        'ǹ' => 'n',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::han::HAN, *};
    use proptest::prelude::*;

    #[test]
    fn what_differs_in_typing_only_is_the_same() {
        for (text, folded) in [
            ("  Café\u{3000} ＡＢＣ１２３ ", "cafe abc123"),
            ("Cafe\u{301}", "cafe"),
            ("O’Brien & O'Neill", "obrien & oneill"),
            ("Straße Ærø Œuvre", "strasse aero oeuvre"),
            ("Nguyễn Thị Phương", "nguyen thi phuong"),
            ("Lǚ Bù, nǐ hǎo", "lu bu, ni hao"),
            ("阿卜杜拉·艾力", "阿卜杜拉艾力"),
            ("臺灣國際貿易", "台湾国际贸易"),
            ("明珠\n贸易", "明珠 贸易"),
            ("", ""),
        ] {
            assert_eq!(fold(&HAN, text), folded);
        }
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,40}", chinese in "[\u{3400}-\u{9fff}]{0,20}") {
            for text in [text, chinese] {
                let once = fold(&HAN, &text);
                prop_assert_eq!(&fold(&HAN, &once), &once);
            }
        }
    }
}
