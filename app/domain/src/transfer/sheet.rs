//! Tables of records of any kinds, which may refer to one another in any order of files and lines.

use super::{
    CellProblem, Columns, Draft, IMPORTED, MoneyUnit, Named, Names, Reason,
    key::{Key, number_column},
    refer, title_of,
};
use crate::{FieldSpec, Id, KindSpec, spec::RootRule, types::Problem};
use std::collections::HashMap;

/// A file with records of one kind.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    pub file: &'a str,
    pub kind: &'a KindSpec,
    pub headers: &'a [String],
    /// Each with its number in the file.
    pub lines: Vec<(u64, &'a [String])>,
}

/// What files hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    pub drafts: Vec<Draft>,
    pub findings: Vec<Finding>,
}

/// Something in a file that could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub file: String,
    pub line: u64,
    pub problem: CellProblem,
    pub fate: Fate,
}

/// What became of the line a problem was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was left out.
    LineOut,
    /// The record is in, with the cell's text but without its meaning.
    TextKept,
    /// The record is in without the cell: its kind has no room for other text.
    CellOut,
}

/// Reads sheets of different kinds. `names` are all the records they may refer to beside one another; what is read joins them.
pub fn read_sheets(sheets: &[Sheet<'_>], company: Id, names: &mut Names, unit: Option<&MoneyUnit>) -> Taken {
    let mut taken = Taken::default();
    let mut entries = Vec::new();
    // What others belong to comes first: a record is known again by where it belongs.
    let mut order: Vec<&Sheet> = sheets.iter().collect();
    order.sort_by_key(|sheet| sheet.depth(sheets));
    for sheet in order {
        entries.extend(sheet.entries(company, names, unit, &mut taken.findings));
    }
    // A line left out takes its name back, so that no other line refers to it: until all that are left can stay.
    loop {
        let (out, stay): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.finish(names).is_err());
        for entry in &out {
            taken.findings.extend(entry.finish(names).err().into_iter().flatten());
        }
        for entry in &out {
            names.remove(&entry.draft.kind, entry.draft.id, &title_of(entry.sheet.kind, &entry.draft.values));
        }
        entries = stay;
        if out.is_empty() {
            break;
        }
    }
    for (draft, findings) in entries.iter().filter_map(|entry| entry.finish(names).ok()) {
        taken.drafts.push(draft);
        taken.findings.extend(findings);
    }
    taken
}

/// A line that can be taken as far as it goes without other lines.
struct Entry<'a> {
    sheet: &'a Sheet<'a>,
    line: u64,
    root: Option<Id>,
    draft: Draft,
    names: Vec<Named>,
}

impl<'a> Sheet<'a> {
    /// Fields that every line needs and no column fills.
    pub fn missing(&self) -> impl Iterator<Item = &FieldSpec> {
        let columns = Columns::of(self.kind, self.headers);
        let needed = self.kind.fields.iter().filter(|field| field.required || is_root(self.kind, field));
        needed.filter(move |field| columns.filling(&field.name).is_none())
    }

    /// How many sheets stand above this one, by what their records belong to.
    fn depth(&self, sheets: &[Sheet<'_>]) -> usize {
        let above = |kind: &&KindSpec| {
            let root = kind.fields.iter().find(|field| is_root(kind, field))?.ty.refers_to()?;
            sheets.iter().map(|sheet| sheet.kind).find(|kind| kind.name == root)
        };
        std::iter::successors(Some(self.kind), above).take(sheets.len() + 1).count()
    }

    fn entries(
        &'a self,
        company: Id,
        known: &mut Names,
        unit: Option<&MoneyUnit>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Entry<'a>> {
        let columns = Columns::of(self.kind, self.headers);
        let number = number_column(self.kind, &columns);
        let mut seen: HashMap<Id, u64> = HashMap::new();
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for (line, cells) in &self.lines {
            let reading = columns.read(cells, unit);
            let mut draft = Draft::new(&self.kind.name, Id::nil());
            draft.values = reading.values;
            if self.kind.field(IMPORTED).is_some() {
                reading.others.iter().for_each(|(column, text)| draft.keep(column, text));
            }
            let (roots, names): (Vec<Named>, Vec<Named>) = reading
                .names
                .into_iter()
                .partition(|named| self.kind.field(&named.field).is_some_and(|field| is_root(self.kind, field)));
            let mut problems = reading.problems;
            problems.extend(refer(&mut draft, self.kind, &roots, |named, text| known.find(&named.kind, text, None)));
            let belongs = self.kind.fields.iter().find(|field| is_root(self.kind, field));
            let root = belongs.and_then(|field| Id::try_parse(draft.values.get(field.name.as_ref())?.as_str()?).ok());
            let column = belongs.filter(|_| root.is_none()).map(|field| columns.called(field));
            if let Some(column) = column.filter(|column| problems.iter().all(|problem| problem.column != *column)) {
                problems.push(CellProblem { column: column.to_owned(), reason: Reason::Value(Problem::Required) });
            }
            let number = number.and_then(|at| cells.get(at)).map(String::as_str);
            draft.id = known.id_for(company, &Key::of(self.kind, &draft, root, number));
            if let (Some(first), true) = (seen.get(&draft.id), problems.is_empty()) {
                let column = columns.filling(&self.kind.title).map_or("", |at| columns.header(at)).to_owned();
                problems.push(CellProblem { column, reason: Reason::Repeated { line: *first } });
            }
            if !problems.is_empty() {
                findings.extend(problems.into_iter().map(|problem| self.finding(*line, problem, Fate::LineOut)));
                continue;
            }
            seen.insert(draft.id, *line);
            entries.push(Entry { sheet: self, line: *line, root, draft, names });
        }
        for Entry { draft, root, .. } in &entries {
            known.add(&draft.kind, draft.id, *root, &title_of(self.kind, &draft.values));
        }
        entries
    }

    fn finding(&self, line: u64, problem: CellProblem, fate: Fate) -> Finding {
        Finding { file: self.file.to_owned(), line, problem, fate }
    }
}

impl Entry<'_> {
    /// The record with its references, or why it cannot be in without one of them.
    fn finish(&self, names: &Names) -> Result<(Draft, Vec<Finding>), Vec<Finding>> {
        let kind = self.sheet.kind;
        let mut draft = self.draft.clone();
        let problems = refer(&mut draft, kind, &self.names, |named, text| names.find(&named.kind, text, self.root));
        let is_needed = |field: &FieldSpec| field.required && field.ty.refers_to().is_some();
        let is_whole =
            kind.fields.iter().filter(|field| is_needed(field)).all(|field| draft.values.contains_key(field.name.as_ref()));
        let fate = match (is_whole, kind.field(IMPORTED)) {
            (false, _) => Fate::LineOut,
            (true, Some(_)) => Fate::TextKept,
            (true, None) => Fate::CellOut,
        };
        let findings = problems.into_iter().map(|problem| self.sheet.finding(self.line, problem, fate)).collect();
        if is_whole { Ok((draft, findings)) } else { Err(findings) }
    }
}

/// Whether the field tells where a record belongs. A record without author that belongs nowhere would be seen by nobody, so
/// a file has to fill it even where a person may leave it empty.
fn is_root(kind: &KindSpec, field: &FieldSpec) -> bool {
    matches!(&kind.root, RootRule::Through(root) | RootRule::Member(root) if *root == field.name)
}

#[cfg(test)]
mod tests;
