//! Who sees what. Roots and members hold keys during intervals of the feed; a record is visible when its root and the
//! member hold one key now (sync.md, item 10). Reorganising people so touches members, never their accounts.

use super::PENDING;
use crate::{
    Id, Row, Schema,
    records::{Member, Team},
    spec::RootRule,
    wire::Role,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A key held from one sequence number until before another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub key: String,
    pub from: u64,
    pub to: Option<u64>,
}

impl Interval {
    pub fn open(key: impl Into<String>, from: u64) -> Interval {
        Interval { key: key.into(), from, to: None }
    }

    pub fn is_open(&self) -> bool {
        self.to.is_none()
    }

    fn holds_at(&self, seq: u64) -> bool {
        self.from <= seq && self.to.is_none_or(|to| seq < to)
    }
}

/// The root that everybody in the company sees.
pub const COMPANY: &str = "company";
/// The key of administrators: it opens every root but the members' own.
pub const EVERYTHING: &str = "*";

/// The root that a record is for itself and all under it.
pub fn record_root(id: Id) -> String {
    format!("record:{id}")
}

/// The root of what only one member sees, which is its own key.
pub fn own_root(member: Id) -> String {
    format!("self:{member}")
}

/// The key of what a member owns; his managers hold it too.
pub fn member_key(member: Id) -> String {
    format!("member:{member}")
}

/// Where a row belongs now.
pub fn root_of(row: &Row, schema: &Schema) -> String {
    let creator = || row.created.as_ref().map_or(COMPANY.to_owned(), |created| own_root(created.by));
    match schema.kind(&row.kind).map(|kind| &kind.root) {
        Some(RootRule::Itself) => record_root(row.id),
        Some(RootRule::Company) => COMPANY.to_owned(),
        Some(RootRule::Shared(field)) if row.text(field) == COMPANY => COMPANY.to_owned(),
        Some(RootRule::Through(field)) => row.reference(field).map_or_else(creator, record_root),
        Some(RootRule::Member(field)) => row.reference(field).map_or_else(creator, own_root),
        Some(RootRule::Shared(_)) | None => creator(),
    }
}

/// The keys that open a row which is its own root: those whom its granting fields name, else its creator.
pub fn keys_of_root(row: &Row, schema: &Schema) -> BTreeSet<String> {
    let Some(kind) = schema.kind(&row.kind).filter(|kind| kind.root == RootRule::Itself) else { return BTreeSet::new() };
    let granting = kind.fields.iter().filter(|field| field.grants);
    let named = granting.flat_map(|field| match row.value(&field.name) {
        crate::Value::Array(items) => items,
        one => vec![one],
    });
    let keys: BTreeSet<String> =
        named.filter_map(|value| value.as_str().and_then(|id| Id::try_parse(id).ok())).map(member_key).collect();
    let owned = kind.fields.iter().any(|field| field.grants && !field.is_set() && row.get(&field.name).is_some());
    match (owned, &row.created) {
        (false, Some(created)) => keys.into_iter().chain([member_key(created.by)]).collect(),
        _ => keys,
    }
}

/// The keys that open a root: fixed for the company's and the members' own, stored for records.
pub fn fixed_keys(root: &str) -> Option<Vec<Interval>> {
    (root == COMPANY || root.starts_with("self:")).then(|| vec![Interval::open(root, 0)])
}

fn opens(key: &Interval, lock: &Interval) -> bool {
    key.key == lock.key || (key.key == EVERYTHING && !lock.key.starts_with("self:"))
}

/// Whether a member with these keys sees a root with those now.
pub fn is_visible(member: &[Interval], root: &[Interval]) -> bool {
    member.iter().filter(|key| key.is_open()).any(|key| root.iter().filter(|lock| lock.is_open()).any(|lock| opens(key, lock)))
}

/// Whether he saw it when the feed was at `seq`.
pub fn was_visible(member: &[Interval], root: &[Interval], seq: u64) -> bool {
    member
        .iter()
        .filter(|key| key.holds_at(seq))
        .any(|key| root.iter().filter(|lock| lock.holds_at(seq)).any(|lock| opens(key, lock)))
}

/// The company's members and teams, as far as rights and notices need them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    pub members: BTreeMap<Id, Person>,
    /// The manager of each team.
    pub teams: BTreeMap<Id, Option<Id>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub role: Role,
    pub team: Option<Id>,
    pub active: bool,
}

impl People {
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = &'a Row>) -> People {
        let mut people = People::default();
        rows.into_iter().for_each(|row| people.put(row));
        people
    }

    /// Takes in a member or team as it is now; other kinds change nothing.
    pub fn put(&mut self, row: &Row) {
        let alive = row.is_alive();
        match row.kind.as_str() {
            Member::KIND => {
                let member = Member(row);
                let role = match member.role() {
                    Some("administrator") => Role::Administrator,
                    Some("manager") => Role::Manager,
                    _ => Role::Rep,
                };
                self.members
                    .insert(row.id, Person { role, team: member.team(), active: alive && member.active() != Some(false) });
            }
            Team::KIND if alive => {
                self.teams.insert(row.id, Team(row).manager());
            }
            Team::KIND => {
                self.teams.remove(&row.id);
            }
            _ => {}
        }
    }

    pub fn manager_of(&self, member: Id) -> Option<Id> {
        let team = self.members.get(&member)?.team?;
        self.teams.get(&team).copied().flatten().filter(|manager| *manager != member)
    }

    /// The keys a member holds: his own, the company's, his teams' members' if he manages, all if he administers.
    pub fn keys_of(&self, member: Id) -> BTreeSet<String> {
        let Some(person) = self.members.get(&member).filter(|person| person.active) else { return BTreeSet::new() };
        let mut keys = BTreeSet::from([COMPANY.to_owned(), own_root(member), member_key(member)]);
        if person.role == Role::Administrator {
            keys.insert(EVERYTHING.to_owned());
        }
        let manages = |team: Option<Id>| team.and_then(|team| self.teams.get(&team).copied().flatten()) == Some(member);
        keys.extend(self.members.iter().filter(|(_, other)| manages(other.team)).map(|(other, _)| member_key(*other)));
        keys
    }
}

/// The keys that must open (`true`) or close so that the open ones among `held` become `wanted`; applied to `held` as pending.
pub fn change_keys(held: &mut Vec<Interval>, wanted: &BTreeSet<String>) -> Vec<(String, bool)> {
    let mut changes = Vec::new();
    for interval in held.iter_mut().filter(|interval| interval.is_open() && !wanted.contains(&interval.key)) {
        interval.to = Some(PENDING);
        changes.push((interval.key.clone(), false));
    }
    for key in wanted {
        if !held.iter().any(|interval| interval.is_open() && interval.key == *key) {
            held.push(Interval::open(key.clone(), PENDING));
            changes.push((key.clone(), true));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_managers_keys_follow_the_team_and_administrators_do_not_read_others_notices() {
        let (rep, manager, admin, team) = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3), Id::from_u128(9));
        let person = |role, team| Person { role, team, active: true };
        let mut people = People {
            members: [
                (rep, person(Role::Rep, Some(team))),
                (manager, person(Role::Manager, None)),
                (admin, person(Role::Administrator, None)),
            ]
            .into(),
            teams: [(team, Some(manager))].into(),
        };
        assert!(people.keys_of(manager).contains(&member_key(rep)));
        let open = |keys: BTreeSet<String>| keys.into_iter().map(|key| Interval::open(key, 1)).collect::<Vec<_>>();
        assert!(is_visible(&open(people.keys_of(admin)), &[Interval::open(member_key(rep), 1)]));
        assert!(!is_visible(&open(people.keys_of(admin)), &fixed_keys(&own_root(rep)).unwrap()));
        people.members.get_mut(&rep).unwrap().team = None;
        assert!(!people.keys_of(manager).contains(&member_key(rep)));
    }

    #[test]
    fn keys_change_only_where_they_differ() {
        let mut held = vec![Interval::open("a", 1), Interval::open("b", 1)];
        let changes = change_keys(&mut held, &BTreeSet::from(["b".to_owned(), "c".to_owned()]));
        assert_eq!(changes.len(), 2);
        assert!(was_visible(&held, &[Interval::open("a", 0)], 5) && !is_visible(&held, &[Interval::open("a", 0)]));
        assert!(change_keys(&mut held, &BTreeSet::from(["b".to_owned(), "c".to_owned()])).is_empty());
    }
}
