//! What an import would do, from files and from what the company has: no database, no clock.

use super::{
    accounts::{self, Owning},
    directory::Directory,
    folder::Folder,
    options::Options,
    others,
    owners::{Opportunities, OwnerRule, Roster},
    people::{self, People, Person},
    report::Report,
    table::Table,
};
use domain::{
    Id,
    records::{self, Account},
    transfer::{Columns, Draft},
    wire::Role,
};

/// The records to bring in, the people who need a way to sign in, and what to say.
#[derive(Debug, Default)]
pub struct Plan {
    pub drafts: Vec<Draft>,
    pub persons: Vec<Person>,
    pub report: Report,
}

/// Plans the import of a folder into a company.
///
/// # Errors
/// One sentence on what is missing or must be said: nothing can be imported without it.
pub fn plan(folder: &Folder, options: &Options, company: Id, directory: &Directory) -> Result<Plan, String> {
    if folder.is_empty() {
        return Err("The folder holds nothing to import: give one with accounts.csv, sales_teams.csv or a file named after \
            another kind of record, such as contacts.csv."
            .to_owned());
    }
    let mut plan = Plan { report: Report { files: folder.files.clone(), ..Report::default() }, ..Plan::default() };
    if let Some(table) = &folder.teams {
        plan.take(people::read(table, company, directory));
    }
    if !directory.members().any(|member| member.role == Some(Role::Administrator)) {
        plan.take(people::administrator(company));
    }
    if let Some(table) = &folder.accounts {
        plan.take_accounts(table, folder, options, company, directory)?;
    }
    let unit = options.money_unit.as_ref();
    others::take(&mut plan, &folder.others, company, directory, &records::schema(), unit)?;
    plan.report.troubles.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(plan)
}

/// A column of amounts nobody can read without a unit, and its first amount.
pub fn without_unit(folder: &Folder) -> Option<(String, String)> {
    let account = Account::spec();
    let accounts = folder.accounts.iter().map(|table| (&account, table));
    let mut tables = accounts.chain(folder.others.iter().map(|(kind, table)| (kind, table)));
    tables.find_map(|(kind, table)| Columns::of(kind, &table.headers).without_unit(&table.lines))
}

impl Plan {
    fn take(&mut self, people: People) {
        self.drafts.extend(people.drafts);
        self.persons.extend(people.persons);
        self.report.troubles.extend(people.troubles);
    }

    fn take_accounts(
        &mut self,
        table: &Table,
        folder: &Folder,
        options: &Options,
        company: Id,
        directory: &Directory,
    ) -> Result<(), String> {
        let roster = Roster::of(&self.persons, directory);
        let rule = owner_rule(table, folder, options)?;
        let opportunities = match (&rule, &folder.pipeline) {
            (OwnerRule::MostOpportunities, Some(pipeline)) => {
                self.report.troubles.extend(pipeline.troubles.iter().cloned());
                Opportunities::read(pipeline, &roster)?
            }
            _ => Opportunities::default(),
        };
        if let OwnerRule::Member(who) = &rule
            && roster.find(who).is_none()
        {
            return Err(format!(
                "Nobody in the company is called {who}. Pass the e-mail address or name of a member to --owner-by member:…"
            ));
        }
        let owning = Owning { rule, roster: &roster, opportunities: &opportunities };
        let accounts = accounts::read(table, company, directory, &owning, options.money_unit.as_ref())?;
        let notes = &mut self.report.notes;
        if !accounts.without_field.is_empty() {
            notes.push(format!("Kept on each account without a field of their own: {}.", accounts.without_field.join(", ")));
        }
        if opportunities.of_strangers > 0 {
            notes.push(format!("{} opportunities belong to nobody who is known.", opportunities.of_strangers));
        }
        if accounts.spread > 0 {
            notes.push(format!(
                "{} accounts had nothing to tell their owner: each went to the rep with the fewest.",
                accounts.spread
            ));
        }
        self.report.troubles.extend(accounts.troubles);
        self.drafts.extend(accounts.drafts);
        Ok(())
    }
}

fn owner_rule(table: &Table, folder: &Folder, options: &Options) -> Result<OwnerRule, String> {
    let has_pipeline = folder.pipeline.is_some();
    let kind = Account::spec();
    let columns = Columns::of(&kind, &table.headers);
    match &options.owner_by {
        Some(OwnerRule::MostOpportunities) if !has_pipeline => {}
        Some(rule) => return Ok(rule.clone()),
        None => match columns.filling("owner") {
            Some(at) => return Ok(OwnerRule::Column(columns.header(at).to_owned())),
            None if has_pipeline => return Ok(OwnerRule::MostOpportunities),
            None => {}
        },
    }
    Err("Whose accounts are they? The folder has no sales_pipeline.csv to tell: pass --owner-by round-robin, column:NAME or member:EMAIL.".to_owned())
}
