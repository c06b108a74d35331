//! Label, widget, help and error of one field.

use super::{Input, Shape, widget_of};
use crate::{icons::small_icon, text::t};
use leptos::prelude::*;

/// Fields whose meaning is not plain from their label, with the text that explains them.
const HELP: [(&str, &str, &str); 3] = [
    ("follow_up", "due", "widget.due.help"),
    ("account", "access_note", "widget.access_note.help"),
    ("account", "supplied_by", "widget.supplied_by.help"),
];

/// A field in a form, whatever its type.
#[component]
pub fn FieldView(input: Input) -> impl IntoView {
    let widget = widget_of(input.kind, &input.spec.name, &input.spec.ty);
    let body = move || view! { <div>{(widget.draw)(input)}<Help input/><Error input/></div> };
    match widget.shape {
        Shape::Single => view! {
            <div class="field" on:focusout=move |_| input.leave()>
                <label class="field-label" for=input.id() id=input.part("label")><Label input/></label>
                {body()}
            </div>
        }
        .into_any(),
        Shape::Group => view! {
            <div
                class="field"
                role="group"
                aria-labelledby=input.part("label")
                on:focusout=move |_| { input.left.try_set(true); }
            >
                <span class="field-label" id=input.part("label")><Label input/></span>
                {body()}
            </div>
        }
        .into_any(),
        Shape::Switch => (widget.draw)(input),
    }
}

#[component]
fn Label(input: Input) -> impl IntoView {
    let must = move || input.needed.get().then(|| view! { <span class="field-must" aria-hidden="true">" *"</span> });
    view! { {input.label()}{must} }
}

#[component]
fn Help(input: Input) -> impl IntoView {
    help(input).map(|key| view! { <p class="field-help" id=input.part("help")>{t(key)}</p> })
}

/// What is wrong with the field and what to enter instead, once it may be said.
#[component]
pub fn Error(input: Input) -> impl IntoView {
    let lang = input.rounds.lang();
    let said = move || input.problem().map(|problem| problem.message(lang.get()));
    move || {
        said().map(|said| view! { <p class="field-error" id=input.part("error")>{small_icon("warning")}<span>{said}</span></p> })
    }
}

fn help(input: Input) -> Option<&'static str> {
    HELP.iter().find(|(kind, field, _)| *kind == input.kind && *field == input.spec.name).map(|(_, _, key)| *key)
}

pub fn has_help(input: Input) -> bool {
    help(input).is_some()
}
