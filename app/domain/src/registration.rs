//! What a company's registration number looks like and whether its check digit fits: reason to warn, never to refuse.

/// Whose numbers have this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// 统一社会信用代码, 18 characters, GB 32100-2015.
    China,
    /// 統一編號, 8 digits.
    Taiwan,
    /// A VAT number of a member state: its two letters and what that state uses. The shape only.
    EuropeanUnion,
    /// An Employer Identification Number, `12-3456789`. The shape only.
    UnitedStates,
}

/// What can be said of a registration number without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is well formed.
    Fits(Scheme),
    /// It has the length and characters of the scheme, but its check digit says that something is mistyped.
    Mistyped(Scheme),
    /// It has the shape of no scheme known here.
    Unknown,
}

/// Looks at a number as typed; `None` when nothing is typed.
pub fn inspect(number: &str) -> Option<Finding> {
    let typed: String =
        number.chars().map(crate::fold::half_width).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if typed.is_empty() {
        return None;
    }
    if is_ein(&typed) {
        return Some(Finding::Fits(Scheme::UnitedStates));
    }
    let code: String = typed.chars().filter(|c| !matches!(c, '-' | '.' | '/')).collect();
    let judged = |scheme, fits| if fits { Finding::Fits(scheme) } else { Finding::Mistyped(scheme) };
    Some(match code.len() {
        18 if code.bytes().all(|byte| china_value(byte).is_some()) => judged(Scheme::China, china_fits(&code)),
        8 if code.bytes().all(|byte| byte.is_ascii_digit()) => judged(Scheme::Taiwan, taiwan_fits(&code)),
        _ if is_vat(&code) => Finding::Fits(Scheme::EuropeanUnion),
        _ => Finding::Unknown,
    })
}

/// The characters of GB 32100-2015 in the order of their values: no I, O, S, V, Z.
const CHINA_ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn china_value(byte: u8) -> Option<u32> {
    CHINA_ALPHABET.iter().position(|known| *known == byte).map(|at| at as u32)
}

/// The last character makes the sum of value × 3^position divisible by 31.
fn china_fits(code: &str) -> bool {
    let mut weight = 1;
    let mut sum = 0;
    let mut values = code.bytes().filter_map(china_value);
    for value in values.by_ref().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.next() == Some((31 - sum % 31) % 31)
}

/// Digit sums of digit × weight add up to a multiple of 5 (of 10 until 2023, which is stricter); a 7 in the seventh
/// place, whose product has the digit sum 10, counts as 1 or 0.
fn taiwan_fits(code: &str) -> bool {
    const WEIGHTS: [u32; 8] = [1, 2, 1, 2, 1, 2, 4, 1];
    let products = code.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    sum.is_multiple_of(5) || (code.as_bytes().get(6) == Some(&b'7') && (sum + 1).is_multiple_of(5))
}

fn is_ein(typed: &str) -> bool {
    typed.split_once('-').is_some_and(|(prefix, rest)| {
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        digits(prefix, 2) && digits(rest, 7)
    })
}

/// Country letters of VAT numbers (Greece is EL, Northern Ireland XI), how many characters follow, and whether letters may be among them.
const VAT: [(&str, std::ops::RangeInclusive<usize>, bool); 28] = [
    ("AT", 9..=9, true),
    ("BE", 10..=10, false),
    ("BG", 9..=10, false),
    ("CY", 9..=9, true),
    ("CZ", 8..=10, false),
    ("DE", 9..=9, false),
    ("DK", 8..=8, false),
    ("EE", 9..=9, false),
    ("EL", 9..=9, false),
    ("ES", 9..=9, true),
    ("FI", 8..=8, false),
    ("FR", 11..=11, true),
    ("HR", 11..=11, false),
    ("HU", 8..=8, false),
    ("IE", 8..=9, true),
    ("IT", 11..=11, false),
    ("LT", 9..=12, false),
    ("LU", 8..=8, false),
    ("LV", 11..=11, false),
    ("MT", 8..=8, false),
    ("NL", 12..=12, true),
    ("PL", 10..=10, false),
    ("PT", 9..=9, false),
    ("RO", 2..=10, false),
    ("SE", 12..=12, false),
    ("SI", 8..=8, false),
    ("SK", 10..=10, false),
    ("XI", 9..=12, false),
];

fn is_vat(code: &str) -> bool {
    VAT.iter().any(|(country, length, letters)| {
        code.strip_prefix(country).is_some_and(|rest| {
            let fits = |byte: u8| byte.is_ascii_digit() || (*letters && byte.is_ascii_uppercase());
            length.contains(&rest.len()) && rest.bytes().all(fits) && rest.bytes().any(|byte| byte.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Finding::*, Scheme::*, *};

    #[test]
    fn chinese_codes_are_checked() {
        assert_eq!(inspect("91350100M000100Y43"), Some(Fits(China)));
        assert_eq!(inspect(" 91350100m000100y43 "), Some(Fits(China)));
        assert_eq!(inspect("91350100M000100Y44"), Some(Mistyped(China)));
        assert_eq!(inspect("91350100M000100O43"), Some(Unknown), "the alphabet has no O");
    }

    #[test]
    fn taiwanese_numbers_are_checked() {
        assert_eq!(inspect("22099131"), Some(Fits(Taiwan)));
        assert_eq!(inspect("04595257"), Some(Fits(Taiwan)));
        assert_eq!(inspect("10458575"), Some(Fits(Taiwan)), "a 7 in the seventh place");
        assert_eq!(inspect("22099132"), Some(Mistyped(Taiwan)));
    }

    #[test]
    fn european_and_american_shapes_are_known() {
        assert_eq!(inspect("DE123456789"), Some(Fits(EuropeanUnion)));
        assert_eq!(inspect("FR XX 123 456 789"), Some(Fits(EuropeanUnion)));
        assert_eq!(inspect("NL123456789B01"), Some(Fits(EuropeanUnion)));
        assert_eq!(inspect("DE12345678"), Some(Unknown));
        assert_eq!(inspect("12-3456789"), Some(Fits(UnitedStates)));
    }

    #[test]
    fn nothing_typed_says_nothing_and_nonsense_breaks_nothing() {
        assert_eq!(inspect("  "), None);
        assert_eq!(inspect("统一编号"), Some(Unknown));
        assert_eq!(inspect("91350100M000100Y4"), Some(Unknown));
    }
}
