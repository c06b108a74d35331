//! Merging two accounts: which other one, which of them stays, what comes along; and how a merged account is shown.

use super::dialog::Dialog;
use crate::components::flow::memo;
use crate::{
    actions,
    icons::small_icon,
    paths,
    state::{Rounds, use_rounds},
    text::{t, t_with, tn},
};
use domain::Id;
use leptos::prelude::*;

/// How many accounts a search offers.
const OFFERED: usize = 6;

/// Asks, while it is open, about merging an account: with which other one, where that is not given, and into which of both.
#[component]
pub fn Merge(open: RwSignal<bool>, one: Id, #[prop(optional)] with: Option<Id>) -> impl IntoView {
    view! {
        <Dialog open id=format!("merge-{one}") title=Signal::derive(t("merge.title"))>
            <Question open one with/>
        </Dialog>
    }
}

/// Drawn anew whenever the dialog opens, so that nothing of the last time stays.
#[component]
fn Question(open: RwSignal<bool>, one: Id, with: Option<Id>) -> impl IntoView {
    let other = RwSignal::new(with);
    move || match other.get() {
        None => view! { <Pick one other/> }.into_any(),
        Some(other) => view! { <Ask open pair=[one, other]/> }.into_any(),
    }
}

/// The name of an account and whose it is.
fn named(rounds: Rounds, account: Id) -> String {
    let owner = rounds.owner(account).map(|owner| rounds.title(owner)).filter(|owner| !owner.is_empty());
    let name = rounds.title(account);
    owner.map_or_else(|| name.clone(), |owner| format!("{name} · {owner}"))
}

#[component]
fn Pick(one: Id, other: RwSignal<Option<Id>>) -> impl IntoView {
    let rounds = use_rounds();
    let query = RwSignal::new(String::new());
    let found = memo(move || {
        rounds.find_of("account", &query.read()).into_iter().filter(|id| *id != one).take(OFFERED).collect::<Vec<_>>()
    });
    let line = move |id: Id| {
        view! {
            <button class="menu-item" type="button" on:click=move |_| other.set(Some(id))>
                {move || named(rounds, id)}
            </button>
        }
    };
    view! {
        <div class="sheet-body">
            <p>{move || t_with("merge.pick", &[("name", &rounds.title(one))])}</p>
            <input class="input" type="search" autofocus="" autocomplete="off" aria-label=t("accounts.search") bind:value=query/>
            {move || found.get().into_iter().map(line).collect_view()}
        </div>
    }
}

#[component]
fn Ask(open: RwSignal<bool>, pair: [Id; 2]) -> impl IntoView {
    let rounds = use_rounds();
    let kept = RwSignal::new(pair[0]);
    let gives_way = move || if kept.get() == pair[0] { pair[1] } else { pair[0] };
    let count = move |kind| rounds.referring(kind, "account", gives_way()).read().len() as u64;
    let what = move || {
        let (contacts, follow_ups) = (tn("merge.contacts", count("contact")), tn("merge.follow_ups", count("follow_up")));
        let names = [rounds.title(gives_way()), rounds.title(kept.get())];
        t_with("merge.what", &[("from", &names[0]), ("into", &names[1]), ("contacts", &contacts), ("follow_ups", &follow_ups)])
    };
    let merge = move |_| {
        open.set(false);
        untrack(|| actions::merge(gives_way(), kept.get()));
    };
    let select = format!("kept-{}", pair[0]);
    let option = move |id: Id| {
        view! { <option value=id.to_string() prop:selected=move || kept.get() == id>{move || named(rounds, id)}</option> }
    };
    view! {
        <div class="sheet-body">
            <div class="field" data-stacked="">
                <label class="field-label" for=select.clone()>{t("merge.stays")}</label>
                <select
                    class="input"
                    id=select
                    on:change=move |event| kept.set(Id::try_parse(&event_target_value(&event)).unwrap_or(pair[0]))
                >
                    {pair.into_iter().map(option).collect_view()}
                </select>
            </div>
            <p>{what}</p>
        </div>
        <footer class="sheet-foot">
            <button class="button" type="button" on:click=move |_| open.set(false)>{t("form.cancel")}</button>
            <button class="button primary" type="button" autofocus="" on:click=merge>{t("merge.now")}</button>
        </footer>
    }
}

/// What is said on the page of an account that gave way to another, with the way there and the way back.
#[component]
pub fn MergedInto(account: Id, survivor: Id) -> impl IntoView {
    let rounds = use_rounds();
    view! {
        <p class="incomplete">
            {small_icon("link")}
            <a href=paths::record("account", survivor)>{move || t_with("merge.into", &[("name", &rounds.title(survivor))])}</a>
            <button class="link-button" type="button" on:click=move |_| actions::unmerge(account)>{t("merge.undo")}</button>
        </p>
    }
}
