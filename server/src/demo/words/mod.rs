//! What demo companies, people and notes are made of, per region.

mod english;
mod mainland;
mod notes;
mod taiwan;

pub use english::ENGLISH;
pub use mainland::MAINLAND;
pub use notes::{COMMENTS, Done, notes};
pub use taiwan::TAIWAN;

/// A region's vocabulary.
pub struct Words {
    pub cities: &'static [City],
    /// What a company is called, apart from its trade.
    pub brands: &'static [&'static str],
    pub trades: &'static [Trade],
    /// With the party type that each goes with.
    pub suffixes: &'static [(&'static str, &'static str)],
    pub family_names: &'static [(&'static str, &'static str)],
    pub given_names: &'static [(&'static str, &'static str)],
    /// (title, decision role).
    pub titles: &'static [(&'static str, &'static str)],
    pub sources: &'static [&'static str],
    pub tags: &'static [&'static str],
    pub competitors: &'static [&'static str],
    pub lost_reasons: &'static [&'static str],
    pub access_notes: &'static [&'static str],
    pub account_notes: &'static [&'static str],
    pub preferences: &'static [&'static str],
}

/// A city with its region and centre (WGS-84).
pub struct City {
    pub country: &'static str,
    pub region: &'static str,
    pub name: &'static str,
    /// Districts, each with a street in it.
    pub quarters: &'static [(&'static str, &'static str)],
    pub postcode: &'static str,
    pub dialling: &'static str,
    pub lat: f64,
    pub lng: f64,
}

/// A line of business: what it adds to a company's name, and the industry.
pub struct Trade {
    pub word: &'static str,
    pub industry: &'static str,
}
