use super::{Designer, period::PeriodEntry};
use crate::{
    components::widgets::{Input, several_of, widget_of},
    show,
    state::use_rounds,
    text::t,
};
use domain::{
    Value,
    query::{
        Field, Takes,
        sketch::{Part, PartId},
    },
    records::Member,
    types::FieldType,
};
use leptos::prelude::*;

/// What a condition compares with, entered as forms enter such a value.
#[component]
pub fn ValueEntry(id: PartId, kind: String, name: String, takes: Takes) -> impl IntoView {
    let rounds = use_rounds();
    let Some(field) = rounds.schema().kind(&kind).and_then(|kind| Field::find(kind, &name)) else { return ().into_any() };
    match (takes, field.ty) {
        (Takes::Nothing, _) => ().into_any(),
        (Takes::Place, _) => view! { <PlaceEntry id kind name /> }.into_any(),
        (Takes::Period, _) => view! { <PeriodEntry id /> }.into_any(),
        (Takes::Text, _) => view! { <TextEntry id /> }.into_any(),
        (Takes::Several, FieldType::Choice(_)) => view! { <ChipsEntry id options=show::options(&kind, &name) /> }.into_any(),
        (Takes::Several, FieldType::Boolean(_)) => view! { <YesNo id /> }.into_any(),
        (Takes::Several, ty) if ty.refers_to() == Some(Member::KIND) => {
            let words = vec![("me".to_owned(), t("query.me")()), ("my_team".to_owned(), t("query.my_team")())];
            view! { <div class="condition-several"><ChipsEntry id options=words /> <Widgets id kind name count=1 /></div> }
                .into_any()
        }
        (Takes::Two, _) => view! { <Widgets id kind name count=2 /> }.into_any(),
        (Takes::Several | Takes::One, _) => view! { <Widgets id kind name count=1 /> }.into_any(),
    }
}

/// The value that a condition has now, untracked.
pub fn value_of(designer: Designer, id: PartId) -> Value {
    designer.sketch.with_untracked(|sketch| match sketch.part(id) {
        Some(Part::Condition(condition)) => condition.value.clone(),
        _ => Value::Null,
    })
}

fn put(designer: Designer, id: PartId, value: Value) {
    if value_of(designer, id) != value {
        designer.sketch.update(|sketch| sketch.set_value(id, value));
    }
}

#[component]
fn TextEntry(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    // Several texts, as a question may have them, are entered elsewhere: here the first stands.
    let start = match value_of(designer, id) {
        Value::Array(items) => items.into_iter().next().unwrap_or_default(),
        one => one,
    };
    let start = start.as_str().unwrap_or_default().to_owned();
    let enter = move |event| {
        let typed = event_target_value(&event);
        put(designer, id, if typed.trim().is_empty() { Value::Null } else { Value::String(typed) });
    };
    let invalid = move || designer.said_of(id).map(|_| "true");
    view! {
        <input
            class="input" type="text" autocomplete="off" aria-label=t("query.value") aria-invalid=invalid
            aria-describedby=move || invalid().map(|_| format!("part-{id}-error")) prop:value=start on:input=enter
        />
    }
}

/// Words of a list of values, each of which may be chosen; other values stay as they are.
#[component]
fn ChipsEntry(id: PartId, options: Vec<(String, String)>) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let chosen = move || {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Condition(condition)) => texts(&condition.value),
            _ => Vec::new(),
        })
    };
    let chip = move |(value, words): (String, String)| {
        let own = value.clone();
        let toggle = move |_| {
            let mut values = untrack(chosen);
            match values.iter().position(|other| *other == value) {
                Some(at) => _ = values.remove(at),
                None => values.push(value.clone()),
            }
            put(designer, id, list(values));
        };
        view! {
            <label class="chip">
                <input type="checkbox" prop:checked=move || chosen().contains(&own) on:change=toggle />
                <span>{words}</span>
            </label>
        }
    };
    let chips: Vec<_> = options.into_iter().map(chip).collect();
    view! { <div class="chips condition-chips" role="group" aria-label=t("query.value")>{chips}</div> }
}

#[component]
fn YesNo(id: PartId) -> impl IntoView {
    let designer = expect_context::<Designer>();
    let is = move |wanted: bool| {
        designer.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Condition(condition)) => condition.value == Value::Bool(wanted),
            _ => false,
        })
    };
    let chip = move |wanted: bool, words: &'static str| {
        view! {
            <label class="chip">
                <input type="radio" name=format!("part-{id}-value") prop:checked=move || is(wanted) on:change=move |_| put(designer, id, Value::Bool(wanted)) />
                <span>{t(words)}</span>
            </label>
        }
    };
    view! { <div class="chips condition-chips" role="radiogroup" aria-label=t("query.value")>{chip(true, "query.yes")} {chip(false, "query.no")}</div> }
}

/// The field's own widget, as often as the operator needs it.
#[component]
fn Widgets(id: PartId, kind: String, name: String, count: u32) -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let Some(spec) = rounds.schema().kind(&kind) else { return ().into_any() };
    let declared = spec.fields.iter().find(|field| field.name == name);
    let referred = Field::find(spec, &name).and_then(|field| field.ty.refers_to());
    // Of records, and of members besides "me" and "my team", any number is chosen.
    let Some(field) = referred.and_then(several_of).or(declared) else { return ().into_any() };
    let start = value_of(designer, id);
    let input = |at: u32| {
        let own = match (&start, count) {
            (Value::Array(items), 2) => items.get(at as usize).cloned().unwrap_or_default(),
            (Value::Array(items), _) => {
                list(items.iter().filter_map(Value::as_str).filter(|text| !is_word(text)).map(str::to_owned).collect())
            }
            (one, _) => one.clone(),
        };
        Input {
            place: 2 * id + 1 + at,
            needed: Signal::derive(|| false),
            ..Input::new(&spec.name, field, own, Value::Null, designer.tried)
        }
    };
    let inputs: Vec<Input> = (0..count).map(input).collect();
    let entered = inputs.clone();
    let is_set = field.is_set();
    Effect::new(move || {
        let values: Vec<Value> = entered.iter().map(|input| input.checked().unwrap_or_else(|_| input.value.get())).collect();
        let kept = texts(&value_of(designer, id)).into_iter().filter(|text| is_set && is_word(text));
        let value = match <[Value; 1]>::try_from(values) {
            Ok([one]) if is_set => list(kept.chain(texts(&one)).collect()),
            Ok([one]) => one,
            Err(two) if two.iter().all(Value::is_null) => Value::Null,
            Err(two) => Value::Array(two),
        };
        put(designer, id, value);
    });
    let draw = |input: Input| {
        let widget = widget_of(input.kind, &input.spec.name, &input.spec.ty);
        view! {
            <div class="condition-widget">
                <label class="sr" for=input.id() id=input.part("label")>{t("query.value")}</label>
                {(widget.draw)(input)}
            </div>
        }
    };
    let drawn: Vec<_> = inputs.into_iter().map(draw).collect();
    view! { <div class="condition-widgets">{drawn}</div> }.into_any()
}

/// A position, and how far from it.
#[component]
fn PlaceEntry(id: PartId, kind: String, name: String) -> impl IntoView {
    let (designer, rounds) = (expect_context::<Designer>(), use_rounds());
    let Some(kind) = rounds.schema().kind(&kind) else { return ().into_any() };
    let Some(spec) = kind.field(&name) else { return ().into_any() };
    let mut place = value_of(designer, id);
    let metres = place.as_object_mut().and_then(|place| place.remove("metres")).and_then(|metres| metres.as_f64());
    let metres = RwSignal::new(metres.unwrap_or(1_000.0));
    let input = Input {
        place: 2 * id + 1,
        needed: Signal::derive(|| false),
        ..Input::new(&kind.name, spec, place, Value::Null, designer.tried)
    };
    Effect::new(move || {
        let metres = metres.get();
        let value = match input.checked() {
            Ok(Value::Object(mut place)) => {
                place.insert("metres".to_owned(), metres.into());
                Value::Object(place)
            }
            _ => Value::Null,
        };
        put(designer, id, value);
    });
    let enter = move |event| {
        if let Ok(typed) = event_target_value(&event).trim().parse::<f64>() {
            metres.set(typed.max(0.0));
        }
    };
    let widget = widget_of(input.kind, &input.spec.name, &input.spec.ty);
    view! {
        <input
            class="input" data-part="number" type="number" min="0" inputmode="numeric" aria-label=t("query.metres")
            prop:value=metres.get_untracked().to_string() on:input=enter
        />
        <span class="quiet">{t("query.metres_of")}</span>
        <div class="condition-widget" role="group" aria-labelledby=input.part("label")>
            <span class="sr" id=input.part("label")>{t("query.value")}</span>
            {(widget.draw)(input)}
        </div>
    }
    .into_any()
}

/// What stands for people that differ with who asks.
fn is_word(text: &str) -> bool {
    matches!(text, "me" | "my_team")
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn list(values: Vec<String>) -> Value {
    if values.is_empty() { Value::Null } else { values.into() }
}
