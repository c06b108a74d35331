use super::*;
use domain::{testing, time::parse_instant};

fn shanghai() -> Zone {
    Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] }
}

/// An instant on 24 November 2026 in Shanghai.
fn at(clock: &str) -> i64 {
    shanghai().instant(&format!("2026-11-24T{clock}")).unwrap()
}

fn reminder(n: u128, at: i64) -> Reminder {
    Reminder { id: Id::from_u128(n), record: Id::from_u128(100 + n), name: format!("明珠 {n}"), at }
}

fn ids(reminders: &[Reminder]) -> Vec<u128> {
    reminders.iter().map(|one| one.id.as_u128()).collect()
}

#[test]
fn what_is_due_is_of_today_by_the_companys_clock_and_in_order() {
    let all = [reminder(1, at("10:30")), reminder(2, at("07:00")), reminder(3, at("18:00")), reminder(4, at("00:00") - 1)];
    assert_eq!(ids(&due(&all, at("10:29"), &shanghai())), [2]);
    assert_eq!(ids(&due(&all, at("10:30"), &shanghai())), [2, 1], "to the millisecond");
    assert_eq!(ids(&due(&all, at("23:59"), &shanghai())), [2, 1, 3], "yesterday's is not told any more");
    assert_eq!(due(&all, at("23:59") + MINUTE_MS, &shanghai()), []);
    // Where the day began eight hours later it is another one that is over.
    assert_eq!(ids(&due(&all, at("10:30"), &Zone::default())), [1]);
}

#[test]
fn one_is_missed_only_when_no_timer_could_be_so_late() {
    let one = reminder(1, at("10:30"));
    assert!(!is_missed(&one, at("10:30")) && !is_missed(&one, at("10:32")));
    assert!(is_missed(&one, at("10:32") + 1));
}

#[test]
fn the_next_look_is_at_the_next_reminder_that_is_ahead() {
    let all = [reminder(1, at("10:30")), reminder(2, at("09:00")), reminder(3, at("18:00"))];
    assert_eq!(until_next(&all, at("09:00")), Some(90 * MINUTE_MS), "the one that is due now is told now");
    assert_eq!(until_next(&all, at("10:29") + 59_999), Some(1));
    assert_eq!(until_next(&all, at("18:00")), None);
}

#[test]
fn what_was_told_is_not_told_again_unless_its_time_is_another() {
    let today = shanghai().day(at("12:00"));
    let mut told = Told::read("", today);
    assert_eq!(ids(&told.take(vec![reminder(1, 5), reminder(2, 5)])), [1, 2]);
    let mut again = Told::read(&told.text(), today);
    assert_eq!(again, told);
    assert_eq!(ids(&again.take(vec![reminder(1, 5), reminder(2, 6), reminder(3, 5)])), [2, 3]);
    // The memory is of one day: it does not grow.
    assert_eq!(Told::read(&again.text(), today.plus(1)), Told::read("nonsense", today.plus(1)));
    assert_eq!(Told::read(&again.text(), today.plus(1)).text(), "2026-11-25");
}

#[test]
fn those_of_days_that_are_over_go() {
    let all = [reminder(1, at("00:00")), reminder(2, at("00:00") - 1), reminder(3, at("23:59"))];
    assert_eq!(outdated(&all, at("08:00"), &shanghai()), [Id::from_u128(2)]);
}

#[test]
fn a_time_is_todays_and_ahead() {
    let zone = shanghai();
    assert_eq!(today_at("15:30", at("15:29"), &zone), Some(at("15:30")));
    assert_eq!(today_at("15:30", at("15:30"), &zone), None);
    assert!(["", "25:00", "soon"].iter().all(|clock| today_at(clock, at("01:00"), &zone).is_none()));
}

#[test]
fn offers_end_with_the_day_and_are_never_sooner_than_they_say() {
    let zone = shanghai();
    let minutes = |now: i64| offers(now, &zone).into_iter().map(|(minutes, _)| minutes).collect::<Vec<_>>();
    assert_eq!(minutes(at("15:00")), [15, 30, 60, 120]);
    assert_eq!(minutes(at("23:20")), [15, 30]);
    assert_eq!(minutes(at("23:50")), [] as [i64; 0]);
    assert_eq!(offers(at("15:00") + 1, &zone)[0], (15, at("15:16")));
    assert_eq!(offers(at("15:00"), &zone)[0], (15, at("15:15")));
}

#[test]
fn devices_that_do_not_see_each_other_make_one_reminder_and_every_day_another() {
    let [me, other, record] = [1, 2, 3].map(Id::from_u128);
    let day = Day::parse("2026-11-24").unwrap();
    assert_eq!(id_of(me, record, day), id_of(me, record, day));
    let all = [id_of(me, record, day), id_of(other, record, day), id_of(me, other, day), id_of(me, record, day.plus(1))];
    assert_eq!(BTreeSet::from(all).len(), 4);
}

#[test]
fn a_row_without_a_time_or_a_record_is_none() {
    let (id, record) = (Id::from_u128(1), Id::from_u128(2));
    let ms = parse_instant("2026-11-24T01:30:00Z").unwrap();
    let fields = [("record", record.to_string().into()), ("name", "明珠".into()), ("at", ms.into())];
    let read = |fields: &[(&str, domain::Value)]| Reminder::of(&testing::row("reminder", id, fields));
    assert_eq!(read(&fields), Some(Reminder { id, record, name: "明珠".into(), at: ms }));
    assert_eq!((read(&fields[..2]), read(&fields[1..])), (None, None));
}
