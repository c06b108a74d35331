//! By what a line of a file is known again when it comes a second time.

use super::{Columns, Draft, plain};
use crate::{Id, KindSpec, Lang, Value, fold::fold, ids, types::FieldType};
use std::collections::BTreeMap;

/// What sets a record apart from the others of its kind: its title, the record it belongs to, and whatever else `marks` it:
/// the days it tells of and the number its file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub kind: String,
    /// Folded.
    pub title: String,
    pub root: Option<Id>,
    pub marks: Vec<String>,
}

impl Key {
    pub fn of(kind: &KindSpec, draft: &Draft, root: Option<Id>, number: Option<&str>) -> Key {
        let tells_a_day = |ty: &FieldType| matches!(ty, FieldType::Date(_) | FieldType::Due(_) | FieldType::Instant(_));
        let days = kind.fields.iter().filter(|field| tells_a_day(&field.ty));
        let days = days.filter_map(|field| Some(format!("{}={}", field.name, draft.values.get(field.name.as_ref())?)));
        let number = number.map(fold).filter(|number| !number.is_empty()).map(|number| format!("number={number}"));
        let title = fold(&title_of(kind, &draft.values));
        Key { kind: kind.name.to_string(), title, root, marks: days.chain(number).collect() }
    }

    /// The id of a record that first comes out of a file: every import of it derives the same.
    pub fn id(&self, company: Id) -> Id {
        let parts = std::iter::once(self.title.clone()).chain(self.root.map(|root| root.to_string())).chain(self.marks.clone());
        imported_id(company, &self.kind, &parts.collect::<Vec<_>>().join("\n"))
    }
}

/// The id of a record out of a file: the same for the same company, kind and folded key, so that a second import meets it.
pub fn imported_id(company: Id, kind: &str, key: &str) -> Id {
    ids::derived(company, &format!("import:{kind}:{key}"))
}

/// What people call a record with these values.
pub fn title_of(kind: &KindSpec, values: &BTreeMap<String, Value>) -> String {
    let title = kind.field(&kind.title).and_then(|field| Some((field, values.get(field.name.as_ref())?)));
    title.map(|(field, value)| field.ty.rules().print(value, Lang::En)).unwrap_or_default()
}

/// The column with the number that the file's own system gives each record, such as `id`, `contact_id` or `编号`. A mere
/// count of the lines (序号) is none: it is another in the next file.
pub fn number_column(kind: &KindSpec, columns: &Columns<'_>) -> Option<usize> {
    const NUMBERS: [&str; 4] = ["id", "number", "编号", "編號"];
    let names = std::iter::once(kind.name.as_ref()).chain(Lang::ALL.iter().map(|lang| kind.label.get(*lang)));
    let names: Vec<String> = names.map(plain).chain([String::new()]).collect();
    let is_number =
        |header: &str| names.iter().filter_map(|name| header.strip_prefix(name.as_str())).any(|rest| NUMBERS.contains(&rest));
    columns.columns.iter().position(|column| column.field.is_none() && is_number(&plain(&column.header)))
}
