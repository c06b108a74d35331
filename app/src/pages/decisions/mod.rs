//! What waits for somebody with the right to decide: accounts that are evidently one customer, and what the server keeps:
//! changes without the right, and what a revoked device handed in.

mod card;
mod dismiss;
mod hand_over;
mod written;

use crate::components::flow::{For, Show};
use crate::{
    components::{
        collisions::{self, Collisions},
        empty::Empty,
        head::PageHead,
        online::Online,
        pane::Pane,
    },
    refusal,
    state::{Rounds, Toast, use_rounds},
    text::{t, tr},
};
use card::WaitingCard;
use domain::Id;
use leptos::{prelude::*, task::spawn_local};
use online::{Fault, ParkedItem};

/// The changes that wait, once the server answered.
type Items = RwSignal<Option<Vec<ParkedItem>>>;

#[component]
pub fn DecisionsPage() -> impl IntoView {
    let title = Signal::derive(t("decision.title"));
    let items: Items = RwSignal::new(None);
    let cases = collisions::open(use_rounds());
    let each = move || items.get().unwrap_or_default();
    view! {
        <Pane label=title>
            <PageHead title back="/more"/>
            <Collisions/>
            <Online ask=online::parked answer=items>
                <Show when=move || items.with(|items| items.as_ref().is_some_and(Vec::is_empty)) && cases.read().is_empty()>
                    <Empty icon="check-circle" text=Signal::derive(t("decision.none"))/>
                </Show>
                <For each=each key=|item| item.op children=move |item| view! { <WaitingCard item items/> }/>
            </Online>
        </Pane>
    }
}

/// Sends one decision at a time about one change, and says how it ended.
#[derive(Clone, Copy)]
struct Desk {
    rounds: Rounds,
    op: Id,
    items: Items,
    busy: RwSignal<bool>,
    /// Why the last one was not carried out.
    refused: RwSignal<Option<String>>,
}

impl Desk {
    /// `done` turns the server's answer into what is said, or into why the change waits on.
    fn decide<T: 'static>(
        self,
        decision: impl Future<Output = Result<T, Fault>> + 'static,
        done: impl FnOnce(Desk, T) -> Result<String, String> + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let answer = decision.await;
            self.busy.try_set(false);
            let lang = self.rounds.lang().get_untracked();
            let ended = match answer {
                Ok(answer) => done(self, answer),
                Err(fault) if fault.code == "not_found" => {
                    self.take_away();
                    Ok(tr(lang, "decision.decided"))
                }
                Err(fault) => Err(refusal::words(lang, &fault.code, &fault.message)),
            };
            match ended {
                Ok(text) => self.rounds.toast(Toast::said(text)),
                Err(why) => drop(self.refused.try_set(Some(why))),
            }
        });
    }

    /// It is decided.
    fn take_away(self) {
        self.items.try_update(|items| items.iter_mut().for_each(|items| items.retain(|item| item.op != self.op)));
    }

    /// In the language chosen now, where no owner is at hand.
    fn said(self, key: &str) -> String {
        tr(self.rounds.lang().get_untracked(), key)
    }
}
