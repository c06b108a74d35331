//! Family names that sound otherwise than their characters do elsewhere.

/// Simplified characters and their reading as a family name; those of two characters first.
const SURNAMES: [(&str, &str); 54] = [
    ("尉迟", "yu"), ("万俟", "mo"), ("澹台", "tan"), ("单于", "chan"), ("长孙", "zhang"), ("宰父", "zai"), ("闾丘", "lv"),
    ("单", "shan"), ("曾", "zeng"), ("仇", "qiu"), ("区", "ou"), ("查", "zha"), ("朴", "piao"), ("任", "ren"), ("解", "xie"),
    ("盖", "ge"), ("缪", "miao"), ("覃", "qin"), ("翟", "zhai"), ("冼", "xian"), ("洗", "xian"), ("乐", "yue"), ("种", "chong"),
    ("员", "yun"), ("祭", "zhai"), ("牟", "mu"), ("宓", "fu"), ("逄", "pang"), ("召", "shao"), ("折", "she"), ("繁", "po"),
    ("黑", "he"), ("秘", "bi"), ("句", "gou"), ("葛", "ge"), ("燕", "yan"), ("郇", "xun"), ("隗", "kui"), ("谌", "chen"),
    ("车", "che"), ("石", "shi"), ("柏", "bai"), ("藏", "zang"), ("臧", "zang"), ("薄", "bo"), ("能", "nai"), ("佴", "nai"),
    ("晟", "cheng"), ("纪", "ji"), ("华", "hua"), ("应", "ying"), ("宁", "ning"), ("幺", "yao"), ("么", "yao"),
];

/// How the first character of a folded name sounds as a family name, where that differs from its other readings.
pub(super) fn surname(name: &str) -> Option<&'static str> {
    // Sorted so that a name of two characters is found before the one of its first character.
    SURNAMES.iter().find(|(characters, _)| name.starts_with(characters)).map(|(_, sound)| *sound)
}
