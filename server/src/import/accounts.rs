//! `accounts.csv`: the accounts, with the parents that stand anywhere in it.

use super::{
    directory::Directory,
    owners::{self, Opportunities, OwnerRule, Ownerless, Roster},
    report::Trouble,
    table::Table,
};
use domain::{
    Id, Value,
    fold::fold,
    records::Account,
    transfer::{CellProblem, Columns, Draft, MoneyUnit, Named, Reason, refer},
};
use std::collections::HashMap;

/// What the file says of accounts.
#[derive(Debug, Default)]
pub struct Accounts {
    pub drafts: Vec<Draft>,
    pub troubles: Vec<Trouble>,
    /// Headers that fill no field: their cells are kept on the records.
    pub without_field: Vec<String>,
    /// Accounts that nothing gave an owner, so that they were spread.
    pub spread: usize,
}

/// A line that can be taken, its references still names.
struct Read {
    line: u64,
    name: String,
    draft: Draft,
    names: Vec<Named>,
    owner_named: Option<String>,
}

/// Whose accounts they become.
pub struct Owning<'a> {
    pub rule: OwnerRule,
    pub roster: &'a Roster,
    pub opportunities: &'a Opportunities,
}

/// Reads the accounts of a table.
///
/// # Errors
/// It has no column of names, or not the one that the rule names.
pub fn read(
    table: &Table,
    company: Id,
    directory: &Directory,
    owning: &Owning<'_>,
    unit: Option<&MoneyUnit>,
) -> Result<Accounts, String> {
    let kind = Account::spec();
    let columns = Columns::of(&kind, &table.headers);
    if columns.filling("name").is_none() {
        return Err(format!("{} needs a column with the names of the accounts, such as account or name.", table.file));
    }
    let owner_column = match &owning.rule {
        OwnerRule::Column(name) => {
            let missing = || format!("{} has no column {name}. Pass the header of one to --owner-by column:…", table.file);
            Some(columns.position(name).ok_or_else(missing)?)
        }
        _ => None,
    };
    let without_field = columns.without_field().map(str::to_owned).collect();
    let mut accounts = Accounts { troubles: table.troubles.clone(), without_field, ..Accounts::default() };
    let mut read =
        lines(table, &columns, owner_column, unit, |name| directory.id_for(company, Account::KIND, name), &mut accounts.troubles);
    accounts.give_owners(table, &mut read, directory, owning, owner_column.map_or("", |at| columns.header(at)));
    let by_name: HashMap<String, Id> = read.iter().map(|account| (fold(&account.name), account.draft.id)).collect();
    let find = |named: &Named, text: &str| match named.kind.as_str() {
        Account::KIND => by_name.get(&fold(text)).copied().or_else(|| directory.named(Account::KIND, text).map(|entry| entry.id)),
        "member" => owning.roster.find(text),
        _ => None,
    };
    for account in &mut read {
        let names = std::mem::take(&mut account.names);
        let found = |named: &Named, text: &str| find(named, text).ok_or_else(|| Reason::Unknown { name: text.to_owned() });
        let problems = refer(&mut account.draft, &kind, &names, found);
        let trouble = |problem: CellProblem| Trouble::kept_as_text(&table.file, account.line, &problem.column, &problem.reason);
        accounts.troubles.extend(problems.into_iter().map(trouble));
    }
    cut_circles(&mut read, &columns, &table.file, &mut accounts.troubles);
    accounts.drafts = read.into_iter().map(|account| account.draft).collect();
    Ok(accounts)
}

fn lines(
    table: &Table,
    columns: &Columns<'_>,
    owner_column: Option<usize>,
    unit: Option<&MoneyUnit>,
    id_for: impl Fn(&str) -> Id,
    troubles: &mut Vec<Trouble>,
) -> Vec<Read> {
    // By id, not by name: two names may have come to mean one record.
    let mut seen: HashMap<Id, u64> = HashMap::new();
    let mut read = Vec::new();
    for line in &table.lines {
        let reading = columns.read(&line.cells, unit);
        let name = reading.values.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !reading.problems.is_empty() {
            troubles.extend(reading.problems.iter().map(|p| Trouble::line_out(&table.file, line.number, &p.column, &p.reason)));
            continue;
        }
        let mut draft = Draft::new(Account::KIND, id_for(&name));
        if let Some(first) = seen.get(&draft.id) {
            let column = columns.filling("name").map_or("", |at| columns.header(at));
            troubles.push(Trouble::line_out(&table.file, line.number, column, &Reason::Repeated { line: *first }));
            continue;
        }
        seen.insert(draft.id, line.number);
        draft.values = reading.values;
        reading.others.iter().for_each(|(column, text)| draft.keep(column, text));
        let owner_named =
            owner_column.and_then(|at| line.cells.get(at)).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty());
        let names = reading.names.into_iter().filter(|named| named.field != "owner").collect();
        read.push(Read { line: line.number, name, draft, names, owner_named });
    }
    read
}

impl Accounts {
    fn give_owners(&mut self, table: &Table, read: &mut Vec<Read>, directory: &Directory, owning: &Owning<'_>, column: &str) {
        let ownerless = |account: &Read| Ownerless {
            name: account.name.clone(),
            named: account.owner_named.clone(),
            current: directory.get(account.draft.id).and_then(|entry| entry.owner),
        };
        let ownerless: Vec<Ownerless> = read.iter().map(ownerless).collect();
        let mut decided = owners::decide(&owning.rule, &ownerless, owning.roster, owning.opportunities);
        self.spread = owners::spread(&mut decided, owning.roster);
        let mut decided = decided.into_iter();
        read.retain_mut(|account| match decided.next().flatten() {
            Some(Ok(owner)) => {
                account.draft.put("owner", owner.to_string());
                true
            }
            unknown => {
                let name = unknown.and_then(Result::err).unwrap_or_default();
                self.troubles.push(Trouble::line_out(&table.file, account.line, column, &Reason::Unknown { name }));
                false
            }
        });
    }
}

fn circle(account: &mut Read, file: &str, column: &str, text: &str) -> Trouble {
    account.draft.keep(column, text);
    Trouble::kept_as_text(file, account.line, column, &Reason::Circle { name: account.name.clone() })
}

/// An account cannot stand above itself: the line that closes a circle loses its parent.
fn cut_circles(read: &mut [Read], columns: &Columns<'_>, file: &str, troubles: &mut Vec<Trouble>) {
    let parent_of = |account: &Read| account.draft.values.get("parent").and_then(|id| Id::try_parse(id.as_str()?).ok());
    let names: HashMap<Id, String> = read.iter().map(|account| (account.draft.id, account.name.clone())).collect();
    let mut parents: HashMap<Id, Id> = HashMap::new();
    for account in read {
        let Some(parent) = parent_of(account) else { continue };
        let mut above = Some(parent);
        while let Some(next) = above.filter(|above| *above != account.draft.id) {
            above = parents.get(&next).copied();
        }
        if above.is_none() {
            parents.insert(account.draft.id, parent);
            continue;
        }
        account.draft.values.remove("parent");
        let column = columns.filling("parent").map_or("", |at| columns.header(at)).to_owned();
        let text = names.get(&parent).cloned().unwrap_or_default();
        troubles.push(circle(account, file, &column, &text));
    }
}
