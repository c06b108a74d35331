//! What is to be done when and for whom, from follow-ups and accounts: pure, so that Today's order is tested here.

use domain::{
    Id, Row,
    sorting::SharedSort,
    time::{DAY_MS, Day, Zone},
};
use std::{cmp::Ordering, collections::HashMap, sync::Arc};

pub type Rows = Vec<Arc<Row>>;

/// The days that an agenda is about, as ISO texts: these sort as dates do, and comparing them is far cheaper than parsing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Days {
    today: String,
    /// The last day of the week ahead.
    until: String,
}

impl Days {
    pub fn from(today: Day) -> Days {
        Days { today: today.to_string(), until: today.plus(7).to_string() }
    }
}

/// One member's follow-ups as Today shows them, each part in the order of their due time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agenda {
    /// Open, and due before today.
    pub overdue: Rows,
    /// Due today: those with a time first; what was done stays until the day ends.
    pub today: Rows,
    /// Open, and due in the seven days after today.
    pub week: Rows,
}

impl Agenda {
    /// The part that a follow-up is in of whoever is to do it.
    pub fn part_of(&mut self, row: &Row, days: &Days) -> Option<&mut Rows> {
        let day = due_day(row)?;
        match (day.cmp(&days.today), is_open(row)) {
            (Ordering::Less, true) => Some(&mut self.overdue),
            (Ordering::Equal, _) => Some(&mut self.today),
            (Ordering::Greater, true) if *day <= *days.until => Some(&mut self.week),
            _ => None,
        }
    }

    /// Takes a follow-up out.
    pub fn take(&mut self, id: Id) {
        self.parts().into_iter().for_each(|part| part.retain(|row| row.id != id));
    }

    /// Brings each part into its order.
    pub fn sort(&mut self) {
        for part in self.parts() {
            // What a packed row says is looked for in its text each time it is asked.
            let key = |row: &Arc<Row>| {
                let (none, day, no_time, due, id) = due_key(row);
                (none, day.to_owned(), no_time, due.to_owned(), id)
            };
            let mut keyed: Vec<_> = std::mem::take(part).into_iter().map(|row| (key(&row), row)).collect();
            keyed.shared_sort_by(|(a, _), (b, _)| a.cmp(b));
            part.extend(keyed.into_iter().map(|(_, row)| row));
        }
    }

    fn parts(&mut self) -> [&mut Rows; 3] {
        [&mut self.overdue, &mut self.today, &mut self.week]
    }

    /// How many open follow-ups are due today or before.
    pub fn to_do(&self) -> usize {
        self.overdue.len() + self.today.iter().filter(|row| is_open(row)).count()
    }

    /// The next one of today: the first whose time has not passed, else the first without a time.
    pub fn next(&self, wall: &str) -> Option<Arc<Row>> {
        let mut open = self.today.iter().filter(|row| is_open(row) && (row.text("due").len() == 10 || row.text("due") >= wall));
        open.next().cloned()
    }

    /// What is most likely being done now: the next one of today, else the latest of those overdue.
    pub fn at_hand(&self, wall: &str) -> Option<Arc<Row>> {
        self.next(wall).or_else(|| self.overdue.last().cloned())
    }

    pub fn is_empty(&self) -> bool {
        self.overdue.is_empty() && self.today.is_empty() && self.week.is_empty()
    }
}

/// Puts a follow-up where it belongs in a part that is in order.
pub fn insert(part: &mut Rows, row: &Arc<Row>) {
    let at = part.partition_point(|other| due_key(other) < due_key(row));
    part.insert(at, row.clone());
}

/// What follow-ups say of one account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountFacts {
    /// The open follow-up that is due first; one without a date comes last.
    pub next: Option<Arc<Row>>,
    /// The one done last.
    pub last: Option<Arc<Row>>,
}

impl AccountFacts {
    pub fn next_due(&self) -> Option<&str> {
        self.next.as_deref().map(|row| row.text("due"))
    }

    /// UTC milliseconds.
    pub fn last_contact(&self) -> Option<i64> {
        self.last.as_deref().and_then(done_at)
    }
}

pub type FactsByAccount = HashMap<Id, AccountFacts>;

impl AccountFacts {
    /// Takes one more of its follow-ups into account.
    pub fn take_in(&mut self, row: &Arc<Row>) {
        let done = done_at(row);
        let held = if done.is_some() { &mut self.last } else { &mut self.next };
        let replaces = |other: &Arc<Row>| if done.is_some() { done > done_at(other) } else { due_key(row) < due_key(other) };
        if held.as_ref().is_none_or(replaces) {
            *held = Some(row.clone());
        }
    }
}

/// The next step among the follow-ups of one account.
pub fn next_step(follow_ups: &[Arc<Row>]) -> Option<Arc<Row>> {
    follow_ups.iter().filter(|row| is_open(row)).min_by(|a, b| due_key(a).cmp(&due_key(b))).cloned()
}

/// What a member did in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub visits: u64,
    pub calls: u64,
    pub others: u64,
    pub new_accounts: u64,
}

impl Counts {
    pub fn follow_ups(&self) -> u64 {
        self.visits + self.calls + self.others
    }

    pub fn add(&mut self, row: &Row) {
        *self.of(row) += 1;
    }

    /// Takes back what was added.
    pub fn take(&mut self, row: &Row) {
        *self.of(row) -= 1;
    }

    fn of(&mut self, row: &Row) -> &mut u64 {
        match row.text("channel") {
            "visit" => &mut self.visits,
            "call" => &mut self.calls,
            _ => &mut self.others,
        }
    }
}

/// What one member logged today and in the last seven days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberActivity {
    pub today: Counts,
    pub week: Counts,
    /// Open follow-ups due before today.
    pub overdue: u64,
    /// When the last one was done, in UTC milliseconds.
    pub last: Option<i64>,
}

pub fn activity(follow_ups: &[Arc<Row>], now: i64, zone: &Zone, owner: impl Fn(Id) -> Option<Id>) -> HashMap<Id, MemberActivity> {
    let today = zone.day(now);
    let today_text = today.to_string();
    let mut found = HashMap::<Id, MemberActivity>::new();
    for row in follow_ups {
        let done = done_at(row);
        let counts = match done {
            Some(done) => done > now - 8 * DAY_MS,
            None => due_day(row).is_some_and(|day| *day < *today_text),
        };
        let Some(member) = counts.then(|| responsible(row, &owner)).flatten() else { continue };
        let activity = found.entry(member).or_default();
        match done {
            Some(done) => {
                let days = today.since(zone.day(done));
                activity.last = activity.last.max(Some(done));
                if days == 0 {
                    activity.today.add(row);
                }
                if days < 7 {
                    activity.week.add(row);
                }
            }
            None => activity.overdue += 1,
        }
    }
    found
}

/// Follow-ups done today, the latest first.
pub fn done_today(follow_ups: &[Arc<Row>], now: i64, zone: &Zone) -> Rows {
    let today = zone.day(now);
    let fresh = |row: &Row| done_at(row).is_some_and(|done| done > now - 2 * DAY_MS && zone.day(done) == today);
    let mut found: Rows = follow_ups.iter().filter(|row| fresh(row)).cloned().collect();
    found.shared_sort_by_key(|row| std::cmp::Reverse(done_at(row)));
    found
}

/// Who is to do it, or did it: whoever it was given to, else whoever made it. What an import made nobody did, so it is the
/// account's `owner`'s.
pub fn responsible(follow_up: &Row, owner: impl Fn(Id) -> Option<Id>) -> Option<Id> {
    let made_by = || follow_up.creation().map(|created| created.by).filter(|by| !by.is_nil());
    follow_up.reference("assigned_to").or_else(made_by).or_else(|| owner(follow_up.reference("account")?))
}

/// Whether an account is the member's: owned or shared, or made by him and nobody's yet.
pub fn is_mine(account: &Row, me: Id) -> bool {
    match account.reference("owner") {
        Some(owner) if owner == me => true,
        None if account.creation().is_some_and(|created| created.by == me) => true,
        _ => {
            let mut is_shared = false;
            account.visit("collaborators", &mut |id| is_shared |= id.as_str().and_then(|id| Id::try_parse(id).ok()) == Some(me));
            is_shared
        }
    }
}

pub fn is_open(follow_up: &Row) -> bool {
    !follow_up.has("done_at")
}

/// UTC milliseconds.
pub fn done_at(follow_up: &Row) -> Option<i64> {
    follow_up.integer("done_at")
}

/// The due date on another day, at the same time of day.
pub fn moved(due: &str, to: Day) -> String {
    format!("{to}{}", due.get(10..).unwrap_or_default())
}

/// How a due date is to be seen: `late`, `due` today, or `next`.
pub fn tone(due: &str, now: i64, zone: &Zone) -> &'static str {
    match () {
        () if domain::time::is_overdue(due, now, zone) => "late",
        () if due.get(..10) == Some(zone.day(now).to_string().as_str()) => "due",
        () => "next",
    }
}

/// The day on which it is due, as ISO text.
fn due_day(follow_up: &Row) -> Option<&str> {
    follow_up.text("due").get(..10)
}

/// Order by due: a day without a time comes after the times of that day, and no date at all last.
fn due_key(follow_up: &Row) -> (bool, &str, bool, &str, Id) {
    let due = follow_up.text("due");
    (due.is_empty(), due.get(..10).unwrap_or_default(), due.len() == 10, due, follow_up.id)
}

#[cfg(test)]
mod tests;
