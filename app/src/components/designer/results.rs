use super::{
    Designer,
    columns::Columns,
    lines::{FigureLine, GroupLine, SortLine},
    select::Options,
};
use crate::components::flow::{For, memo};
use crate::{
    icons::small_icon,
    queries::{figures::ways, words},
    show,
    state::use_rounds,
    text::t,
};
use domain::{
    query::{Aggregate, Field, Function, Grouping, Sort, SortBy, can_group, can_sort, fields, has_buckets, sketch::Sketch},
    time::Unit,
    types::FieldType,
};
use leptos::prelude::*;

/// What becomes of what a question finds: groups and figures, order, how many, which columns, and how it is shown.
#[component]
pub fn Results(shown: RwSignal<String>) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let grouped = memo(move || designer.sketch.read().is_grouped());
    view! {
        <fieldset class="designer-part">
            <legend>{t("query.result")}</legend>
            <ShownAs shown />
            <Lines
                label="query.group_by" add="query.add_group_by" most=2 count=|sketch| sketch.group.len()
                on_add=|sketch, kind| add_grouping(sketch, &kind) line=|at| view! { <GroupLine at /> }.into_any()
            />
            <Lines
                label="query.figures" add="query.add_figure" most=8 count=|sketch| sketch.show.len()
                on_add=|sketch, _| sketch.show.push(Aggregate { of: Function::Count, field: None }) line=|at| view! { <FigureLine at /> }.into_any()
            />
            <Lines
                label="query.order" add="query.add_order" most=4 count=|sketch| sketch.sort.len()
                on_add=|sketch, kind| add_sort(sketch, &kind) line=|at| view! { <SortLine at /> }.into_any()
            />
            <Limit />
            {move || (!grouped.get()).then(|| view! { <Columns /> })}
        </fieldset>
    }
}

/// The fields of a kind of which something can be made, with their types.
pub(super) fn fitting(kind: &str, fits: impl Fn(&FieldType) -> bool) -> Vec<String> {
    let Some(kind) = use_rounds().schema().kind(kind) else { return Vec::new() };
    fields(kind).into_iter().filter(|name| Field::find(kind, name).is_some_and(|field| fits(field.ty))).collect()
}

pub(super) fn named(kind: &str, names: Vec<String>) -> Options {
    names.into_iter().map(|name| (name.clone(), words::field(kind, &name))).collect()
}

pub(super) fn grouping(kind: &str, field: &str) -> Grouping {
    let found = use_rounds().schema().kind(kind).and_then(|kind| Field::find(kind, field));
    let bucket = found.filter(|field| has_buckets(field.ty)).map(|_| Unit::Month);
    Grouping { field: field.to_owned(), bucket, with_empty: false }
}

fn add_grouping(sketch: &mut Sketch, kind: &str) {
    let taken: Vec<String> = sketch.group.iter().map(|grouping| grouping.field.clone()).collect();
    let first = fitting(kind, |ty| matches!(ty, FieldType::Choice(_))).into_iter().chain(fitting(kind, can_group));
    if let Some(field) = first.into_iter().find(|field| !taken.contains(field)) {
        sketch.group.push(grouping(kind, &field));
    }
}

fn add_sort(sketch: &mut Sketch, kind: &str) {
    let taken: Vec<SortBy> = sketch.sort.iter().map(|sort| sort.by.clone()).collect();
    let grouped = (0..sketch.show.len()).map(SortBy::Value).chain((0..sketch.group.len()).map(SortBy::Group));
    let offered: Vec<SortBy> = match sketch.is_grouped() {
        true => grouped.collect(),
        false => sortable(kind).into_iter().map(SortBy::Field).collect(),
    };
    if let Some(by) = offered.into_iter().find(|by| !taken.contains(by)) {
        let descending = matches!(by, SortBy::Value(_));
        sketch.sort.push(Sort { by, descending });
    }
}

pub(super) fn sortable(kind: &str) -> Vec<String> {
    fitting(kind, can_sort)
}

/// Lines of one part of the result, with a way to add one.
#[component]
fn Lines(
    label: &'static str,
    add: &'static str,
    most: usize,
    count: fn(&Sketch) -> usize,
    on_add: fn(&mut Sketch, String),
    line: fn(usize) -> AnyView,
) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let lines = memo(move || designer.sketch.with(count));
    let places = move || (0..lines.get()).collect::<Vec<usize>>();
    let add_one = move |_| {
        let kind = designer.kind.get_untracked();
        designer.sketch.update(|sketch| {
            on_add(sketch, kind);
            sketch.settle_order();
        });
    };
    view! {
        <div class="field" role="group" aria-label=t(label)>
            <span class="field-label">{t(label)}</span>
            <div>
                <ul class="condition-list"><For each=places key=|at| *at children=move |at| view! { <li class="condition">{line(at)}</li> } /></ul>
                {move || (most > lines.get()).then(|| view! { <button class="link-button" type="button" on:click=add_one>{small_icon("plus")} {t(add)}</button> })}
            </div>
        </div>
    }
}

#[component]
fn Limit() -> impl IntoView {
    let designer = expect_context::<Designer>();
    let start = designer.sketch.with_untracked(|sketch| sketch.limit.map(|limit| limit.to_string()).unwrap_or_default());
    let enter = move |event| {
        let limit = event_target_value(&event).trim().parse::<u32>().ok().filter(|limit| *limit > 0);
        designer.sketch.update(|sketch| sketch.limit = limit);
    };
    view! {
        <div class="field">
            <label class="field-label" for="query-limit">{t("query.limit")}</label>
            <div><input class="input" id="query-limit" type="number" min="1" inputmode="numeric" placeholder=t("query.no_limit") prop:value=start on:input=enter /></div>
        </div>
    }
}

/// How the answer is shown at first.
#[component]
fn ShownAs(shown: RwSignal<String>) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let offered = memo(move || designer.sketch.with(|sketch| ways(&sketch.query().0).to_vec()));
    let chosen = move || {
        let offered = offered.get();
        offered.iter().find(|way| shown.with(|shown| shown == *way)).or(offered.first()).copied().unwrap_or_default()
    };
    let chip = move |way: &'static str| {
        let label = move || show::options("saved_query", "shown").into_iter().find(|(id, _)| id == way).map(|(_, label)| label);
        view! {
            <label class="chip">
                <input type="radio" name="query-shown" prop:checked=move || chosen() == way on:change=move |_| shown.set(way.to_owned()) />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <div class="field" role="group" aria-label=t("query.shown_as")>
            <span class="field-label">{t("query.shown_as")}</span>
            <div class="chips" role="radiogroup" aria-label=t("query.shown_as")>{move || offered.get().into_iter().map(chip).collect::<Vec<_>>()}</div>
        </div>
    }
}
