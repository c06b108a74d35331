use super::*;
use domain::{
    Value,
    testing::{Random, clock, id, row},
};
use serde_json::json;
use store::{Index, View};

const ME: Id = Id::from_u128(901);
const HER: Id = Id::from_u128(902);

fn zone() -> Zone {
    Zone { name: "Asia/Shanghai".into(), transitions: vec![(0, 8 * 3600)] }
}

fn frame() -> Frame {
    Frame::new(ME, Day::parse("2026-11-24").unwrap(), &zone())
}

/// A device: what it shows, and its lists.
#[derive(Default)]
struct Device {
    view: View,
    index: std::cell::RefCell<Index>,
}

impl Records for Device {
    fn account(&self, id: Id) -> Option<Arc<Row>> {
        let row = self.view.row(id).filter(|row| row.is_alive())?;
        Some(self.index.borrow_mut().resolved(&self.view, row))
    }

    fn follow_ups_of(&self, account: Id) -> Arc<Rows> {
        self.index.borrow_mut().referring(&self.view, FollowUp::KIND, "account", account)
    }
}

impl Device {
    fn rows(&self, kind: &str) -> Arc<Rows> {
        self.index.borrow_mut().rows(&self.view, kind)
    }

    fn read(&self) -> Standing {
        let mut standing = Standing::new(frame());
        for kind in [FollowUp::KIND, Account::KIND] {
            self.rows(kind).iter().for_each(|row| standing.read(row, self));
        }
        standing.settle();
        standing
    }
}

fn made(kind: &str, number: u128, by: Id, ms: i64, fields: &[(&str, Value)]) -> Row {
    let mut row = row(kind, id(number), fields);
    let at = clock(ms, 3);
    row.created = Some(domain::row::Created { first: at, by, last: at });
    row
}

fn of(text: &str) -> i64 {
    domain::time::parse_instant(text).unwrap()
}

/// Few accounts and follow-ups, so that they meet: given, moved, planned, done, deleted, merged.
fn any_row(random: &mut Random) -> Row {
    let by = [ME, HER, Id::nil()][random.below(3)];
    let member = |random: &mut Random| [json!(ME), json!(HER), Value::Null][random.below(3)].clone();
    let ms = of(["2026-11-02T00:00:00Z", "2026-10-02T00:00:00Z"][random.below(2)]);
    let account = json!(id(random.below(4) as u128));
    let mut row = if random.chance(40) {
        let stage = ["customer", "lost"][random.below(2)];
        let into = if random.chance(10) { account } else { Value::Null };
        let fields = [("owner", member(random)), ("stage", json!(stage)), ("merged_into", into)];
        made(Account::KIND, random.below(4) as u128, by, ms, &fields)
    } else {
        let due = ["2026-11-20", "2026-11-24", "2026-11-24T09:00", "2026-11-30", "2027-01-01", ""][random.below(6)];
        let done = [Value::Null, json!(of("2026-11-10T00:00:00Z")), json!(of("2026-10-31T15:30:00Z"))][random.below(3)].clone();
        let fields = [
            ("account", account),
            ("due", if due.is_empty() { Value::Null } else { json!(due) }),
            ("done_at", done),
            ("channel", json!(["visit", "call"][random.below(2)])),
            ("assigned_to", member(random)),
        ];
        made(FollowUp::KIND, 10 + random.below(8) as u128, by, ms, &fields)
    };
    if random.chance(10) {
        row.deleted = Some(domain::row::Deleted { seen: row.clocks(), clock: clock(1, 1), by: ME });
    }
    row.seq = random.draw();
    row
}

/// All that a standing says, in an order of its own where it has none.
fn said(standing: &Standing) -> impl PartialEq + std::fmt::Debug + use<> {
    let seqs = |rows: &Rows| rows.iter().map(|row| (row.id, row.seq)).collect::<Vec<_>>();
    let Agenda { overdue, today, week } = &standing.agenda;
    let mut facts: Vec<_> = standing
        .facts
        .iter()
        .map(|(account, facts)| (*account, facts.next_due().map(str::to_owned), facts.last_contact(), facts.next.is_some()))
        .collect();
    facts.sort();
    let members = (standing.unplanned().collect::<Vec<_>>(), standing.owners().collect::<Vec<_>>());
    ([overdue, today, week].map(seqs), facts, members, standing.this_month())
}

#[test]
fn what_is_kept_true_is_what_is_worked_out_anew() {
    let mut followed = 0;
    for seed in 0..200 {
        let (mut random, mut device) = (Random::new(seed), Device::default());
        let (mut standing, mut seen) = (device.read(), device.index.borrow().seen());
        for step in 0..60 {
            let changed: Vec<Row> = (0..random.below(4)).map(|_| any_row(&mut random)).collect();
            let removed: Vec<Id> = (0..random.below(2)).map(|_| id(random.below(18) as u128)).collect();
            let touched = device.view.pulled(changed, &removed, []);
            device.index.get_mut().touch(&device.view, &touched);
            let since = device.index.borrow().since(seen);
            match since {
                Some(changes) => changes.iter().for_each(|change| standing.change(change, &device)),
                None => standing = device.read(),
            }
            followed += usize::from(device.index.borrow().since(seen).is_some());
            seen = device.index.borrow().seen();
            assert_eq!(said(&standing), said(&device.read()), "seed {seed}, step {step}");
        }
    }
    assert!(followed > 6_000, "most was followed change by change: {followed} times");
}

#[test]
fn accounts_without_a_next_step_are_mine_alive_and_longest_neglected_first() {
    let account = |n, owner: Id, stage: &str| made(Account::KIND, n, HER, 0, &[("owner", json!(owner)), ("stage", json!(stage))]);
    let done = made(FollowUp::KIND, 20, ME, 0, &[("account", json!(id(1))), ("done_at", json!(5_000))]);
    let planned = |due: &str| made(FollowUp::KIND, 21, ME, 0, &[("account", json!(id(1))), ("due", json!(due))]);
    let accounts = [account(1, ME, "customer"), account(2, ME, "customer"), account(3, ME, "lost"), account(4, HER, "customer")];
    let mut device = Device { view: View::new(accounts.into_iter().chain([done]), []), ..Device::default() };
    let (mut standing, seen) = (device.read(), device.index.borrow().seen());
    assert_eq!(standing.unplanned().collect::<Vec<_>>(), [2, 1].map(id));
    let touched = device.view.pulled(vec![planned("2026-11-30")], &[], []);
    device.index.get_mut().touch(&device.view, &touched);
    let changes = device.index.borrow().since(seen).unwrap();
    changes.iter().for_each(|change| standing.change(change, &device));
    assert_eq!(standing.unplanned().collect::<Vec<_>>(), [id(2)]);
}

#[test]
fn counts_are_of_this_month_in_the_companys_zone() {
    // 31 October 16:30 UTC is November in Shanghai.
    let times = ["2026-10-31T16:30:00Z", "2026-10-31T15:30:00Z", "2026-11-10T04:00:00Z"];
    let visits = times.iter().zip(20..).map(|(at, n)| {
        made(FollowUp::KIND, n, ME, 0, &[("account", json!(id(1))), ("done_at", json!(of(at))), ("channel", json!("visit"))])
    });
    let accounts = [made(Account::KIND, 1, ME, of(times[0]), &[]), made(Account::KIND, 2, ME, of(times[1]), &[])];
    let device = Device { view: View::new(visits.chain(accounts), []), ..Device::default() };
    let counts = device.read().this_month();
    assert_eq!((counts.visits, counts.follow_ups(), counts.new_accounts), (2, 2, 1));
}
