//! The widget of every field type: one table, one table of overrides for single fields, and what surrounds a widget in a form.

mod address;
mod choice;
mod combobox;
mod dates;
mod duplicates;
mod field;
mod hours;
mod input;
mod lines;
mod money;
mod name;
mod names;
mod number;
mod partial_date;
mod phone;
mod place;
mod readonly;
mod reference;
mod registration;
mod switch;
mod tags;
mod text;

pub use field::FieldView;
pub use input::Input;
pub use reference::{Scope, several_of};

use domain::types::FieldType;
use leptos::prelude::*;

/// How a form surrounds a widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One control, which the label names with `for`.
    Single,
    /// Several controls under one name.
    Group,
    /// A switch with its label on one line.
    Switch,
}

/// How one type of field is entered.
#[derive(Clone, Copy)]
pub struct Widget {
    pub shape: Shape,
    pub draw: fn(Input) -> AnyView,
}

/// A choice of so many options stands as chips; a longer one is a list to open.
const MAX_CHIPS: usize = 6;

/// Fields that need another widget than their type's.
const OVERRIDES: [(&str, &str, Widget); 4] = [
    ("account", "name", Widget { shape: Shape::Single, draw: duplicates::draw }),
    ("account", "registration_number", Widget { shape: Shape::Single, draw: registration::draw }),
    ("account", "website", Widget { shape: Shape::Single, draw: text::website }),
    ("contact", "email", Widget { shape: Shape::Single, draw: text::email }),
];

/// The widget of a field of a kind.
pub fn widget_of(kind: &str, field: &str, ty: &FieldType) -> Widget {
    match OVERRIDES.iter().find(|(of, named, _)| *of == kind && *named == field) {
        Some((_, _, widget)) => *widget,
        None => widget_of_type(ty),
    }
}

fn widget_of_type(ty: &FieldType) -> Widget {
    let single = |draw| Widget { shape: Shape::Single, draw };
    let group = |draw| Widget { shape: Shape::Group, draw };
    match ty {
        FieldType::Text(_) => single(text::line),
        FieldType::LongText(_) => single(text::long),
        FieldType::Integer(_) => single(number::integer),
        FieldType::Decimal(_) => single(number::decimal),
        FieldType::Money(_) => single(money::draw),
        FieldType::Boolean(_) => Widget { shape: Shape::Switch, draw: switch::draw },
        FieldType::Date(_) => single(dates::date),
        FieldType::Due(_) => single(dates::due),
        FieldType::Instant(_) => single(dates::instant),
        FieldType::PartialDate(_) => group(partial_date::draw),
        FieldType::Choice(choice) if choice.options.len() <= MAX_CHIPS => group(choice::chips),
        FieldType::Choice(_) => single(choice::list),
        FieldType::Reference(_) => single(reference::one),
        FieldType::References(_) => single(reference::several),
        FieldType::Tags(_) => single(tags::draw),
        FieldType::Place(_) => group(place::draw),
        FieldType::Address(_) => group(address::draw),
        FieldType::PersonName(_) => group(name::draw),
        FieldType::Phone(_) => single(phone::draw),
        FieldType::LabelledList(_) => group(lines::draw),
        FieldType::OpeningHours(_) => group(hours::draw),
        FieldType::Attachment(_) => group(readonly::file),
        FieldType::Anything(_) | FieldType::QueryTree(_) | FieldType::Tiles(_) => group(readonly::anything),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_override_names_a_declared_field() {
        let schema = domain::records::schema();
        for (kind, field, _) in OVERRIDES {
            assert!(schema.field(kind, field).is_some(), "{kind}.{field}");
        }
    }
}
