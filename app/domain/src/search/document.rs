//! What searching sees of a record: the texts of its searched fields, folded, the title first.

use super::{Han, fold::fold_into};
use crate::{
    FieldSpec, Id, KindSpec, Lang, Row, Schema, Value,
    spec::RootRule,
    types::{FieldType, ListOf},
};

/// A record's searched texts, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub text: String,
    /// Where the title ends, in bytes.
    pub title: usize,
    /// Where the short texts end, which are also found by their sound. Long ones are not: in a page of text some characters
    /// start with any few letters.
    pub short: usize,
    /// The record it belongs to, by whose texts it is found too.
    pub root: Option<Id>,
}

/// Whether records of a kind can be found at all.
pub fn is_searched(kind: &KindSpec) -> bool {
    kind.fields.iter().any(|field| field.searched)
}

/// The document of a row; none for a kind that is not searched.
pub fn document(han: &Han, schema: &Schema, row: &Row) -> Option<Document> {
    let kind = schema.kind(&row.kind).filter(|kind| is_searched(kind))?;
    let mut text = String::new();
    let title = kind.field(&kind.title).filter(|field| field.searched);
    title.into_iter().for_each(|field| add(han, &mut text, row, field));
    let title_ends = text.len();
    text.push('\n');
    let is_long = |field: &FieldSpec| matches!(field.ty, FieldType::LongText(_));
    let others = || kind.fields.iter().filter(|field| field.searched && field.name != kind.title);
    others().filter(|field| !is_long(field)).for_each(|field| line(han, &mut text, row, field));
    let short = text.len();
    others().filter(|field| is_long(field)).for_each(|field| line(han, &mut text, row, field));
    let root = match &kind.root {
        RootRule::Through(field) => row.reference(field),
        _ => None,
    };
    Some(Document { text, title: title_ends, short, root })
}

fn line(han: &Han, text: &mut String, row: &Row, field: &FieldSpec) {
    let start = text.len();
    add(han, text, row, field);
    if text.len() > start {
        text.push('\n');
    }
}

/// The words of a field: values only, since the words around them are another's in another language.
fn add(han: &Han, text: &mut String, row: &Row, field: &FieldSpec) {
    let mut add = |value: &str| {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push(' ');
        }
        fold_into(han, value, text);
    };
    let each = |value: &Value, name: &str, add: &mut dyn FnMut(&str)| {
        value.as_array().into_iter().flatten().filter_map(|entry| entry.get(name)?.as_str()).for_each(add);
    };
    match &field.ty {
        FieldType::Tags(_) => row.visit(&field.name, &mut |value| value.as_str().into_iter().for_each(&mut add)),
        ty => match (ty, row.glance(&field.name).as_deref()) {
            (_, None) => {}
            (FieldType::LabelledList(list), Some(value)) if matches!(list.of, ListOf::Phones | ListOf::Handles) => {
                each(value, "value", &mut add);
            }
            (FieldType::Text(_) | FieldType::LongText(_), Some(Value::String(value))) => add(value),
            (ty, Some(value)) => add(&ty.rules().print(value, Lang::En)),
        },
    }
}
