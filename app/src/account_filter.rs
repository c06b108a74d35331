//! Which accounts a list shows and in what order: pure, over rows.

use crate::agenda::FactsByAccount;
use domain::{Id, Row, sorting::SharedSort};
use std::{cmp::Reverse, sync::Arc};

/// The chips that are pressed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chips {
    /// Ids of options; `None` lets all pass.
    pub stage: Option<String>,
    pub grade: Option<String>,
    pub owner: Option<Id>,
    pub no_next: bool,
    /// In the pool: nobody's.
    pub pool: bool,
}

impl Chips {
    pub fn is_empty(&self) -> bool {
        *self == Chips::default()
    }

    pub fn let_pass(&self, account: &Row, facts: &FactsByAccount) -> bool {
        let is = |wanted: &Option<String>, field: &str| wanted.as_ref().is_none_or(|wanted| account.text(field) == wanted);
        let planned = || facts.get(&account.id).is_some_and(|facts| facts.next.is_some());
        is(&self.stage, "stage")
            && is(&self.grade, "grade")
            && self.owner.is_none_or(|owner| account.reference("owner") == Some(owner))
            && !(self.no_next && planned())
            && (!self.pool || is_pooled(account))
    }
}

/// Whether an account is nobody's: whoever sees it may claim it.
pub fn is_pooled(account: &Row) -> bool {
    account.get("owner").is_none()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    NextFollowUp,
    LastContact,
    Name,
}

/// Sorts accounts that are already in the order of their names.
pub fn sort(order: Order, accounts: &mut [Arc<Row>], facts: &FactsByAccount) {
    let of = |row: &Row| facts.get(&row.id);
    match order {
        Order::NextFollowUp => accounts.shared_sort_by(|a, b| {
            let due = |row: &Arc<Row>| of(row).and_then(|facts| facts.next_due()).filter(|due| !due.is_empty());
            due(a).is_none().cmp(&due(b).is_none()).then_with(|| due(a).cmp(&due(b)))
        }),
        Order::LastContact => accounts.shared_sort_by_key(|row| Reverse(of(row).and_then(|facts| facts.last_contact()))),
        Order::Name => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda;
    use domain::{Clock, Value, row::Cell};

    fn row<const N: usize>(kind: &str, id: u128, fields: [(&str, Value); N]) -> Arc<Row> {
        let mut row = Row::new(kind, Id::from_u128(id));
        for (field, value) in fields {
            row.cells.insert(field.to_owned(), Cell { value, clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    fn facts() -> FactsByAccount {
        let follow_up = |id, account: u128, field, value| {
            row("follow_up", id, [("account", Id::from_u128(account).to_string().into()), (field, value)])
        };
        agenda::facts(&[
            follow_up(10, 1, "due", "2026-11-30".into()),
            follow_up(11, 2, "due", "2026-11-24".into()),
            follow_up(12, 3, "done_at", 5.into()),
        ])
    }

    #[test]
    fn the_next_due_comes_first_and_names_decide_among_equals() {
        let mut accounts = [1, 2, 3, 4].map(|id| row("account", id, []));
        let ids = |accounts: &[Arc<Row>]| accounts.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
        sort(Order::NextFollowUp, &mut accounts, &facts());
        assert_eq!(ids(&accounts), [2, 1, 3, 4]);
        sort(Order::LastContact, &mut accounts, &facts());
        assert_eq!(ids(&accounts), [3, 2, 1, 4]);
    }

    #[test]
    fn every_pressed_chip_must_hold() {
        let owner = Id::from_u128(7);
        let account = row("account", 1, [("stage", "customer".into()), ("owner", owner.to_string().into())]);
        let facts = facts();
        let passes = |chips: Chips| chips.let_pass(&account, &facts);
        assert!(passes(Chips::default()));
        assert!(passes(Chips { stage: Some("customer".into()), owner: Some(owner), ..Chips::default() }));
        assert!(!passes(Chips { stage: Some("customer".into()), grade: Some("a".into()), ..Chips::default() }));
        assert!(!passes(Chips { no_next: true, ..Chips::default() }));
        assert!(!passes(Chips { pool: true, ..Chips::default() }));
        assert!(Chips { pool: true, ..Chips::default() }.let_pass(&row("account", 2, []), &facts));
    }
}
