//! In which order what was found is shown.

use crate::{Id, types::PlaceValue};

/// How well a record fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// What was typed is its title.
    Exact,
    /// Its title starts with it.
    Prefix,
    /// At the start of a word of its title.
    TitleWord,
    /// Within its title.
    Title,
    /// In another of its texts.
    Elsewhere,
    /// With the help of a record it belongs to, or that belongs to it.
    Through,
}

impl Class {
    /// All, the best first.
    pub const ALL: [Class; 6] = [Class::Exact, Class::Prefix, Class::TitleWord, Class::Title, Class::Elsewhere, Class::Through];

    /// Of several words: the worst, but that words behind one at the start are where they must be.
    pub fn of_words(classes: impl Iterator<Item = Class> + Clone) -> Option<Class> {
        let worst = classes.clone().max()?;
        let best = classes.clone().min()?;
        Some(match (best, worst) {
            (Class::Exact | Class::Prefix, Class::TitleWord | Class::Title | Class::Prefix) => Class::Prefix,
            // Only one word can be a whole title.
            (Class::Exact, Class::Exact) if classes.count() > 1 => Class::Prefix,
            (_, worst) => worst,
        })
    }
}

/// What makes one record likelier than another: given, never read from anywhere.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// What the user opened last, the latest first.
    pub recents: Vec<Id>,
    pub here: Option<PlaceValue>,
}

/// The place of a record among others: the smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(u64);

impl Rank {
    /// `mine`: the user owns it. `place`: latitude and longitude. `title`: the length of its title, of which the shortest is closest to what was typed.
    pub fn new(
        class: Class,
        circumstances: &Circumstances,
        record: Id,
        mine: bool,
        place: Option<(f64, f64)>,
        title: usize,
    ) -> Rank {
        let recents = &circumstances.recents;
        let recent = recents.iter().take(254).position(|id| *id == record).unwrap_or(255) as u64;
        // In steps of a hundred metres, up to a distance at which nobody drives there.
        let near = match (&circumstances.here, place) {
            (Some(here), Some((lat, lng))) => {
                (here.distance(&PlaceValue { lat, lng, accuracy: None }) / 100.0).min(65_534.0) as u64
            }
            _ => 65_535,
        };
        Rank((class as u64) << 48 | recent << 40 | u64::from(!mine) << 32 | near << 16 | title.min(65_535) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::id;

    #[test]
    fn exact_then_prefix_then_recent_then_mine_then_near_then_short() {
        let here = PlaceValue { lat: 31.2, lng: 121.4, accuracy: None };
        let circumstances = Circumstances { recents: vec![id(1), id(2)], here: Some(here) };
        let rank =
            |class, record, mine, lng: f64, title| Rank::new(class, &circumstances, id(record), mine, Some((31.2, lng)), title);
        let ordered = [
            rank(Class::Exact, 9, false, 0.0, 90),
            rank(Class::Prefix, 9, true, 121.4, 1),
            rank(Class::Title, 1, false, 0.0, 90),
            rank(Class::Title, 2, true, 121.4, 1),
            rank(Class::Title, 3, true, 0.0, 90),
            rank(Class::Title, 3, false, 121.4, 90),
            rank(Class::Title, 3, false, 121.5, 1),
            rank(Class::Title, 3, false, 121.5, 2),
            rank(Class::Elsewhere, 1, true, 121.4, 1),
        ];
        assert!(ordered.is_sorted() && ordered.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn several_words_are_as_good_as_the_worst_but_follow_the_first() {
        use Class::*;
        for (classes, together) in [
            (&[Exact][..], Exact),
            (&[Prefix, TitleWord], Prefix),
            (&[Title, Prefix], Prefix),
            (&[TitleWord, Title], Title),
            (&[Prefix, Elsewhere], Elsewhere),
        ] {
            assert_eq!(Class::of_words(classes.iter().copied()), Some(together));
        }
        assert_eq!(Class::of_words([].into_iter()), None);
    }
}
