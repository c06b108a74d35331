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
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// A new record; what the address says of its fields (`?account=…`) is filled in.
#[component]
pub fn RecordNew(kind: &'static str) -> impl IntoView {
    let rounds = use_rounds();
    let query = use_query_map().get_untracked();
    let fields = rounds.schema().kind(kind).map(|spec| spec.fields.as_slice()).unwrap_or_default();
    let given = fields
        .iter()
        .filter_map(|field| Some((field.name.to_string(), field.check(&Value::from(query.get_str(&field.name)?)).ok()?)));
    let initial: Vec<(String, Value)> = given.collect();
    view! {
        <Behind kind/>
        <FormSheet kind id=None initial on_saved=to_record(kind) on_close=back(paths::list(kind))/>
    }
}

/// A record as a form, over the list it belongs to.
#[component]
pub fn RecordEdit(kind: &'static str) -> impl IntoView {
    let (rounds, id) = (use_rounds(), use_id());
    let here = Memo::new(move |_| {
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
    let navigate = use_navigate();
    Callback::new(move |id| navigate(&paths::record(kind, id), NavigateOptions { replace: true, ..NavigateOptions::default() }))
}

/// Where the user came from; `fallback` when the form's address was opened first.
fn back(fallback: String) -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| match window().history() {
        Ok(history) if history.length().unwrap_or_default() > 1 => dom::call(&history, "back"),
        _ => navigate(&fallback, NavigateOptions { replace: true, ..NavigateOptions::default() }),
    })
}
