//! What is kept of a question besides itself: its name, how it is shown, and with whom it is shared.

use crate::components::flow::Show;
use crate::{
    address::Address,
    components::{
        designer::Designer,
        form::Keeper,
        widgets::{FieldView, Input},
    },
    paths,
    queries::Named,
    state::{Draft, Rounds, Toast, use_rounds},
    text::{filled, t_with, tr},
};
use domain::{Id, Value, records::SavedQuery};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// The fields of a saved query that are entered beside the question.
const FIELDS: [&str; 6] = ["name", "shared", "role", "team", "members", "pinned"];

#[derive(Clone, Copy)]
pub struct Shared {
    /// The record that is changed; none makes one.
    own: Option<Id>,
    inputs: StoredValue<Vec<Input>>,
    pub shown: RwSignal<String>,
}

impl Shared {
    /// `own` is the question that is changed, `from` the one that this begins as.
    pub fn of(own: Option<&Named>, from: Option<&Named>, tried: RwSignal<bool>) -> Shared {
        let rounds = use_rounds();
        let row = own.and_then(|named| named.saved).and_then(|saved| untrack(|| rounds.look_up(saved.id)));
        let input = |name: &&str| {
            let spec = rounds.schema().field(SavedQuery::KIND, name)?;
            let base = row.as_ref().map_or(Value::Null, |row| row.value(name));
            let start = match (*name, from) {
                _ if row.is_some() => base.clone(),
                ("name", Some(from)) => json!(untrack(|| t_with("query.copy_of", &[("name", &from.title)]))),
                ("shared", _) => json!("private"),
                _ => Value::Null,
            };
            Some(Input::new(SavedQuery::KIND, spec, start, base, tried))
        };
        let inputs = FIELDS.iter().filter_map(input).collect();
        let shown = RwSignal::new(from.map(|named| named.shown.clone()).unwrap_or_default());
        Shared { own: row.map(|row| row.id), inputs: StoredValue::new(inputs), shown }
    }

    fn named(self, name: &str) -> Option<Input> {
        self.inputs.with_value(|inputs| inputs.iter().find(|input| input.spec.name == name).copied())
    }

    pub fn is_right(self) -> bool {
        self.inputs.with_value(|inputs| inputs.iter().all(|input| untrack(|| input.checked()).is_ok()))
    }

    pub fn name(self) -> Option<Input> {
        self.named("name")
    }

    pub fn name_field(self) -> impl IntoView {
        self.name().map(|input| view! { <FieldView input /> })
    }

    /// With whom it is shared, and whether it stands in the menu.
    pub fn fields(self) -> impl IntoView {
        let field = move |name: &'static str| self.named(name).map(|input| view! { <FieldView input /> });
        let with_some =
            move || self.named("shared").is_some_and(|input| input.value.with(|value| value.as_str() == Some("some")));
        view! {
            <div class="fields">
                {field("shared")}
                <Show when=with_some>{field("role")} {field("team")} {field("members")}</Show>
                {field("pinned")}
            </div>
        }
    }

    fn draft(self, record: Id, query: Value) -> Draft {
        let kind = SavedQuery::KIND;
        let draft = if self.own.is_some() { Draft::new() } else { Draft::new().create(kind, record) };
        let draft = self.inputs.with_value(|inputs| {
            inputs.iter().fold(draft, |draft, input| match untrack(|| input.checked()) {
                Ok(value) if input.base.with_value(|base| *base != value) => draft.put(kind, record, &input.spec.name, value),
                _ => draft,
            })
        });
        draft.put(kind, record, "shown", json!(self.shown.get_untracked())).put(kind, record, "query", query)
    }
}

/// Keeps the question, and goes to its answer.
pub fn save(rounds: Rounds, address: Address, designer: Designer, shared: Shared, keeper: Keeper) {
    let record = shared.own.unwrap_or_else(|| rounds.new_id());
    let (query, _) = designer.sketch.with_untracked(|sketch| sketch.query());
    let shown = crate::queries::figures::way(&query, &shared.shown.get_untracked());
    shared.shown.set(shown.to_owned());
    let draft = shared.draft(record, json!(query));
    spawn_local(async move {
        let lang = rounds.lang().get_untracked();
        match rounds.save(draft).await {
            Ok(saved) => {
                keeper.finish();
                let text = filled(&tr(lang, "form.saved"), &[("name", &untrack(|| rounds.title(record)))]);
                if !saved.undo.is_empty() {
                    rounds.toast(Toast::done(text, vec![saved.undo]));
                }
                address.replace(&paths::record(SavedQuery::KIND, record));
            }
            Err(error) => rounds.toast(Toast::wrong(rounds.store_error(&error))),
        }
    });
}
