//! What holds for every kind, the ones to come included.

use super::schema;
use crate::{Lang, spec::RootRule, types::FieldType};
use std::collections::BTreeSet;

#[test]
fn every_kind_and_field_is_well_named_once_and_labelled_in_three_languages() {
    let schema = schema();
    let well_named = |name: &str| (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let kinds: BTreeSet<&str> = schema.kinds.iter().map(|kind| kind.name.as_ref()).collect();
    assert_eq!(kinds.len(), schema.kinds.len());
    for kind in &schema.kinds {
        let fields: BTreeSet<&str> = kind.fields.iter().map(|field| field.name.as_ref()).collect();
        assert_eq!(fields.len(), kind.fields.len(), "{} names a field twice", kind.name);
        assert!(well_named(&kind.name) && fields.iter().all(|name| well_named(name) && !name.starts_with("x_")), "{}", kind.name);
        for lang in Lang::ALL {
            assert!(!kind.label.get(lang).trim().is_empty());
            for field in &kind.fields {
                assert!(!field.label.get(lang).trim().is_empty(), "{}.{} has no label in {}", kind.name, field.name, lang.tag());
                if let FieldType::Choice(choice) = &field.ty {
                    assert!(
                        choice.options.iter().all(|option| well_named(&option.id) && !option.label.get(lang).trim().is_empty())
                    );
                }
            }
        }
    }
}

#[test]
fn every_reference_names_a_kind_and_every_title_and_root_a_field() {
    let schema = schema();
    for kind in &schema.kinds {
        assert!(kind.field(&kind.title).is_some(), "{}'s title", kind.name);
        assert!(kind.phase <= 3 && kind.version >= 1);
        if let RootRule::Through(field) | RootRule::Member(field) = &kind.root {
            assert!(kind.field(field).is_some_and(|field| field.ty.refers_to().is_some()), "{}'s root", kind.name);
        }
        if let RootRule::Shared(field) = &kind.root {
            assert!(matches!(kind.field(field).map(|field| &field.ty), Some(FieldType::Choice(_))), "{}'s root", kind.name);
        }
        for field in &kind.fields {
            assert!(field.ty.refers_to().is_none_or(|other| schema.kind(other).is_some()), "{}.{}", kind.name, field.name);
        }
    }
}

#[test]
fn the_schema_survives_json() {
    let text = serde_json::to_string(&schema()).unwrap();
    assert_eq!(serde_json::from_str::<crate::Schema>(&text).unwrap(), schema());
}

#[test]
fn typed_getters_read_a_row() {
    let row = crate::testing::row("account", crate::testing::id(1), &[("name", "明珠".into()), ("employees", 12.into())]);
    let account = super::Account(&row);
    assert_eq!((account.name(), account.employees(), account.owner()), (Some("明珠"), Some(12), None));
}
