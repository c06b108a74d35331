//! Who sees what. Roots and members hold keys during intervals of the feed; a record is visible when its root and the
//! member hold one key now (sync.md, item 10). Reorganising people so touches members, never their accounts.

use super::PENDING;
use crate::{
    Id, Row, Schema, Value,
    records::{Member, Territory},
    spec::RootRule,
    types::FieldType,
    wire::Role,
};
use std::collections::BTreeSet;

/// A key held from one sequence number until before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval<Key = String> {
    pub key: Key,
    pub from: u64,
    pub to: Option<u64>,
}

impl<Key> Interval<Key> {
    pub fn open(key: impl Into<Key>, from: u64) -> Interval<Key> {
        Interval { key: key.into(), from, to: None }
    }

    pub fn is_open(&self) -> bool {
        self.to.is_none()
    }

    pub fn ended_after(&self, seq: u64) -> bool {
        self.to.is_some_and(|to| to > seq)
    }

    pub fn holds_at(&self, seq: u64) -> bool {
        self.from <= seq && self.to.is_none_or(|to| seq < to)
    }

    /// What it holds in common with `[from, to)`, if anything.
    fn overlap(&self, (from, to): (u64, u64)) -> Option<(u64, u64)> {
        let (from, to) = (self.from.max(from), self.to.unwrap_or(u64::MAX).min(to));
        (from < to).then_some((from, to))
    }
}

/// A key on a root, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    pub key: String,
    /// The record that puts it there: the root by its owner, or a share under it. Two may put the same key on one root,
    /// and taking one away leaves the other.
    pub source: Id,
    /// When the server's clock takes it away, UTC milliseconds.
    pub until: Option<i64>,
}

/// The root that everybody in the company sees.
pub const COMPANY: &str = "company";
/// The key of administrators: it opens every root but the members' own.
pub const EVERYTHING: &str = "*";

/// The root that a record is for itself and all under it.
pub fn record_root(id: Id) -> String {
    format!("record:{id}")
}

/// The record that is this root.
pub fn root_record(root: &str) -> Option<Id> {
    root.strip_prefix("record:").and_then(|id| Id::try_parse(id).ok())
}

/// The root of what only one member sees, which is its own key.
pub fn own_root(member: Id) -> String {
    format!("self:{member}")
}

/// The key of what is granted to a record of this kind: a member, a team, a territory.
pub fn key_of(kind: &str, id: Id) -> String {
    format!("{kind}:{id}")
}

/// The key of what a member owns; his managers hold it too.
pub fn member_key(member: Id) -> String {
    key_of("member", member)
}

/// The key of everybody with this role.
pub fn role_key(role: Role) -> String {
    format!("role:{}", role.id())
}

/// What the choice of a shared record says that is there for those whom the record names.
const SOME: &str = "some";

/// Where a row belongs now.
pub fn root_of(row: &Row, schema: &Schema) -> String {
    let creator = || row.created.as_ref().map_or(COMPANY.to_owned(), |created| own_root(created.by));
    match schema.kind(&row.kind).map(|kind| &kind.root) {
        Some(RootRule::Itself) => record_root(row.id),
        Some(RootRule::Company) => COMPANY.to_owned(),
        Some(RootRule::Shared(field)) if row.text(field) == COMPANY => COMPANY.to_owned(),
        Some(RootRule::Shared(field)) if row.text(field) == SOME => record_root(row.id),
        Some(RootRule::Through(field)) => row.reference(field).map_or_else(creator, record_root),
        Some(RootRule::Member(field)) => row.reference(field).map_or_else(creator, own_root),
        Some(RootRule::Shared(_)) | None => creator(),
    }
}

/// What a row puts on its root while the server's clock says `now`: the keys of those whom its granting fields name. A root
/// without an owner is in the pool, where whoever sees it may claim it: the pool of the territory it names, else the whole
/// company's. Its creator's key stays on it too, as on what he shared.
pub fn locks_of(row: &Row, schema: &Schema, now: i64) -> BTreeSet<Lock> {
    let Some(kind) = schema.kind(&row.kind) else { return BTreeSet::new() };
    let is_shared = matches!(kind.root, RootRule::Shared(_));
    let is_root = root_of(row, schema) == record_root(row.id);
    let until = kind.grants_until.as_ref().and_then(|field| row.get(field)).and_then(Value::as_i64);
    if (!is_root && !row.is_alive()) || until.is_some_and(|until| until <= now) {
        return BTreeSet::new();
    }
    let granting = kind.fields.iter().filter_map(|field| Some((field, field.ty.refers_to().filter(|_| field.grants)?)));
    let roles = kind.fields.iter().filter(|field| field.grants && matches!(field.ty, FieldType::Choice(_)));
    let roles = roles.filter_map(|field| Role::of(row.text(&field.name)));
    let mut keys: BTreeSet<String> = roles.map(role_key).collect();
    let (mut owned, mut placed) = (false, false);
    for (field, refers_to) in granting {
        let names_one = !field.is_set() && row.get(&field.name).is_some();
        owned |= names_one && refers_to == Member::KIND;
        placed |= names_one && refers_to == Territory::KIND;
        let named = match row.value(&field.name) {
            Value::Array(items) => items,
            one => vec![one],
        };
        keys.extend(
            named.iter().filter_map(Value::as_str).filter_map(|id| Id::try_parse(id).ok()).map(|id| key_of(refers_to, id)),
        );
    }
    if let Some(created) = row.created.as_ref().filter(|_| is_root && !owned) {
        keys.insert(member_key(created.by));
        if !placed && !is_shared {
            keys.insert(COMPANY.to_owned());
        }
    }
    keys.into_iter().map(|key| Lock { key, source: row.id, until }).collect()
}

/// The one member that a row names as its own, such as an account's owner.
pub fn owner(row: &Row, schema: &Schema) -> Option<Id> {
    let fields = &schema.kind(&row.kind)?.fields;
    let owning = fields.iter().find(|field| field.grants && !field.is_set() && field.ty.refers_to() == Some(Member::KIND))?;
    row.reference(&owning.name)
}

/// The keys that open a root: fixed for the company's and the members' own, stored for records.
pub fn fixed_locks(root: &str) -> Option<Vec<Interval<Lock>>> {
    let lock = || Lock { key: root.to_owned(), source: Id::nil(), until: None };
    (root == COMPANY || root.starts_with("self:")).then(|| vec![Interval::open(lock(), 0)])
}

/// Whether a member's key opens a root's.
pub fn opens(key: &str, lock: &str) -> bool {
    key == lock || (key == EVERYTHING && !lock.starts_with("self:"))
}

fn meets(member: &[Interval], root: &[Interval<Lock>], is_meeting: impl Fn(&Interval, &Interval<Lock>) -> bool) -> bool {
    member.iter().any(|key| root.iter().any(|lock| opens(&key.key, &lock.key.key) && is_meeting(key, lock)))
}

/// Whether a member with these keys sees a root with those now.
pub fn is_visible(member: &[Interval], root: &[Interval<Lock>]) -> bool {
    meets(member, root, |key, lock| key.is_open() && lock.is_open())
}

/// Whether he has seen it all the time since `seq`, by one key.
pub fn is_visible_since(member: &[Interval], root: &[Interval<Lock>], seq: u64) -> bool {
    meets(member, root, |key, lock| key.is_open() && lock.is_open() && key.from.max(lock.from) <= seq)
}

/// Whether he saw it when the feed was at `seq`.
pub fn was_visible(member: &[Interval], root: &[Interval<Lock>], seq: u64) -> bool {
    meets(member, root, |key, lock| key.holds_at(seq) && lock.holds_at(seq))
}

/// Whether he saw it at `seq` or at any time after it, while a record stood under this root during `stay`.
pub fn was_visible_since(member: &[Interval], root: &[Interval<Lock>], stay: &Interval, seq: u64) -> bool {
    let Some(stay) = stay.overlap((seq, u64::MAX)) else { return false };
    meets(member, root, |key, lock| key.overlap(stay).and_then(|both| lock.overlap(both)).is_some())
}

/// The keys that must open (`true`) or close so that the open ones of `held` which are `mine` become `wanted`; applied to
/// `held` as pending.
pub fn change_keys<Key: Ord + Clone>(
    held: &mut Vec<Interval<Key>>,
    wanted: &BTreeSet<Key>,
    mine: impl Fn(&Key) -> bool,
) -> Vec<(Key, bool)> {
    let mut changes = Vec::new();
    for interval in held.iter_mut().filter(|held| held.is_open() && mine(&held.key) && !wanted.contains(&held.key)) {
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

    fn lock(key: &str, source: u128) -> Lock {
        Lock { key: key.to_owned(), source: Id::from_u128(source), until: None }
    }

    #[test]
    fn keys_change_only_where_they_differ() {
        let mut held: Vec<Interval> = vec![Interval::open("a", 1), Interval::open("b", 1)];
        let wanted = BTreeSet::from(["b".to_owned(), "c".to_owned()]);
        assert_eq!(change_keys(&mut held, &wanted, |_| true).len(), 2);
        let door = [Interval::open(lock("a", 1), 0)];
        assert!(was_visible(&held, &door, 5) && !is_visible(&held, &door));
        assert!(change_keys(&mut held, &wanted, |_| true).is_empty());
    }

    #[test]
    fn what_two_records_grant_stays_until_both_have_taken_it_back() {
        let mut held = vec![Interval::open(lock("a", 1), 1), Interval::open(lock("a", 2), 1)];
        let mine = |source| move |lock: &Lock| lock.source == Id::from_u128(source);
        change_keys(&mut held, &BTreeSet::new(), mine(2));
        assert!(is_visible(&[Interval::open("a", 1)], &held));
        change_keys(&mut held, &BTreeSet::new(), mine(1));
        assert!(!is_visible(&[Interval::open("a", 1)], &held));
    }

    #[test]
    fn a_right_that_came_and_went_since_is_found() {
        let member = [Interval::open("a", 1)];
        let gone = |from, to| [Interval { to: Some(to), ..Interval::open(lock("a", 1), from) }];
        let always = Interval::open("root", 0);
        assert!(was_visible_since(&member, &gone(12, 13), &always, 10));
        assert!(was_visible_since(&member, &gone(5, 11), &always, 10));
        assert!(!was_visible_since(&member, &gone(5, 10), &always, 10), "it ended before");
        let left = Interval { to: Some(12), ..Interval::open("root", 0) };
        assert!(!was_visible_since(&member, &gone(12, 13), &left, 10), "the record stood elsewhere by then");
    }
}
