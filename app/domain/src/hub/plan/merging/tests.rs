use super::*;
use crate::{
    Clock,
    change::Write,
    hub::{
        memory::MemoryHub,
        tests::{Device, MANAGER, NOW, REP},
    },
    records::{self, Contact, Notice},
    testing::{account, clock, id, member, op, row, set, team},
    wire::SyncAnswer,
};
use serde_json::{Value, json};

const OTHER: u128 = 4;
const THIRD: u128 = 5;
/// Accounts of the rep, of the other rep, and of the other rep again, each with a contact numbered ten more.
const A: u128 = 20;
const B: u128 = 21;
const C: u128 = 22;

fn hub() -> MemoryHub {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    let rep = |n| member(id(n), "rep", Some(id(9)));
    hub.seed([rep(REP), rep(OTHER), rep(THIRD), member(id(MANAGER), "manager", None)]);
    hub.seed([team(id(9), id(MANAGER))]);
    for (n, owner) in [(A, REP), (B, OTHER), (C, OTHER)] {
        let contact = row(Contact::KIND, id(n + 10), &[("account", json!(id(n)))]);
        hub.seed([account(id(n), &format!("account {n}"), id(owner)), contact]);
    }
    hub
}

/// Everybody's device, with what it has seen.
struct Crew {
    hub: MemoryHub,
    rep: Device,
    other: Device,
    manager: Device,
    third: Device,
    numbers: BTreeMap<Id, u64>,
    now: i64,
}

impl Crew {
    fn new() -> Crew {
        let mut hub = hub();
        let [mut rep, mut other, mut manager, mut third] = [REP, OTHER, MANAGER, THIRD].map(Device::of);
        for device in [&mut rep, &mut other, &mut manager, &mut third] {
            device.sync(&mut hub, Vec::new());
        }
        Crew { hub, rep, other, manager, third, numbers: BTreeMap::new(), now: NOW }
    }

    /// An op of a member who has seen the feed up to `seen`.
    fn op(&mut self, who: u128, seen: u64, writes: &[(&str, u128, &str, Value)]) -> Op {
        let n = self.numbers.entry(id(who)).and_modify(|n| *n += 1).or_insert(1);
        self.now += 1;
        let write = |(kind, record, field, value): &(&str, u128, &str, Value)| Write {
            kind: (*kind).to_owned(),
            id: id(*record),
            act: set(field, value.clone(), clock(self.now, 100 + who)),
        };
        let mut made = op(id(100 + who), *n, id(who), seen, "", Id::nil(), Act::Create { clock: clock(self.now, 100 + who) });
        made.writes = writes.iter().map(write).collect();
        made
    }

    /// Sends an op that had seen everything its device has.
    fn send(&mut self, who: u128, writes: &[(&str, u128, &str, Value)]) -> (Outcome, SyncAnswer) {
        let seen = self.hub.seq;
        self.device(who, Vec::new());
        let made = self.op(who, seen, writes);
        let answer = self.device(who, vec![made]);
        (answer.acks[0].outcome.clone(), answer)
    }

    fn device(&mut self, who: u128, ops: Vec<Op>) -> SyncAnswer {
        let device = match who {
            REP => &mut self.rep,
            OTHER => &mut self.other,
            MANAGER => &mut self.manager,
            _ => &mut self.third,
        };
        device.sync(&mut self.hub, ops)
    }

    fn merge(&mut self, who: u128, from: u128, into: u128) -> Outcome {
        self.send(who, &[(Account::KIND, from, MERGED_INTO, json!(id(into)))]).0
    }

    fn undo(&mut self, who: u128, of: u128) -> Outcome {
        self.send(who, &[(Account::KIND, of, MERGED_INTO, Value::Null)]).0
    }

    /// Which of the accounts and contacts a member sees.
    fn seen(&self, who: u128) -> Vec<u128> {
        let seen = |n: &u128| self.hub.sees(id(who), &self.hub.rows[&id(*n)]);
        [A, B, C, A + 10, B + 10, C + 10].into_iter().filter(seen).collect()
    }

    fn text(&self, account: u128, field: &str) -> &str {
        self.hub.rows[&id(account)].text(field)
    }
}

#[test]
fn who_sees_the_survivor_sees_what_hangs_under_what_was_merged_until_it_is_undone() {
    let mut crew = Crew::new();
    let (before, contact) = ([REP, OTHER, MANAGER, THIRD].map(|who| crew.seen(who)), crew.hub.rows[&id(A + 10)].clone());
    assert_eq!(crew.merge(MANAGER, A, B), Outcome::Applied);
    assert_eq!([crew.seen(REP), crew.seen(OTHER)], [vec![A, A + 10], vec![A, B, C, A + 10, B + 10, C + 10]]);
    assert_eq!(crew.seen(THIRD), []);
    let got: BTreeSet<Id> = crew.device(OTHER, Vec::new()).rows.iter().map(|row| row.id).collect();
    assert!(got.is_superset(&[id(A), id(A + 10)].into()), "the device is told of it, though only the account changed");
    assert_eq!(crew.hub.rows[&id(A + 10)], contact, "nothing below is rewritten");

    assert_eq!(crew.undo(MANAGER, A), Outcome::Applied);
    assert_eq!([REP, OTHER, MANAGER, THIRD].map(|who| crew.seen(who)), before);
    let lost = crew.device(OTHER, Vec::new()).removed;
    assert!(lost.contains(&id(A)) && lost.contains(&id(A + 10)) && lost.len() == 2);
}

#[test]
fn what_opens_the_survivor_later_opens_what_was_merged_too_and_closes_it_again() {
    let mut crew = Crew::new();
    crew.merge(MANAGER, A, B);
    crew.merge(MANAGER, B, C);
    crew.send(MANAGER, &[(Account::KIND, C, "owner", json!(id(THIRD)))]);
    assert_eq!(crew.seen(THIRD), [A, B, C, A + 10, B + 10, C + 10], "along the whole chain");
    crew.undo(MANAGER, B);
    assert_eq!(crew.seen(THIRD), [C, C + 10], "what was merged into what left goes with it");
    crew.merge(MANAGER, B, C);
    crew.send(MANAGER, &[(Account::KIND, C, "owner", json!(id(OTHER)))]);
    assert_eq!(crew.seen(THIRD), []);

    let share = |until: i64| {
        let fields = [("account", json!(id(C))), ("member", json!(id(THIRD))), ("until", json!(until))];
        row(Share::KIND, id(60), &fields)
    };
    crew.hub.seed([share(NOW * 5)]);
    assert_eq!(crew.seen(THIRD), [A, B, C, A + 10, B + 10, C + 10]);
    crew.hub.expire(NOW * 5);
    assert_eq!(crew.seen(THIRD), [], "a share ends for all of it at once");
}

#[test]
fn an_edit_that_had_not_seen_the_merge_follows_the_survivor_along_the_chain() {
    let mut crew = Crew::new();
    let seen = crew.hub.seq;
    let unseen =
        crew.op(REP, seen, &[(Account::KIND, A, "industry", json!("medical")), (Account::KIND, A, "source", json!("fair"))]);
    crew.send(MANAGER, &[(Account::KIND, C, "source", json!("web"))]);
    crew.merge(MANAGER, A, B);
    crew.merge(MANAGER, B, C);
    assert_eq!(crew.device(REP, vec![unseen]).acks[0].outcome, Outcome::Merged);
    assert_eq!([crew.text(A, "industry"), crew.text(C, "industry")], ["", "medical"]);
    assert_eq!(crew.text(C, "source"), "web", "the later clock wins, as anywhere");
    let lost: Vec<_> =
        crew.hub.history.iter().filter(|entry| entry.lost).map(|entry| (entry.record, entry.value.clone())).collect();
    assert_eq!(lost, [(id(C), json!("fair"))]);
    let told = crew.hub.rows.values().filter(|row| row.text("reason") == "conflict").map(|row| Notice(row).recipient().unwrap());
    assert_eq!(told.collect::<BTreeSet<_>>(), [id(REP), id(MANAGER)].into());

    // Who has seen the merge means the account itself.
    assert_eq!(crew.send(REP, &[(Account::KIND, A, "industry", json!("metal"))]).0, Outcome::Applied);
    assert_eq!([crew.text(A, "industry"), crew.text(C, "industry")], ["metal", "medical"]);
    // And where it was undone before the edit arrives, nothing is merged.
    let unseen = crew.op(REP, seen, &[(Account::KIND, A, "website", json!("example.com"))]);
    crew.undo(MANAGER, A);
    crew.device(REP, vec![unseen]);
    assert_eq!([crew.text(A, "website"), crew.text(C, "website")], ["example.com", ""]);
}

#[test]
fn deleting_what_was_merged_unseen_deletes_neither_and_is_told() {
    let mut crew = Crew::new();
    let seen = crew.hub.seq;
    let mut delete = crew.op(REP, seen, &[(Account::KIND, A, "name", Value::Null)]);
    let clocks = crew.hub.rows[&id(A)].clocks();
    delete.writes[0].act = Act::Delete { clock: clock(NOW + 50, 100 + REP), seen: clocks };
    crew.merge(MANAGER, A, B);
    assert_eq!(crew.device(REP, vec![delete]).acks[0].outcome, Outcome::Merged);
    assert!([A, B].iter().all(|n| crew.hub.rows[&id(*n)].is_alive()));
    assert!(crew.hub.rows.values().any(|row| row.text("reason") == "revived"));
}

#[test]
fn what_was_removed_unseen_is_removed_where_it_was_seen() {
    let mut crew = Crew::new();
    let seen = crew.hub.seq;
    let tag = |act: fn(Clock) -> Act, mut op: Op| {
        op.writes[0].act = act(op.clock());
        op
    };
    let add: fn(Clock) -> Act = |clock| Act::Add { field: "tags".to_owned(), element: json!("key"), clock };
    let added = [A, B].map(|account| tag(add, crew.op(MANAGER, seen, &[(Account::KIND, account, "name", json!(""))])));
    let [own, _] = added.each_ref().map(|op| op.op_id);
    crew.device(MANAGER, added.into());
    let mut remove = crew.op(REP, crew.hub.seq, &[(Account::KIND, A, "name", json!(""))]);
    remove.writes[0].act =
        Act::Remove { field: "tags".to_owned(), element: json!("key"), clock: remove.clock(), seen: [own].into() };
    crew.merge(MANAGER, A, B);
    assert_eq!(crew.device(REP, vec![remove]).acks[0].outcome, Outcome::Applied);
    let tags = [A, B].map(|account| crew.hub.rows[&id(account)].elements("tags").len());
    assert_eq!(tags, [0, 1], "what stands for it has its own");
}

#[test]
fn two_devices_that_merged_into_each_other_offline_make_no_circle() {
    let mut crew = Crew::new();
    let seen = crew.hub.seq;
    let back = crew.op(OTHER, seen, &[(Account::KIND, C, MERGED_INTO, json!(id(B))), (Account::KIND, B, "industry", json!("x"))]);
    crew.merge(MANAGER, B, C);
    let refused = &crew.device(OTHER, vec![back]).acks[0].outcome;
    assert!(
        matches!(refused, Outcome::Rejected { code, field, .. } if code == "merge_circle" && field.as_deref() == Some(MERGED_INTO))
    );
    assert_eq!(crew.text(B, "industry"), "", "an op is taken whole or not at all");
    crew.merge(MANAGER, A, B);
    let longer = crew.merge(MANAGER, C, A);
    assert!(matches!(longer, Outcome::Rejected { code, .. } if code == "merge_circle"));
    let itself = crew.merge(MANAGER, A, A);
    assert!(matches!(itself, Outcome::Rejected { .. }));
}

#[test]
fn merging_takes_the_sight_of_both_and_something_living_to_merge_into() {
    let mut crew = Crew::new();
    assert_eq!(crew.merge(REP, A, B), no_access(), "he does not see where to");
    assert_eq!(crew.merge(OTHER, A, B), no_access(), "nor what");
    assert_eq!(crew.merge(MANAGER, A, 77), unknown_record());
    let contact = crew.merge(MANAGER, A, B + 10);
    assert!(matches!(contact, Outcome::Rejected { code, .. } if code == "merge_target"));
    assert!(crew.hub.rows.values().all(|row| row.get(MERGED_INTO).is_none()));
}
