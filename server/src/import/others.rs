//! Files named after a kind of record, such as `contacts.csv`: any kind that everyone may write.

use super::{directory::Directory, plan::Plan, table::Table};
use domain::{
    Id, KindSpec, Lang, Schema,
    transfer::{Columns, IMPORTED, MoneyUnit, Names, Sheet, read_sheets, title_of},
};

/// Adds the records of the tables to a plan that has the people and accounts already.
///
/// # Errors
/// A table has no column for what each of its records needs; the sentence names it.
pub fn take(
    plan: &mut Plan,
    tables: &[(KindSpec, Table)],
    company: Id,
    directory: &Directory,
    schema: &Schema,
    unit: Option<&MoneyUnit>,
) -> Result<(), String> {
    let sheets: Vec<Sheet<'_>> = tables.iter().map(|(kind, table)| sheet(kind, table)).collect();
    for sheet in &sheets {
        let missing: Vec<&str> = sheet.missing().map(|field| field.label.get(Lang::En)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "{} needs a column for each of: {}. Add it, or rename the one that is meant.",
                sheet.file,
                missing.join(", ")
            ));
        }
    }
    for sheet in &sheets {
        let columns = Columns::of(sheet.kind, sheet.headers);
        let without: Vec<&str> = columns.without_field().collect();
        let kept = if sheet.kind.field(IMPORTED).is_some() {
            "kept on each record without a field of their own"
        } else {
            "left out, as there is no field for them"
        };
        if !without.is_empty() {
            plan.report.notes.push(format!("{}: {kept}: {}.", sheet.file, without.join(", ")));
        }
    }
    let taken = read_sheets(&sheets, company, &mut names(plan, directory, schema), unit);
    plan.drafts.extend(taken.drafts);
    plan.report.troubles.extend(taken.findings.into_iter().map(Into::into));
    plan.report.troubles.extend(tables.iter().flat_map(|(_, table)| table.troubles.iter().cloned()));
    Ok(())
}

fn sheet<'a>(kind: &'a KindSpec, table: &'a Table) -> Sheet<'a> {
    let lines = table.lines.iter().map(|line| (line.number, line.cells.as_slice())).collect();
    Sheet { file: &table.file, kind, headers: &table.headers, lines }
}

/// What the lines may refer to: what the company has, and what is about to come in.
fn names(plan: &Plan, directory: &Directory, schema: &Schema) -> Names {
    let mut names = Names::default();
    for entry in directory.entries() {
        let called = [Some(&entry.name), entry.email.as_ref()].into_iter().flatten().filter(|_| !entry.is_gone);
        names.store(&entry.kind, entry.id, entry.root, called.map(String::as_str));
    }
    for draft in &plan.drafts {
        let title = schema.kind(&draft.kind).map(|kind| title_of(kind, &draft.values)).unwrap_or_default();
        let email = draft.values.get("email").and_then(|email| email.as_str()).unwrap_or_default();
        [title.as_str(), email].into_iter().for_each(|name| names.add(&draft.kind, draft.id, None, name));
    }
    names
}
