use super::Input;
use crate::components::flow::memo;
use crate::{components::form::FormInputs, paths, text::t_with};
use domain::{
    Id, Row,
    merging::{core, registration},
};
use leptos::prelude::*;
use std::{collections::HashSet, sync::Arc};

/// How many namesakes are shown at once.
const SHOWN: usize = 3;

/// A name, and below it the accounts that are called so already, whatever their legal form. It tells, and never stops anybody:
/// chains have many outlets of one name.
pub fn draw(input: Input) -> AnyView {
    view! { {super::text::line(input)} {known(input, |name| Some(core(name).0).filter(|name| name.chars().count() > 1))} }
        .into_any()
}

/// Below a registration number, the accounts that have it already.
pub fn of_number(input: Input) -> AnyView {
    known(input, registration)
}

/// The accounts on this device of whose value in this field `alike` makes the same as of what is typed.
fn known(input: Input, alike: fn(&str) -> Option<String>) -> AnyView {
    let rounds = input.rounds;
    let own = use_context::<FormInputs>().map(|form| form.record);
    let rows = rounds.rows(input.kind);
    let field = input.spec.name.as_ref();
    let typed = memo(move || if input.is_touched() { alike(&input.text()) } else { None });
    let found = Memo::new_with_compare(
        move |_| {
            let typed = typed.get()?;
            // Only where its first two letters are found is a row looked at.
            let start: String = typed.chars().take(2).collect();
            let may_be: HashSet<Id> = rounds.find_of(input.kind, &start).into_iter().collect();
            Some(rows.with(|rows| same(rows, field, &typed, alike, |id| Some(id) != own && may_be.contains(&id))))
        },
        |_, _| true,
    );
    let line = move |row: Arc<Row>| {
        let owner = row.reference("owner").map(|id| rounds.title(id)).filter(|owner| !owner.is_empty());
        let said = match &owner {
            Some(owner) => t_with("widget.duplicate.owned", &[("name", row.text("name")), ("owner", owner)]),
            None => t_with("widget.duplicate.free", &[("name", row.text("name"))]),
        };
        view! { <p class="field-help"><a class="link-button" href=paths::record(&row.kind, row.id)>{said}</a></p> }
    };
    view! { <div role="status">{move || found.get().unwrap_or_default().into_iter().map(line).collect_view()}</div> }.into_any()
}

/// The first accounts in which the field is alike, of those that may be meant.
fn same(
    rows: &[Arc<Row>],
    field: &str,
    typed: &str,
    alike: fn(&str) -> Option<String>,
    may_be: impl Fn(Id) -> bool,
) -> Vec<Arc<Row>> {
    let may_be = |row: &&Arc<Row>| may_be(row.id);
    let is = |row: &&Arc<Row>| alike(row.text(field)).is_some_and(|value| value == typed);
    rows.iter().filter(may_be).filter(is).take(SHOWN).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{account, id};

    #[test]
    fn the_same_name_is_found_whatever_its_case_width_and_legal_form() {
        let rows = [(1, "ACME  Ltd"), (2, "Acme Ltd, Berlin"), (3, "ａｃｍｅ Limited"), (4, "Acme")];
        let rows = rows.map(|(n, name)| Arc::new(account(id(n), name, id(9))));
        let alike = |name: &str| Some(core(name).0);
        let found =
            |own| same(&rows, "name", "acme", alike, |id| id != own).iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(found(id(9)), [1, 3, 4]);
        assert_eq!(found(id(1)), [3, 4], "a record is not its own duplicate");
    }
}
