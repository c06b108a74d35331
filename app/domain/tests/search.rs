//! What is typed finds what it must, and marks just that: the cases that people wrote, and laws over any.

use domain::{
    records::schema,
    search::{Class, Han, Initials, Typed, Word, document, fold, marks},
    testing::{Random, id, row},
};
use proptest::prelude::*;
use serde_json::json;
use std::{ops::Range, sync::LazyLock};

static HAN: LazyLock<Han> = LazyLock::new(|| Han::read(&han::table()).unwrap());

fn words(typed: &str) -> Vec<Word> {
    Typed::read(&HAN, &schema(), typed).words
}

fn finds(words: &[Word], text: &str, sounds: bool) -> bool {
    let folded = fold(&HAN, text);
    words.iter().all(|word| if sounds { word.find(&HAN, &folded, 0) } else { word.find_characters(&folded, 0) }.is_some())
}

fn bracketed(text: &str, marks: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut last = 0;
    for mark in marks {
        shown += &format!("{}[{}]", &text[last..mark.start], &text[mark.clone()]);
        last = mark.end;
    }
    shown + &text[last..]
}

#[test]
fn what_is_typed_finds_and_marks_what_it_must_and_nothing_else() {
    let lines = include_str!("search/cases.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let (mut count, mut wrong) = (0, Vec::new());
    for line in lines {
        count += 1;
        let (typed, text) = line.split_once(" | ").expect(line);
        let (absent, text) = text.strip_prefix('!').map_or((false, text), |text| (true, text));
        let (long, text) = text.strip_prefix('~').map_or((false, text), |text| (true, text));
        let (words, plain) = (words(typed), text.replace(['[', ']'], ""));
        assert!(!words.is_empty(), "{line}");
        let found = finds(&words, &plain, !long);
        let shown = bracketed(&plain, &marks(&HAN, &words, &plain, !long));
        // Marks that touch are one.
        let expected = text.replace("][", "");
        if found == absent || !absent && shown != expected {
            wrong.push(format!("{line}\n    found: {found}, marked: {shown}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "{count} cases");
}

#[test]
fn without_the_table_characters_are_still_found() {
    let none = Han::default();
    let words = Typed::read(&none, &schema(), "acme 明珠").words;
    assert!(words.iter().all(|word| word.find(&none, &fold(&none, "上海明珠 ACME"), 0).is_some()));
    assert!(Typed::read(&none, &schema(), "mz").words[0].find(&none, "明珠", 0).is_none());
}

#[test]
fn every_searched_field_of_a_record_can_be_found() {
    let account = row(
        "account",
        id(1),
        &[
            ("name", json!("上海明珠贸易")),
            ("address", json!({"region": "上海市", "street": "南京路 1 号"})),
            ("short_name", json!("明珠")),
            ("phones", json!([{"label": "office", "value": "021-6505 8888"}])),
            ("tags", json!(["重点"])),
            ("note", json!("喜欢\n喝茶")),
        ],
    );
    let found = document(&HAN, &schema(), &account).unwrap();
    assert_eq!(found.text, "上海明珠贸易\n上海市南京路 1 号\n明珠\n021-6505 8888\n重点\n喜欢 喝茶\n");
    assert_eq!((&found.text[..found.title], &found.text[found.short..], found.root), ("上海明珠贸易", "喜欢 喝茶\n", None));
    let person = json!({"family": "O’Hara", "given": "Siân", "order": "given_first"});
    let contact = row(
        "contact",
        id(2),
        &[("name", person), ("account", json!(id(1))), ("handle", json!([{"label": "wechat", "value": "Sian88"}]))],
    );
    let found = document(&HAN, &schema(), &contact).unwrap();
    assert_eq!((found.text.as_str(), found.root), ("sian ohara\nsian88\n", Some(id(1))));
    assert_eq!(document(&HAN, &schema(), &row("notice", id(3), &[])), None);
}

/// Names and what people type, of few characters so that much is found.
fn name() -> impl Strategy<Value = String> {
    "[明珠单單区區上海长長迟遲aámz12 ()·-]{0,12}"
}

fn typed() -> impl Strategy<Value = String> {
    "[明珠单區mzhusanglo12 -]{1,6}"
}

proptest! {
    #[test]
    fn each_mark_is_found_by_what_was_typed(text in name(), typed in typed()) {
        for word in words(&typed) {
            for mark in marks(&HAN, std::slice::from_ref(&word), &text, true) {
                let marked = fold(&HAN, &text[mark.clone()]);
                // A family name is one only where a text starts.
                let found = word.find(&HAN, &marked, 0);
                prop_assert!(found.is_some(), "{word:?} in {text:?} marks {marked:?}");
            }
            prop_assert_eq!(finds(std::slice::from_ref(&word), &text, true), !marks(&HAN, std::slice::from_ref(&word), &text, true).is_empty());
        }
    }

    #[test]
    fn marks_are_in_order_and_apart(text in name(), typed in typed()) {
        let marks = marks(&HAN, &words(&typed), &text, true);
        prop_assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(marks.iter().all(|mark| mark.start < mark.end && text.is_char_boundary(mark.start) && text.is_char_boundary(mark.end)));
    }

    #[test]
    fn what_a_longer_word_finds_its_beginning_found(text in name(), typed in "[明珠单區mzhusanglovy0-9+-]{2,14}") {
        let folded = fold(&HAN, &text);
        let ends: Vec<usize> = typed.char_indices().map(|(at, _)| at).skip(1).collect();
        let longer = Word::new(&fold(&HAN, &typed));
        for end in ends {
            let before = Word::new(&fold(&HAN, &typed[..end]));
            let Some((before, word)) = before.zip(longer.as_ref()).filter(|(before, word)| word.narrows(before)) else { continue };
            let start = |word: &Word| word.class_at_start(&HAN, &folded);
            prop_assert!(start(word).is_none() || start(&before).is_some(), "{word:?} starts {folded:?}, {before:?} does not");
            if word.find(&HAN, &folded, 0).is_some() {
                prop_assert!(before.find(&HAN, &folded, 0).is_some(), "{word:?} finds {folded:?}, {before:?} does not");
            }
        }
    }

    #[test]
    fn a_title_has_a_word_as_well_as_at_the_best_place(text in name(), typed in typed()) {
        let title = fold(&HAN, &text);
        for word in words(&typed) {
            let (mut best, mut from) = (None, 0);
            while let Some(range) = word.find(&HAN, &title, from) {
                let before = title[..range.start].chars().next_back();
                let is_ascii = title.as_bytes()[range.start] < 0x80;
                let class = match before {
                    None if range.end == title.len() => Class::Exact,
                    None => Class::Prefix,
                    Some(c) if !c.is_alphanumeric() || !c.is_ascii() && is_ascii => Class::TitleWord,
                    Some(_) => Class::Title,
                };
                best = Some(best.map_or(class, |best: Class| best.min(class)));
                from = range.start + title[range.start..].chars().next().map_or(1, char::len_utf8);
            }
            prop_assert_eq!(word.class_in_title(&HAN, &title), best, "{:?} in {:?}", word, title);
            let (first, any) = Initials::of(&HAN, &title);
            prop_assert!(best.is_none() || any.may_have(&word), "{word:?} in {title:?}");
            prop_assert!(word.class_at_start(&HAN, &title).is_none() || first.may_have(&word), "{word:?} at the start of {title:?}");
        }
    }

    #[test]
    fn any_part_of_a_text_finds_it(text in "\\PC{1,30}", seed in any::<u64>()) {
        let folded = fold(&HAN, &text);
        let places: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
        let mut random = Random::new(seed);
        let (a, b) = (random.below(places.len()), random.below(places.len()));
        let part = &folded[places[a.min(b)]..places[a.max(b)]];
        for word in part.split(' ').filter_map(Word::new) {
            prop_assert!(word.find(&HAN, &folded, 0).is_some(), "{word:?} in {folded:?}");
        }
    }
}
