//! Reminders of one's day, without a clock or a browser: which are to be told now, which were missed, when to look again, and
//! what was told on this device.

use domain::{
    Id, Row, ids,
    sorting::SharedSort,
    time::{Day, MINUTE_MS, Zone},
};
use std::collections::BTreeSet;

/// So long after its time a reminder is still told as if it were now: timers of a tab behind others are late by up to a minute.
const LATE_MS: i64 = 2 * MINUTE_MS;

/// When somebody wants to be reminded of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub id: Id,
    pub record: Id,
    /// What the record was called when the reminder was set, for when it is not here any more.
    pub name: String,
    /// UTC milliseconds.
    pub at: i64,
}

impl Reminder {
    pub fn of(row: &Row) -> Option<Reminder> {
        let record = Id::try_parse(row.text("record")).ok()?;
        Some(Reminder { id: row.id, record, name: row.text("name").to_owned(), at: row.get("at")?.as_i64()? })
    }

    /// What is noted when it was told; set to another time it is told again.
    fn mark(&self) -> String {
        format!("{}@{}", self.id, self.at)
    }
}

/// The id of the reminder of a record on a day: two devices that set one without seeing each other make one. A day's ids are
/// never used again, so that none stands in the way of a later one when it is deleted and forgotten.
pub fn id_of(member: Id, record: Id, day: Day) -> Id {
    ids::derived(record, &format!("reminder:{member}:{day}"))
}

/// Those whose time has come today, the earliest first.
pub fn due(reminders: &[Reminder], now_ms: i64, zone: &Zone) -> Vec<Reminder> {
    let today = zone.day(now_ms);
    let mut due: Vec<Reminder> = reminders.iter().filter(|one| one.at <= now_ms && zone.day(one.at) == today).cloned().collect();
    due.shared_sort_by_key(|one| (one.at, one.id));
    due
}

/// Whether it is told too late to be called a reminder.
pub fn is_missed(reminder: &Reminder, now_ms: i64) -> bool {
    now_ms - reminder.at > LATE_MS
}

/// Milliseconds until the next one is due.
pub fn until_next(reminders: &[Reminder], now_ms: i64) -> Option<i64> {
    reminders.iter().map(|one| one.at - now_ms).filter(|left| *left > 0).min()
}

/// Those whose day is over: nobody asks for them again.
pub fn outdated(reminders: &[Reminder], now_ms: i64, zone: &Zone) -> Vec<Id> {
    let today = zone.day(now_ms);
    reminders.iter().filter(|one| zone.day(one.at) < today).map(|one| one.id).collect()
}

/// The instant of `clock`, such as `15:30`, today; none where that is over or no time.
pub fn today_at(clock: &str, now_ms: i64, zone: &Zone) -> Option<i64> {
    zone.instant(&format!("{}T{clock}", zone.day(now_ms))).filter(|at| *at > now_ms)
}

/// Minutes from now that are offered, with their instants on a whole minute; only what is still today.
pub fn offers(now_ms: i64, zone: &Zone) -> Vec<(i64, i64)> {
    let at = |minutes: i64| (now_ms + MINUTE_MS - 1).div_euclid(MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS;
    let is_today = |(_, at): &(i64, i64)| zone.day(*at) == zone.day(now_ms);
    [15, 30, 60, 120].map(|minutes| (minutes, at(minutes))).into_iter().filter(is_today).collect()
}

/// What was told on this device today, as text for the browser's memory: the day, and a mark of each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    day: String,
    marks: BTreeSet<String>,
}

impl Told {
    /// What is remembered; of another day nothing counts.
    pub fn read(text: &str, today: Day) -> Told {
        let today = today.to_string();
        let mut words = text.split(' ');
        let is_of_today = words.next() == Some(today.as_str());
        Told { day: today, marks: words.filter(|_| is_of_today).map(str::to_owned).collect() }
    }

    pub fn text(&self) -> String {
        let marks = self.marks.iter().map(String::as_str);
        std::iter::once(self.day.as_str()).chain(marks).collect::<Vec<_>>().join(" ")
    }

    /// Those that were not told yet; they are now.
    pub fn take(&mut self, due: Vec<Reminder>) -> Vec<Reminder> {
        due.into_iter().filter(|one| self.marks.insert(one.mark())).collect()
    }
}

#[cfg(test)]
mod tests;
