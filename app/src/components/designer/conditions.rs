use super::{
    Designer,
    select::{GroupedSelect, Options, Select},
    value::ValueEntry,
};
use crate::components::flow::{For, memo};
use crate::{
    icons::{icon, small_icon},
    queries::words,
    state::use_rounds,
    text::t,
};
use domain::query::{
    Field, Times, fields, operators,
    sketch::{How, Part, PartId, ROOT, relations},
};
use leptos::prelude::*;

/// A group of conditions: how they are joined, each of them, and ways to add one.
#[component]
pub fn Conditions(group: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let state = memo(move || {
        designer.sketch.with(|sketch| match sketch.part(group) {
            Some(Part::Group { how, parts, .. }) => Some((*how, parts.clone())),
            _ => None,
        })
    });
    let parts = move || state.with(|state| state.as_ref().map(|(_, parts)| parts.clone()).unwrap_or_default());
    let count = memo(move || parts().len());
    let hows =
        Signal::derive(|| How::ALL.iter().enumerate().map(|(at, how)| (at.to_string(), words::how(*how))).collect::<Options>());
    let chosen = Signal::derive(move || {
        let how = state.with(|state| state.as_ref().map(|(how, _)| *how));
        How::ALL.iter().position(|own| Some(*own) == how).unwrap_or_default().to_string()
    });
    let choose = Callback::new(move |at: String| {
        if let Some(how) = at.parse::<usize>().ok().and_then(|at| How::ALL.get(at)) {
            designer.sketch.update(|sketch| sketch.choose_how(group, *how));
        }
    });
    let add_condition = move |_| designer.sketch.update(|sketch| _ = sketch.add_condition(group));
    let add_group = move |_| designer.sketch.update(|sketch| _ = sketch.add_group(group));
    view! {
        <div class="conditions">
            {move || (count.get() > 1 || group != ROOT && count.get() > 0).then(|| view! { <div class="conditions-how"><Select label=t("query.how")() options=hows chosen on_choose=choose /></div> })}
            {move || (group == ROOT && count.get() == 0).then(|| view! { <p class="quiet">{t("query.no_conditions")}</p> })}
            <ul class="condition-list">
                <For each=parts key=|id| *id children=|id| view! { <OnePart id /> } />
            </ul>
            <div class="conditions-add">
                <button class="link-button" type="button" on:click=add_condition>{small_icon("plus")} {t("query.add_condition")}</button>
                <button class="link-button" type="button" on:click=add_group>{small_icon("plus")} {t("query.add_group")}</button>
            </div>
        </div>
    }
    .into_any()
}

#[derive(Clone, PartialEq)]
enum Shape {
    Group,
    Condition,
    /// With the group of what is asked of the related records.
    Related(PartId),
}

#[component]
fn OnePart(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let shape = memo(move || {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Group { .. }) => Some(Shape::Group),
            Some(Part::Condition(_)) => Some(Shape::Condition),
            Some(Part::Related { filter, .. }) => Some(Shape::Related(*filter)),
            None => None,
        })
    });
    let remove = move |_| designer.sketch.update(|sketch| sketch.remove(id));
    let remove = move || view! { <button class="icon-button" type="button" aria-label=t("query.remove") title=t("query.remove") on:click=remove>{icon("close")}</button> };
    let body = move || match shape.get() {
        Some(Shape::Group) => view! { <div class="condition-group"><Conditions group=id /> {remove()}</div> }.into_any(),
        Some(Shape::Condition) => {
            view! { <div class="condition"><What id /> <Compared id /> {remove()} <Said id /></div> }.into_any()
        }
        Some(Shape::Related(filter)) => view! {
            <div class="condition"><HowMany id /> <What id /> {remove()} <Said id /></div>
            <div class="condition-inner"><p class="quiet">{t("query.where")}</p><Conditions group=filter /></div>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! { <li>{body}</li> }
}

/// What is wrong with a condition, beside it.
#[component]
fn Said(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    move || {
        let said = designer.said_of(id)?;
        Some(view! { <p class="field-error" id=format!("part-{id}-error")>{small_icon("warning")}<span>{said}</span></p> })
    }
}

/// What a condition is about: a field, or related records.
#[component]
fn What(id: PartId) -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let kind = memo(move || designer.kind_at(id));
    let groups = Signal::derive(move || {
        let kind = kind.get();
        let Some(spec) = rounds.schema().kind(&kind) else { return Vec::new() };
        let has_more = |name: &String| Field::find(spec, name).is_some_and(|field| operators(field.ty).len() > 2);
        let own: Options =
            fields(spec).into_iter().filter(has_more).map(|name| (format!("field:{name}"), words::field(&kind, &name))).collect();
        let related = relations(rounds.schema(), &kind).into_iter().map(|(other, field)| {
            let value = format!("related:{}:{field}", other.as_deref().unwrap_or_default());
            (value, words::relation(&kind, other.as_deref(), &field))
        });
        vec![(t("query.fields")(), own), (t("query.related")(), related.collect())]
    });
    let chosen = Signal::derive(move || {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Condition(condition)) if condition.field.is_empty() => String::new(),
            Some(Part::Condition(condition)) => format!("field:{}", condition.field),
            Some(Part::Related { kind, field, .. }) => format!("related:{}:{field}", kind.as_deref().unwrap_or_default()),
            _ => String::new(),
        })
    });
    let choose = Callback::new(move |value: String| {
        designer.sketch.update(|sketch| match value.split_once(':') {
            Some(("field", name)) => sketch.choose_field(rounds.schema(), id, name),
            Some(("related", rest)) => {
                let (kind, field) = rest.split_once(':').unwrap_or(("", rest));
                sketch.choose_related(rounds.schema(), id, Some(kind).filter(|kind| !kind.is_empty()), field);
            }
            _ => {}
        });
    });
    let invalid = Signal::derive(move || chosen.with(String::is_empty) && designer.said_of(id).is_some());
    view! {
        <GroupedSelect
            id=format!("part-{id}") label=Signal::derive(t("query.what")) nothing=Signal::derive(t("query.choose_field")) groups chosen
            invalid described_by=format!("part-{id}-error") on_choose=choose
        />
    }
}

/// The operator of a condition, and what it compares with.
#[component]
fn Compared(id: PartId) -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let asked = memo(move || {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Condition(condition)) => Some((condition.field.clone(), condition.op)),
            _ => None,
        })
    });
    let kind = memo(move || designer.kind_at(id));
    let field = move || {
        let kind = rounds.schema().kind(&kind.get())?;
        asked.with(|asked| Field::find(kind, &asked.as_ref()?.0))
    };
    let fitting = move || field().map(|field| operators(field.ty)).unwrap_or_default();
    let options = Signal::derive(move || {
        fitting().iter().enumerate().map(|(at, op)| (at.to_string(), words::operator(*op))).collect::<Options>()
    });
    let chosen = Signal::derive(move || {
        let op = asked.with(|asked| asked.as_ref().map(|(_, op)| *op));
        fitting().iter().position(|own| Some(*own) == op).unwrap_or_default().to_string()
    });
    let choose = Callback::new(move |at: String| {
        if let Some(op) = at.parse::<usize>().ok().and_then(|at| untrack(fitting).get(at).copied()) {
            designer.sketch.update(|sketch| sketch.choose_operator(rounds.schema(), id, op));
        }
    });
    // The entry of the value begins anew only where another kind of value is entered.
    let entry = memo(move || asked.with(|asked| asked.clone()).and_then(|(name, op)| Some((name, op.takes(field()?.ty)))));
    move || {
        let (name, takes) = entry.get()?;
        let kind = kind.get_untracked();
        Some(view! {
            <Select label=t("query.operator")() options chosen on_choose=choose />
            <ValueEntry id kind name takes />
        })
    }
}

/// How many related records there must be.
#[component]
fn HowMany(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let times = memo(move || {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Related { times, .. }) => *times,
            _ => Times::Some,
        })
    });
    let number = move || match times.get() {
        Times::Some | Times::None => None,
        Times::AtLeast(count) | Times::AtMost(count) | Times::Exactly(count) => Some(count),
    };
    let options = Signal::derive(|| {
        let words =
            [t("query.some")(), t("query.none")(), t("query.at_least_n")(), t("query.at_most_n")(), t("query.exactly_n")()];
        words.into_iter().enumerate().map(|(at, words)| (at.to_string(), words)).collect::<Options>()
    });
    let chosen = Signal::derive(move || {
        let at = match times.get() {
            Times::Some => 0,
            Times::None => 1,
            Times::AtLeast(_) => 2,
            Times::AtMost(_) => 3,
            Times::Exactly(_) => 4,
        };
        at.to_string()
    });
    let put = move |way: &str, count: u32| {
        let times = match way {
            "1" => Times::None,
            "2" => Times::AtLeast(count),
            "3" => Times::AtMost(count),
            "4" => Times::Exactly(count),
            _ => Times::Some,
        };
        designer.sketch.update(|sketch| sketch.choose_times(id, times));
    };
    let choose = Callback::new(move |way: String| put(&way, untrack(number).unwrap_or(2)));
    let enter = move |event| {
        if let Ok(count) = event_target_value(&event).trim().parse::<u32>() {
            put(&chosen.get_untracked(), count);
        }
    };
    let has_number = memo(move || number().is_some());
    view! {
        <Select label=t("query.how_many")() options chosen on_choose=choose />
        {move || has_number.get().then(|| view! {
            <input
                class="input" data-part="number" type="number" min="0" inputmode="numeric" aria-label=t("query.number")
                prop:value=untrack(|| number().unwrap_or_default().to_string()) on:input=enter
            />
        })}
    }
}
