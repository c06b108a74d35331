use super::save::{Shared, save};
use crate::components::flow::Show;
use crate::{
    address::use_address,
    components::{
        designer::{Conditions, Designer, Results, Select},
        form::Keeper,
        head::PageHead,
        pane::{Pane, PaneKind},
    },
    dom,
    queries::Named,
    show,
    state::use_rounds,
    text::{t, tn},
};
use domain::{
    json::at,
    query::{
        Answer, Query,
        sketch::{ROOT, Sketch, is_asked_about},
    },
    records::Account,
};
use leptos::{ev, prelude::*, task::spawn_local};
use serde_json::json;

/// A question as it is made: what it is about, on which conditions, and what becomes of what it finds, with a count as one goes.
/// A question of somebody else, or one that comes with the app, becomes one's own.
#[component]
pub fn DesignerPage(from: Option<Named>) -> impl IntoView {
    let (rounds, address) = (use_rounds(), use_address());
    let own = from.as_ref().is_some_and(|named| named.saved.is_some_and(|saved| saved.may_change));
    let begun = from.as_ref().and_then(|named| named.query.as_ref().ok()).map(|query| Sketch::read(rounds.schema(), query));
    let designer = Designer::new(begun.unwrap_or_else(|| Sketch::of(rounds.schema(), Account::KIND)));
    provide_context(designer);
    let shared = Shared::of(from.as_ref().filter(|_| own), from.as_ref(), designer.tried);
    let (start, named) = (StoredValue::new(designer.sketch.get_untracked()), shared.name());
    let half_made = Signal::derive(move || {
        let is_changed = designer.sketch.with(|sketch| start.with_value(|start| start != sketch));
        let name = named.map(|input| input.value.get());
        let is_named = named.is_some_and(|input| input.is_touched());
        (is_changed || is_named).then(|| json!({ "query": designer.sketch.with(|sketch| sketch.query().0), "name": name }))
    });
    let key = from.as_ref().map_or("new", |named| &named.key);
    let keeper = Keeper::new(rounds, format!("query:{key}"), half_made);
    let continued = RwSignal::new(false);
    spawn_local(async move {
        let Some(kept) = keeper.start().await else { return };
        if let Ok(query) = Query::from_json(at(&kept, "query")) {
            designer.begin(Sketch::read(rounds.schema(), &query));
            named.into_iter().for_each(|input| input.value.set(at(&kept, "name").clone()));
            continued.try_set(true);
        }
    });
    let discard = move |_| {
        designer.begin(start.get_value());
        named.into_iter().for_each(|input| input.value.set(input.start.get_value()));
        continued.set(false);
        keeper.forget();
    };
    let title = Signal::derive(move || if own { t("query.edit")() } else { t("query.new")() });
    let back = from.as_ref().map_or("/queries".to_owned(), Named::href);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        designer.tried.set(true);
        if untrack(|| designer.faults.with(Vec::is_empty)) && shared.is_right() {
            save(rounds, address, designer, shared, keeper);
        } else {
            request_animation_frame(|| _ = dom::focus(".designer [aria-invalid=true]"));
        }
    };
    let kinds = Signal::derive(move || {
        let kinds = rounds.schema().kinds.iter().filter(|kind| is_asked_about(kind));
        kinds.map(|kind| (kind.name.to_string(), show::list_label(&kind.name))).collect::<Vec<_>>()
    });
    let kind = designer.kind;
    let choose_kind = move |name: String| designer.sketch.update(|sketch| sketch.choose_kind(rounds.schema(), &name));
    view! {
        <Pane label=title kind=PaneKind::Detail wide=true>
            <PageHead title back=back.clone() />
            <form class="designer form" novalidate on:submit=submit>
                <Show when=move || continued.get()>
                    <p class="quiet" role="status">
                        {t("form.continued")} " "
                        <button class="link-button" type="button" on:click=discard>{t("form.discard")}</button>
                    </p>
                </Show>
                {shared.name_field()}
                <div class="field">
                    <label class="field-label" for="query-kind">{t("query.about")}</label>
                    <div><Select id="query-kind" options=kinds chosen=Signal::derive(move || kind.get()) on_choose=Callback::new(choose_kind) /></div>
                </div>
                {move || {
                    // Another kind has other fields, and another question other parts: everything below begins anew.
                    kind.track();
                    designer.begun.track();
                    view! {
                        <fieldset class="designer-part">
                            <legend>{t("query.conditions")}</legend>
                            <Conditions group=ROOT />
                        </fieldset>
                        <Results shown=shared.shown />
                    }
                }}
                {shared.fields()}
                <footer class="designer-foot">
                    <Counted designer />
                    <a class="button" href=back>{t("form.cancel")}</a>
                    <button class="button primary" type="submit">{t("form.save")}</button>
                </footer>
            </form>
        </Pane>
    }
}

/// How many records the question finds as it stands now.
#[component]
fn Counted(designer: Designer) -> impl IntoView {
    let answered =
        use_rounds().ask(Signal::derive(move || Some(designer.counting.get()).filter(|query: &Query| !query.from.is_empty())));
    let said = move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Records { total, .. } => tn("query.finds", *total),
            Answer::Groups { .. } => String::new(),
        },
        Some(Err(_)) => String::new(),
        None => "…".to_owned(),
    };
    let left = move || designer.unfinished.get().then(|| view! { <span class="quiet">{t("query.unfinished")}</span> });
    view! { <p class="designer-count" role="status"><strong>{said}</strong> {left}</p> }
}
