//! One line each: a group, a figure, a level of the order.

use super::{
    Designer,
    results::{fitting, grouping, named, sortable},
    select::{Options, Select},
};
use crate::components::flow::memo;
use crate::{
    icons::{icon, small_icon},
    queries::words,
    state::use_rounds,
    text::t,
};
use domain::{
    query::{Aggregate, Field, Function, SortBy, can_group, can_measure, has_buckets},
    time::Unit,
    types::FieldType,
};
use leptos::prelude::*;

#[component]
pub fn GroupLine(at: usize) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let own = memo(move || designer.sketch.with(|sketch| sketch.group.get(at).cloned()));
    let kind = designer.kind;
    let options = Signal::derive(move || named(&kind.get(), fitting(&kind.get(), can_group)));
    let chosen = Signal::derive(move || own.get().map(|grouping| grouping.field).unwrap_or_default());
    let choose = Callback::new(move |field: String| {
        let new = grouping(&kind.get_untracked(), &field);
        designer.sketch.update(|sketch| sketch.group[at] = new);
    });
    let ty =
        move || use_rounds().schema().kind(&kind.get()).and_then(|kind| Field::find(kind, &chosen.get())).map(|field| field.ty);
    let buckets = Signal::derive(|| {
        Unit::ALL.iter().enumerate().map(|(at, unit)| (at.to_string(), words::unit(*unit))).collect::<Options>()
    });
    let bucket = Signal::derive(move || {
        let bucket = own.get().and_then(|grouping| grouping.bucket);
        Unit::ALL.iter().position(|unit| Some(*unit) == bucket).unwrap_or_default().to_string()
    });
    let choose_bucket = Callback::new(move |unit: String| {
        let unit = unit.parse::<usize>().ok().and_then(|at| Unit::ALL.get(at)).copied();
        designer.sketch.update(|sketch| sketch.group[at].bucket = unit);
    });
    let has_bucket = memo(move || ty().is_some_and(has_buckets));
    let can_be_empty =
        memo(move || ty().is_some_and(|ty| has_buckets(ty) || matches!(ty, FieldType::Choice(_) | FieldType::Boolean(_))));
    let with_empty = move || own.get().is_some_and(|grouping| grouping.with_empty);
    let toggle = move |_| designer.sketch.update(|sketch| sketch.group[at].with_empty ^= true);
    let remove = Callback::new(move |()| {
        designer.sketch.update(|sketch| {
            sketch.group.remove(at);
            sketch.sort.clear();
            sketch.settle_order();
        });
    });
    view! {
        <Select label=t("query.group_by")() options chosen on_choose=choose />
        {move || has_bucket.get().then(|| view! { <Select label=t("query.bucket")() options=buckets chosen=bucket on_choose=choose_bucket /> })}
        {move || can_be_empty.get().then(|| view! {
            <label class="chip"><input type="checkbox" prop:checked=with_empty on:change=toggle /><span>{t("query.with_empty")}</span></label>
        })}
        <RemoveLine on_remove=remove />
        <LineError place=format!("group[{at}]") />
    }
}

#[component]
pub fn FigureLine(at: usize) -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let own = memo(move || designer.sketch.with(|sketch| sketch.show.get(at).cloned()));
    let kind = designer.kind;
    let measurable = move |of: Function| fitting(&kind.get(), |ty| can_measure(of, ty));
    let functions = Signal::derive(move || {
        let lang = rounds.lang().get();
        let offered = Function::ALL.iter().enumerate().filter(|(_, of)| **of == Function::Count || !measurable(**of).is_empty());
        offered.map(|(at, of)| (at.to_string(), of.label(lang).to_owned())).collect::<Options>()
    });
    let of = move || own.get().map_or(Function::Count, |show| show.of);
    let function = Signal::derive(move || Function::ALL.iter().position(|own| *own == of()).unwrap_or_default().to_string());
    let choose_function = Callback::new(move |place: String| {
        let Some(of) = place.parse::<usize>().ok().and_then(|at| Function::ALL.get(at)).copied() else { return };
        let offered = untrack(|| measurable(of));
        let before = own.get_untracked().and_then(|show| show.field).filter(|field| offered.contains(field));
        let field = before.or(offered.into_iter().next()).filter(|_| of != Function::Count);
        designer.sketch.update(|sketch| sketch.show[at] = Aggregate { of, field });
    });
    let options = Signal::derive(move || named(&kind.get(), measurable(of())));
    let chosen = Signal::derive(move || own.get().and_then(|show| show.field).unwrap_or_default());
    let choose = Callback::new(move |field: String| designer.sketch.update(|sketch| sketch.show[at].field = Some(field)));
    let has_field = memo(move || of() != Function::Count);
    let remove = Callback::new(move |()| {
        designer.sketch.update(|sketch| {
            sketch.show.remove(at);
            sketch.sort.clear();
            sketch.settle_order();
        });
    });
    view! {
        <Select label=t("query.figure")() options=functions chosen=function on_choose=choose_function />
        {move || has_field.get().then(|| view! { <Select label=t("query.what")() options chosen on_choose=choose /> })}
        <RemoveLine on_remove=remove />
        <LineError place=format!("show[{at}]") />
    }
}

#[component]
pub fn SortLine(at: usize) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let kind = designer.kind;
    let name = |by: &SortBy| match by {
        SortBy::Field(name) => name.clone(),
        SortBy::Group(at) => format!("group {at}"),
        SortBy::Value(at) => format!("value {at}"),
    };
    let offered = move || {
        designer.sketch.with(|sketch| {
            let kind = sketch.from();
            if !sketch.is_grouped() {
                return sortable(kind)
                    .into_iter()
                    .map(|field| (words::field(kind, &field), SortBy::Field(field)))
                    .collect::<Vec<_>>();
            }
            let groups =
                sketch.group.iter().enumerate().map(|(at, grouping)| (words::field(kind, &grouping.field), SortBy::Group(at)));
            groups
                .chain(sketch.show.iter().enumerate().map(|(at, show)| (words::aggregate(kind, show), SortBy::Value(at))))
                .collect()
        })
    };
    let offered = memo(move || {
        kind.track();
        offered()
    });
    let options = Signal::derive(move || offered.get().into_iter().map(|(words, by)| (name(&by), words)).collect::<Options>());
    let own = memo(move || designer.sketch.with(|sketch| sketch.sort.get(at).cloned()));
    let chosen = Signal::derive(move || own.get().map(|sort| name(&sort.by)).unwrap_or_default());
    let choose = Callback::new(move |wanted: String| {
        if let Some((_, by)) = offered.get_untracked().into_iter().find(|(_, by)| name(by) == wanted) {
            designer.sketch.update(|sketch| sketch.sort[at].by = by);
        }
    });
    let ways = Signal::derive(|| vec![("up".to_owned(), t("query.up")()), ("down".to_owned(), t("query.down")())]);
    let way =
        Signal::derive(move || if own.get().is_some_and(|sort| sort.descending) { "down".to_owned() } else { "up".to_owned() });
    let choose_way =
        Callback::new(move |way: String| designer.sketch.update(|sketch| sketch.sort[at].descending = way == "down"));
    let remove = Callback::new(move |()| designer.sketch.update(|sketch| _ = sketch.sort.remove(at)));
    view! {
        <Select label=t("query.order")() options chosen on_choose=choose />
        <Select label=t("query.direction")() options=ways chosen=way on_choose=choose_way />
        <RemoveLine on_remove=remove />
        <LineError place=format!("sort[{at}]") />
    }
}

#[component]
fn RemoveLine(on_remove: Callback<()>) -> impl IntoView {
    view! { <button class="icon-button" type="button" aria-label=t("query.remove") title=t("query.remove") on:click=move |_| on_remove.run(())>{icon("close")}</button> }
}

#[component]
fn LineError(place: String) -> impl IntoView {
    let designer = expect_context::<Designer>();
    move || designer.said_at(&place).map(|said| view! { <p class="field-error">{small_icon("warning")}<span>{said}</span></p> })
}
