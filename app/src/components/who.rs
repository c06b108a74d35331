use super::{avatar::Ring, dot::Dot};
use crate::{show, state::use_rounds, text::t_with};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// Who an account is: name, stage, grade, owner.
#[component]
pub fn AccountWho(account: Signal<Option<Arc<Row>>>, id: Id) -> impl IntoView {
    let rounds = use_rounds();
    let field = move |name: &'static str| {
        account.with(|row| row.as_ref().map(|row| show::field("account", row, name)).unwrap_or_default())
    };
    let text =
        move |name: &'static str| account.with(|row| row.as_ref().map(|row| row.text(name).to_owned()).unwrap_or_default());
    let owner = move || {
        account
            .with(|row| row.as_ref().and_then(|row| row.reference("owner")))
            .map(|id| rounds.title(id))
            .filter(|name| !name.is_empty())
    };
    let stage = move || Some(text("stage")).filter(|stage| !stage.is_empty());
    let known = |words: String| (!words.is_empty()).then(|| view! { <span>{words}</span> });
    view! {
        <div class="who">
            <Ring name=Signal::derive(move || text("name")) grade=Signal::derive(move || Some(text("grade"))) large=true />
            <div>
                <h1>{move || text("name")} " " <Dot id /></h1>
                <p class="who-line">
                    {move || stage().map(|stage| view! { <span class="tag" data-fill=fill(&stage)>{field("stage")}</span> })}
                    {move || known(field("grade"))} {move || known(field("industry"))}
                    {move || owner().map(|name| view! { <span>{t_with("account.owner", &[("name", &name)])}</span> })}
                </p>
            </div>
        </div>
    }
}

/// How far the mark before a stage is filled.
fn fill(stage: &str) -> &'static str {
    match stage {
        "engaged" => "some",
        "customer" => "full",
        "lost" | "closed" => "gone",
        _ => "none",
    }
}
