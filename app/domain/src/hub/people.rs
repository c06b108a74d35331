//! The company's members, teams and territories, as far as rights and notices need them.

use super::scope::{self, COMPANY, EVERYTHING};
use crate::{
    Id, Row,
    records::{Member, Team, Territory},
    wire::Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who works here, who leads whom, and which territory is whose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    pub members: BTreeMap<Id, Person>,
    /// The manager of each team.
    pub teams: BTreeMap<Id, Option<Id>>,
    pub territories: BTreeMap<Id, Land>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub role: Role,
    pub team: Option<Id>,
    pub active: bool,
}

/// A territory: whoever belongs to it belongs to those within it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Land {
    pub parent: Option<Id>,
    /// Its manager among them.
    pub members: BTreeSet<Id>,
}

impl People {
    /// The kinds of record it is made of.
    pub const KINDS: [&str; 3] = [Member::KIND, Team::KIND, Territory::KIND];

    pub fn from_rows<'a>(rows: impl IntoIterator<Item = &'a Row>) -> People {
        let mut people = People::default();
        rows.into_iter().for_each(|row| people.put(row));
        people
    }

    /// Takes in a member, team or territory as it is now; other kinds change nothing.
    pub fn put(&mut self, row: &Row) {
        let alive = row.is_alive();
        match row.kind.as_str() {
            Member::KIND => {
                let member = Member(row);
                let role = member.role().and_then(Role::of).unwrap_or_default();
                let active = alive && member.active() != Some(false);
                self.members.insert(row.id, Person { role, team: member.team(), active });
            }
            Team::KIND if alive => {
                self.teams.insert(row.id, Team(row).manager());
            }
            Team::KIND => {
                self.teams.remove(&row.id);
            }
            Territory::KIND if alive => {
                let territory = Territory(row);
                let members = territory.0.elements("members").into_iter().filter_map(|id| Id::try_parse(id.as_str()?).ok());
                let members = members.chain(territory.manager()).collect();
                self.territories.insert(row.id, Land { parent: territory.parent(), members });
            }
            Territory::KIND => {
                self.territories.remove(&row.id);
            }
            _ => {}
        }
    }

    fn is_active(&self, member: Id) -> bool {
        self.members.get(&member).is_some_and(|person| person.active)
    }

    pub fn manager_of(&self, member: Id) -> Option<Id> {
        let team = self.members.get(&member)?.team?;
        self.teams.get(&team).copied().flatten().filter(|manager| *manager != member && self.is_active(*manager))
    }

    /// Those who work here and administer.
    pub fn administrators(&self) -> impl Iterator<Item = Id> {
        let administers = |person: &Person| person.active && person.role == Role::Administrator;
        self.members.iter().filter(move |(_, person)| administers(person)).map(|(member, _)| *member)
    }

    /// The keys a member holds: his own, the company's, his role's, his team's, those of his territories and of the ones within; if he
    /// leads a team, its and its members'; all if he administers. Whoever has left holds none.
    pub fn keys_of(&self, member: Id) -> BTreeSet<String> {
        let Some(person) = self.members.get(&member).filter(|person| person.active) else { return BTreeSet::new() };
        let own = [scope::own_root(member), scope::member_key(member), scope::role_key(person.role)];
        let mut keys: BTreeSet<String> = own.into_iter().chain([COMPANY.to_owned()]).collect();
        if person.role == Role::Administrator {
            keys.insert(EVERYTHING.to_owned());
        }
        let led: BTreeSet<Id> =
            self.teams.iter().filter(|(_, manager)| **manager == Some(member)).map(|(team, _)| *team).collect();
        let in_team = |other: &Person| other.team.is_some_and(|team| led.contains(&team));
        keys.extend(self.members.iter().filter(|(_, other)| in_team(other)).map(|(other, _)| scope::member_key(*other)));
        keys.extend(led.iter().copied().chain(person.team).map(|team| scope::key_of(Team::KIND, team)));
        let within = self.territories.keys().filter(|territory| self.is_within(**territory, member));
        keys.extend(within.map(|territory| scope::key_of(Territory::KIND, *territory)));
        keys
    }

    /// Whether the member belongs to the territory or to one around it.
    fn is_within(&self, territory: Id, member: Id) -> bool {
        let mut around = self.territories.get(&territory);
        // Two devices may have made a circle of parents: each territory is looked at once.
        for _ in 0..self.territories.len() {
            match around {
                Some(land) if land.members.contains(&member) => return true,
                Some(land) => around = land.parent.and_then(|parent| self.territories.get(&parent)),
                None => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::scope::{Interval, Lock, fixed_locks, is_visible, key_of, member_key, own_root};

    const fn id(n: u128) -> Id {
        Id::from_u128(n)
    }

    const REP: Id = id(1);
    const MANAGER: Id = id(2);
    const ADMINISTRATOR: Id = id(3);
    const TEAM: Id = id(9);

    fn people() -> People {
        let person = |role, team| Person { role, team, active: true };
        People {
            members: [
                (REP, person(Role::Rep, Some(TEAM))),
                (MANAGER, person(Role::Manager, None)),
                (ADMINISTRATOR, person(Role::Administrator, None)),
            ]
            .into(),
            teams: [(TEAM, Some(MANAGER))].into(),
            territories: BTreeMap::new(),
        }
    }

    #[test]
    fn a_managers_keys_follow_the_team_and_administrators_do_not_read_others_notices() {
        let mut people = people();
        assert!(people.keys_of(MANAGER).is_superset(&[member_key(REP), key_of("team", TEAM)].into()));
        assert!(people.keys_of(REP).contains(&key_of("team", TEAM)));
        let open = |keys: BTreeSet<String>| keys.into_iter().map(|key| Interval::open(key, 1)).collect::<Vec<_>>();
        let owned = Lock { key: member_key(REP), source: id(20), until: None };
        assert!(is_visible(&open(people.keys_of(ADMINISTRATOR)), &[Interval::open(owned, 1)]));
        assert!(!is_visible(&open(people.keys_of(ADMINISTRATOR)), &fixed_locks(&own_root(REP)).unwrap()));
        people.members.get_mut(&REP).unwrap().team = None;
        assert!(!people.keys_of(MANAGER).contains(&member_key(REP)));
        assert!(!people.keys_of(REP).contains(&key_of("team", TEAM)));
    }

    #[test]
    fn who_has_left_holds_no_key_and_gets_no_notice() {
        let mut people = people();
        people.members.get_mut(&MANAGER).unwrap().active = false;
        assert!(people.keys_of(MANAGER).is_empty());
        assert_eq!(people.manager_of(REP), None);
    }

    #[test]
    fn a_territory_is_open_to_its_people_and_to_those_around_it_even_in_a_circle() {
        let mut people = people();
        let land =
            |parent: Option<u128>, members: &[Id]| Land { parent: parent.map(id), members: members.iter().copied().collect() };
        people.territories =
            [(id(50), land(None, &[MANAGER])), (id(51), land(Some(50), &[REP])), (id(52), land(Some(51), &[]))].into();
        let territories = |people: &People, member| {
            let of = |n| people.keys_of(member).contains(&key_of("territory", id(n)));
            [of(50), of(51), of(52)]
        };
        assert_eq!(territories(&people, MANAGER), [true, true, true]);
        assert_eq!(territories(&people, REP), [false, true, true]);
        people.territories.get_mut(&id(50)).unwrap().parent = Some(id(52));
        assert_eq!(territories(&people, REP), [true, true, true]);
        assert_eq!(territories(&people, ADMINISTRATOR), [false, false, false]);
    }
}
