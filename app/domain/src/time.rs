//! Days, times of day and zones, with the zone's transitions given as data: `domain` knows no time-zone database.

use crate::types::millionths;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 86_400_000;

/// A calendar day. Its text is ISO 8601, `2026-11-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads `2026-11-24`, `2026/11/24`, `2026.11.24`, `2026年11月24日`; years 1 to 9999.
    pub fn parse(text: &str) -> Option<Day> {
        let text = text.trim().trim_end_matches('日').replace(['/', '.', '年', '月'], "-");
        let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
        let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        (1..=9999).contains(&year).then(|| NaiveDate::from_ymd_opt(year as i32, month, day)).flatten().map(Day)
    }

    /// Reads the `2026-11-24` that a canonical date begins with: [`Day::parse`] for millions of values.
    pub fn of_canonical(text: &str) -> Option<Day> {
        let text = text.as_bytes().get(..10)?;
        let number =
            |part: &[u8]| part.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')));
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
        (text[4] == b'-' && text[7] == b'-' && year > 0)
            .then(|| NaiveDate::from_ymd_opt(year as i32, month, day))
            .flatten()
            .map(Day)
    }

    pub fn plus(self, days: i64) -> Day {
        Day(self.0.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(self.0))
    }

    /// Days from `other` to this one.
    pub fn since(self, other: Day) -> i64 {
        (self.0 - other.0).num_days()
    }

    /// 1 = Monday, as in ISO 8601.
    pub fn weekday(self) -> u32 {
        self.0.weekday().number_from_monday()
    }

    pub fn month_and_day(self) -> (u32, u32) {
        (self.0.month(), self.0.day())
    }

    /// The next anniversary on or after this day; 29 February falls on 28 February in other years.
    pub fn next_anniversary(self, month: u32, day: u32) -> Option<Day> {
        let in_year = |year: i32| {
            NaiveDate::from_ymd_opt(year, month, day)
                .or_else(|| NaiveDate::from_ymd_opt(year, month, day.checked_sub(1)?))
                .map(Day)
        };
        in_year(self.0.year()).filter(|found| *found >= self).or_else(|| in_year(self.0.year() + 1))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| D::Error::custom("expected a day such as 2026-11-24"))
    }
}

/// A stretch of the calendar. Weeks begin on Monday (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub const ALL: [Unit; 5] = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];

    /// The first day of the unit that `day` is in.
    pub fn start(self, day: Day) -> Day {
        let first = |month| NaiveDate::from_ymd_opt(day.0.year(), month, 1).map_or(day, Day);
        match self {
            Unit::Day => day,
            Unit::Week => day.plus(1 - i64::from(day.weekday())),
            Unit::Month => first(day.0.month()),
            Unit::Quarter => first((day.0.month() - 1) / 3 * 3 + 1),
            Unit::Year => first(1),
        }
    }

    /// The first day of the unit after the one that `day` is in.
    pub fn next(self, day: Day) -> Day {
        let longest = match self {
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
            Unit::Quarter => 92,
            Unit::Year => 366,
        };
        self.start(self.start(day).plus(longest))
    }

    /// The first day of the unit before the one that `day` is in.
    pub fn previous(self, day: Day) -> Day {
        self.start(self.start(day).plus(-1))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// Hour and minute of `9:30`, `09:30`, `0930`.
pub fn parse_clock(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let (hour, minute) =
        text.split_once([':', ':']).or_else(|| (text.len() == 4 && text.is_ascii()).then(|| text.split_at(2)))?;
    let (hour, minute) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// UTC milliseconds of `2026-11-24T09:30:00Z`, with or without seconds and fraction; without `Z` it is UTC too.
pub fn parse_instant(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches(['Z', 'z']);
    let (day, clock) = text.split_once(['T', ' '])?;
    let day = Day::parse(day)?;
    let (hour, minute) = parse_clock(clock)?;
    let rest = clock.trim().splitn(3, ':').nth(2).unwrap_or("0");
    let micros = millionths(rest).filter(|micros| (0..60_000_000).contains(micros))? as i64;
    Some(day.0.and_hms_opt(hour, minute, 0)?.and_utc().timestamp_millis() + (micros + 500) / 1000)
}

/// The ISO 8601 text of an instant, in UTC.
pub fn print_instant(ms: i64) -> String {
    let Some(at) = chrono::DateTime::from_timestamp_millis(ms) else { return String::new() };
    let time = at.time();
    use chrono::Timelike;
    format!("{}T{:02}:{:02}:{:02}.{:03}Z", Day(at.date_naive()), time.hour(), time.minute(), time.second(), ms.rem_euclid(1000))
}

/// A company's time zone: its name and from when each offset from UTC holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// IANA name, such as `Asia/Shanghai`.
    pub name: String,
    /// (UTC milliseconds, seconds east of UTC), ascending.
    pub transitions: Vec<(i64, i32)>,
}

impl Zone {
    fn offset_ms(&self, at_ms: i64) -> i64 {
        let after = self.transitions.partition_point(|(from, _)| *from <= at_ms);
        let offset = self.transitions.get(after.saturating_sub(1)).map_or(0, |(_, seconds)| *seconds);
        i64::from(offset) * 1000
    }

    fn local(&self, at_ms: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp_millis(at_ms.saturating_add(self.offset_ms(at_ms))).unwrap_or_default().naive_utc()
    }

    /// The company's day at an instant; `None` outside the years 1 to 9999, which days are limited to.
    pub fn known_day(&self, at_ms: i64) -> Option<Day> {
        let local = chrono::DateTime::from_timestamp_millis(at_ms.checked_add(self.offset_ms(at_ms))?)?;
        Some(local.date_naive()).filter(|date| (1..=9999).contains(&date.year())).map(Day)
    }

    /// When a company's day begins, in UTC milliseconds: where a change of the clock skips its midnight, at that change.
    pub fn start_of(&self, day: Day) -> i64 {
        // No zone is further from UTC than 14 hours.
        let midnight = day.0.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        let (mut before, mut at) = (midnight - DAY_MS, midnight + DAY_MS);
        while at - before > 1 {
            let middle = before + (at - before) / 2;
            if self.day(middle) < day { before = middle } else { at = middle }
        }
        at
    }

    /// The company's day at an instant.
    pub fn day(&self, at_ms: i64) -> Day {
        Day(self.local(at_ms).date())
    }

    /// The company's wall time at an instant, in the canonical form of a due date with a time.
    pub fn wall(&self, at_ms: i64) -> String {
        use chrono::Timelike;
        let local = self.local(at_ms);
        format!("{}T{:02}:{:02}", Day(local.date()), local.hour(), local.minute())
    }

    /// The instant, in UTC milliseconds, at which the company's wall clock shows `wall`, such as `2026-11-24T09:30`.
    pub fn instant(&self, wall: &str) -> Option<i64> {
        let local = parse_instant(wall)?;
        let offset = |at: i64| parse_instant(&self.wall(at)).map(|shown| shown - at.div_euclid(MINUTE_MS) * MINUTE_MS);
        // The offset at the guess may be that of the other side of a change of the clocks: look once more.
        let guess = local - offset(local)?;
        Some(local - offset(guess)?)
    }
}

/// Whether a due date (`2026-11-24`, `2026-11-24T09:30`) is past: a day only after its end, a time at once.
pub fn is_overdue(due: &str, now_ms: i64, zone: &Zone) -> bool {
    if due.len() > 10 { *due < *zone.wall(now_ms) } else { *due < *zone.day(now_ms).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> Zone {
        Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] }
    }

    #[test]
    fn a_day_is_overdue_only_after_it_ended_in_the_companys_zone() {
        let evening = parse_instant("2026-11-24T15:59:00Z").unwrap();
        assert!(!is_overdue("2026-11-24", evening, &shanghai()));
        assert!(is_overdue("2026-11-24", evening + MINUTE_MS, &shanghai()));
        assert!(is_overdue("2026-11-24T09:30", evening, &shanghai()));
    }

    #[test]
    fn offsets_change_at_their_transition() {
        let start = parse_instant("2026-03-29T01:00:00Z").unwrap();
        let zone = Zone { name: "Europe/Berlin".into(), transitions: vec![(0, 3600), (start, 7200)] };
        assert_eq!(zone.wall(start - 1), "2026-03-29T01:59");
        assert_eq!(zone.wall(start), "2026-03-29T03:00");
    }

    #[test]
    fn wall_time_is_the_companys() {
        let ms = shanghai().instant("2026-11-24T09:30").unwrap();
        assert_eq!(print_instant(ms), "2026-11-24T01:30:00.000Z");
        let start = parse_instant("2026-03-29T01:00:00Z").unwrap();
        let berlin = Zone { name: "Europe/Berlin".into(), transitions: vec![(0, 3600), (start, 7200)] };
        for wall in ["2026-03-29T01:30", "2026-03-29T03:00", "2026-03-29T12:00"] {
            assert_eq!(berlin.wall(berlin.instant(wall).unwrap()), wall);
        }
        assert_eq!(berlin.instant(""), None);
    }

    #[test]
    fn a_day_begins_where_the_zone_says_even_without_a_midnight() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(print_instant(shanghai().start_of(day("2026-11-24"))), "2026-11-23T16:00:00.000Z");
        // Santiago, 6 September 2026: 24:00 became 01:00.
        let change = parse_instant("2026-09-06T04:00:00Z").unwrap();
        let zone = Zone { name: "America/Santiago".into(), transitions: vec![(0, -4 * 3600), (change, -3 * 3600)] };
        assert_eq!((zone.start_of(day("2026-09-06")), zone.wall(change)), (change, "2026-09-06T01:00".into()));
        assert_eq!(zone.start_of(day("2026-09-07")) - change, 23 * 60 * MINUTE_MS);
    }

    #[test]
    fn units_of_the_calendar_follow_each_other() {
        let day = |text| Day::parse(text).unwrap();
        let around =
            |unit: Unit, text| [unit.previous(day(text)), unit.start(day(text)), unit.next(day(text))].map(|day| day.to_string());
        assert_eq!(around(Unit::Week, "2027-01-03"), ["2026-12-21", "2026-12-28", "2027-01-04"]);
        assert_eq!(around(Unit::Month, "2027-01-31"), ["2026-12-01", "2027-01-01", "2027-02-01"]);
        assert_eq!(around(Unit::Quarter, "2026-11-24"), ["2026-07-01", "2026-10-01", "2027-01-01"]);
        assert_eq!(around(Unit::Year, "2028-12-31"), ["2027-01-01", "2028-01-01", "2029-01-01"]);
        assert_eq!(around(Unit::Day, "2028-02-29"), ["2028-02-28", "2028-02-29", "2028-03-01"]);
        assert_eq!(Day::of_canonical("2028-02-29T09:30"), Day::parse("2028-02-29"));
        assert!(["2027-02-29", "--02-29", "2028-2-9-x", "0000-01-01"].iter().all(|text| Day::of_canonical(text).is_none()));
    }

    #[test]
    fn anniversaries_cross_the_year_and_leap_days() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2026-12-30").next_anniversary(1, 2), Some(day("2027-01-02")));
        assert_eq!(day("2027-02-20").next_anniversary(2, 29), Some(day("2027-02-28")));
        assert_eq!(day("2028-02-20").next_anniversary(2, 29), Some(day("2028-02-29")));
    }

    #[test]
    fn instants_print_as_they_parse() {
        let ms = parse_instant("2026-11-24T09:30:05.250Z").unwrap();
        assert_eq!(print_instant(ms), "2026-11-24T09:30:05.250Z");
        assert_eq!(parse_instant("2026-02-30T00:00Z"), None);
    }
}
