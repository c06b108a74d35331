//! `rounds-server import`: a company's people, accounts and other records out of the CSV files it has.
//!
//! [`plan`] decides everything from the files and from what the company has; [`import`] writes it in one transaction, so
//! that a failure leaves nothing half-done. Bringing in the same files again writes nothing.

pub mod accounts;
pub mod directory;
pub mod encoding;
pub mod folder;
pub mod layouts;
pub mod options;
mod others;
pub mod owners;
pub mod people;
pub mod plan;
pub mod report;
mod sign_ins;
pub mod table;

use crate::{
    db::{self, Pool, Tx, org::Org},
    error::ApiError,
    now::now_ms,
    secret,
};
use directory::{Directory, Entry};
use domain::{
    Id, Lang, Row, Schema,
    fold::fold,
    ids, records,
    spec::RootRule,
    transfer::{Merged, MoneyUnit},
    wire::Refused,
};
use folder::Folder;
use options::Options;
use plan::Plan;
use report::Report;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{IsTerminal, Write},
};

/// Runs `rounds-server import` with the words behind it; what it answers is to be printed. Where amounts have no unit it
/// asks on the terminal.
///
/// # Errors
/// A sentence saying what to do; nothing was written.
pub async fn command(pool: &Pool, origin: &str, words: Vec<String>) -> Result<String, String> {
    let mut options = Options::parse(words)?;
    let folder = Folder::read(&options.folder, options.encoding)
        .map_err(|error| format!("{} cannot be read: {error}. Give the folder with the CSV files.", options.folder.display()))?;
    if options.money_unit.is_none()
        && let Some((column, amount)) = plan::without_unit(&folder)
        && std::io::stdin().is_terminal()
    {
        options.money_unit = ask_unit(&column, &amount)?;
    }
    Ok(import(pool, origin, &folder, &options, now_ms()).await?.to_string())
}

fn ask_unit(column: &str, amount: &str) -> Result<Option<MoneyUnit>, String> {
    loop {
        eprint!("The column {column} holds amounts such as {amount}. What is 1 of them? (for example millions:USD) ");
        let mut answer = String::new();
        let read = std::io::stderr()
            .flush()
            .and_then(|()| std::io::stdin().read_line(&mut answer))
            .map_err(|error| error.to_string())?;
        match answer.trim().parse() {
            Ok(unit) => return Ok(Some(unit)),
            // The end of the input: there is nobody to ask.
            Err(_) if read == 0 => return Ok(None),
            Err(wrong) => eprintln!("{wrong}"),
        }
    }
}

/// Imports a folder at `now` (UTC milliseconds); `origin` is where sign-in links lead.
///
/// # Errors
/// A sentence saying what to do; nothing was written.
pub async fn import(pool: &Pool, origin: &str, folder: &Folder, options: &Options, now: i64) -> Result<Report, String> {
    if let (None, Some((column, amount))) = (&options.money_unit, plan::without_unit(folder)) {
        return Err(format!(
            "The column {column} holds amounts such as {amount} without a unit. Pass one, such as --money-unit millions:USD."
        ));
    }
    let name = options.company.as_ref().unwrap_or(&folder.name).trim();
    if name.is_empty() {
        return Err("Name the company with --company.".to_owned());
    }
    let known = db::org::by_name(pool, name).await.map_err(sentence)?;
    let is_new = known.is_none();
    let org = known.unwrap_or_else(|| new_company(name, options));
    let mut tx = db::begin(pool).await.map_err(sentence)?;
    if is_new {
        db::org::insert(&mut tx, &org, now).await.map_err(sentence)?;
    }
    db::enter(&mut tx, org.id).await.map_err(sentence)?;
    let directory = directory(&mut tx, org.id, folder).await.map_err(sentence)?;
    let mut plan = plan::plan(folder, options, org.id, &directory)?;
    (plan.report.company, plan.report.is_new_company, plan.report.is_dry_run) = (org.name.clone(), is_new, options.is_dry_run);
    let rows = merge(&mut tx, org.id, &mut plan, now).await.map_err(sentence)?;
    if options.is_dry_run {
        return Ok(plan.report);
    }
    if !rows.is_empty() {
        db::feed::bring_in(&mut tx, org.id, rows).await.map_err(sentence)?;
    }
    sign_ins::give(pool, &mut tx, origin, org.id, &mut plan, options.new_links, now).await.map_err(sentence)?;
    db::commit(tx).await.map_err(sentence)?;
    // Only a hint to running servers: the import is in whether or not they hear it.
    let _ = tell(pool, org.id).await;
    Ok(plan.report)
}

/// The rows to write, counted in the report. The stored ones are locked, so that no device's edit comes in between.
async fn merge(tx: &mut Tx, org: Id, plan: &mut Plan, now: i64) -> Result<Vec<Row>, ApiError> {
    let ids: BTreeSet<Id> = plan.drafts.iter().map(|draft| draft.id).collect();
    let stored = db::directory::locked(tx, org, &ids).await?;
    let stored: BTreeMap<Id, Row> = stored.into_iter().map(|row| (row.id, row)).collect();
    let schema = records::schema();
    let (mut rows, mut left, mut deleted) = (Vec::new(), 0, 0);
    for draft in &plan.drafts {
        let count = plan.report.counts.entry(draft.kind.clone()).or_default();
        let (merged, kept) = draft.merge(stored.get(&draft.id), &schema, now);
        left += kept;
        match merged {
            Merged::Added(row) => (count.added += 1, rows.push(row)).1,
            Merged::Changed(row) => (count.changed += 1, rows.push(row)).1,
            Merged::Unchanged => count.unchanged += 1,
            Merged::Deleted => deleted += 1,
        }
    }
    if left > 0 {
        plan.report.notes.push(format!("{left} values that people changed since stay as they are."));
    }
    if deleted > 0 {
        plan.report.notes.push(format!("{deleted} records that people deleted stay deleted."));
    }
    Ok(rows)
}

fn new_company(name: &str, options: &Options) -> Org {
    // Derived, so that of two imports into one new company at once, one fails as a whole.
    let id = ids::derived(Id::nil(), &format!("import:company:{}", fold(name)));
    let currency = options.money_unit.as_ref().map_or("CNY", |unit| &unit.currency);
    Org { id, name: name.to_owned(), zone: options.zone.clone(), currency: currency.to_owned() }
}

async fn tell(pool: &Pool, org: Id) -> Result<(), ApiError> {
    Ok(db::notify::tell(pool, secret::new_id()?, &[org]).await?)
}

fn sentence(error: impl Into<ApiError>) -> String {
    Refused::from(error.into()).message
}

/// What the company has of the kinds that the folder's files hold or refer to.
async fn directory(tx: &mut Tx, org: Id, folder: &Folder) -> Result<Directory, ApiError> {
    let schema = records::schema();
    let mut wanted: BTreeSet<&str> = ["team", "member", "account"].into();
    for (kind, _) in &folder.others {
        wanted.insert(&kind.name);
        wanted.extend(kind.fields.iter().filter_map(|field| field.ty.refers_to()));
    }
    let kinds: Vec<(&str, &str, &str)> = wanted.into_iter().filter_map(|name| in_short(&schema, name)).collect();
    let rows = db::directory::entries(tx, org, &kinds).await?;
    Ok(Directory::of(rows.into_iter().map(|row| entry(row, &schema))))
}

/// A kind, its title and the field that names what its records belong to, if one does.
fn in_short<'a>(schema: &'a Schema, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let kind = schema.kind(name)?;
    let root = match &kind.root {
        RootRule::Through(field) | RootRule::Member(field) => field,
        RootRule::Itself | RootRule::Company | RootRule::Shared(_) => "",
    };
    Some((&kind.name, &kind.title, root))
}

fn entry(row: db::directory::EntryRow, schema: &Schema) -> Entry {
    let id = |text: Option<String>| text.and_then(|id| Id::try_parse(&id).ok());
    let title = schema.kind(&row.kind).and_then(|kind| kind.field(&kind.title));
    let name = title.zip(row.title).map(|(field, title)| field.ty.rules().print(&title, Lang::En)).unwrap_or_default();
    let role = row.role.and_then(|role| serde_json::from_value(role.into()).ok());
    let (root, owner) = (id(row.root), id(row.owner));
    Entry { kind: row.kind, id: row.id, root, name, email: row.email, role, owner, is_gone: row.is_gone }
}
