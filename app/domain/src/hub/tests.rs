//! What holds for every kind, the ones to come included.

use super::memory::{MemoryHub, Refusal};
use crate::{
    Id, KindSpec, Schema,
    change::{Act, Op, Outcome, Write},
    records,
    row::{Deleted, Row, packed::VERSION},
    spec::{RootRule, Writers},
    testing::{self, account, clock, id, member, op, sample, team},
    wire::{SyncAnswer, SyncRequest},
};
use serde_json::{Value, json};

pub(super) const REP: u128 = 1;
pub(super) const MANAGER: u128 = 2;
const STRANGER: u128 = 3;
pub(super) const ACCOUNT: u128 = 20;
pub(super) const NOW: i64 = 1_000_000;

/// A device with the cursor of its last answer.
pub(super) struct Device {
    pub id: Id,
    member: Id,
    pub cursor: Option<String>,
}

impl Device {
    pub fn of(who: u128) -> Device {
        Device { id: id(100 + who), member: id(who), cursor: None }
    }

    pub fn sync(&mut self, hub: &mut MemoryHub, ops: Vec<Op>) -> SyncAnswer {
        let answer = self.ask(hub, ops).unwrap();
        assert!(!answer.more);
        self.cursor = Some(answer.cursor.clone());
        answer
    }

    /// What the server says, without taking it in.
    pub fn ask(&self, hub: &mut MemoryHub, ops: Vec<Op>) -> Result<SyncAnswer, Refusal> {
        let request = SyncRequest {
            device: self.id,
            feed_epoch: 1,
            schema: Schema::VERSION,
            cursor: self.cursor.clone(),
            pending: ops.len() as u64,
            ops: ops.iter().map(|op| json!(op)).collect(),
            settled_n: 0,
            device_time: NOW,
            ..SyncRequest::default()
        };
        hub.sync(self.member, NOW, &request)
    }
}

impl Device {
    /// A page of a pull, without ops.
    fn page(&mut self, hub: &mut MemoryHub) -> SyncAnswer {
        let request = SyncRequest { device: self.id, cursor: self.cursor.clone(), ..SyncRequest::default() };
        let answer = hub.sync(self.member, NOW, &request).unwrap();
        self.cursor = Some(answer.cursor.clone());
        answer
    }
}

/// A record with a value in every field that a person fills, made by the rep.
fn made(kind: &KindSpec, n: u64, record: Id) -> (Op, Vec<(String, Value)>) {
    let mut values = Vec::new();
    for field in &kind.fields {
        let value = match field.ty.refers_to() {
            Some("member") => json!(id(REP)),
            Some("account") => json!(id(ACCOUNT)),
            Some(_) => json!(id(30)),
            None => sample(field).map_or(Value::Null, |text| field.ty.rules().parse(&text).unwrap()),
        };
        if !value.is_null() {
            values.push((field.name.to_string(), value));
        }
    }
    let at = clock(NOW, 100 + REP);
    let mut op = op(id(100 + REP), n, id(REP), 1, &kind.name, record, Act::Create { clock: at });
    for (field, value) in &mut values {
        let is_set = kind.field(field).is_some_and(|spec| spec.is_set());
        let element = |element: &Value| Act::Add { field: field.clone(), element: element.clone(), clock: at };
        let acts = match (is_set, value.as_array()) {
            (true, Some(elements)) => elements.iter().map(element).collect(),
            (true, None) => vec![element(value)],
            (false, _) => vec![Act::Set { field: field.clone(), value: value.clone(), clock: at }],
        };
        op.writes.extend(acts.into_iter().map(|act| Write { kind: kind.name.to_string(), id: record, act }));
        if is_set && !value.is_array() {
            *value = json!([value]);
        }
    }
    (op, values)
}

/// A rep with an account, his manager, and somebody of another team.
pub(super) fn company() -> MemoryHub {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    let people = [member(id(REP), "rep", Some(id(9))), member(id(MANAGER), "manager", None), member(id(STRANGER), "rep", None)];
    hub.seed(people.into_iter().chain([team(id(9), id(MANAGER)), account(id(ACCOUNT), "Acme", id(REP))]));
    hub
}

#[test]
fn every_kind_that_everyone_may_write_made_on_one_device_is_seen_on_another() {
    let (schema, mut hub) = (records::schema(), company());
    let [mut rep, mut manager, mut stranger] = [REP, MANAGER, STRANGER].map(Device::of);
    for device in [&mut rep, &mut manager, &mut stranger] {
        device.sync(&mut hub, Vec::new());
    }
    for (n, kind) in (1..).zip(schema.kinds.iter().filter(|kind| kind.writers == Writers::Everyone)) {
        let record = id(1000 + u128::from(n));
        let (op, values) = made(kind, n, record);
        let sent = rep.sync(&mut hub, vec![op]);
        assert_eq!(sent.acks.iter().map(|ack| &ack.outcome).collect::<Vec<_>>(), [&Outcome::Applied], "{}", kind.name);
        let rows = manager.sync(&mut hub, Vec::new()).rows;
        if let RootRule::Shared(_) | RootRule::Member(_) = kind.root {
            let others = rows.into_iter().chain(stranger.sync(&mut hub, Vec::new()).rows);
            assert!(others.map(|row| row.id).all(|found| found != record), "{} is its maker's until it is shared", kind.name);
            let again = Device { cursor: None, ..Device::of(REP) }.sync(&mut hub, Vec::new()).rows;
            assert!(again.iter().any(|row| row.id == record), "{} is on all of his devices", kind.name);
            continue;
        }
        let row: &Row = rows.iter().find(|row| row.id == record).unwrap_or_else(|| panic!("no {}", kind.name));
        for (field, value) in values {
            assert_eq!(row.value(&field), value, "{}.{field}", kind.name);
        }
        let sees_all = kind.root == RootRule::Company;
        assert_eq!(stranger.sync(&mut hub, Vec::new()).rows.iter().any(|row| row.id == record), sees_all, "{}", kind.name);
    }
}

#[test]
fn what_is_for_one_member_alone_nobody_else_makes_changes_or_sees_administrators_included() {
    const ADMINISTRATOR: u128 = 7;
    let (schema, mut hub) = (records::schema(), company());
    hub.seed([member(id(ADMINISTRATOR), "administrator", None)]);
    let reminder = schema.kind(records::Reminder::KIND).unwrap();
    let (op, _) = made(reminder, 1, id(500));
    let mut rep = Device::of(REP);
    rep.sync(&mut hub, vec![op.clone()]);
    for who in [STRANGER, MANAGER, ADMINISTRATOR] {
        let mut device = Device::of(who);
        assert!(device.sync(&mut hub, Vec::new()).rows.iter().all(|row| row.id != id(500)), "{who} sees it");
        // It says that it is the rep's: once under an id of its own, once under that of his.
        for (n, record) in [(1, id(600 + who)), (2, id(500))] {
            let (made, _) = made(reminder, n, record);
            let forged = Op { device: id(100 + who), actor: id(who), op_id: id(700 + 10 * who + u128::from(n)), ..made };
            let outcome = device.sync(&mut hub, vec![forged]).acks[0].outcome.clone();
            assert_eq!(outcome, Outcome::Parked { reason: "no_access".to_owned() }, "{who} wrote it");
        }
    }
    assert!(rep.sync(&mut hub, Vec::new()).rows.iter().all(|row| row.kind != records::Reminder::KIND));
}

#[test]
fn what_was_granted_and_taken_back_within_one_pull_does_not_stay() {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    hub.seed([member(id(REP), "rep", None), member(id(STRANGER), "rep", None), account(id(ACCOUNT), "Acme", id(STRANGER))]);
    let mut rep = Device::of(REP);
    rep.sync(&mut hub, Vec::new());
    // More than a page of his own changes: the pull is not over when Acme comes and goes.
    hub.seed((0..1_100).map(|n| account(id(5_000 + n), "his", id(REP))));
    let own = |who: u128, hub: &mut MemoryHub| hub.seed([account(id(ACCOUNT), "Acme", id(who))]);
    assert!(rep.page(&mut hub).checkpoint.is_none());
    hub.seed([account(id(ACCOUNT), "Acme", id(STRANGER))]);
    own(REP, &mut hub);
    let second = rep.page(&mut hub);
    assert!(second.rows.iter().any(|row| row.id == id(ACCOUNT)), "the page was made while he had the right");
    own(STRANGER, &mut hub);
    let third = rep.page(&mut hub);
    assert!(third.removed.contains(&id(ACCOUNT)), "{third:?}");
}

#[test]
fn what_one_pull_removed_comes_back_with_the_next_though_that_begins_before_it_went() {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    let people =
        [member(id(REP), "manager", None), member(id(MANAGER), "manager", None), member(id(STRANGER), "rep", Some(id(9)))];
    hub.seed(people.into_iter().chain([team(id(9), id(REP)), account(id(ACCOUNT), "Acme", id(STRANGER))]));
    let mut rep = Device::of(REP);
    assert!(rep.sync(&mut hub, Vec::new()).rows.iter().any(|row| row.id == id(ACCOUNT)));
    hub.seed((0..1_100).map(|n| account(id(5_000 + n), "his", id(REP))));
    assert!(rep.page(&mut hub).checkpoint.is_none());
    hub.seed([team(id(9), id(MANAGER))]);
    assert!(rep.page(&mut hub).removed.contains(&id(ACCOUNT)));
    hub.seed([team(id(9), id(REP))]);
    assert!(rep.page(&mut hub).rows.iter().any(|row| row.id == id(ACCOUNT)));
}

#[test]
fn what_was_deleted_while_somebody_had_no_right_to_it_goes_though_he_got_that_back_between_two_pages() {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    let people =
        [member(id(REP), "manager", None), member(id(MANAGER), "manager", None), member(id(STRANGER), "rep", Some(id(9)))];
    hub.seed(people.into_iter().chain([team(id(9), id(REP)), account(id(ACCOUNT), "Acme", id(STRANGER))]));
    let mut rep = Device::of(REP);
    assert!(rep.sync(&mut hub, Vec::new()).rows.iter().any(|row| row.id == id(ACCOUNT)));
    hub.seed([team(id(9), id(MANAGER))]);
    let mut gone = account(id(ACCOUNT), "Acme", id(STRANGER));
    gone.deleted = Some(Deleted { seen: gone.clocks(), clock: clock(9, 9), by: id(STRANGER) });
    hub.seed([gone]);
    hub.seed((0..1_100).map(|n| account(id(5_000 + n), "his", id(REP))));
    assert!(rep.page(&mut hub).checkpoint.is_none());
    hub.seed([team(id(9), id(REP))]);
    let second = rep.page(&mut hub);
    assert!(second.more && second.rows.iter().chain(&rep.page(&mut hub).rows).any(|row| row.id == id(ACCOUNT)), "{second:?}");
}

/// A page of a pull comes to a device as it stores it, if it says that it reads such pages, and is the same.
#[test]
fn who_reads_pages_gets_first_loads_and_many_rows_in_them() {
    let mut hub = company();
    let mut pulled = |pages, cursor: Option<String>| {
        let request = SyncRequest { device: id(101), pages, cursor, ..SyncRequest::default() };
        let answer = hub.sync(id(REP), NOW, &request).unwrap();
        let is_page = json!(answer.rows).is_string();
        hub.seed((0..200).map(|n| account(id(5_000 + n), "his", id(REP))));
        (is_page, answer.rows.to_vec(), Some(answer.cursor))
    };
    let (first, rows, cursor) = pulled(Some(VERSION), None);
    assert_eq!((first, rows.len()), (true, 5), "a first load, however small");
    for (pages, is_page) in [(Some(VERSION), true), (Some('2'), false), (None, false)] {
        let (as_page, many, _) = pulled(pages, cursor.clone());
        assert_eq!((as_page, many.len()), (is_page, 200), "{pages:?}");
    }
}

#[test]
fn a_share_ends_when_the_servers_clock_says_so() {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    let share = |until: i64| {
        let fields = [("account", json!(id(ACCOUNT))), ("member", json!(id(STRANGER))), ("until", json!(until))];
        crate::testing::row(records::Share::KIND, id(40), &fields)
    };
    hub.seed([member(id(REP), "rep", None), member(id(STRANGER), "rep", None), account(id(ACCOUNT), "Acme", id(REP))]);
    hub.seed([share(NOW)]);
    let sees = |hub: &MemoryHub| hub.sees(id(STRANGER), &hub.rows[&id(ACCOUNT)].clone());
    assert!(sees(&hub));
    hub.expire(NOW - 1);
    assert!(sees(&hub));
    hub.seed([share(NOW + 5)]);
    hub.expire(NOW);
    assert!(sees(&hub), "it was extended before it ended");
    hub.expire(NOW + 5);
    assert!(!sees(&hub));
}

#[test]
fn what_is_shared_comes_to_everybody_and_goes_again() {
    let mut hub = company();
    let [mut rep, mut stranger] = [REP, STRANGER].map(Device::of);
    stranger.sync(&mut hub, Vec::new());
    let (kind, record) = (records::SavedQuery::KIND, id(1000));
    let set = |n, value: &str| {
        op(id(100 + REP), n, id(REP), 0, kind, record, testing::set("shared", value, clock(NOW + n as i64, 100 + REP)))
    };
    let made = op(id(100 + REP), 1, id(REP), 0, kind, record, Act::Create { clock: clock(NOW, 100 + REP) });
    for (op, seen, gone) in [(made, 0, 0), (set(2, "company"), 1, 0), (set(3, "private"), 0, 1)] {
        assert_eq!(rep.sync(&mut hub, vec![op]).acks[0].outcome, Outcome::Applied);
        let answer = stranger.sync(&mut hub, Vec::new());
        assert_eq!((answer.rows.len(), answer.removed.len()), (seen, gone));
    }
}

/// What is shared with some comes to those whom the record names, and to its maker, and to nobody else.
#[test]
fn what_is_shared_with_some_comes_to_a_role_a_team_and_people_and_goes_again() {
    let (outsider, other_team) = (4, id(8));
    let mut hub = company();
    hub.seed([member(id(outsider), "manager", Some(other_team)), team(other_team, id(outsider))]);
    let (kind, record) = (records::SavedQuery::KIND, id(1000));
    let mut rep = Device::of(REP);
    let set = |n, field: &str, value: Value| {
        op(id(100 + REP), n, id(REP), 0, kind, record, testing::set(field, value, clock(NOW + n as i64, 100 + REP)))
    };
    let add = |n, who: u128| {
        let act = Act::Add { field: "members".into(), element: json!(id(who)), clock: clock(NOW + n as i64, 100 + REP) };
        op(id(100 + REP), n, id(REP), 0, kind, record, act)
    };
    let made = op(id(100 + REP), 1, id(REP), 0, kind, record, Act::Create { clock: clock(NOW, 100 + REP) });
    // The maker's manager leads him, so that he sees what he shares with anybody.
    for (op, seen_by) in [
        (made, vec![REP]),
        (set(2, "team", json!(other_team)), vec![REP]),
        (set(3, "shared", json!("some")), vec![REP, MANAGER, outsider]),
        (set(4, "team", Value::Null), vec![REP, MANAGER]),
        (set(5, "role", json!("rep")), vec![REP, MANAGER, STRANGER]),
        (set(6, "role", json!("manager")), vec![REP, MANAGER, outsider]),
        (set(7, "role", Value::Null), vec![REP, MANAGER]),
        (add(8, STRANGER), vec![REP, MANAGER, STRANGER]),
        (set(9, "shared", json!("company")), vec![REP, MANAGER, STRANGER, outsider]),
        (set(10, "shared", json!("private")), vec![REP]),
    ] {
        let said = json!(op.writes[0].act);
        assert_eq!(rep.sync(&mut hub, vec![op]).acks[0].outcome, Outcome::Applied);
        let sees = |who: &u128| hub.sees(id(*who), &hub.rows[&record].clone());
        let found: Vec<u128> = [REP, MANAGER, STRANGER, outsider].into_iter().filter(|who| sees(who)).collect();
        assert_eq!(found, seen_by, "{said}");
    }
}

#[test]
fn what_somebody_shares_only_he_and_administrators_change_and_he_brings_back_what_he_deleted() {
    let (mut hub, administrator) = (company(), 5);
    hub.seed([member(id(administrator), "administrator", None)]);
    let [mut rep, mut stranger, mut office] = [REP, STRANGER, administrator].map(Device::of);
    let (kind, record) = (records::SavedQuery::KIND, id(1000));
    let of = |who: u128, n, at: i64, act: &dyn Fn(crate::Clock) -> Act| {
        op(id(100 + who), n, id(who), 0, kind, record, act(clock(NOW + at, 100 + who)))
    };
    let set = |who, n, at, field: &'static str, value: &'static str| {
        of(who, n, at, &move |clock| testing::set(field, json!(value), clock))
    };
    let shared = [of(REP, 1, 1, &|clock| Act::Create { clock }), set(REP, 2, 2, "shared", "some"), set(REP, 3, 3, "role", "rep")];
    rep.sync(&mut hub, shared.to_vec());
    assert_eq!(stranger.sync(&mut hub, Vec::new()).rows.iter().filter(|row| row.id == record).count(), 1);
    let refused = stranger.sync(&mut hub, vec![set(STRANGER, 1, 4, "name", "mine")]);
    assert!(matches!(&refused.acks[0].outcome, Outcome::Rejected { code, .. } if code == "not_allowed"), "{refused:?}");
    office.sync(&mut hub, Vec::new());
    let allowed = office.sync(&mut hub, vec![set(administrator, 1, 5, "name", "Everybody's")]);
    assert_eq!(allowed.acks[0].outcome, Outcome::Applied);
    rep.sync(&mut hub, Vec::new());
    let seen = hub.rows[&record].clocks();
    rep.sync(&mut hub, vec![of(REP, 4, 6, &move |clock| Act::Delete { seen: seen.clone(), clock })]);
    assert!(!hub.rows[&record].is_alive());
    let again = rep.sync(&mut hub, vec![set(REP, 5, 7, "shared", "some")]);
    assert_eq!(again.acks[0].outcome, Outcome::Merged, "it is told that it had been deleted");
    assert!(hub.rows[&record].is_alive() && hub.sees(id(STRANGER), &hub.rows[&record].clone()));
}
