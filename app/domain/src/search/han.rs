//! The table of Chinese characters: what each is searched as, and how it sounds. Made by the crate `han`.

use std::ops::RangeInclusive;

/// Which simplified character a traditional one is searched as, and how characters sound. The default knows none.
///
/// Bytes, numbers little endian: `HAN1`; the length of a text and the text, the readings that characters have, as in
/// `chang/zhang`, one entry per space; then three lists of numbers: for each character from U+4E00 the entry of its readings;
/// for each character with a simplified form how far it is from the one before (from U+3400); these simplified forms. A list
/// is its length, the low bytes of all its numbers, then their high bytes.
#[derive(Debug, Default)]
pub struct Han {
    sounds: Vec<Sounds>,
    /// For each character of [`READ`] its place in `sounds`.
    numbers: Vec<u16>,
    /// For each character of [`CHARACTERS`] its simplified form, 0 for itself.
    simplified: Vec<u16>,
}

#[derive(Debug)]
struct Sounds {
    readings: Box<[Box<str>]>,
    /// The letters that the readings start with, from the lowest bit.
    letters: u32,
}

const CHARACTERS: RangeInclusive<u32> = 0x3400..=0x9fff;
const READ: RangeInclusive<u32> = 0x4e00..=0x9fff;

impl Han {
    /// Reads the table; `None` when it is not one.
    pub fn read(bytes: &[u8]) -> Option<Han> {
        let mut bytes = bytes.strip_prefix(b"HAN1")?;
        let length = number(&mut bytes)?;
        let (text, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        let text = std::str::from_utf8(text).ok()?;
        let sounds = text.split(' ').map(Sounds::read).collect();
        let (numbers, steps, forms) = (numbers(&mut bytes)?, numbers(&mut bytes)?, numbers(&mut bytes)?);
        let mut simplified = vec![0; CHARACTERS.count()];
        let mut at = 0_usize;
        for (step, form) in steps.iter().zip(forms) {
            at += usize::from(*step);
            *simplified.get_mut(at)? = form;
        }
        Some(Han { sounds, numbers, simplified })
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// What a character is searched as.
    pub fn simplified(&self, c: char) -> char {
        let at = (c as u32).wrapping_sub(*CHARACTERS.start()) as usize;
        match self.simplified.get(at) {
            Some(0) | None => c,
            Some(form) => char::from_u32(u32::from(*form)).unwrap_or(c),
        }
    }

    /// How a simplified character sounds, the usual reading first; ü is written v.
    pub fn sounds(&self, c: char) -> impl Iterator<Item = &str> {
        self.of(c).into_iter().flat_map(|sounds| &sounds.readings).map(|sound| &**sound)
    }

    /// Whether a reading of the character starts with this small letter.
    pub fn starts_with(&self, c: char, letter: u8) -> bool {
        self.initials(c) & bit(letter) != 0
    }

    /// The small letters that readings of the character start with, from the lowest bit.
    pub fn initials(&self, c: char) -> u32 {
        self.of(c).map_or(0, |sounds| sounds.letters)
    }

    fn of(&self, c: char) -> Option<&Sounds> {
        let number = self.numbers.get((c as u32).wrapping_sub(*READ.start()) as usize)?;
        self.sounds.get(usize::from(*number))
    }
}

fn bit(letter: u8) -> u32 {
    1_u32.checked_shl(u32::from(letter.wrapping_sub(b'a'))).unwrap_or_default()
}

impl Sounds {
    fn read(text: &str) -> Sounds {
        let readings: Box<[Box<str>]> = text.split('/').filter(|sound| !sound.is_empty()).map(Box::from).collect();
        let letters = readings.iter().filter_map(|sound| sound.bytes().next()).fold(0, |letters, first| letters | bit(first));
        Sounds { readings, letters }
    }
}

fn number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(usize::from(u16::from_le_bytes(*number)))
}

fn numbers(bytes: &mut &[u8]) -> Option<Vec<u16>> {
    let count = number(bytes)?;
    let (low, rest) = bytes.split_at_checked(count)?;
    let (high, rest) = rest.split_at_checked(count)?;
    *bytes = rest;
    Some(low.iter().zip(high).map(|(low, high)| u16::from_le_bytes([*low, *high])).collect())
}

/// The whole table, made once for all tests.
#[cfg(test)]
pub(super) static HAN: std::sync::LazyLock<Han> = std::sync::LazyLock::new(|| Han::read(&han::table()).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_refused_at_every_length() {
        let table = han::table();
        assert!(Han::read(&table).is_some());
        assert!((0..table.len()).step_by(997).all(|length| Han::read(&table[..length]).is_none()));
        assert!(Han::read(b"<!doctype html>").is_none());
    }

    #[test]
    fn characters_have_their_simplified_form_and_all_their_readings() {
        let han = &*HAN;
        let simplified = |text: &str| text.chars().map(|c| han.simplified(c)).collect::<String>();
        assert_eq!(simplified("單區樂長孫尉遲裡裏峯爲臺灣國際貿易"), "单区乐长孙尉迟里里峰为台湾国际贸易");
        assert_eq!(simplified("明珠 abc"), "明珠 abc");
        let sounds = |c: char| han.sounds(c).collect::<Vec<_>>().join(" ");
        assert_eq!(['明', '绿', '长', '重', 'a', '單'].map(sounds), ["ming", "lv lu", "zhang chang", "zhong chong", "", ""]);
        assert!(han.starts_with('长', b'c') && han.starts_with('长', b'z') && !han.starts_with('长', b'a'));
        assert!(!Han::default().starts_with('长', b'c') && Han::default().sounds('长').next().is_none());
    }

    #[test]
    fn a_simplified_form_is_its_own() {
        let han = &*HAN;
        for c in ('\u{3400}'..='\u{9fff}').map(|c| han.simplified(c)) {
            assert_eq!(han.simplified(c), c);
        }
    }
}
