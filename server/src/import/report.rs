//! What an import did, in words for the person who ran it.

use domain::{
    Lang,
    transfer::{Fate, Finding, Reason},
    wire::Role,
};
use std::{collections::BTreeMap, fmt};

/// Everything there is to say about one import.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Report {
    pub company: String,
    pub is_new_company: bool,
    /// Nothing was written: it was only tried.
    pub is_dry_run: bool,
    /// (file, what was done with it).
    pub files: Vec<(String, String)>,
    /// By kind.
    pub counts: BTreeMap<String, Count>,
    pub troubles: Vec<Trouble>,
    /// Decisions a person should know of.
    pub notes: Vec<String>,
    pub links: Vec<SignIn>,
}

/// Records of one kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// Something in a file that could not be taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub file: String,
    pub line: u64,
    /// The column's header; empty where the whole line is meant.
    pub column: String,
    pub reason: String,
    pub fate: Fate,
}

/// The one-time link of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub name: String,
    pub role: Role,
    pub address: String,
}

impl Trouble {
    /// For it the line was left out.
    pub fn line_out(file: &str, line: u64, column: &str, reason: &Reason) -> Trouble {
        let (file, column, reason) = (file.to_owned(), column.to_owned(), reason.message(Lang::En));
        Trouble { file, line, column, reason, fate: Fate::LineOut }
    }

    /// The line is in; the cell's text is kept on the record.
    pub fn kept_as_text(file: &str, line: u64, column: &str, reason: &Reason) -> Trouble {
        Trouble { fate: Fate::TextKept, ..Trouble::line_out(file, line, column, reason) }
    }
}

impl From<Finding> for Trouble {
    fn from(Finding { file, line, problem, fate }: Finding) -> Trouble {
        Trouble { fate, ..Trouble::line_out(&file, line, &problem.column, &problem.reason) }
    }
}

impl Report {
    /// How many lines were left out.
    pub fn lines_out(&self) -> usize {
        let lines =
            self.troubles.iter().filter(|trouble| trouble.fate == Fate::LineOut).map(|trouble| (&trouble.file, trouble.line));
        lines.collect::<std::collections::BTreeSet<_>>().len()
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}", self.reason)?;
        match self.fate {
            Fate::LineOut => Ok(()),
            Fate::TextKept => write!(f, " The record is in, with this as plain text."),
            Fate::CellOut => write!(f, " The record is in, without this cell."),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = if self.is_new_company { " (new)" } else { "" };
        let dry = if self.is_dry_run { " - tried only, nothing was written" } else { "" };
        writeln!(f, "Import into the company \"{}\"{new}{dry}", self.company)?;
        for (file, done) in &self.files {
            writeln!(f, "  {file:<20} {done}")?;
        }
        for (kind, Count { added, changed, unchanged }) in &self.counts {
            writeln!(f, "  {kind:<20} {added} added, {changed} changed, {unchanged} already in")?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        match self.lines_out() {
            0 if self.troubles.is_empty() => writeln!(f, "Every line is in.")?,
            0 => writeln!(f, "Every line is in; look at these:")?,
            1 => writeln!(f, "1 line was left out; the others are in:")?,
            out => writeln!(f, "{out} lines were left out; the others are in:")?,
        }
        for trouble in &self.troubles {
            writeln!(f, "  {trouble}")?;
        }
        if !self.links.is_empty() {
            writeln!(f, "Sign-in links, each for one person, once, within 14 days:")?;
        }
        for SignIn { name, role, address } in &self.links {
            writeln!(f, "  {:<14} {name:<24} {address}", role_name(*role))?;
        }
        Ok(())
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Rep => "rep",
        Role::Manager => "manager",
        Role::Administrator => "administrator",
    }
}
