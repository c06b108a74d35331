use super::{dot::Dot, form::Keeper};
use crate::components::flow::{For, Show, memo};
use crate::{
    format,
    icons::small_icon,
    state::{Draft, use_rounds},
    text::t,
};
use domain::{Id, Row, records::Comment, sorting::SharedSort};
use leptos::{ev, html, prelude::*, task::spawn_local};
use serde_json::{Value, json};
use std::sync::Arc;

/// What colleagues say to a follow-up (点评), the earliest first, and a way to add to it.
#[component]
pub fn Comments(follow_up: Id) -> impl IntoView {
    let rows = use_rounds().referring(Comment::KIND, "follow_up", follow_up);
    let comments = memo(move || in_order(&rows.read()));
    let writing = RwSignal::new(false);
    view! {
        <Show when=move || !comments.read().is_empty()>
            <ul class="comments">
                <For each=move || comments.get() key=|id| *id children=|id| view! { <OneComment id/> }/>
            </ul>
        </Show>
        <Show
            when=move || writing.get()
            fallback=move || {
                view! {
                    <button class="link-button" type="button" on:click=move |_| writing.set(true)>
                        {small_icon("comment")}{t("comment.add")}
                    </button>
                }
            }
        >
            <CommentForm follow_up writing/>
        </Show>
    }
}

#[component]
fn OneComment(id: Id) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(id);
    let said = move || {
        let row = row.get()?;
        let (by, at) = row.created.as_ref().map(|created| (created.by, created.first.ms))?;
        let time = domain::time::print_instant(at);
        Some(
            view! { <strong>{rounds.title(by)}</strong>" "{row.text("text").to_owned()}" "<time datetime=time>{format::relative(at)}</time> },
        )
    };
    view! { <li>{said}" "<Dot id/></li> }
}

#[component]
fn CommentForm(follow_up: Id, writing: RwSignal<bool>) -> impl IntoView {
    let rounds = use_rounds();
    let text = RwSignal::new(String::new());
    let node = NodeRef::<html::Textarea>::new();
    let keeper = Keeper::new(
        rounds,
        format!("comment:{follow_up}"),
        Signal::derive(move || text.with(|text| (!text.is_empty()).then(|| json!(text)))),
    );
    spawn_local(async move {
        if let Some(kept) = keeper.start().await.as_ref().and_then(Value::as_str).map(str::to_owned)
            && text.try_with_untracked(String::is_empty) == Some(true)
        {
            text.set(kept);
        }
    });
    Effect::new(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
        }
    });
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let account = rounds.row(follow_up).with_untracked(|row| row.as_ref().and_then(|row| row.reference("account")));
        let said = text.get_untracked().trim().to_owned();
        let Some(account) = account.filter(|_| !said.is_empty()) else { return };
        let id = rounds.new_id();
        let draft = Draft::new()
            .create(Comment::KIND, id)
            .put(Comment::KIND, id, "account", json!(account))
            .put(Comment::KIND, id, "follow_up", json!(follow_up))
            .put(Comment::KIND, id, "text", json!(said));
        keeper.finish();
        rounds.save_with_toast(draft, untrack(t("comment.sent")));
        writing.set(false);
    };
    view! {
        <form class="comment-form" on:submit=send>
            <textarea
                class="input"
                rows="1"
                maxlength="2000"
                node_ref=node
                aria-label=t("comment.label")
                placeholder=t("comment.label")
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <button class="button primary" type="submit">{t("comment.send")}</button>
        </form>
    }
}

fn in_order(rows: &[Arc<Row>]) -> Vec<Id> {
    let mut found: Vec<_> = rows.iter().map(|row| (row.created.as_ref().map(|created| created.first), row.id)).collect();
    found.shared_sort_by(Ord::cmp);
    found.into_iter().map(|(_, id)| id).collect()
}
