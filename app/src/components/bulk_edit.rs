use super::{
    form::FormInputs,
    widgets::{FieldView, Input},
};
use crate::{
    bulk::{self, How},
    components::flow::{Show, memo},
    format,
    selection::Selection,
    show,
    state::use_rounds,
    text::{t, t_with, trn},
};
use domain::{FieldSpec, Row, Value};
use leptos::{ev, prelude::*, task::spawn_local};

/// The body of a dialog that sets one field of all records chosen.
#[component]
pub fn BulkEdit(selection: Selection, open: RwSignal<bool>) -> impl IntoView {
    let rounds = use_rounds();
    let Some(kind) = rounds.schema().kind(selection.kind) else { return ().into_any() };
    let fields = StoredValue::new(bulk::fields(kind));
    let (chosen, how, tried) = (RwSignal::new(0_usize), RwSignal::new(How::Add), RwSignal::new(false));
    let form = FormInputs::of(rounds, kind, rounds.new_id(), Some(&Row::new(selection.kind, rounds.new_id())), &[], tried);
    provide_context(form);
    let field = move || fields.with_value(|fields| fields[chosen.get()]);
    let input = move || form.named(&field().name);
    // What a gate asks for with the value that is chosen is set with it.
    let asked = memo(move || {
        let value = input().map(|input| input.value.get()).unwrap_or_default();
        field().gates.iter().find(|gate| value == gate.option.as_ref()).map(|gate| gate.needs.to_string())
    });
    let inputs = move || -> Vec<Input> { input().into_iter().chain(asked.get().and_then(|name| form.named(&name))).collect() };
    let progress = RwSignal::new(None::<(usize, usize)>);
    let how_of = move |spec: &FieldSpec| if bulk::is_set(spec) { how.get_untracked() } else { How::Set };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let checked: Result<Vec<(&FieldSpec, How, Value)>, _> = untrack(inputs)
            .into_iter()
            .map(|input| untrack(|| input.checked()).map(|value| (input.spec, how_of(input.spec), value)))
            .collect();
        let (Ok(changes), None) = (checked, progress.get_untracked()) else { return };
        let (ids, label) = (selection.ids(), untrack(|| show::field_label(selection.kind, &field().name)));
        let count = ids.len();
        progress.set(Some((0, count)));
        spawn_local(async move {
            let rows = ids.iter().filter_map(|id| untrack(|| rounds.look_up(*id)));
            let mut drafts = rows.map(|row| bulk::draft(&row, &changes));
            let (undo, saved) = rounds.save_each(&mut drafts, |done| _ = progress.try_set(Some((done, count)))).await;
            let said = trn(rounds.lang().get_untracked(), "bulk.done", undo.len() as u64);
            rounds.say_saved(undo, saved, format!("{label}: {said}"));
            selection.end();
            open.try_set(false);
        });
    };
    let option = move |(at, spec): (usize, &'static FieldSpec)| {
        view! { <option value=at.to_string()>{move || show::field_label(selection.kind, &spec.name)}</option> }
    };
    let way = move |own: How, key: &'static str| {
        view! {
            <label class="chip">
                <input type="radio" name="bulk-how" prop:checked=move || how.get() == own on:change=move |_| how.set(own) />
                <span>{t(key)}</span>
            </label>
        }
    };
    let clears = move || !bulk::is_set(field()) && inputs().first().is_some_and(|input| input.value.with(Value::is_null));
    let words = move || {
        let label = show::field_label(selection.kind, &field().name);
        let key = if clears() { "bulk.clear" } else { "bulk.save" };
        t_with(key, &[("field", &label), ("n", &format::number(selection.count().get() as i64))])
    };
    view! {
        <form class="sheet-form" on:submit=save>
            <div class="sheet-body">
                <div class="field">
                    <label class="field-label" for="bulk-field">{t("bulk.field")}</label>
                    <select class="input" id="bulk-field" on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))>
                        {fields.get_value().into_iter().enumerate().map(option).collect_view()}
                    </select>
                </div>
                <Show when=move || bulk::is_set(field())>
                    <div class="chips" role="radiogroup" aria-label=t("bulk.how")>{way(How::Add, "bulk.add")} {way(How::Remove, "bulk.remove")}</div>
                </Show>
                {move || inputs().into_iter().map(|input| view! { <FieldView input /> }).collect_view()}
            </div>
            <div class="sheet-foot">
                {move || progress.get().map(|(done, of)| view! { <progress max=of.to_string() value=done.to_string() aria-label=t("bulk.progress") /> })}
                <button class="button primary" type="submit" disabled=move || progress.get().is_some()>{words}</button>
            </div>
        </form>
    }
    .into_any()
}
