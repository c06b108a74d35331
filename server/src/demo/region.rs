//! Where a demo account is, which decides the language of everything about it.

use super::words::{ENGLISH, MAINLAND, TAIWAN, Words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    Mainland,
    Taiwan,
    English,
}

impl Region {
    pub fn words(self) -> &'static Words {
        match self {
            Region::Mainland => &MAINLAND,
            Region::Taiwan => &TAIWAN,
            Region::English => &ENGLISH,
        }
    }
}
