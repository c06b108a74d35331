//! Numbers, dates and times as the chosen language writes them, in the company's time zone and currency.
//!
//! Every function reads language, clock and zone from context, and is reactive when called in a reactive context.

use crate::{
    intl::formatted,
    state::use_rounds,
    text::{t_with, tn},
};
use domain::{
    Lang,
    time::{self, Day, MINUTE_MS},
    types::{MoneyValue, minor_digits},
};
use leptos::prelude::*;

/// When something is due, seen from today: "today 14:00", "Tue", "2 Dec", "2 d overdue".
pub fn relative_due(due: &str) -> String {
    let Some(days) = days_from_today(due) else { return due.to_owned() };
    let day = match days {
        ..=-2 => return tn("format.overdue_days", days.unsigned_abs()),
        -1..=1 => relative_unit(days as f64, "day"),
        2..=6 => weekday(due),
        _ => day(due),
    };
    match clock(due) {
        "" => day,
        clock => format!("{day} {clock}"),
    }
}

/// A calendar day, `2026-11-24` with or without a time: "24 Nov", with its year when that is not this one.
pub fn day(text: &str) -> String {
    let this_year = today().to_string().get(..4) == text.get(..4);
    if this_year { date(text, r#"{"day":"numeric","month":"short","timeZone":"UTC"}"#) } else { full_day(text) }
}

/// A calendar day with its year: "24 Nov 2026".
pub fn full_day(text: &str) -> String {
    date(text, r#"{"dateStyle":"medium","timeZone":"UTC"}"#)
}

/// "24 November", whatever the year in `text` is.
pub fn month_and_day(text: &str) -> String {
    date(text, r#"{"day":"numeric","month":"long","timeZone":"UTC"}"#)
}

/// "November 2026".
pub fn month_and_year(text: &str) -> String {
    date(text, r#"{"year":"numeric","month":"long","timeZone":"UTC"}"#)
}

/// A calendar day with its weekday, written out: "Friday, 21 November".
pub fn long_day(text: &str) -> String {
    date(text, r#"{"weekday":"long","day":"numeric","month":"long","timeZone":"UTC"}"#)
}

/// The short name of a day's weekday: "Tue".
pub fn weekday(text: &str) -> String {
    date(text, r#"{"weekday":"short","timeZone":"UTC"}"#)
}

/// The time of day in `2026-11-24T09:30`; empty when there is none.
pub fn clock(due: &str) -> &str {
    due.split_once('T').map(|(_, clock)| clock).unwrap_or_default()
}

/// How long ago an instant (UTC milliseconds) was: "5 min. ago", "yesterday", "3 mo. ago".
pub fn relative(ms: i64) -> String {
    let (now, zone) = (use_rounds().now().get(), use_rounds().zone());
    let days = zone.day(ms).since(zone.day(now));
    let (amount, unit) = if days == 0 { within_a_day(ms - now) } else { in_days(days) };
    relative_unit(amount, unit)
}

/// Like [`relative`], but never finer than a day: "today", "3 d ago".
pub fn relative_day(ms: i64) -> String {
    let (now, zone) = (use_rounds().now().get(), use_rounds().zone());
    let (amount, unit) = in_days(zone.day(ms).since(zone.day(now)));
    relative_unit(amount, unit)
}

/// The time of day of an instant (UTC milliseconds) in the company's zone.
pub fn time(ms: i64) -> String {
    use_rounds().zone().wall(ms).split_once('T').map(|(_, clock)| clock.to_owned()).unwrap_or_default()
}

/// Day and time of an instant (UTC milliseconds) in the company's zone; of today only the time.
pub fn moment(ms: i64) -> String {
    let wall = use_rounds().zone().wall(ms);
    if wall.starts_with(&today().to_string()) { time(ms) } else { format!("{} {}", day(&wall), clock(&wall)) }
}

pub fn number(n: i64) -> String {
    formatted("NumberFormat", lang(), "{}", &[(n as f64).into()])
}

/// A share of one, in hundredths.
pub fn percent(share: f64) -> String {
    formatted("NumberFormat", lang(), r#"{"style":"percent","maximumFractionDigits":0}"#, &[share.into()])
}

pub fn money(money: &MoneyValue) -> String {
    let options = format!(r#"{{"style":"currency","currency":"{}","trailingZeroDisplay":"stripIfInteger"}}"#, money.currency);
    let amount = money.minor as f64 / 10f64.powi(minor_digits(&money.currency) as i32);
    let text = formatted("NumberFormat", lang(), &options, &[amount.into()]);
    // A currency that the browser does not know is still an amount.
    if text.is_empty() { format!("{amount} {}", money.currency) } else { text }
}

pub fn bytes(bytes: u64) -> String {
    let (amount, unit) = match bytes as f64 {
        bytes if bytes < 1e6 => (bytes / 1e3, "kilobyte"),
        bytes if bytes < 1e9 => (bytes / 1e6, "megabyte"),
        bytes => (bytes / 1e9, "gigabyte"),
    };
    measure(amount, unit)
}

/// A distance in metres.
pub fn distance(metres: f64) -> String {
    if metres < 1000.0 { measure(metres.round(), "meter") } else { measure(metres / 1000.0, "kilometer") }
}

/// The company's day now.
pub fn today() -> Day {
    let rounds = use_rounds();
    rounds.zone().day(rounds.now().get())
}

/// Days from today to a day or due date; negative when it is past.
pub fn days_from_today(due: &str) -> Option<i64> {
    Some(Day::parse(due.get(..10)?)?.since(today()))
}

/// A list as the language writes it: "Chen Wei, Li Na".
pub fn joined(parts: &[String]) -> String {
    parts.join(if lang() == Lang::En { ", " } else { "、" })
}

/// "Name: value" as the language writes it.
pub fn labelled(label: &str, value: &str) -> String {
    t_with("format.labelled", &[("label", label), ("value", value)])
}

fn lang() -> Lang {
    use_rounds().lang().get()
}

fn date(text: &str, options: &str) -> String {
    let whole = if text.len() > 10 { text.to_owned() } else { format!("{text}T00:00") };
    match time::parse_instant(&whole) {
        Some(ms) => formatted("DateTimeFormat", lang(), options, &[(ms as f64).into()]),
        None => text.to_owned(),
    }
}

fn measure(amount: f64, unit: &str) -> String {
    let options = format!(r#"{{"style":"unit","unit":"{unit}","maximumFractionDigits":1}}"#);
    formatted("NumberFormat", lang(), &options, &[amount.into()])
}

fn relative_unit(amount: f64, unit: &str) -> String {
    formatted("RelativeTimeFormat", lang(), r#"{"numeric":"auto","style":"short"}"#, &[amount.into(), unit.into()])
}

fn within_a_day(ms: i64) -> (f64, &'static str) {
    match ms / MINUTE_MS {
        0 => (0.0, "second"),
        minutes @ -59..=59 => (minutes as f64, "minute"),
        minutes => ((minutes / 60) as f64, "hour"),
    }
}

fn in_days(days: i64) -> (f64, &'static str) {
    match days.abs() {
        0..=30 => (days as f64, "day"),
        31..=364 => ((days / 30) as f64, "month"),
        _ => ((days / 365) as f64, "year"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_grows_with_the_distance() {
        assert_eq!(in_days(-3), (-3.0, "day"));
        assert_eq!(in_days(-65), (-2.0, "month"));
        assert_eq!(in_days(-800), (-2.0, "year"));
        assert_eq!(within_a_day(-30_000), (0.0, "second"));
        assert_eq!(within_a_day(-5 * MINUTE_MS), (-5.0, "minute"));
        assert_eq!(within_a_day(-125 * MINUTE_MS), (-2.0, "hour"));
    }

    #[test]
    fn a_due_date_may_have_a_time() {
        assert_eq!(clock("2026-11-24T09:30"), "09:30");
        assert_eq!(clock("2026-11-24"), "");
    }
}
