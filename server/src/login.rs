//! What people type to say who they are.

use domain::fold::half_width;

/// An e-mail address or a mobile number, in the form the database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// Lower-cased.
    Email(String),
    /// Digits, with a leading + and country code where it is known.
    Mobile(String),
}

impl Login {
    /// Reads what was typed; none where it is neither an address nor a number.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.chars().count() > 254 || typed.contains('\0') {
            return None;
        }
        if typed.contains(['@', '＠']) {
            return Some(Login::Email(typed.chars().map(half_width).collect::<String>().to_lowercase()));
        }
        normalise_mobile(typed).map(Login::Mobile)
    }

    /// The text of either form.
    pub fn as_str(&self) -> &str {
        match self {
            Login::Email(text) | Login::Mobile(text) => text,
        }
    }
}

/// A mobile number as digits. Numbers of mainland China (11 digits, 13-19) and Taiwan (09 and 8 digits) typed without
/// their country get it, so that both ways of typing one's own number sign in.
pub fn normalise_mobile(typed: &str) -> Option<String> {
    let mut number = String::new();
    for c in typed.trim().chars().map(half_width) {
        match c {
            '+' if number.is_empty() => number.push('+'),
            c if c.is_ascii_digit() => number.push(c),
            c if c.is_whitespace() || "-‐–—.()/".contains(c) => {}
            _ => return None,
        }
    }
    let bytes = number.as_bytes();
    let number = match bytes {
        [b'0', b'0', ..] => format!("+{}", &number[2..]),
        [b'1', b'3'..=b'9', ..] if bytes.len() == 11 => format!("+86{number}"),
        [b'0', b'9', ..] if bytes.len() == 10 => format!("+886{}", &number[1..]),
        _ => number,
    };
    let digits = number.trim_start_matches('+').len();
    (5..=15).contains(&digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_typed_many_ways_is_one_login() {
        for typed in [
            "13800138000",
            "138 0013 8000",
            "+86 138-0013-8000",
            "0086 13800138000",
            "１３８００１３８０００",
            "（+86）13800138000",
        ] {
            assert_eq!(Login::parse(typed), Some(Login::Mobile("+8613800138000".into())), "{typed}");
        }
        for typed in ["0912-345-678", "+886 912 345 678"] {
            assert_eq!(Login::parse(typed), Some(Login::Mobile("+886912345678".into())), "{typed}");
        }
    }

    #[test]
    fn addresses_are_lower_cased_and_nonsense_is_nobody() {
        assert_eq!(Login::parse(" Li.Wei@Example.CN "), Some(Login::Email("li.wei@example.cn".into())));
        for typed in ["", "wei", "12", "1234567890123456", "12+34567", "a\0@b"] {
            assert_eq!(Login::parse(typed), None, "{typed}");
        }
    }
}
