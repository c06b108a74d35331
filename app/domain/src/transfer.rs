//! Records out of the tables people already have: which column is which field, and what a cell says.
//!
//! The import of the server and the one in the app read alike. Nothing is guessed: what a field's type does not
//! understand is reported with line, column and reason, and what no field takes is kept under the column's own name.

mod draft;
mod key;
mod names;
mod reason;
mod refer;
mod sheet;
mod unit;

pub use draft::{Draft, IMPORTED, Merged};
pub use key::{imported_id, title_of};
pub use names::Names;
pub use reason::Reason;
pub use refer::refer;
pub use sheet::{Fate, Finding, Sheet, Taken, read_sheets};
pub use unit::MoneyUnit;

use crate::{
    FieldSpec, KindSpec, Lang, Schema, Value, fold,
    spec::{RootRule, Writers},
    types::{FieldType, Money, Problem},
};
use std::collections::BTreeMap;

/// The kind of which a CSV file holds records: the one it is named after, in the singular or plural, by the kind's name or
/// its label in any language. Only kinds that everyone may write come out of files of their own, and not what is for one member
/// alone: another system's `reminders.csv` is not ours.
pub fn kind_of<'a>(schema: &'a Schema, file: &str) -> Option<&'a KindSpec> {
    let name = fold::fold(file);
    let stem = plain(name.strip_suffix(".csv")?);
    let is_called = |kind: &&KindSpec| {
        let labels = Lang::ALL.iter().map(|lang| kind.label.get(*lang));
        std::iter::once(kind.name.as_ref()).chain(labels).map(plain).any(|name| name == stem)
    };
    schema.kinds.iter().filter(|kind| has_files(kind) && !stem.is_empty()).find(is_called)
}

/// Whether records of a kind come out of files of their own.
pub fn has_files(kind: &KindSpec) -> bool {
    kind.writers == Writers::Everyone && !matches!(kind.root, RootRule::Member(_))
}

/// The columns of a table, each with the field it fills.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    kind: &'a KindSpec,
    columns: Vec<Column<'a>>,
}

/// One column. Without a field its cells are kept under its header.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub header: String,
    pub field: Option<&'a FieldSpec>,
}

/// What one line of a table says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Canonical values by field, without those that are empty.
    pub values: BTreeMap<String, Value>,
    /// Other records, called by their names: whoever holds the records looks them up.
    pub names: Vec<Named>,
    /// The cells of columns without a field, by header.
    pub others: BTreeMap<String, String>,
    pub problems: Vec<CellProblem>,
}

/// A reference as it stands in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub field: String,
    pub kind: String,
    pub column: String,
    pub text: String,
}

/// Why a cell, and so its line, cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The column's header; empty where the whole line is meant.
    pub column: String,
    pub reason: Reason,
}

impl<'a> Columns<'a> {
    /// Matches headers with the fields of a kind by name, label in any language, or alias. Case, width, accents, plural,
    /// separators and what stands in brackets do not count. A field is filled by the first column that matches it.
    pub fn of(kind: &'a KindSpec, headers: &[String]) -> Columns<'a> {
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (at, header) in headers.iter().enumerate() {
            let is_taken =
                |field: &&FieldSpec| columns.iter().any(|column| column.field.is_some_and(|taken| taken.name == field.name));
            let field = kind
                .fields
                .iter()
                .filter(|field| is_importable(field))
                .find(|field| is_called(field, header) && !is_taken(field));
            let mut header = header.trim().to_owned();
            if header.is_empty() || columns.iter().any(|column| column.header == header) {
                header = format!("{header} ({})", at + 1).trim().to_owned();
            }
            columns.push(Column { header, field });
        }
        Columns { kind, columns }
    }

    /// The column with this header, however it is written.
    pub fn position(&self, header: &str) -> Option<usize> {
        let wanted = plain(header);
        self.columns.iter().position(|column| plain(&column.header) == wanted)
    }

    /// The column that fills a field.
    pub fn filling(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field.is_some_and(|found| found.name == field))
    }

    pub fn header(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |column| &column.header)
    }

    /// The header of the column that fills a field; without one, the field's English label.
    pub fn called<'b>(&'b self, field: &'b FieldSpec) -> &'b str {
        self.filling(&field.name).map_or(field.label.get(Lang::En), |at| self.header(at))
    }

    /// The headers that fill no field.
    pub fn without_field(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|column| column.field.is_none()).map(|column| column.header.as_str())
    }

    /// A column of amounts without currency, with the first of them: nobody can say what they are without a [`MoneyUnit`].
    pub fn without_unit<'b, L: AsRef<[String]> + 'b>(&self, lines: impl IntoIterator<Item = &'b L>) -> Option<(String, String)> {
        let money: Vec<usize> =
            self.columns.iter().enumerate().filter(|(_, column)| is_money(column)).map(|(at, _)| at).collect();
        let unclear = |cell: &&String| plain_money(cell) == Err(Problem::NoCurrency);
        lines.into_iter().find_map(|line| {
            let found = money.iter().find_map(|at| Some((*at, line.as_ref().get(*at).filter(unclear)?)));
            found.map(|(at, cell)| (self.header(at).to_owned(), cell.trim().to_owned()))
        })
    }

    /// Reads one line, whose cells stand in the order of the headers; missing ones are empty.
    pub fn read(&self, cells: &[String], unit: Option<&MoneyUnit>) -> Reading {
        let mut reading = Reading::default();
        for (column, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
            let problem = |reason| CellProblem { column: column.header.clone(), reason };
            let Some(field) = column.field else {
                reading.others.insert(column.header.clone(), cell.trim().to_owned());
                continue;
            };
            if cell.contains('\u{fffd}') {
                reading.problems.push(problem(Reason::Garbled));
            } else if let Some(kind) = field.ty.refers_to() {
                let (field, kind, column) = (field.name.to_string(), kind.to_owned(), column.header.clone());
                reading.names.push(Named { field, kind, column, text: cell.trim().to_owned() });
            } else {
                match value(field, cell, unit) {
                    Ok(Value::Null) => {}
                    Ok(value) => drop(reading.values.insert(field.name.to_string(), value)),
                    Err(refused) => reading.problems.push(problem(Reason::Value(refused))),
                }
            }
        }
        let is_said = |field: &FieldSpec, reading: &Reading| {
            reading.values.contains_key(field.name.as_ref()) || reading.names.iter().any(|named| named.field == field.name)
        };
        for field in self.kind.fields.iter().filter(|field| field.required) {
            let column = self.called(field).to_owned();
            if !is_said(field, &reading) && !reading.problems.iter().any(|problem| problem.column == column) {
                reading.problems.push(CellProblem { column, reason: Reason::Value(Problem::Required) });
            }
        }
        reading
    }
}

fn value(field: &FieldSpec, cell: &str, unit: Option<&MoneyUnit>) -> Result<Value, Problem> {
    let parsed = match (&field.ty, unit) {
        (FieldType::Money(_), Some(unit)) => unit.read(cell)?,
        (FieldType::Money(_), None) => plain_money(cell)?,
        (ty, _) => ty.rules().parse(cell)?,
    };
    field.check(&parsed)
}

/// An amount with its own currency; letters alone are none.
fn plain_money(cell: &str) -> Result<Value, Problem> {
    match FieldType::from(Money::new()).rules().parse(cell)? {
        Value::Null if !cell.trim().is_empty() => Err(Problem::NotMoney),
        money => Ok(money),
    }
}

fn is_money(column: &Column<'_>) -> bool {
    column.field.is_some_and(|field| matches!(field.ty, FieldType::Money(_)))
}

/// Hidden fields are: they tell which record another belongs to.
fn is_importable(field: &FieldSpec) -> bool {
    !matches!(field.ty, FieldType::Anything(_) | FieldType::Attachment(_))
}

fn is_called(field: &FieldSpec, header: &str) -> bool {
    let header = plain(header);
    let labels = Lang::ALL.iter().map(|lang| field.label.get(*lang));
    let names = std::iter::once(field.name.as_ref()).chain(labels).chain(field.aliases.iter().map(AsRef::as_ref));
    !header.is_empty() && names.map(plain).any(|name| name == header)
}

/// A header as it is compared: folded, without brackets and what is in them, separators and the English plural.
fn plain(header: &str) -> String {
    let mut depth = 0_i32;
    let mut kept = String::new();
    for c in fold::fold(header).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth -= 1,
            c if depth <= 0 && c.is_alphanumeric() => kept.push(c),
            _ => {}
        }
    }
    kept.strip_suffix('s').map(str::to_owned).unwrap_or(kept)
}

#[cfg(test)]
mod tests;
