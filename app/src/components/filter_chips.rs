use super::menu::{Menu, MenuChoice};
use crate::components::flow::{Show, memo};
use crate::{account_filter::Chips, icons::small_icon, live::use_live, pinned::pinned, show, state::use_rounds, text::t};
use domain::Id;
use leptos::prelude::*;

/// The filters of Accounts: each chip says what it lets pass.
#[component]
pub fn FilterChips(chips: RwSignal<Chips>) -> impl IntoView {
    let rounds = use_rounds();
    let stages = Signal::derive(|| show::options("account", "stage"));
    let grades = Signal::derive(|| show::options("account", "grade"));
    let standing = use_live().standing;
    let owner_ids = memo(move || standing.read().owners().collect::<Vec<_>>());
    let has_pool = move || owner_ids.with(|ids| ids.contains(&None));
    let owners = Signal::derive(move || {
        owner_ids.with(|ids| ids.iter().flatten().map(|id| (id.to_string(), rounds.title(*id))).collect::<Vec<_>>())
    });
    let stage = part(chips, |chips| chips.stage.clone(), |chips, value| chips.stage = value);
    let grade = part(chips, |chips| chips.grade.clone(), |chips, value| chips.grade = value);
    let owner = part(
        chips,
        |chips| chips.owner.map(|id| id.to_string()),
        |chips, value| chips.owner = value.and_then(|id| Id::try_parse(&id).ok()),
    );
    let switch = move |label: &'static str, is_on: fn(&mut Chips) -> &mut bool| {
        let pressed = move || *is_on(&mut chips.get());
        view! {
            <button class="chip" type="button" aria-pressed=move || pressed().to_string() on:click=move |_| chips.update(|chips| *is_on(chips) ^= true)>
                {t(label)}
            </button>
        }
    };
    view! {
        <div class="chips" data-scroll="" role="group" aria-label=t("accounts.filter")>
            {switch("accounts.no_next", |chips| &mut chips.no_next)}
            <Show when=move || has_pool() || chips.with(|chips| chips.pool)>{switch("accounts.pool", |chips| &mut chips.pool)}</Show>
            <ChoiceChip id="chip-stage" label=Signal::derive(move || show::field_label("account", "stage")) options=stages chosen=stage.0 choose=stage.1 />
            <ChoiceChip id="chip-grade" label=Signal::derive(move || show::field_label("account", "grade")) options=grades chosen=grade.0 choose=grade.1 />
            <Show when=move || owners.with(|owners| owners.len() > 1)>
                <ChoiceChip id="chip-owner" label=Signal::derive(move || show::field_label("account", "owner")) options=owners chosen=owner.0 choose=owner.1 />
            </Show>
            {move || pinned(Some("account")).into_iter().map(|(href, name)| view! { <a class="chip" href=href>{small_icon("chart-bar")} {name}</a> }).collect::<Vec<_>>()}
        </div>
    }
}

type Choice = Option<String>;

/// One of the chips: its value, and how it is set.
fn part(chips: RwSignal<Chips>, read: fn(&Chips) -> Choice, write: fn(&mut Chips, Choice)) -> (Signal<Choice>, Callback<Choice>) {
    (Signal::derive(move || chips.with(read)), Callback::new(move |value| chips.update(|chips| write(chips, value))))
}

/// A chip with a menu of what it can let pass.
#[component]
fn ChoiceChip(
    id: &'static str,
    label: Signal<String>,
    options: Signal<Vec<(String, String)>>,
    chosen: Signal<Choice>,
    choose: Callback<Choice>,
) -> impl IntoView {
    let words = move || {
        let chosen = chosen.get()?;
        options.with(|options| options.iter().find(|(id, _)| *id == chosen).map(|(_, label)| label.clone()))
    };
    let choice = move |value: Choice, label: Signal<String>| {
        let own = value.clone();
        let is_chosen = Signal::derive(move || chosen.with(|chosen| *chosen == own));
        view! { <MenuChoice label chosen=is_chosen on_choose=Callback::new(move |()| choose.run(value.clone())) /> }
    };
    view! {
        <button class="chip" type="button" aria-haspopup="true" aria-pressed=move || chosen.with(Option::is_some).to_string() popovertarget=id>
            {move || words().unwrap_or_else(|| label.get())}
            {small_icon("chevron-down")}
        </button>
        <Menu id=id>
            {choice(None, Signal::derive(t("accounts.all")))}
            {move || options.get().into_iter().map(|(id, words)| choice(Some(id), Signal::derive(move || words.clone()))).collect::<Vec<_>>()}
        </Menu>
    }
}
