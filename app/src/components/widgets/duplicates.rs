use super::Input;
use crate::components::flow::memo;
use crate::{components::form::FormInputs, paths, text::t_with};
use domain::{Id, Row, Value, fold::fold};
use leptos::prelude::*;
use std::sync::Arc;

/// How many namesakes are shown at once.
const SHOWN: usize = 3;

/// A name, and below it the accounts that have it already. It tells, and never stops anybody: chains have many outlets of one name.
pub fn draw(input: Input) -> AnyView {
    let rounds = input.rounds;
    let own = use_context::<FormInputs>().map(|form| form.record);
    let rows = rounds.rows(input.kind);
    let name = memo(move || if input.is_touched() { fold(&input.text()) } else { String::new() });
    let namesakes = Memo::new_with_compare(
        move |_| name.with(|name| rows.with(|rows| namesakes(rows, name, own, |id| rounds.search_text(id)))),
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
    view! {
        {super::text::line(input)}
        <div role="status">{move || namesakes.get().into_iter().map(line).collect_view()}</div>
    }
    .into_any()
}

/// Other accounts whose name is the same but for case, width, accents and white space.
fn namesakes(rows: &[Arc<Row>], folded: &str, own: Option<Id>, text: impl Fn(Id) -> Option<Arc<str>>) -> Vec<Arc<Row>> {
    if folded.chars().count() < 2 {
        return Vec::new();
    }
    // The folded text of every row is at hand; only what contains the name is folded again.
    let may_be = |row: &&Arc<Row>| Some(row.id) != own && text(row.id).is_some_and(|text| text.contains(folded));
    let is = |row: &&Arc<Row>| row.get("name").and_then(Value::as_str).is_some_and(|name| fold(name) == folded);
    rows.iter().filter(may_be).filter(is).take(SHOWN).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, row::Cell};
    use serde_json::json;

    fn account(id: u128, name: &str) -> Arc<Row> {
        let mut row = Row::new("account", Id::from_u128(id));
        row.cells.insert("name".into(), Cell { value: json!(name), clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        Arc::new(row)
    }

    #[test]
    fn the_same_name_is_found_whatever_its_case_and_width() {
        let rows = [account(1, "ACME  Ltd"), account(2, "Acme Ltd, Berlin"), account(3, "ａｃｍｅ ltd")];
        let text = |id: Id| rows.iter().find(|row| row.id == id).map(|row| Arc::from(fold(row.text("name"))));
        let found = |own| namesakes(&rows, "acme ltd", own, text).iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(found(None), [1, 3]);
        assert_eq!(found(Some(Id::from_u128(1))), [3], "a record is not its own duplicate");
    }
}
