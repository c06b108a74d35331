use super::Designer;
use crate::components::flow::memo;
use crate::{icons::small_icon, queries::words, state::use_rounds, text::t};
use domain::{
    query::table::{showable, shown},
    sorting::SharedSort,
};
use leptos::prelude::*;

/// The fields that a table of records shows.
#[component]
pub fn Columns() -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let kind = designer.kind;
    let spec = move || rounds.schema().kind(&kind.get());
    let chosen =
        memo(move || spec().map(|spec| designer.sketch.with(|sketch| shown(spec, &sketch.query().0))).unwrap_or_default());
    let toggle = move |name: String| {
        let Some(spec) = untrack(spec) else { return };
        let mut columns = chosen.get_untracked();
        match columns.iter().position(|column| *column == name) {
            Some(at) if columns.len() > 1 => _ = columns.remove(at),
            Some(_) => return,
            None => columns.push(name),
        }
        let all = showable(spec);
        let place = |name: &String| all.iter().position(|own| own == name);
        columns.shared_sort_by_key(place);
        designer.sketch.update(|sketch| sketch.columns = columns);
    };
    let chip = move |name: String| {
        let (own, wanted) = (name.clone(), name.clone());
        view! {
            <label class="chip">
                <input type="checkbox" prop:checked=move || chosen.read().contains(&own) on:change=move |_| toggle(wanted.clone()) />
                <span>{move || words::field(&kind.get(), &name)}</span>
            </label>
        }
    };
    view! {
        <details class="more">
            <summary>{t("query.columns")} {small_icon("chevron-down")}</summary>
            <div class="chips" role="group" aria-label=t("query.columns")>{move || spec().map(|spec| showable(spec).into_iter().map(chip).collect::<Vec<_>>())}</div>
        </details>
    }
}
