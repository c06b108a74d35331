//! What a log may say besides: who was there, where, when, and what it looked like.

use crate::components::flow::memo;
use crate::{
    components::{
        files::FileButton,
        form::FormInputs,
        widgets::{FieldView, Input},
    },
    format,
    icons::icon,
    show,
    text::{t, t_with},
};
use domain::{Id, Value};
use leptos::prelude::*;
use serde_json::json;

/// The tool whose field is open below the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Who,
    Place,
    Time,
}

impl Tool {
    const ALL: [Tool; 3] = [Tool::Who, Tool::Place, Tool::Time];

    /// The tool whose field it is.
    pub fn of(input: Input) -> Option<Tool> {
        Tool::ALL.into_iter().find(|tool| tool.field() == input.spec.name)
    }

    fn field(self) -> &'static str {
        match self {
            Tool::Who => "contacts",
            Tool::Place => "place",
            Tool::Time => "done_at",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Tool::Who => "user",
            Tool::Place => "visit",
            Tool::Time => "clock",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Tool::Who => "log.who",
            Tool::Place => "log.place",
            Tool::Time => "log.time",
        }
    }
}

/// The line of tools; pressing one opens its field.
#[component]
pub fn Tools(form: FormInputs, open: RwSignal<Option<Tool>>, photos: RwSignal<Vec<Value>>) -> impl IntoView {
    let tool = move |tool: Tool| {
        let input = form.named(tool.field())?;
        let filled = move || !input.value.with(Value::is_null);
        let name = t(tool.name());
        let label = Signal::derive(move || if filled() { format::labelled(&name(), &shown(input)) } else { name() });
        let press = move |_| {
            // The time to change is the present one.
            if tool == Tool::Time && input.value.with_untracked(Value::is_null) {
                input.value.set(input.rounds.clock_ms().into());
            }
            open.update(|open| *open = if *open == Some(tool) { None } else { Some(tool) });
        };
        Some(view! {
            <button
                class="icon-button"
                type="button"
                aria-label=label
                title=label
                aria-expanded=move || (open.get() == Some(tool)).to_string()
                aria-controls="log-tool"
                data-filled=move || filled().then_some("")
                on:click=press
            >
                {icon(tool.icon())}
            </button>
        })
    };
    let taken = Callback::new(move |photo| {
        photos.try_update(|photos| photos.push(photo));
    });
    view! {
        <div class="log-tools" role="group" aria-label=t("log.tools")>
            {Tool::ALL.into_iter().filter_map(tool).collect_view()}
            <FileButton class="icon-button" label=Signal::derive(t("log.photo")) photos=true on_taken=taken>{icon("camera")}</FileButton>
        </div>
    }
}

/// The field of the tool that is open.
#[component]
pub fn ToolField(form: FormInputs, open: RwSignal<Option<Tool>>) -> impl IntoView {
    let field = move || {
        let tool = open.get()?;
        let input = form.named(tool.field())?;
        Some(match tool {
            Tool::Who => view! { <WhoChips form input/> }.into_any(),
            Tool::Place | Tool::Time => view! { <FieldView input/> }.into_any(),
        })
    };
    view! { <div id="log-tool" class="form">{field}</div> }
}

/// The account's contacts, each a tap.
#[component]
fn WhoChips(form: FormInputs, input: Input) -> impl IntoView {
    let rounds = input.rounds;
    let contacts = memo(move || {
        let account = form.named("account")?.value.with(|value| value.as_str().and_then(|id| Id::try_parse(id).ok()))?;
        Some(rounds.referring("contact", "account", account).with(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>()))
    });
    let chip = move |id: Id| {
        let chosen = move || input.value.with(|value| has(value, id));
        let toggle = move |_| input.value.update(|value| *value = toggled(value, id));
        view! { <label class="chip"><input type="checkbox" prop:checked=chosen on:change=toggle/><span>{move || rounds.title(id)}</span></label> }
    };
    let here = move || contacts.get().filter(|contacts| !contacts.is_empty());
    view! {
        <div class="log-part">
            <span class="log-label" id="log-who">{t("log.who")}</span>
            {move || match here() {
                Some(contacts) => {
                    let chips = contacts.into_iter().map(chip).collect_view();
                    view! { <div class="chips" data-scroll="" role="group" aria-labelledby="log-who">{chips}</div> }.into_any()
                }
                None => view! { <span class="quiet">{t("log.no_contacts")}</span> }.into_any(),
            }}
        </div>
    }
}

fn has(value: &Value, id: Id) -> bool {
    value.as_array().is_some_and(|ids| ids.iter().any(|known| *known == json!(id)))
}

/// The set with the element in it, or without it when it was.
fn toggled(value: &Value, id: Id) -> Value {
    let others = value.as_array().into_iter().flatten().filter(|known| **known != json!(id)).cloned();
    let ids: Vec<Value> = if has(value, id) { others.collect() } else { others.chain([json!(id)]).collect() };
    if ids.is_empty() { Value::Null } else { Value::Array(ids) }
}

fn shown(input: Input) -> String {
    let value = input.value.get();
    match show::value(input.spec, &value) {
        text if text.is_empty() => t_with("log.filled", &[]),
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_adds_and_the_next_takes_away() {
        let (a, b) = (Id::from_u128(1), Id::from_u128(2));
        let both = toggled(&toggled(&Value::Null, a), b);
        assert_eq!(both, json!([a, b]));
        assert_eq!(toggled(&toggled(&both, a), b), Value::Null);
    }
}
