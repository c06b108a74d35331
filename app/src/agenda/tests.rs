use super::*;
use domain::{
    Clock, Value,
    row::{Cell, Created},
    time,
};

const ME: Id = Id::from_u128(1);
const HER: Id = Id::from_u128(2);

/// Every account is hers.
fn owner(_: Id) -> Option<Id> {
    Some(HER)
}

fn zone() -> Zone {
    Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn row<const N: usize>(kind: &str, id: u128, by: Id, fields: [(&str, Value); N]) -> Arc<Row> {
    let mut row = Row::new(kind, Id::from_u128(id));
    row.created = Some(Created { first: Clock::ZERO, by, last: Clock::ZERO });
    for (field, value) in fields {
        row.cells.insert(field.to_owned(), Cell { value, clock: Clock::ZERO, actor: by, seq: 0 });
    }
    Arc::new(row)
}

fn due(id: u128, due: &str) -> Arc<Row> {
    row("follow_up", id, ME, [("due", due.into()), ("account", Id::from_u128(9).to_string().into())])
}

fn done(id: u128, at: i64) -> Arc<Row> {
    row(
        "follow_up",
        id,
        ME,
        [("done_at", at.into()), ("channel", "visit".into()), ("account", Id::from_u128(9).to_string().into())],
    )
}

fn agenda(rows: &[Arc<Row>], me: Id) -> Agenda {
    let (mut agenda, days) = (Agenda::default(), Days::from(day("2026-11-24")));
    for row in rows.iter().filter(|row| responsible(row, owner) == Some(me)) {
        agenda.part_of(row, &days).into_iter().for_each(|part| insert(part, row));
    }
    agenda
}

fn facts_of(rows: &[Arc<Row>]) -> AccountFacts {
    let mut facts = AccountFacts::default();
    rows.iter().for_each(|row| facts.take_in(row));
    facts
}

fn ids(rows: &[Arc<Row>]) -> Vec<u128> {
    rows.iter().map(|row| row.id.as_u128()).collect()
}

#[test]
fn today_is_sorted_by_time_and_what_has_none_comes_last() {
    let rows = [
        due(1, "2026-11-24"),
        due(2, "2026-11-24T14:00"),
        due(3, "2026-11-24T09:30"),
        due(4, "2026-11-20"),
        due(5, "2026-11-26"),
        due(6, "2026-12-24"),
    ];
    let agenda = agenda(&rows, ME);
    assert_eq!((ids(&agenda.overdue), ids(&agenda.today), ids(&agenda.week)), (vec![4], vec![3, 2, 1], vec![5]));
    assert_eq!(agenda.to_do(), 4);
    assert_eq!(agenda.next("2026-11-24T10:00").unwrap().id.as_u128(), 2);
    assert_eq!(agenda.next("2026-11-24T15:00").unwrap().id.as_u128(), 1);
    assert_eq!(agenda.at_hand("2026-11-24T10:00"), agenda.next("2026-11-24T10:00"));
}

#[test]
fn what_others_are_to_do_is_not_mine() {
    let hers = row("follow_up", 1, ME, [("due", "2026-11-24".into()), ("assigned_to", HER.to_string().into())]);
    assert!(agenda(std::slice::from_ref(&hers), ME).is_empty());
    assert_eq!(agenda(&[hers], HER).today.len(), 1);
}

#[test]
fn what_an_import_left_to_nobody_is_the_account_owners() {
    let fields = || [("due", "2026-11-24".into()), ("account", Id::from_u128(9).to_string().into())];
    let imported = row("follow_up", 1, Id::nil(), fields());
    assert_eq!(responsible(&imported, owner), Some(HER));
    assert_eq!(responsible(&imported, |_| None), None);
    assert_eq!(responsible(&row("follow_up", 1, ME, fields()), owner), Some(ME));
    assert_eq!(agenda(&[imported], HER).today.len(), 1);
}

#[test]
fn the_next_step_is_the_earliest_open_one_and_the_last_contact_the_latest_done() {
    let undated = row("follow_up", 7, ME, [("account", Id::from_u128(9).to_string().into())]);
    let rows = [undated, due(1, "2026-11-26"), due(2, "2026-11-24"), done(3, 5_000), done(4, 9_000)];
    let found = facts_of(&rows);
    assert_eq!((found.next_due(), found.last_contact()), (Some("2026-11-24"), Some(9_000)));
    assert_eq!(next_step(&rows).unwrap().id.as_u128(), 2);
    assert_eq!(next_step(&rows[3..]), None);
}

#[test]
fn an_account_is_mine_when_owned_made_or_shared() {
    assert!(is_mine(&row("account", 1, HER, [("owner", ME.to_string().into())]), ME));
    assert!(is_mine(&row("account", 1, ME, []), ME));
    assert!(!is_mine(&row("account", 1, ME, [("owner", HER.to_string().into())]), ME));
}

#[test]
fn what_members_did_is_of_days_in_the_companys_zone() {
    let now = time::parse_instant("2026-11-10T04:00:00Z").unwrap();
    let rows = [done(1, time::parse_instant("2026-10-31T16:30:00Z").unwrap()), done(3, now)];
    let activity = &activity(&rows, now, &zone(), owner)[&ME];
    assert_eq!((activity.today.visits, activity.week.follow_ups(), activity.last), (1, 1, Some(now)));
    assert_eq!(ids(&done_today(&rows, now, &zone())), [3]);
}

#[test]
fn a_follow_up_moves_to_another_day_and_keeps_its_time() {
    assert_eq!(moved("2026-11-24T09:30", day("2026-11-25")), "2026-11-25T09:30");
    assert_eq!(moved("2026-11-24", day("2026-11-25")), "2026-11-25");
    assert_eq!(moved("", day("2026-11-25")), "2026-11-25");
}

#[test]
fn a_time_of_today_that_passed_is_late() {
    let now = time::parse_instant("2026-11-24T04:00:00Z").unwrap();
    assert_eq!(["2026-11-24T11:00", "2026-11-24", "2026-11-25"].map(|due| tone(due, now, &zone())), ["late", "due", "next"]);
}
