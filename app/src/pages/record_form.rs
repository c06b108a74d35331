use crate::address::use_address;
use crate::components::flow::memo;
use crate::{
    components::{
        empty::Empty,
        form::FormSheet,
        gone::Gone,
        pane::{Pane, PaneKind},
    },
    dom,
    params::use_id,
    paths, show,
    state::use_rounds,
    text::t,
};
use domain::{Id, Value};
use leptos::prelude::*;

/// A new record; what the address says of its fields (`?account=…`) is filled in.
#[component]
pub fn RecordNew(kind: &'static str) -> impl IntoView {
    let rounds = use_rounds();
    let address = use_address();
    let fields = rounds.schema().kind(kind).map(|spec| spec.fields.as_slice()).unwrap_or_default();
    let given = fields
        .iter()
        .filter_map(|field| Some((field.name.to_string(), field.check(&Value::from(address.asked(&field.name)?)).ok()?)));
    let initial: Vec<(String, Value)> = untrack(|| given.collect());
    view! {
        <Behind kind/>
        <FormSheet kind id=None initial on_saved=to_record(kind) on_close=back(paths::list(kind))/>
    }
}

/// A record as a form, over the list it belongs to.
#[component]
pub fn RecordEdit(kind: &'static str) -> impl IntoView {
    let (rounds, id) = (use_rounds(), use_id());
    let here = memo(move || {
        let id = id.get();
        (id, rounds.row(id).with(Option::is_some))
    });
    move || match here.get() {
        (id, true) => view! {
            <Behind kind/>
            <FormSheet kind id=Some(id) on_saved=to_record(kind) on_close=back(paths::record(kind, id))/>
        }
        .into_any(),
        (_, false) => view! { <Gone back=paths::list(kind)/> }.into_any(),
    }
}

/// What stands beside the list while the sheet is open.
#[component]
fn Behind(kind: &'static str) -> impl IntoView {
    view! {
        <Pane label=Signal::derive(move || show::kind_label(kind)) kind=PaneKind::EmptyDetail>
            <Empty icon="edit" text=Signal::derive(t("form.behind")) fill=true/>
        </Pane>
    }
}

/// The record takes the form's place in the history: the way back does not lead into a form that is done.
fn to_record(kind: &'static str) -> Callback<Id> {
    let address = use_address();
    Callback::new(move |id| address.replace(&paths::record(kind, id)))
}

/// Where the user came from; `fallback` when the form's address was opened first.
fn back(fallback: String) -> Callback<()> {
    let address = use_address();
    Callback::new(move |()| match window().history() {
        Ok(history) if history.length().unwrap_or_default() > 1 => dom::call(&history, "back"),
        _ => address.replace(&fallback),
    })
}
