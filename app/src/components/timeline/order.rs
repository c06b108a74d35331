use crate::agenda::done_at;
use domain::{Id, Row, sorting::SharedSort, time::Zone};
use std::{collections::HashSet, sync::Arc};

/// Events under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The company's day on which they were done; none for what is still planned.
    pub day: Option<String>,
    pub events: Vec<Id>,
}

/// What is planned first, the one due first on top and those without a date last; then what was done, the latest first.
///
/// A promise that a log kept says nothing of its own any more: the log shows it. The one step that is planned stands above
/// the timeline already; only when there are several are they listed.
pub fn ordered(follow_ups: &[Arc<Row>]) -> Vec<&Arc<Row>> {
    let followed: HashSet<Id> =
        follow_ups.iter().filter(|row| done_at(row).is_some()).filter_map(|row| row.reference("previous")).collect();
    let only_step = follow_ups.iter().filter(|row| done_at(row).is_none()).count() == 1;
    let silent = |row: &Row| row.get("text").is_none() && row.get("outcome").is_none();
    let mut rows: Vec<&Arc<Row>> = follow_ups
        .iter()
        .filter(|row| match done_at(row) {
            None => !only_step,
            Some(_) => !silent(row) || !followed.contains(&row.id),
        })
        .collect();
    rows.shared_sort_by_key(|row| {
        let due = row.text("due");
        // Text order is time order, but a day without a time comes after that day's times.
        let due = if due.is_empty() { "~".to_owned() } else { format!("{due}{}", if due.len() == 10 { "~" } else { "" }) };
        (done_at(row).map(std::cmp::Reverse), if done_at(row).is_some() { String::new() } else { due }, row.id)
    });
    rows
}

/// The first `limit` of them, under the days they belong to.
pub fn groups(follow_ups: &[Arc<Row>], limit: usize, zone: &Zone) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in ordered(follow_ups).into_iter().take(limit) {
        let day = done_at(row).map(|ms| zone.day(ms).to_string());
        match groups.last_mut().filter(|group| group.day == day) {
            Some(group) => group.events.push(row.id),
            None => groups.push(Group { day, events: vec![row.id] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, Value, row::Cell, time::DAY_MS};
    use serde_json::json;

    fn row(id: u128, cells: &[(&str, Value)]) -> Arc<Row> {
        let mut row = Row::new("follow_up", Id::from_u128(id));
        for (field, value) in cells {
            row.cells.insert((*field).into(), Cell { value: value.clone(), clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    fn ids(rows: Vec<&Arc<Row>>) -> Vec<u128> {
        rows.iter().map(|row| row.id.as_u128()).collect()
    }

    #[test]
    fn planned_comes_first_then_the_latest_done() {
        let rows = [
            row(1, &[("done_at", json!(5 * DAY_MS))]),
            row(2, &[("due", json!("2026-12-01"))]),
            row(3, &[("done_at", json!(9 * DAY_MS))]),
            row(4, &[("due", json!("2026-11-24"))]),
            row(5, &[]),
            row(6, &[("due", json!("2026-11-24T09:00"))]),
        ];
        assert_eq!(ids(ordered(&rows)), [6, 4, 2, 5, 3, 1]);
        let days: Vec<_> = groups(&rows, 5, &Zone::default()).into_iter().map(|group| (group.day, group.events.len())).collect();
        assert_eq!(days, [(None, 4), (Some("1970-01-10".to_owned()), 1)]);
    }

    #[test]
    fn one_planned_step_is_left_to_the_promise() {
        let step = row(1, &[("due", json!("2026-12-01"))]);
        let done = row(2, &[("done_at", json!(5))]);
        assert_eq!(ids(ordered(&[step.clone(), done])), [2]);
        assert_eq!(ids(ordered(&[step, row(3, &[])])), [1, 3]);
    }

    #[test]
    fn a_kept_promise_is_told_by_its_log() {
        let promise = [("due", json!("2026-11-24")), ("done_at", json!(5))];
        let log = row(2, &[("done_at", json!(5)), ("previous", json!(Id::from_u128(1)))]);
        assert_eq!(ids(ordered(&[row(1, &promise), log.clone()])), [2]);
        let with_words = [promise.as_slice(), &[("text", json!("done by phone"))]].concat();
        assert_eq!(ids(ordered(&[row(1, &with_words), log])), [1, 2]);
    }
}
