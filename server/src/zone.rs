//! The company's time zone as data: devices carry no zone database.

use crate::now::DAY_MS;
use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// From when on the offset from UTC is what: (UTC milliseconds, seconds east). The first entry is where the list begins:
/// two years before `now_ms`; it ends three years after. An unknown zone is UTC.
pub fn transitions(zone: &str, now_ms: i64) -> Vec<(i64, i32)> {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let (start, end) = (now_ms - 2 * 366 * DAY_MS, now_ms + 3 * 366 * DAY_MS);
    let mut list = vec![(start, offset_s(zone, start))];
    let mut day = start;
    while day < end {
        let next = day + DAY_MS;
        // No zone ever changed twice within a day.
        if offset_s(zone, next) != offset_s(zone, day) {
            let at = change_between(zone, day, next);
            list.push((at, offset_s(zone, at)));
        }
        day = next;
    }
    list
}

/// Whether there is such a zone.
pub fn is_known(zone: &str) -> bool {
    zone.parse::<Tz>().is_ok()
}

fn change_between(zone: Tz, mut before: i64, mut after: i64) -> i64 {
    let old = offset_s(zone, before);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset_s(zone, middle) == old { before = middle } else { after = middle }
    }
    after
}

fn offset_s(zone: Tz, ms: i64) -> i32 {
    let at = DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default();
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T00:00:00Z.
    const NOW: i64 = 1_795_219_200_000;

    #[test]
    fn shanghai_never_changes_and_nonsense_is_utc() {
        assert_eq!(transitions("Asia/Shanghai", NOW).iter().map(|t| t.1).collect::<Vec<_>>(), [28_800]);
        assert_eq!(transitions("Mars/Base", NOW).iter().map(|t| t.1).collect::<Vec<_>>(), [0]);
        assert!(is_known("Asia/Taipei") && !is_known("Mars/Base"));
    }

    #[test]
    fn new_york_changes_twice_a_year_at_the_minute() {
        let list = transitions("America/New_York", NOW);
        assert_eq!(list.len(), 11, "five years");
        // 2026-11-01T06:00:00Z: two in the morning, summer time.
        assert!(list.contains(&(1_793_512_800_000, -18_000)), "{list:?}");
        assert!(list.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
    }
}
