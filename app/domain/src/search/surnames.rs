//! Family names that sound otherwise than their characters do elsewhere.

/// A simplified character, what follows it in the name, and the reading that it has then; names of two characters before those of
/// one.
const SURNAMES: [(char, &str, &str); 26] = [
    ('尉', "迟", "yu"),
    ('万', "俟", "mo"),
    ('单', "于", "chan"),
    ('单', "", "shan"),
    ('曾', "", "zeng"),
    ('仇', "", "qiu"),
    ('区', "", "ou"),
    ('查', "", "zha"),
    ('盖', "", "ge"),
    ('缪', "", "miao"),
    ('覃', "", "qin"),
    ('翟', "", "zhai"),
    ('洗', "", "xian"),
    ('祭', "", "zhai"),
    ('牟', "", "mu"),
    ('宓', "", "fu"),
    ('召', "", "shao"),
    ('繁', "", "po"),
    ('黑', "", "he"),
    ('贾', "", "jia"),
    ('么', "", "yao"),
    ('任', "", "ren"),
    ('冼', "", "xian"),
    ('谌', "", "chen"),
    ('逄', "", "pang"),
    ('佴', "", "nai"),
];

/// How the first character of a folded name sounds as a family name, where that differs from its other readings.
pub(super) fn surname(name: &str) -> Option<&'static str> {
    let first = name.chars().next()?;
    let behind = &name[first.len_utf8()..];
    SURNAMES.iter().find(|(c, rest, _)| *c == first && behind.starts_with(rest)).map(|(.., sound)| *sound)
}
