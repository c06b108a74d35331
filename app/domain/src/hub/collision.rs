//! Accounts that are evidently one customer (sync.md, "Merge rules"): both stay, and a case is opened once for the pair.
//!
//! Evidence is, in this order of weight: an equal registration number; an equal name of which both say what the company is in
//! law, as no shop's sign does; an equal name of any sort with an equal phone or address. Other registration numbers or
//! another city on both sides, or a common parent, say that they are two. A name alone is none: chains have many outlets.

use super::{PENDING, People, Plan, rules::NoticeDraft, scope};
use crate::{
    Clock, Id, Row, Schema, Value,
    change::{Act, Write},
    fold, ids,
    json::FromJson,
    merging::{self, core, survivor},
    records::{Account, Collision},
    row::{Cell, Created, Element},
    types::{AddressValue, Entry, phone_digits},
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How many cases one change of an account opens at most: more would be a number that many share.
const AT_MOST: usize = 5;

/// Raised when [`keys`] changes, so that the server works all of them out anew.
pub const VERSION: i32 = 1;

/// What is compared of an account.
#[derive(Debug, Default, PartialEq)]
struct Likeness {
    /// The fields that are equal where a key is.
    keys: BTreeMap<Id, &'static [&'static str]>,
    registration: Option<String>,
    city: Option<String>,
    parent: Option<Id>,
}

impl Likeness {
    /// Nothing of what is deleted or gave way to another.
    fn of(row: &Row) -> Likeness {
        if row.kind != Account::KIND || !row.is_alive() || merging::target(row).is_some() {
            return Likeness::default();
        }
        let read = |field: &str| row.get(field).and_then(|value| AddressValue::from_json(value).ok());
        let (name, is_registered) = core(row.text("name"));
        let registration = merging::registration(row.text("registration_number"));
        let address = read("address");
        let mut keys = BTreeMap::new();
        let mut put = |key: String, fields: &'static [&'static str]| _ = keys.insert(ids::derived(Id::nil(), &key), fields);
        registration.iter().for_each(|number| put(format!("registration:{number}"), &["registration_number"]));
        // One letter says too little.
        if name.chars().count() > 1 {
            if is_registered {
                put(format!("company:{name}"), &["name"]);
            }
            let phones: Vec<Entry> = row.get("phones").and_then(|phones| FromJson::from_json(phones).ok()).unwrap_or_default();
            let numbers = phones.iter().filter_map(|entry| comparable(&entry.value));
            numbers.for_each(|number| put(format!("called:{name}|{number}"), &["name", "phones"]));
            let line = address.as_ref().map(|address| bare(&address.one_line())).filter(|line| line.chars().count() > 5);
            line.iter().for_each(|line| put(format!("at:{name}|{line}"), &["name", "address"]));
        }
        let city = address.map(|address| bare(&address.city)).filter(|city| !city.is_empty());
        Likeness { keys, registration, city, parent: row.reference("parent") }
    }

    fn contradicts(&self, other: &Likeness) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        differ(&self.registration, &other.registration) || differ(&self.city, &other.city)
    }
}

/// Letters and digits only, folded.
fn bare(text: &str) -> String {
    fold::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The end of a phone number, which is there with and without the country's code.
fn comparable(phone: &str) -> Option<String> {
    let digits = phone_digits(phone)?;
    let digits = digits.trim_start_matches('+');
    (digits.len() >= 7).then(|| digits[digits.len().saturating_sub(8)..].to_owned())
}

/// By what another account is found to be this one: what is equal, hashed.
pub fn keys(account: &Row) -> BTreeSet<Id> {
    Likeness::of(account).keys.into_keys().collect()
}

/// An account and what is compared of it.
type Looked<'r> = (&'r Row, Likeness);

/// The fields in which two accounts are equal, if that makes them one customer; else none.
fn evidence((one, a): &Looked, (other, b): &Looked) -> BTreeSet<&'static str> {
    let related = a.parent == Some(other.id) || b.parent == Some(one.id) || (a.parent.is_some() && a.parent == b.parent);
    if one.id == other.id || related || a.contradicts(b) {
        return BTreeSet::new();
    }
    a.keys.iter().filter(|(key, _)| b.keys.contains_key(*key)).flat_map(|(_, fields)| fields.iter().copied()).collect()
}

/// The case of a pair, whichever way round: there is one for ever.
pub fn case_of(one: Id, other: Id) -> Id {
    ids::derived(one.min(other), &format!("collision:{}", one.max(other)))
}

/// What accounts looked like before a plan was made from them.
#[derive(Debug, Default)]
pub struct Looks(BTreeMap<Id, Likeness>);

pub fn look(rows: &BTreeMap<Id, Row>) -> Looks {
    Looks(rows.values().filter(|row| row.kind == Account::KIND).map(|row| (row.id, Likeness::of(row))).collect())
}

/// Accounts and their keys.
pub type Changed = BTreeMap<Id, BTreeSet<Id>>;

/// The keys of the accounts that a plan makes, or changes so that they look otherwise; none of those that are gone.
pub fn changed(plan: &Plan, before: &Looks) -> Changed {
    let nothing = Likeness::default();
    let accounts = plan.rows.values().filter(|row| row.kind == Account::KIND);
    let changed = accounts.filter_map(|row| {
        let now = Likeness::of(row);
        let is_otherwise = now != *before.0.get(&row.id).unwrap_or(&nothing);
        is_otherwise.then(|| (row.id, now.keys.into_keys().collect()))
    });
    changed.collect()
}

/// What to look for others by.
pub fn all_keys(changed: &Changed) -> BTreeSet<Id> {
    changed.values().flatten().copied().collect()
}

/// A pair that is evidently one customer.
pub struct Pair {
    /// The id of its case.
    pub case: Id,
    accounts: [Row; 2],
    evidence: BTreeSet<&'static str>,
}

/// The pairs that the plan's [`changed`] accounts make with each other and with those `found` by a common key.
pub fn pairs(plan: &Plan, changed: &Changed, mut found: BTreeMap<Id, Row>) -> Vec<Pair> {
    found.retain(|id, _| !plan.rows.contains_key(id));
    let own = plan.rows.values().filter(|row| row.kind == Account::KIND);
    let all: Vec<Looked> = own.chain(found.values()).map(|row| (row, Likeness::of(row))).collect();
    let mut by_key: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, (_, likeness)) in all.iter().enumerate() {
        likeness.keys.keys().for_each(|key| by_key.entry(*key).or_default().push(at));
    }
    let mut pairs = BTreeMap::new();
    for one in all.iter().filter(|(row, _)| changed.contains_key(&row.id)) {
        let alike: BTreeSet<usize> = one.1.keys.keys().filter_map(|key| by_key.get(key)).flatten().copied().collect();
        let evident =
            alike.into_iter().map(|at| (&all[at], evidence(one, &all[at]))).filter(|(_, evidence)| !evidence.is_empty());
        for (other, evidence) in evident.take(AT_MOST) {
            let [first, second] = if one.0.id < other.0.id { [one.0, other.0] } else { [other.0, one.0] };
            let case = case_of(first.id, second.id);
            pairs.entry(case).or_insert_with(|| Pair { case, accounts: [first.clone(), second.clone()], evidence });
        }
    }
    pairs.into_values().collect()
}

/// Adds a case for each of these pairs to a plan, with a notice to both owners and whoever can decide.
pub fn open(plan: &mut Plan, schema: &Schema, now: i64, people: &People, pairs: Vec<Pair>) {
    for pair in pairs {
        for row in told(&pair, schema, people, now).into_iter().chain([opened(&pair, now)]) {
            let root = scope::root_of(&row, schema);
            let locks = scope::locks_of(&row, schema, now);
            plan.access.extend(locks.into_iter().map(|lock| ((root.clone(), lock), true)));
            plan.moved.insert(row.id, root);
            plan.rows.insert(row.id, row);
        }
    }
}

fn system(now: i64) -> Clock {
    Clock { ms: now, counter: 0, device: Id::nil() }
}

fn opened(Pair { case, accounts, evidence }: &Pair, now: i64) -> Row {
    let (mut row, clock) = (Row::new(Collision::KIND, *case), system(now));
    row.created = Some(Created { first: clock, by: Id::nil(), last: clock });
    for ([account, name, owner], of) in SIDES.into_iter().zip(accounts) {
        put(&mut row, account, json!(of.id), clock, Id::nil());
        put(&mut row, name, of.get("name").cloned().unwrap_or_default(), clock, Id::nil());
        put(&mut row, owner, of.get("owner").cloned().unwrap_or_default(), clock, Id::nil());
    }
    put(&mut row, STATE, json!(OPEN), clock, Id::nil());
    let element = |field: &&str| {
        let value = json!(field);
        (value.to_string(), Element { value, added: [(*case, clock)].into(), removed: BTreeSet::new() })
    };
    row.sets.insert("evidence".to_owned(), evidence.iter().map(element).collect());
    row
}

const SIDES: [[&str; 3]; 2] = [["first", "first_name", "first_owner"], ["second", "second_name", "second_owner"]];
const STATE: &str = "state";
const OPEN: &str = "open";
const KEPT_APART: &str = "kept_apart";
const MERGED: &str = "merged";
const GONE: &str = "gone";

fn put(row: &mut Row, field: &str, value: Value, clock: Clock, actor: Id) {
    if row.value(field) != value {
        row.cells.insert(field.to_owned(), Cell { value, clock, actor, seq: PENDING });
    }
}

/// One notice to each owner and to the managers of both, about the account on his side; where an owner has no manager, to the
/// administrators.
fn told(Pair { case, accounts: [first, second], .. }: &Pair, schema: &Schema, people: &People, now: i64) -> Vec<Row> {
    let mut told = BTreeSet::new();
    let mut rows = Vec::new();
    for (own, other) in [(first, second), (second, first)] {
        let owner = scope::owner(own, schema);
        let manager = owner.and_then(|owner| people.manager_of(owner));
        let mut recipients: BTreeSet<Id> = owner.into_iter().chain(manager).collect();
        if manager.is_none() {
            recipients.extend(people.administrators());
        }
        recipients.retain(|member| told.insert(*member));
        let draft = NoticeDraft::collision(own, other.text("name"), scope::owner(other, schema), now);
        rows.extend(draft.addressed(&recipients, *case, now));
    }
    rows
}

/// The accounts of a case.
pub fn accounts(case: &Row) -> [Option<Id>; 2] {
    SIDES.map(|[account, ..]| case.reference(account))
}

/// Whether a write is what people may do to a case: saying that they are two customers, and taking that back.
pub fn is_decision(write: &Write) -> bool {
    let decides = |value: &Value| matches!(value.as_str(), Some(OPEN | KEPT_APART));
    write.kind == Collision::KIND && matches!(&write.act, Act::Set { field, value, .. } if field == STATE && decides(value))
}

/// The case as it is after `account` changed: names and owners follow it, and merging the two is a decision, which undoing
/// takes back. None where nothing of it changed.
pub fn followed<'r>(case: &Row, account: &Row, row_of: &dyn Fn(Id) -> Option<&'r Row>, now: i64) -> Option<Row> {
    let mut row = case.clone();
    for [side, name, owner] in SIDES {
        if case.reference(side) == Some(account.id) {
            put(&mut row, name, account.get("name").cloned().unwrap_or_default(), system(now), Id::nil());
            put(&mut row, owner, account.get("owner").cloned().unwrap_or_default(), system(now), Id::nil());
        }
    }
    let [first, second] = accounts(case).map(|account| account.map(|account| survivor(account, row_of)));
    let is_gone = |account: Option<Id>| account.and_then(row_of).is_some_and(|row| !row.is_alive());
    let state = match case.text(STATE) {
        KEPT_APART => KEPT_APART,
        _ if first == second => MERGED,
        _ if accounts(case).into_iter().any(is_gone) => GONE,
        _ => OPEN,
    };
    let decision = account.cells.get(merging::MERGED_INTO);
    let (clock, actor) = decision.map_or((system(now), Id::nil()), |cell| (cell.clock, cell.actor));
    put(&mut row, STATE, json!(state), clock, actor);
    (row != *case).then_some(row)
}

#[cfg(test)]
mod tests;
