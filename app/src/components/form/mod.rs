//! Entering a record of any kind, from its declaration.

mod defaults;
mod inputs;
mod keeper;
mod sheet;

pub use defaults::{add_record, can_add, may_write};
pub use inputs::FormInputs;
pub use keeper::Keeper;
pub use sheet::Sheet;

use super::{
    sheet_head::SheetHead,
    widgets::{FieldView, Input},
};
use crate::components::flow::Show;
use crate::{
    dom,
    icons::{icon, small_icon},
    show,
    state::{Toast, use_rounds},
    text::{filled, t, t_with, tn, tr},
};
use domain::{Id, KindSpec, Lang, Value, fold::lower, spec::Place};
use leptos::{ev, html, prelude::*, task::spawn_local};

/// The form of a record in a sheet over the page.
#[component]
pub fn FormSheet(
    kind: &'static str,
    id: Option<Id>,
    #[prop(optional)] initial: Vec<(String, Value)>,
    on_saved: Callback<Id>,
    on_close: Callback<()>,
) -> impl IntoView {
    let rounds = use_rounds();
    let is_new = id.is_none_or(|id| rounds.row(id).with_untracked(Option::is_none));
    let label = Signal::derive(move || form_title(rounds.lang().get(), rounds.schema().kind(kind), is_new));
    let first = rounds.schema().kind(kind).and_then(|spec| spec.fields.iter().find(|field| field.place == Place::First));
    let focus = first.map(|field| format!("{kind}-{}", field.name)).unwrap_or_default();
    view! {
        <Sheet kind="form" label tall=true on_close focus>
            <RecordForm kind id initial on_saved on_close/>
        </Sheet>
    }
}

/// The form itself: the first screen's fields, the others behind "more". It writes what differs, as one action.
///
/// What is half typed survives the browser. A kind the member may not write is shown, not entered.
#[component]
pub fn RecordForm(
    kind: &'static str,
    /// None makes a record; so does an id that no record has.
    id: Option<Id>,
    /// Values that go before what the record has.
    #[prop(optional)]
    initial: Vec<(String, Value)>,
    on_saved: Callback<Id>,
    /// Shows a head with a way out.
    #[prop(optional)]
    on_close: Option<Callback<()>>,
) -> impl IntoView {
    let rounds = use_rounds();
    let Some(spec) = rounds.schema().kind(kind) else { return ().into_any() };
    let record = id.unwrap_or_else(|| rounds.new_id());
    let row = rounds.row(record).get_untracked();
    let title = Signal::derive({
        let is_new = row.is_none();
        move || form_title(rounds.lang().get(), Some(spec), is_new)
    });
    if !may_write(spec, rounds.role()) {
        return view! { <div class="sheet-form"><Head title on_close/><div class="sheet-body"><Facts spec record/></div></div> }
            .into_any();
    }
    let tried = RwSignal::new(false);
    let key = draft_key(kind, id, &initial);
    let form = FormInputs::of(rounds, spec, record, row.as_deref(), &initial, tried);
    provide_context(form);
    let keeper = Keeper::new(rounds, key, Signal::derive(move || form.kept()));
    let continued = RwSignal::new(false);
    spawn_local(async move {
        if let Some(kept) = keeper.start().await {
            continued.try_set(form.take_up(&kept));
        }
    });
    let saving = StoredValue::new(false);
    let failed = RwSignal::new(None::<String>);
    let more = NodeRef::<html::Details>::new();
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if let Some(wrong) = untrack(|| form.first_problem()) {
            return show_field(wrong, more);
        }
        if saving.get_value() {
            return;
        }
        saving.set_value(true);
        let (draft, is_new) = (form.draft(rounds), form.is_new);
        spawn_local(async move {
            match rounds.save(draft).await {
                Ok(saved) => {
                    keeper.finish();
                    let lang = rounds.lang().get_untracked();
                    let said = if is_new { tr(lang, "form.added") } else { tr(lang, "form.saved") };
                    let text = filled(&said, &[("name", &untrack(|| rounds.title(record)))]);
                    if !saved.undo.is_empty() {
                        rounds.toast(Toast::done(text, vec![saved.undo]));
                    }
                    on_saved.run(record);
                }
                Err(error) => failed.set(Some(rounds.store_error(&error))),
            }
            saving.try_set_value(false);
        });
    };
    let discard = move |_| {
        form.reset();
        continued.set(false);
        keeper.forget();
    };
    let hidden = form.in_place(Place::More);
    let count = hidden.len() as u64;
    let close = on_close.map(
        |on_close| view! { <button class="button" type="button" on:click=move |_| on_close.run(())>{t("form.cancel")}</button> },
    );
    view! {
        <form class="sheet-form" novalidate on:submit=save>
            <Head title on_close/>
            <div class="sheet-body form">
                <Show when=move || continued.get()>
                    <p class="quiet" role="status">
                        {t("form.continued")} " "
                        <button class="link-button" type="button" on:click=discard>{t("form.discard")}</button>
                    </p>
                </Show>
                {move || failed.get().map(|said| view! { <Failed said/> })}
                <div class="fields">{fields(form.in_place(Place::First))}</div>
                {(count > 0)
                    .then(|| {
                        view! {
                            <details class="more" node_ref=more>
                                <summary>
                                    {t("form.more")} " " <span class="quiet">{move || tn("form.more_fields", count)}</span>
                                    {small_icon("chevron-down")}
                                </summary>
                                <div class="fields">{fields(hidden)}</div>
                            </details>
                        }
                    })}
            </div>
            <footer class="sheet-foot">
                {close}
                <button class="button primary" type="submit">{t("form.save")}</button>
            </footer>
        </form>
    }
    .into_any()
}

/// The store's own words for why nothing was saved.
#[component]
fn Failed(said: String) -> impl IntoView {
    view! { <div class="problem" role="alert">{icon("warning")}<strong>{t("form.failed")}</strong><p>{said}</p></div> }
}

#[component]
fn Head(title: Signal<String>, on_close: Option<Callback<()>>) -> impl IntoView {
    on_close.map(|on_close| view! { <SheetHead close=Signal::derive(t("form.close")) on_close><h2>{title}</h2></SheetHead> })
}

/// Every field that has a value, for who may not write them.
#[component]
fn Facts(spec: &'static KindSpec, record: Id) -> impl IntoView {
    let row = use_rounds().row(record);
    let fact = move || {
        let row = row.get()?;
        let shown = spec.fields.iter().filter(|field| field.place != Place::Hidden);
        let known = shown
            .map(|field| (show::field_label(&spec.name, &field.name), show::value(field, &row.value(&field.name))))
            .filter(|(_, value)| !value.is_empty());
        Some(known.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect_view())
    };
    view! {
        <p class="quiet">{move || t_with("form.read_only", &[("kind", &show::kind_label(&spec.name))])}</p>
        <dl class="facts">{fact}</dl>
    }
}

fn fields(inputs: Vec<Input>) -> impl IntoView {
    inputs.into_iter().map(|input| view! { <FieldView input/> }).collect_view()
}

/// Brings a field into sight and the focus into it.
fn show_field(input: Input, more: NodeRef<html::Details>) {
    if let Some(details) = more.get_untracked().filter(|_| input.spec.place == Place::More) {
        details.set_open(true);
    }
    let id = input.id();
    let _ = dom::focus(&format!("#{id}:is(input, textarea, select, button)"))
        || dom::focus(&format!("#{id} input"))
        || dom::focus(&format!("#{id} :is(select, button)"));
}

fn form_title(lang: Lang, spec: Option<&KindSpec>, is_new: bool) -> String {
    let kind = spec.map(|spec| lower(spec.label.get(lang))).unwrap_or_default();
    let text = if is_new { tr(lang, "form.new") } else { tr(lang, "form.edit") };
    filled(&text, &[("kind", &kind)])
}

/// One draft per record; for new ones one per what they are made for.
fn draft_key(kind: &str, id: Option<Id>, initial: &[(String, Value)]) -> String {
    let made_for: String = initial.iter().map(|(field, value)| format!(":{field}={value}")).collect();
    match id {
        Some(id) => format!("form:{kind}:{id}"),
        None => format!("form:{kind}:new{made_for}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_contact_begun_for_one_account_is_not_continued_for_another() {
        let key = |account: &str| draft_key("contact", None, &[("account".to_owned(), json!(account))]);
        assert_ne!(key("a"), key("b"));
        assert_eq!(draft_key("contact", Some(Id::nil()), &[]), format!("form:contact:{}", Id::nil()));
    }

    #[test]
    fn the_title_names_the_kind() {
        let schema = domain::records::schema();
        assert_eq!(form_title(Lang::En, schema.kind("account"), true), "New account");
        assert_eq!(form_title(Lang::ZhCn, schema.kind("account"), false), "编辑客户");
    }
}
