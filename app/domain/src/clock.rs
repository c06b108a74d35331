//! The hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) that orders edits of different devices.

use crate::Id;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A batch may be this far ahead of the server's time, in milliseconds, before it is shifted back as a whole.
pub const TOLERANCE_MS: i64 = 120_000;

/// When an edit was made: milliseconds UTC, a counter for edits within one millisecond, and the device as tie-break.
///
/// Its text is fixed-width hexadecimal `mmmmmmmmmmmm-cccc-<device>`, so that text order is clock order, also in SQL.
/// That text is stored and sent: do not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    pub ms: i64,
    pub counter: u16,
    pub device: Id,
}

impl Clock {
    /// Earlier than every clock a device mints.
    pub const ZERO: Clock = Clock { ms: 0, counter: 0, device: Id::nil() };

    /// The clock of the next edit on `device`: after `self` (the last one minted or seen) and not before `now_ms`.
    pub fn next(self, now_ms: i64, device: Id) -> Clock {
        if now_ms > self.ms {
            return Clock { ms: now_ms, counter: 0, device };
        }
        match self.counter.checked_add(1) {
            Some(counter) => Clock { ms: self.ms, counter, device },
            None => Clock { ms: self.ms + 1, counter: 0, device },
        }
    }
}

/// Where the server puts the clocks of a batch that are ahead of its own, and the device that made them too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shift {
    /// What is not beyond this stays.
    pub limit_ms: i64,
    /// By how many milliseconds, each from a millisecond on, in their order. Order among clocks moved alike is kept.
    pub by: Vec<(i64, i64)>,
    /// What was taken before stays where it was put then: from milliseconds and counter to milliseconds.
    pub taken: BTreeMap<(i64, u16), i64>,
}

impl Shift {
    pub fn is_none(&self) -> bool {
        self.by.is_empty() && self.taken.is_empty()
    }

    pub fn place(&self, clock: Clock) -> Clock {
        let by = || self.by.iter().rev().find(|(from, _)| *from <= clock.ms).or(self.by.first()).map(|(_, by)| clock.ms + by);
        let shifted = || by().filter(|_| clock.ms > self.limit_ms);
        match self.taken.get(&(clock.ms, clock.counter)).copied().or_else(shifted) {
            Some(ms) => Clock { ms: ms.max(0), ..clock },
            None => clock,
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}-{:04x}-{}", self.ms.max(0), self.counter, self.device.simple())
    }
}

impl FromStr for Clock {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a clock is 12 hex digits, '-', 4 hex digits, '-', 32 hex digits";
        let mut parts = text.splitn(3, '-');
        let (Some(ms), Some(counter), Some(device)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(WRONG);
        };
        if ms.len() != 12 || counter.len() != 4 || device.len() != 32 {
            return Err(WRONG);
        }
        Ok(Clock {
            ms: i64::from_str_radix(ms, 16).map_err(|_| WRONG)?,
            counter: u16::from_str_radix(counter, 16).map_err(|_| WRONG)?,
            device: Id::try_parse(device).map_err(|_| WRONG)?,
        })
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock() -> impl Strategy<Value = Clock> {
        (0..4i64, 0..3u16, 0..3u128).prop_map(|(ms, counter, device)| Clock { ms, counter, device: Id::from_u128(device) })
    }

    proptest! {
        #[test]
        fn text_order_is_clock_order(a in clock(), b in clock()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(a.to_string().parse::<Clock>().unwrap(), a);
        }

        #[test]
        fn next_is_always_later(last in clock(), now in 0..6i64) {
            prop_assert!(last.next(now, Id::nil())> last || last.device > Id::nil() && last.next(now, last.device) > last);
        }
    }

    #[test]
    fn a_full_counter_moves_to_the_next_millisecond() {
        let last = Clock { ms: 5, counter: u16::MAX, device: Id::nil() };
        assert_eq!(last.next(1, Id::nil()), Clock { ms: 6, counter: 0, device: Id::nil() });
    }

    #[test]
    fn the_stored_bytes_stay_as_they_are() {
        let clock = Clock { ms: 1_795_000_000_000, counter: 2, device: Id::from_u128(0xabc) };
        assert_eq!(clock.to_string(), "01a1ee565e00-0002-00000000000000000000000000000abc");
    }
}
