//! The words of the interface, from one flat catalogue per language, switched at once without a reload.

use crate::state::use_rounds;
use domain::{Lang, json};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::OnceLock};

/// The text of `key` in the language chosen now; reactive, so it goes straight into a view: `{t("today.title")}`.
pub fn t(key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    let lang = use_rounds().lang();
    move || tr(lang.get(), key)
}

/// The text of `key` with `{name}` replaced by its value. Reactive when called in a reactive context.
pub fn t_with(key: &str, values: &[(&str, &str)]) -> String {
    filled(&tr(use_rounds().lang().get(), key), values)
}

/// A counted text: `key.one` or `key.other`, with `{n}` replaced by the number. Reactive like [`t_with`].
pub fn tn(key: &str, n: u64) -> String {
    counted(use_rounds().lang().get(), key, n, &crate::format::number(n as i64))
}

/// The text of `key` in `lang`: for where no owner is at hand, such as after an await.
pub fn tr(lang: Lang, key: &str) -> String {
    let found = |lang: Lang| catalogue(lang)?.get(key).cloned();
    found(lang).or_else(|| found(Lang::En)).unwrap_or_default()
}

/// As [`tn`], for where [`tr`] is; the number in plain digits.
pub fn trn(lang: Lang, key: &str, n: u64) -> String {
    counted(lang, key, n, &n.to_string())
}

fn counted(lang: Lang, key: &str, n: u64, number: &str) -> String {
    filled(&tr(lang, &plural(key, n)), &[("n", number)])
}

/// Replaces each `{name}` in `text`.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn plural(key: &str, n: u64) -> String {
    format!("{key}.{}", if n == 1 { "one" } else { "other" })
}

type Catalogue = BTreeMap<String, String>;

static CATALOGUES: [OnceLock<Catalogue>; 3] = [const { OnceLock::new() }; 3];

/// Takes in the words of a language, a JSON object of `locales/`. Says whether they were readable.
pub fn learn(lang: Lang, words: &str) -> bool {
    json::parse(words).is_some_and(|words| !CATALOGUES[lang as usize].get_or_init(|| words).is_empty())
}

/// Whether the words of a language are here.
pub fn knows(lang: Lang) -> bool {
    catalogue(lang).is_some()
}

/// In the browser boot.js fetches one, so that nobody downloads the languages of others with the wasm.
#[cfg(target_arch = "wasm32")]
fn catalogue(lang: Lang) -> Option<&'static Catalogue> {
    CATALOGUES[lang as usize].get()
}

#[cfg(not(target_arch = "wasm32"))]
fn catalogue(lang: Lang) -> Option<&'static Catalogue> {
    let words = match lang {
        Lang::En => include_str!("../locales/en.json"),
        Lang::ZhCn => include_str!("../locales/zh-CN.json"),
        Lang::ZhTw => include_str!("../locales/zh-TW.json"),
    };
    learn(lang, words);
    CATALOGUES[lang as usize].get()
}

/// The crate's own sources, for tests that hold them to the catalogues and the icons.
#[cfg(test)]
pub mod sources {
    use std::path::Path;

    /// Path and text of every file under `src`.
    pub fn all() -> Vec<(String, String)> {
        let mut found = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found
    }

    fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => collect(&path, found),
                false => found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap())),
            }
        }
    }

    /// The literals that follow `call`, which ends with their opening quote.
    pub fn arguments(source: &str, call: &str) -> Vec<String> {
        let own_word = |at: usize| !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let literal = |at: usize| source[at + call.len()..].split('"').next().unwrap_or_default().to_owned();
        source
            .match_indices(call)
            .filter(|(at, _)| own_word(*at))
            .map(|(at, _)| literal(at))
            .filter(|name| !name.is_empty() && !name.contains(['\\', '…']))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(lang: Lang) -> BTreeSet<&'static str> {
        catalogue(lang).unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_three_catalogues_have_the_same_keys() {
        let english = keys(Lang::En);
        assert!(!english.is_empty());
        for lang in Lang::ALL {
            let found = keys(lang);
            assert_eq!(english.symmetric_difference(&found).collect::<Vec<_>>(), Vec::<&&str>::new(), "{}", lang.tag());
        }
    }

    #[test]
    fn every_key_in_the_sources_has_a_text() {
        let known = keys(Lang::En);
        for (path, source) in sources::all() {
            // Whatever looks like a key in a call of `tr`, wherever the language comes from.
            let of_tr = source
                .match_indices("tr(")
                .filter_map(|(at, _)| source[at..].split('"').nth(1))
                .filter(|key| is_key(key))
                .map(str::to_owned);
            for key in ["t(\"", "t_with(\""].iter().flat_map(|call| sources::arguments(&source, call)).chain(of_tr) {
                assert!(known.contains(key.as_str()), "{path}: no text for {key}");
            }
            for key in sources::arguments(&source, "tn(\"") {
                for n in [1, 2] {
                    assert!(known.contains(plural(&key, n).as_str()), "{path}: no text for {}", plural(&key, n));
                }
            }
        }
    }

    fn is_key(text: &str) -> bool {
        text.split('.').count() > 1
            && text
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
    }

    #[test]
    fn every_error_of_the_store_has_a_sentence() {
        use store::{Refusal, StoreError as E};
        let text = String::new;
        for error in [
            E::Refused(Refusal(text())),
            E::Quota,
            E::Aborted(text()),
            E::Blocked,
            E::Lost,
            E::Evicted,
            E::NewerFormat { found: 2, known: 1 },
            E::Unavailable(text()),
        ] {
            assert!(!tr(Lang::En, error.code()).is_empty(), "{}", error.code());
        }
    }

    #[test]
    fn placeholders_are_the_same_in_every_language() {
        let names = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
        };
        for key in keys(Lang::En) {
            let english = names(&tr(Lang::En, key));
            for lang in [Lang::ZhCn, Lang::ZhTw] {
                assert_eq!(names(&tr(lang, key)), english, "{key} in {}", lang.tag());
            }
        }
    }

    #[test]
    fn values_fill_their_places() {
        assert_eq!(filled("{n} of {total}", &[("n", "3"), ("total", "7")]), "3 of 7");
    }
}
