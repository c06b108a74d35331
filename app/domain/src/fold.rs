//! Text as searching sees it: case, width, accents and white space do not count.

/// The half-width form of a full-width ASCII character; the ideographic space becomes a space.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The Latin letter under its accent (Latin-1 and Latin Extended-A).
fn plain(c: char) -> char {
    const FROM: &str = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž";
    const TO: &str = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzz";
    if !('\u{df}'..='\u{17f}').contains(&c) {
        return c;
    }
    FROM.chars().position(|accented| accented == c).and_then(|at| TO.as_bytes().get(at)).map_or(c, |byte| char::from(*byte))
}

/// What [`fold`] makes of one character, but for white space. Always one: İ loses its dot as it becomes small.
pub fn fold_char(c: char) -> char {
    match c {
        // Most of a Chinese text is neither wide nor capital.
        '\u{3400}'..='\u{9fff}' => c,
        c => plain(half_width(c).to_lowercase().next().unwrap_or(c)),
    }
}

/// Lower case, letter by letter.
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Lower case, half width, without accents; runs of white space become one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// [`fold`] into a text that is used again and again.
pub fn fold_into(text: &str, folded: &mut String) {
    folded.clear();
    for c in text.chars().map(fold_char) {
        match c.is_whitespace() {
            true if folded.ends_with(' ') || folded.is_empty() => {}
            true => folded.push(' '),
            false => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
}

/// Whether every word of `query` (any order) occurs in `folded`, which [`fold`] made.
pub fn matches(folded: &str, query: &str) -> bool {
    fold(query).split(' ').all(|word| folded.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_accents_and_space_do_not_count() {
        assert_eq!(fold("  Café  ABC123 "), "cafe abc123");
        assert_eq!(fold("Žižkov Łódź İzmir"), "zizkov lodz izmir");
        assert!(matches(&fold("上海明珠贸易有限公司"), "贸易 明珠"));
        assert!(!matches(&fold("Acme Ltd"), "acme gmbh"));
    }

    #[test]
    fn the_accent_table_pairs_every_letter() {
        for c in "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž".chars()
        {
            assert!(plain(c).is_ascii_lowercase(), "{c}");
        }
        assert_eq!(["ž", "ů", "ř", "ł", "ň", "ø"].map(fold), ["z", "u", "r", "l", "n", "o"]);
    }
}
