//! Whose accounts are whose.

use super::{directory::Directory, layouts, people::Person, table::Table};
use domain::{Id, Value, fold::fold, transfer::Columns, wire::Role};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    str::FromStr,
};

/// How an account finds its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerRule {
    /// Who has most of its opportunities in `sales_pipeline.csv`; of equals, the first by name.
    MostOpportunities,
    /// The reps in turn, by name; an account that has an owner keeps it.
    RoundRobin,
    /// Whom this column of `accounts.csv` names.
    Column(String),
    /// One member, by e-mail address or name.
    Member(String),
}

impl FromStr for OwnerRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.split_once(':')) {
            ("most-opportunities", _) => Ok(OwnerRule::MostOpportunities),
            ("round-robin", _) => Ok(OwnerRule::RoundRobin),
            (_, Some(("column", name))) if !name.trim().is_empty() => Ok(OwnerRule::Column(name.trim().to_owned())),
            (_, Some(("member", who))) if !who.trim().is_empty() => Ok(OwnerRule::Member(who.trim().to_owned())),
            _ => Err("An owner rule is most-opportunities, round-robin, column:NAME or member:EMAIL.".to_owned()),
        }
    }
}

/// Everybody who may own an account: those of the file and those the company has.
#[derive(Debug, Default)]
pub struct Roster {
    by_name: HashMap<String, Id>,
    names: HashMap<Id, String>,
    /// By name; everybody where the company has no reps.
    reps: Vec<Id>,
}

impl Roster {
    pub fn of(persons: &[Person], directory: &Directory) -> Roster {
        let mut roster = Roster::default();
        let mut reps = BTreeSet::new();
        let known = directory.members().map(|entry| (entry.id, &entry.name, &entry.email, entry.role.unwrap_or_default()));
        let read = persons.iter().map(|person| (person.id, &person.name, &person.email, person.role));
        let mut everybody: Vec<_> = known.chain(read).collect();
        everybody.sort_by_key(|(id, name, _, _)| (fold(name), *id));
        for (id, name, email, role) in everybody {
            for key in [Some(name), email.as_ref()].into_iter().flatten() {
                roster.by_name.entry(fold(key)).or_insert(id);
            }
            roster.names.insert(id, fold(name));
            if role == Role::Rep {
                reps.insert((fold(name), id));
            }
        }
        if reps.is_empty() {
            reps.extend(roster.names.iter().map(|(id, name)| (name.clone(), *id)));
        }
        roster.reps = reps.into_iter().map(|(_, id)| id).collect();
        roster
    }

    /// The member of this name or e-mail address.
    pub fn find(&self, who: &str) -> Option<Id> {
        self.by_name.get(&fold(who)).copied()
    }

    pub fn is_empty(&self) -> bool {
        self.reps.is_empty()
    }
}

/// How many opportunities each member has with each account, by the account's folded name.
#[derive(Debug, Default)]
pub struct Opportunities {
    by_account: HashMap<String, HashMap<Id, usize>>,
    /// Lines that name nobody of the roster.
    pub of_strangers: usize,
}

impl Opportunities {
    /// # Errors
    /// The table lacks one of the two columns; the sentence says which are looked for.
    pub fn read(table: &Table, roster: &Roster) -> Result<Opportunities, String> {
        let kind = layouts::opportunity();
        let columns = Columns::of(&kind, &table.headers);
        if columns.filling("agent").is_none() || columns.filling("account").is_none() {
            return Err(format!("{} needs the columns sales_agent and account. Or pass --owner-by round-robin.", table.file));
        }
        let mut found = Opportunities::default();
        for line in &table.lines {
            let reading = columns.read(&line.cells, None);
            let text = |field: &str| reading.values.get(field).and_then(Value::as_str);
            let Some(account) = text("account") else { continue };
            match text("agent").and_then(|agent| roster.find(agent)) {
                Some(member) => *found.by_account.entry(fold(account)).or_default().entry(member).or_default() += 1,
                None => found.of_strangers += 1,
            }
        }
        Ok(found)
    }

    fn most(&self, account: &str, roster: &Roster) -> Option<Id> {
        let counts = self.by_account.get(&fold(account))?;
        counts
            .iter()
            .min_by_key(|(member, count)| (Reverse(**count), roster.names.get(member), **member))
            .map(|(member, _)| *member)
    }
}

/// An account that needs an owner.
#[derive(Debug, Clone, Default)]
pub struct Ownerless {
    pub name: String,
    /// What the rule's column says.
    pub named: Option<String>,
    /// Who owns it already.
    pub current: Option<Id>,
}

/// The owners of accounts in their order; where a column names nobody who is known, that name. `None` where neither the
/// rule nor anything else decides: [`spread`] does.
pub fn decide(
    rule: &OwnerRule,
    accounts: &[Ownerless],
    roster: &Roster,
    opportunities: &Opportunities,
) -> Vec<Option<Result<Id, String>>> {
    let mut turn = roster.reps.iter().copied().cycle();
    let found = |who: &str| roster.find(who).ok_or(who.to_owned());
    let decide = |account: &Ownerless| match rule {
        OwnerRule::MostOpportunities => opportunities.most(&account.name, roster).or(account.current).map(Ok),
        OwnerRule::RoundRobin => account.current.or_else(|| turn.next()).map(Ok),
        OwnerRule::Column(_) => account.named.as_deref().map(found).or(account.current.map(Ok)),
        OwnerRule::Member(who) => Some(found(who)),
    };
    accounts.iter().map(decide).collect()
}

/// Gives each undecided account to the rep who has fewest by then, of equals the first by name; how many those were.
pub fn spread(decided: &mut [Option<Result<Id, String>>], roster: &Roster) -> usize {
    let mut held: BTreeMap<Id, usize> = roster.reps.iter().map(|rep| (*rep, 0)).collect();
    for owner in decided.iter().flatten().flatten() {
        held.entry(*owner).and_modify(|count| *count += 1);
    }
    let mut given = 0;
    for open in decided.iter_mut().filter(|owner| owner.is_none()) {
        let Some(rep) = roster.reps.iter().min_by_key(|rep| held.get(rep)).copied() else { break };
        *held.entry(rep).or_default() += 1;
        *open = Some(Ok(rep));
        given += 1;
    }
    given
}
