use super::menu::MenuItem;
use crate::{account_filter::is_pooled, actions, icons::icon, state::use_rounds, text::t};
use domain::Row;
use leptos::prelude::*;
use std::sync::Arc;

/// Of an account that is nobody's: that it is, and the way to make it one's own.
#[component]
pub fn InPool(account: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let claim = move |_| account.with_untracked(|row| row.as_deref().map(actions::claim)).unwrap_or_default();
    move || {
        account.with(|row| row.as_deref().is_some_and(is_pooled)).then(|| {
            view! {
                <div class="in-pool">
                    <p>{t("account.in_pool")}</p>
                    <button class="button primary" type="button" on:click=claim>{icon("plus")}{t("account.claim")}</button>
                </div>
            }
        })
    }
}

/// The line of an account's menu that gives it back to the pool, for whoever has it.
#[component]
pub fn Release(account: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let me = use_rounds().me();
    let release = Callback::new(move |()| account.with_untracked(|row| row.as_deref().map(actions::release)).unwrap_or_default());
    move || {
        (account.with(|row| row.as_deref().and_then(|row| row.reference("owner"))) == Some(me))
            .then(|| view! { <MenuItem icon="users" label=Signal::derive(t("account.release")) on_choose=release /> })
    }
}
