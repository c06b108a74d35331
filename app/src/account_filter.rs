//! Which accounts a list shows: pure, over rows.

use crate::agenda::FactsByAccount;
use domain::{Id, Row};

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
    !account.has("owner")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::AccountFacts;
    use domain::testing::{id, row};
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn every_pressed_chip_must_hold() {
        let owner = id(7);
        let account = row("account", id(1), &[("stage", json!("customer")), ("owner", json!(owner))]);
        let mut planned = AccountFacts::default();
        planned.take_in(&Arc::new(row("follow_up", id(9), &[("due", json!("2026-11-30"))])));
        let facts: FactsByAccount = [(id(1), planned)].into();
        let passes = |chips: Chips| chips.let_pass(&account, &facts);
        assert!(passes(Chips::default()));
        assert!(passes(Chips { stage: Some("customer".into()), owner: Some(owner), ..Chips::default() }));
        assert!(!passes(Chips { stage: Some("customer".into()), grade: Some("a".into()), ..Chips::default() }));
        assert!(!passes(Chips { no_next: true, ..Chips::default() }));
        assert!(!passes(Chips { pool: true, ..Chips::default() }));
        assert!(Chips { pool: true, ..Chips::default() }.let_pass(&row("account", id(2), &[]), &facts));
    }
}
