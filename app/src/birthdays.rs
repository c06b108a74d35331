//! Whose birthday comes, kept true contact by contact. Pure, so that it is tested here.

use domain::{Id, Row, sorting::SharedSort, time::Day};
use std::collections::{BTreeMap, BTreeSet};
use store::RowChange;

/// Contacts who have not left their company, by month and day of their birth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Birthdays(BTreeMap<(u32, u32), BTreeSet<Id>>);

impl Birthdays {
    /// Takes a contact in, as it is.
    pub fn put(&mut self, contact: &Row) {
        if let Some(day) = birthday(contact) {
            self.0.entry(day).or_default().insert(contact.id);
        }
    }

    fn take(&mut self, contact: &Row) {
        if let Some(born) = birthday(contact).and_then(|day| self.0.get_mut(&day)) {
            born.remove(&contact.id);
        }
    }

    /// Takes over what happened to a contact since it came in.
    pub fn change(&mut self, change: &RowChange) {
        change.before.iter().for_each(|contact| self.take(contact));
        change.now.iter().for_each(|contact| self.put(contact));
    }

    /// Who has a birthday today or in the next seven days, whatever the year of birth, and when: the next first.
    pub fn soon(&self, today: Day) -> Vec<(Day, Id)> {
        let days = self.0.iter().filter_map(|((month, day), born)| Some((today.next_anniversary(*month, *day)?, born)));
        let soon = days.filter(|(day, _)| day.since(today) <= 7);
        let mut found: Vec<_> = soon.flat_map(|(day, born)| born.iter().map(move |id| (day, *id))).collect();
        found.shared_sort_by_key(|found| *found);
        found
    }
}

fn birthday(contact: &Row) -> Option<(u32, u32)> {
    let text = contact.text("birthday");
    let (month, day) = text.get(text.len().checked_sub(5)?..)?.split_once('-')?;
    let whole = text.len() == 10 || text.starts_with("--");
    let here = whole && contact.glance("left_company").and_then(|left| left.as_bool()) != Some(true);
    here.then_some((month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{id, row};
    use std::sync::Arc;

    fn born(n: u128, text: &str) -> Row {
        row("contact", id(n), &[("birthday", text.into())])
    }

    fn soon(birthdays: &Birthdays, today: &str) -> Vec<(String, u128)> {
        let found = birthdays.soon(Day::parse(today).unwrap());
        found.into_iter().map(|(day, id)| (day.to_string(), id.as_u128())).collect()
    }

    #[test]
    fn birthdays_come_whatever_the_year() {
        let mut birthdays = Birthdays::default();
        let days = ["1980-11-30", "--11-24", "1980", "1980-11", "--12-24", "--01-01", "1996-02-29"];
        days.into_iter().zip(1..).for_each(|(day, n)| birthdays.put(&born(n, day)));
        assert_eq!(soon(&birthdays, "2026-11-24"), [("2026-11-24".to_owned(), 2), ("2026-11-30".to_owned(), 1)]);
        assert_eq!(soon(&birthdays, "2026-12-28"), [("2027-01-01".to_owned(), 6)]);
        assert_eq!(soon(&birthdays, "2027-02-22"), [("2027-02-28".to_owned(), 7)]);
    }

    #[test]
    fn who_left_or_was_noted_wrongly_has_none() {
        let mut birthdays = Birthdays::default();
        let left = row("contact", id(1), &[("birthday", "--11-24".into()), ("left_company", true.into())]);
        let was = [Some(born(1, "--11-24")), Some(left), Some(born(1, "--11-25")), None].map(|row| row.map(Arc::new));
        birthdays.put(was[0].as_ref().unwrap());
        let found = was.windows(2).map(|rows| {
            birthdays.change(&RowChange { before: rows[0].clone(), now: rows[1].clone() });
            soon(&birthdays, "2026-11-24").len()
        });
        assert_eq!(found.collect::<Vec<_>>(), [0, 1, 0]);
    }
}
