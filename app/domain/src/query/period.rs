use crate::time::{Day, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A stretch of days, most often seen from today. JSON: `"today"`, `{"this":"week"}`, `{"last_days":30}`,
/// `{"between":{"from":"2026-01-01","to":"2026-03-31"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Today,
    Yesterday,
    Tomorrow,
    This(Unit),
    Last(Unit),
    Next(Unit),
    /// So many days of which today is the last.
    LastDays(u16),
    /// So many days of which today is the first.
    NextDays(u16),
    /// Both days included; open where there is none.
    Between {
        #[serde(default)]
        from: Option<Day>,
        #[serde(default)]
        to: Option<Day>,
    },
}

impl Period {
    /// The first and the last day.
    pub fn range(&self, today: Day) -> (Option<Day>, Option<Day>) {
        let unit = |unit: Unit, first: Day| (Some(first), Some(unit.next(first).plus(-1)));
        let days = |from: i64, to: i64| (Some(today.plus(from)), Some(today.plus(to)));
        match self {
            Period::Today => days(0, 0),
            Period::Yesterday => days(-1, -1),
            Period::Tomorrow => days(1, 1),
            Period::This(of) => unit(*of, of.start(today)),
            Period::Last(of) => unit(*of, of.previous(today)),
            Period::Next(of) => unit(*of, of.next(today)),
            Period::LastDays(count) => days(1 - i64::from(*count), 0),
            Period::NextDays(count) => days(0, i64::from(*count) - 1),
            Period::Between { from, to } => (*from, *to),
        }
    }
}

/// The days of the year, as `11-24`, on which something has its anniversary between two days.
pub(super) fn anniversaries(from: Day, to: Day) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for offset in 0..=to.since(from).min(366) {
        let day = from.plus(offset);
        found.insert(day.to_string().split_off(5));
        // In a year without it, 29 February is celebrated on the 28th.
        if day.month_and_day() == (2, 28) && day.plus(1).month_and_day() == (3, 1) {
            found.insert("02-29".to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(period: &str, today: &str) -> String {
        let period: Period = serde_json::from_str(period).unwrap();
        let (from, to) = period.range(Day::parse(today).unwrap());
        let text = |day: Option<Day>| day.map_or("…".to_owned(), |day| day.to_string());
        format!("{} {}", text(from), text(to))
    }

    #[test]
    fn periods_are_seen_from_today() {
        let today = "2026-11-24";
        for (period, expected) in [
            (r#""today""#, "2026-11-24 2026-11-24"),
            (r#""yesterday""#, "2026-11-23 2026-11-23"),
            (r#""tomorrow""#, "2026-11-25 2026-11-25"),
            (r#"{"this":"week"}"#, "2026-11-23 2026-11-29"),
            (r#"{"last":"month"}"#, "2026-10-01 2026-10-31"),
            (r#"{"next":"quarter"}"#, "2027-01-01 2027-03-31"),
            (r#"{"last":"year"}"#, "2025-01-01 2025-12-31"),
            (r#"{"next":"day"}"#, "2026-11-25 2026-11-25"),
            (r#"{"last_days":7}"#, "2026-11-18 2026-11-24"),
            (r#"{"next_days":7}"#, "2026-11-24 2026-11-30"),
            (r#"{"between":{"from":"2026-01-01"}}"#, "2026-01-01 …"),
        ] {
            assert_eq!(shown(period, today), expected, "{period}");
        }
        assert_eq!(shown(r#"{"this":"month"}"#, "2028-02-29"), "2028-02-01 2028-02-29");
        assert_eq!(shown(r#"{"last":"week"}"#, "2027-01-01"), "2026-12-21 2026-12-27");
    }

    #[test]
    fn leap_days_are_celebrated_every_year() {
        let days = |from, to| anniversaries(Day::parse(from).unwrap(), Day::parse(to).unwrap()).into_iter().collect::<Vec<_>>();
        assert_eq!(days("2026-12-31", "2027-01-01"), ["01-01", "12-31"]);
        assert_eq!(days("2027-02-28", "2027-03-01"), ["02-28", "02-29", "03-01"]);
        assert_eq!(days("2028-02-28", "2028-02-28"), ["02-28"]);
        assert_eq!(days("2026-01-01", "2030-01-01").len(), 366);
    }
}
