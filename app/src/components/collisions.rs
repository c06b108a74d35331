//! Accounts that the server found to be evidently one customer: who is told, and how it is decided.

use super::merge::Merge;
use crate::components::flow::{For, memo};
use crate::{
    format,
    icons::small_icon,
    merging, paths, show,
    state::{Draft, Rounds, use_rounds},
    text::{t, t_with},
};
use domain::{Id, Row, records::Collision};
use leptos::prelude::*;
use serde_json::json;
use std::sync::Arc;

type Rows = Vec<Arc<Row>>;
/// The account, where it is here; its name and owner, which are known in any case.
type Side = (Option<Id>, String, Option<Id>);

/// The cases that wait for a decision.
pub fn open(rounds: Rounds) -> Memo<Rows> {
    let cases = rounds.rows(Collision::KIND);
    let is_open = move |row: &&Arc<Row>| {
        let [first, second] = ["first", "second"].map(|side| row.reference(side).map(|account| rounds.survivor(account)));
        row.text("state") == "open" && first != second
    };
    Memo::new_with_compare(move |_| cases.read().iter().filter(is_open).cloned().collect(), |_, _| true)
}

fn sides(rounds: Rounds, case: &Row) -> [Side; 2] {
    [["first", "first_name", "first_owner"], ["second", "second_name", "second_owner"]].map(|[account, name, owner]| {
        let here = case.reference(account).map(|account| rounds.survivor(account)).filter(|id| rounds.look_up(*id).is_some());
        (here, case.text(name).to_owned(), case.reference(owner))
    })
}

/// All cases, to be decided by whoever sees both accounts.
#[component]
pub fn Collisions() -> impl IntoView {
    let cases = open(use_rounds());
    view! { <For each=move || cases.get() key=|case| (case.id, case.seq) children=|case| view! { <Case case/> }/> }
}

#[component]
fn Case(case: Arc<Row>) -> impl IntoView {
    let rounds = use_rounds();
    let merging = RwSignal::new(false);
    let id = case.id;
    let fields: Vec<String> = case.each("evidence").filter_map(|field| Some(field.as_str()?.to_owned())).collect();
    let equal = move || {
        let labels: Vec<String> = fields.iter().map(|field| show::field_label("account", field)).collect();
        t_with("collision.equal", &[("fields", &format::joined(&labels))])
    };
    let line = move |(here, name, owner): Side| {
        let name = match here {
            Some(id) => view! { <a href=paths::record("account", id)>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        let owner = owner.map(|owner| t_with("account.owner", &[("name", &rounds.title(owner))]));
        view! { <p class="matter-text">{name} " " <span class="quiet">{owner}</span></p> }
    };
    let apart = move |_| {
        let draft = Draft::new().put(Collision::KIND, id, "state", json!("kept_apart"));
        rounds.save_with_toast(draft, untrack(t("collision.kept_apart")));
    };
    let decide = {
        let case = case.clone();
        move || {
            match sides(rounds, &case) {
            [(Some(one), ..), (Some(other), ..)] => view! {
                <div class="matter-tools">
                    <button class="button primary" type="button" on:click=move |_| merging.set(true)>{t("collision.merge")}</button>
                    <button class="button" type="button" on:click=apart>{t("collision.apart")}</button>
                </div>
                <Merge open=merging one with=other/>
            }
            .into_any(),
            [(.., one), (.., other)] => {
                let (members, teams) = (rounds.rows("member"), rounds.rows("team"));
                let who = merging::deciders([one, other], &members.read(), &teams.read());
                let names: Vec<String> = who.into_iter().map(|member| rounds.title(member)).collect();
                view! { <p class="quiet">{t_with("collision.who", &[("who", &format::joined(&names))])}</p> }.into_any()
            }
        }
        }
    };
    view! {
        <article class="matter">
            <header class="matter-head"><strong>{t("collision.title")}</strong><span class="quiet">{equal}</span></header>
            {move || sides(rounds, &case).into_iter().map(line).collect_view()}
            {decide}
        </article>
    }
}

/// On an account's page: with whom it is evidently one customer.
#[component]
pub fn CollisionsOf(account: Id) -> impl IntoView {
    let rounds = use_rounds();
    let cases = open(rounds);
    let others = memo(move || {
        let other = |case: &Arc<Row>| match sides(rounds, case) {
            [(Some(id), ..), (_, name, owner)] | [(_, name, owner), (Some(id), ..)] if id == account => Some((name, owner)),
            _ => None,
        };
        cases.read().iter().filter_map(other).collect::<Vec<_>>()
    });
    let line = move |(name, owner): (String, Option<Id>)| {
        let owner = owner.map(|owner| rounds.title(owner)).unwrap_or_default();
        view! {
            <p class="incomplete">
                {small_icon("warning")}
                <span>{t_with("collision.line", &[("name", &name), ("owner", &owner)])}</span>
                <a class="link-button" href="/decisions">{t("notice.decide")}</a>
            </p>
        }
    };
    move || others.get().into_iter().map(line).collect_view()
}
