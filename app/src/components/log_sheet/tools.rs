//! What a log may say besides: who was there, where, and when.

use crate::{
    components::{
        form::FormInputs,
        widgets::{FieldView, Input},
    },
    format,
    icons::icon,
    show,
    text::{t, t_with},
};
use domain::Value;
use leptos::prelude::*;

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
pub fn Tools(form: FormInputs, open: RwSignal<Option<Tool>>) -> impl IntoView {
    let tool = move |tool: Tool| {
        let input = form.named(tool.field())?;
        let filled = move || !input.value.with(Value::is_null);
        let name = t(tool.name());
        let label = Signal::derive(move || if filled() { format::labelled(&name(), &shown(input)) } else { name() });
        let press = move |_| open.update(|open| *open = if *open == Some(tool) { None } else { Some(tool) });
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
    view! { <div class="log-tools" role="group" aria-label=t("log.tools")>{Tool::ALL.into_iter().filter_map(tool).collect_view()}</div> }
}

/// The field of the tool that is open.
#[component]
pub fn ToolField(form: FormInputs, open: RwSignal<Option<Tool>>) -> impl IntoView {
    let field = move || open.get().and_then(|tool| form.named(tool.field())).map(|input| view! { <FieldView input/> });
    view! { <div id="log-tool" class="form">{field}</div> }
}

fn shown(input: Input) -> String {
    let value = input.value.get();
    match show::value(input.spec, &value) {
        text if text.is_empty() => t_with("log.filled", &[]),
        text => text,
    }
}
