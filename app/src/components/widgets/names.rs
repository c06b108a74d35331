//! Names of months and weekdays as the browser knows them.

use crate::intl::formatted;
use domain::{Lang, time::DAY_MS};

/// The name of a month, 1 to 12.
pub fn month(lang: Lang, month: i64) -> String {
    // The 15th of that month in 1970.
    let ms = ((month - 1) * 305 / 10 + 14) * DAY_MS;
    formatted("DateTimeFormat", lang, r#"{"month":"long","timeZone":"UTC"}"#, &[(ms as f64).into()])
}

/// The short name of a weekday, 1 = Monday.
pub fn weekday(lang: Lang, weekday: u8) -> String {
    named(lang, weekday, r#"{"weekday":"short","timeZone":"UTC"}"#)
}

/// The whole name of a weekday, 1 = Monday: what is read aloud.
pub fn long_weekday(lang: Lang, weekday: u8) -> String {
    named(lang, weekday, r#"{"weekday":"long","timeZone":"UTC"}"#)
}

fn named(lang: Lang, weekday: u8, options: &str) -> String {
    // 5 January 1970 was a Monday.
    let ms = (3 + i64::from(weekday)) * DAY_MS;
    formatted("DateTimeFormat", lang, options, &[(ms as f64).into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Zone;

    #[test]
    fn the_days_that_stand_for_names_are_right() {
        for month in 1..=12 {
            let day = Zone::default().day(((month - 1) * 305 / 10 + 14) * DAY_MS);
            assert_eq!(i64::from(day.month_and_day().0), month);
        }
        for weekday in 1..=7 {
            assert_eq!(Zone::default().day((3 + i64::from(weekday)) * DAY_MS).weekday(), weekday);
        }
    }
}
