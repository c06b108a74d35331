//! Three-way merge of a long text by paragraph (line), as diff3 does (Khanna, Kunal, Pierce, "A Formal Investigation of Diff3", 2007).

/// The comparison table's size above which a text is merged as one value: a hostile text must not cost the server gigabytes.
const MAX_CELLS: usize = 1_000_000;

/// The text with both sides' changes of `base`, or `None` when both changed the same paragraphs differently.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs || theirs == base {
        return Some(ours.to_owned());
    }
    if ours == base {
        return Some(theirs.to_owned());
    }
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    if base.len() * ours.len().max(theirs.len()) > MAX_CELLS {
        return None;
    }
    let (our_match, their_match) = (matches(&base, &ours), matches(&base, &theirs));
    let mut merged: Vec<&str> = Vec::new();
    let (mut at_base, mut at_ours, mut at_theirs) = (0, 0, 0);
    loop {
        // The next base line that both sides kept ends the current stretch.
        let stable = (at_base..base.len()).find(|line| our_match[*line].is_some() && their_match[*line].is_some());
        let end_base = stable.unwrap_or(base.len());
        let end_ours = stable.and_then(|line| our_match[line]).unwrap_or(ours.len());
        let end_theirs = stable.and_then(|line| their_match[line]).unwrap_or(theirs.len());
        let (was, we, they) = (&base[at_base..end_base], &ours[at_ours..end_ours], &theirs[at_theirs..end_theirs]);
        match (we == was, they == was) {
            (_, true) => merged.extend(we),
            (true, _) => merged.extend(they),
            _ if we == they => merged.extend(we),
            _ => return None,
        }
        let Some(line) = stable else { break };
        merged.push(base[line]);
        (at_base, at_ours, at_theirs) = (line + 1, end_ours + 1, end_theirs + 1);
    }
    Some(merged.join("\n"))
}

fn lines(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split('\n').collect() }
}

/// For each line of `a`, the line of `b` it corresponds to in a longest common subsequence.
fn matches(a: &[&str], b: &[&str]) -> Vec<Option<usize>> {
    let width = b.len() + 1;
    let mut length = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i * width + j] = match a[i] == b[j] {
                true => length[(i + 1) * width + j + 1] + 1,
                false => length[(i + 1) * width + j].max(length[i * width + j + 1]),
            };
        }
    }
    let (mut found, mut i, mut j) = (vec![None; a.len()], 0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            found[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_of_different_paragraphs_are_both_kept() {
        assert_eq!(merge("a\nb\nc", "a1\nb\nc", "a\nb\nc\nd").as_deref(), Some("a1\nb\nc\nd"));
        assert_eq!(merge("a\nb\nc", "a\nc", "a\nb\nc2").as_deref(), None, "neighbouring edits are not guessed at");
        assert_eq!(merge("a\nb\nc\nd", "a\nc\nd", "a\nb\nc\nd2").as_deref(), Some("a\nc\nd2"));
        assert_eq!(merge("", "mine", "").as_deref(), Some("mine"));
        assert_eq!(merge("", "mine", "theirs"), None);
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "c", ""]), 0..6).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn a_side_that_changed_nothing_yields_the_other(base in text(), side in text()) {
            prop_assert_eq!(merge(&base, &side, &base), Some(side.clone()));
            prop_assert_eq!(merge(&base, &base, &side), Some(side));
        }

        #[test]
        fn the_sides_may_be_exchanged(base in text(), a in text(), b in text()) {
            prop_assert_eq!(merge(&base, &a, &b), merge(&base, &b, &a));
        }
    }
}
