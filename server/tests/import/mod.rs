//! Bringing in a company from CSV files, without and with a database.

mod database;
mod files;
mod others;
mod owners;
mod real;

use domain::transfer::Draft;
use server::import::{
    directory::Directory,
    folder::Folder,
    options::Options,
    plan::{Plan, plan},
};
use uuid::Uuid;

const COMPANY: Uuid = Uuid::from_u128(0xc0);

/// Eight accounts and five reps of the real export, children before parents.
fn crm() -> Folder {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let files = [
        file("accounts.csv", include_str!("../fixtures/crm/accounts.csv")),
        file("products.csv", include_str!("../fixtures/crm/products.csv")),
        file("sales_pipeline.csv", include_str!("../fixtures/crm/sales_pipeline.csv")),
        file("sales_teams.csv", include_str!("../fixtures/crm/sales_teams.csv")),
    ];
    Folder { name: "crm".into(), ..Folder::of(&files, None) }
}

/// A folder of these files only.
fn folder(files: &[(&str, &str)]) -> Folder {
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    Folder { name: "crm".into(), ..Folder::of(&files, None) }
}

fn options(words: &str) -> Options {
    let words = words.split_whitespace().map(|word| word.replace('~', " "));
    Options::parse(std::iter::once("crm".to_owned()).chain(words)).unwrap()
}

/// The plan for a company that has nothing yet.
fn fresh(folder: &Folder, words: &str) -> Plan {
    plan(folder, &options(words), COMPANY, &Directory::default()).unwrap()
}

fn named<'a>(plan: &'a Plan, kind: &str, name: &str) -> &'a Draft {
    let found = plan.drafts.iter().find(|draft| draft.kind == kind && draft.values["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name}"))
}

fn names(plan: &Plan, kind: &str) -> Vec<String> {
    let of_kind = plan.drafts.iter().filter(|draft| draft.kind == kind);
    of_kind.map(|draft| draft.values["name"].as_str().unwrap().to_owned()).collect()
}

/// Every trouble as `file:line:column`.
fn troubles(plan: &Plan) -> Vec<String> {
    let place = |trouble: &server::import::report::Trouble| format!("{}:{}:{}", trouble.file, trouble.line, trouble.column);
    plan.report.troubles.iter().map(place).collect()
}
