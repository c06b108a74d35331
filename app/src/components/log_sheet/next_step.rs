//! What a log says about the follow-up that comes after it.

use crate::{agenda, state::Draft};
use domain::{Id, Row, json, reads, records::FollowUp, time::Day};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// When and for what the next follow-up is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NextStep {
    pub when: When,
    pub purpose: String,
    /// Whether the log keeps what was promised; unsaid, the promise's date decides.
    pub keeps_promise: Option<bool>,
}

reads!(NextStep { when or default, purpose or default, keeps_promise });

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    #[default]
    Never,
    Tomorrow,
    InThreeDays,
    /// The Monday after.
    NextWeek,
    /// A day with or without a time; empty while it is being picked.
    On(String),
}

reads!(When, |value| match value.as_str() {
    Some("never") => Ok(When::Never),
    Some("tomorrow") => Ok(When::Tomorrow),
    Some("in_three_days") => Ok(When::InThreeDays),
    Some("next_week") => Ok(When::NextWeek),
    _ => json::field(value, "on").map(When::On),
});

impl When {
    /// The due date, counted from `today`.
    pub fn due(&self, today: Day) -> Option<String> {
        match self {
            When::Never => None,
            When::Tomorrow => Some(today.plus(1).to_string()),
            When::InThreeDays => Some(today.plus(3).to_string()),
            When::NextWeek => Some(today.plus(8 - i64::from(today.weekday())).to_string()),
            When::On(due) => Some(due.clone()).filter(|due| !due.is_empty()),
        }
    }
}

/// What was said to be done at an account, last.
#[derive(Clone, Debug, PartialEq)]
pub enum Promise {
    /// Still to be done: the one due first.
    Open(Arc<Row>),
    /// Nothing is open; what was done last.
    Last(Arc<Row>),
}

impl Promise {
    pub fn of(follow_ups: &[Arc<Row>]) -> Option<Promise> {
        let last = || follow_ups.iter().filter(|row| !agenda::is_open(row)).max_by_key(|row| (agenda::done_at(row), row.id));
        agenda::next_step(follow_ups).map(Promise::Open).or_else(|| last().cloned().map(Promise::Last))
    }

    pub fn row(&self) -> &Row {
        match self {
            Promise::Open(row) | Promise::Last(row) => row,
        }
    }

    /// What it was for, else the first line of what was written.
    pub fn words(&self) -> String {
        let purpose = self.row().text("purpose");
        let words = if purpose.is_empty() { self.row().text("text").lines().next().unwrap_or_default() } else { purpose };
        words.to_owned()
    }

    /// Whether a log of `today` keeps it, unless the user says otherwise: what is due by now is what he came for.
    pub fn is_kept_by_default(&self, today: Day) -> bool {
        let due = Day::parse(self.row().text("due").get(..10).unwrap_or_default());
        matches!(self, Promise::Open(_)) && due.is_some_and(|due| due <= today)
    }
}

/// The records around a log: which, whose, when.
pub struct Around {
    pub log: Id,
    pub next: Id,
    pub account: Id,
    pub me: Id,
    /// When it happened, UTC milliseconds.
    pub at: i64,
    /// The company's day of saving, from which "tomorrow" counts.
    pub today: Day,
}

/// Completes the draft of a log into one action: the log is done, the promise is kept, the next follow-up is made.
pub fn completed(draft: Draft, step: &NextStep, promise: Option<&Promise>, around: &Around) -> Draft {
    const KIND: &str = FollowUp::KIND;
    let mut draft = draft.put(KIND, around.log, "done_at", json!(around.at));
    if let Some(promise @ Promise::Open(row)) = promise
        && step.keeps_promise.unwrap_or_else(|| promise.is_kept_by_default(around.today))
    {
        draft = draft.put(KIND, around.log, "previous", json!(row.id)).put(KIND, row.id, "done_at", json!(around.at));
    }
    let (due, purpose) = (step.when.due(around.today), step.purpose.trim());
    if due.is_none() && purpose.is_empty() {
        return draft;
    }
    let next = draft.create(KIND, around.next).put(KIND, around.next, "account", json!(around.account));
    let next = next.put(KIND, around.next, "assigned_to", json!(around.me)).put(KIND, around.next, "previous", json!(around.log));
    let next = if purpose.is_empty() { next } else { next.put(KIND, around.next, "purpose", json!(purpose)) };
    match due {
        Some(due) => next.put(KIND, around.next, "due", json!(due)),
        None => next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, Value, row::Cell};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn follow_up(id: u128, cells: &[(&str, Value)]) -> Arc<Row> {
        let mut row = Row::new("follow_up", Id::from_u128(id));
        for (field, value) in cells {
            row.cells.insert((*field).into(), Cell { value: value.clone(), clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    fn around() -> Around {
        Around {
            log: Id::from_u128(1),
            next: Id::from_u128(2),
            account: Id::from_u128(3),
            me: Id::from_u128(4),
            at: 5,
            today: day("2026-11-24"),
        }
    }

    #[test]
    fn days_count_from_the_day_of_saving() {
        let due = |when: When| when.due(day("2026-11-30"));
        assert_eq!(due(When::Tomorrow).as_deref(), Some("2026-12-01"));
        assert_eq!(due(When::NextWeek).as_deref(), Some("2026-12-07"));
        assert_eq!(due(When::On(String::new())), None);
        assert_eq!(due(When::On("2027-01-05T09:30".into())).as_deref(), Some("2027-01-05T09:30"));
    }

    #[test]
    fn the_promise_is_what_is_open_and_due_first() {
        let late = follow_up(1, &[("due", json!("2026-11-20")), ("purpose", json!("samples"))]);
        let later = follow_up(2, &[("due", json!("2026-12-01"))]);
        let done = follow_up(3, &[("done_at", json!(7)), ("text", json!("talked\nabout prices"))]);
        assert_eq!(Promise::of(&[later.clone(), done.clone(), late.clone()]), Some(Promise::Open(late.clone())));
        assert_eq!(Promise::of(std::slice::from_ref(&done)).map(|promise| promise.words()), Some("talked".to_owned()));
        assert_eq!(Promise::of(&[]), None);
        assert!(Promise::Open(late).is_kept_by_default(day("2026-11-24")));
        assert!(!Promise::Open(later).is_kept_by_default(day("2026-11-24")));
        assert!(!Promise::Last(done).is_kept_by_default(day("2026-11-24")));
    }

    #[test]
    fn one_action_logs_keeps_the_promise_and_plans_the_next() {
        let promised = follow_up(9, &[("due", json!("2026-11-24"))]);
        let step = NextStep { when: When::Tomorrow, purpose: " price list ".into(), keeps_promise: None };
        let Around { log, next, account, me, .. } = around();
        let kind = "follow_up";
        let expected = Draft::new()
            .put(kind, log, "done_at", json!(5))
            .put(kind, log, "previous", json!(promised.id))
            .put(kind, promised.id, "done_at", json!(5))
            .create(kind, next)
            .put(kind, next, "account", json!(account))
            .put(kind, next, "assigned_to", json!(me))
            .put(kind, next, "previous", json!(log))
            .put(kind, next, "purpose", json!("price list"))
            .put(kind, next, "due", json!("2026-11-25"));
        assert_eq!(completed(Draft::new(), &step, Some(&Promise::Open(promised)), &around()), expected);
    }

    #[test]
    fn what_was_not_promised_or_not_done_is_left_alone() {
        let promised = follow_up(9, &[("due", json!("2026-11-24"))]);
        let only_log = Draft::new().put("follow_up", around().log, "done_at", json!(5));
        let not_kept = NextStep { keeps_promise: Some(false), ..NextStep::default() };
        assert_eq!(completed(Draft::new(), &not_kept, Some(&Promise::Open(promised.clone())), &around()), only_log);
        assert_eq!(completed(Draft::new(), &NextStep::default(), Some(&Promise::Last(promised)), &around()), only_log);
        assert_eq!(completed(Draft::new(), &NextStep::default(), None, &around()), only_log);
    }
}
