use super::form::may_write;
use crate::{
    format,
    icons::small_icon,
    paths, show,
    state::use_rounds,
    text::{t, t_with},
};
use domain::{FieldSpec, KindSpec, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// Which required fields of a record are empty, as an import may leave them, and the way to fill them in; else nothing.
#[component]
pub fn Incomplete(row: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let rounds = use_rounds();
    move || {
        let row = row.get()?;
        let kind = rounds.schema().kind(&row.kind)?;
        let labels: Vec<String> = missing(kind, &row).map(|field| show::field_label(&kind.name, &field.name)).collect();
        let fill_in = may_write(kind, rounds.role())
            .then(|| view! { <a class="link-button" href=paths::edit(&kind.name, row.id)>{t("record.fill_in")}</a> });
        (!labels.is_empty()).then(|| {
            view! {
                <p class="incomplete">
                    {small_icon("warning")}
                    <span>{t_with("record.missing", &[("fields", &format::joined(&labels))])}</span>
                    {fill_in}
                </p>
            }
        })
    }
}

fn missing<'a>(kind: &'a KindSpec, row: &'a Row) -> impl Iterator<Item = &'a FieldSpec> {
    kind.fields.iter().filter(|field| field.required && row.value(&field.name).is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, Id, row::Cell};
    use serde_json::json;

    #[test]
    fn only_required_fields_that_are_empty_are_missing() {
        let schema = domain::records::schema();
        let kind = schema.kind("account").unwrap();
        let names = |row: &Row| missing(kind, row).map(|field| field.name.to_string()).collect::<Vec<_>>();
        let mut row = Row::new("account", Id::from_u128(1));
        assert_eq!(names(&row), ["name"]);
        row.cells.insert("name".into(), Cell { value: json!("华联"), clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        assert_eq!(names(&row), Vec::<String>::new());
    }
}
