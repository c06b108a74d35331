use crate::{
    components::{
        flow::{Show, memo},
        widgets::{FieldView, Input},
    },
    dashboards::{Board, save, unshared},
    format,
    state::{Draft, use_rounds},
    text::t_with,
};
use domain::{Id, Value, records::Dashboard};
use leptos::prelude::*;

/// What is entered besides the tiles.
const FIELDS: [&str; 5] = ["name", "shared", "role", "team", "members"];

/// The name of a dashboard and with whom it is shared; what is chosen is kept at once, the name when it is left.
#[component]
pub fn Sharing(id: Id, board: Memo<Option<Board>>) -> impl IntoView {
    let rounds = use_rounds();
    let row = untrack(|| rounds.look_up(id));
    let tried = RwSignal::new(true);
    let input = |name: &&str| {
        let spec = rounds.schema().field(Dashboard::KIND, name)?;
        let base = row.as_ref().map_or(Value::Null, |row| row.value(name));
        Some(Input::new(Dashboard::KIND, spec, base.clone(), base, tried))
    };
    let inputs: Vec<Input> = FIELDS.iter().filter_map(input).collect();
    let keep = move |input: Input| {
        // A control that is taken away while it has the focus still says that it loses it.
        if input.value.is_disposed() {
            return;
        }
        if let Ok(value) = untrack(|| input.checked())
            && input.base.with_value(|base| *base != value)
        {
            input.base.set_value(value.clone());
            save(rounds, Draft::new().put(Dashboard::KIND, id, &input.spec.name, value));
        }
    };
    for input in inputs.iter().copied().filter(|input| input.spec.name != "name") {
        Effect::new(move || {
            input.value.track();
            keep(input);
        });
    }
    let name = inputs.iter().find(|input| input.spec.name == "name").copied();
    let keep_name = move || name.into_iter().for_each(keep);
    on_cleanup(keep_name);
    let inputs = StoredValue::new(inputs);
    let named = move |name: &str| inputs.with_value(|inputs| inputs.iter().find(|input| input.spec.name == name).copied());
    let field = move |name: &'static str| named(name).map(|input| view! { <FieldView input /> });
    let with = memo(move || named("shared").and_then(|input| input.value.with(|value| value.as_str().map(str::to_owned))));
    let hidden = move || {
        let shared = with.get().is_some_and(|with| with != "private");
        let names = board.with(|board| board.as_ref().filter(|_| shared).map(unshared).unwrap_or_default());
        (!names.is_empty()).then(|| view! { <p class="field-help" role="status">{t_with("dashboard.unshared", &[("names", &format::joined(&names))])}</p> })
    };
    view! {
        <div class="fields tiles-sharing" on:focusout=move |_| keep_name()>
            {field("name")}
            {field("shared")}
            <Show when=move || with.read().as_deref() == Some("some")>{field("role")} {field("team")} {field("members")}</Show>
            {hidden}
        </div>
    }
}
