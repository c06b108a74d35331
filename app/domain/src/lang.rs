//! The three languages of the interface.

use serde::{Deserialize, Serialize};

/// A language of the interface; `tag` is its BCP 47 tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "en")]
    En,
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "zh-TW")]
    ZhTw,
}

impl Lang {
    pub const ALL: [Lang; 3] = [Lang::En, Lang::ZhCn, Lang::ZhTw];

    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::ZhCn => "zh-CN",
            Lang::ZhTw => "zh-TW",
        }
    }

    /// The best language for a browser's tag such as `zh-Hant-HK` or `fr`; English when nothing is closer.
    pub fn closest(tag: &str) -> Lang {
        let tag = tag.to_ascii_lowercase();
        let is = |part: &str| tag.split(['-', '_']).any(|found| found == part);
        match () {
            () if !is("zh") => Lang::En,
            () if is("hant") || is("tw") || is("hk") || is("mo") => Lang::ZhTw,
            () => Lang::ZhCn,
        }
    }
}

/// A text in the three languages, in the order of [`Lang::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label(pub [std::borrow::Cow<'static, str>; 3]);

impl Label {
    pub const fn new(texts: [&'static str; 3]) -> Label {
        use std::borrow::Cow::Borrowed;
        Label([Borrowed(texts[0]), Borrowed(texts[1]), Borrowed(texts[2])])
    }

    pub fn get(&self, lang: Lang) -> &str {
        &self.0[lang as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_tags_find_their_language() {
        for (tag, lang) in [
            ("en-GB", Lang::En),
            ("fr", Lang::En),
            ("zh", Lang::ZhCn),
            ("zh-Hans-SG", Lang::ZhCn),
            ("zh-HK", Lang::ZhTw),
            ("zh_TW", Lang::ZhTw),
        ] {
            assert_eq!(Lang::closest(tag), lang, "{tag}");
        }
    }
}
