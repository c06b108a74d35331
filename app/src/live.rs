//! What several views derive from the same rows, worked out once: the agenda, and what follow-ups say of each account.

use crate::components::flow::memo;
use crate::{
    agenda::{Agenda, FactsByAccount, facts},
    dom,
    intl::sort_by_name,
    state::use_rounds,
};
use domain::{Id, time::Day};
use leptos::prelude::*;
use std::sync::Arc;

/// Copy handle from context.
#[derive(Clone, Copy)]
pub struct Live {
    /// The company's day; it changes at midnight, not every minute.
    pub today: Memo<Day>,
    pub agenda: Memo<Arc<Agenda>>,
    pub facts: Memo<Arc<FactsByAccount>>,
    /// All accounts in the order of their names.
    pub by_name: Memo<Arc<Vec<Id>>>,
}

impl Live {
    pub fn provide() -> Live {
        let rounds = use_rounds();
        let follow_ups = rounds.rows("follow_up");
        let today = memo(move || rounds.zone().day(rounds.now().get()));
        // Comparing these would cost more than telling their readers: they change only when a row did.
        let agenda = Memo::new_with_compare(
            move |_| Arc::new(Agenda::of(&follow_ups.read(), rounds.me(), today.get(), |account| rounds.owner(account))),
            |_, _| true,
        );
        let facts = Memo::new_with_compare(move |_| Arc::new(facts(&follow_ups.read())), |_, _| true);
        let live = Live { today, agenda, facts, by_name: accounts_by_name() };
        provide_context(live);
        Effect::new(move || dom::set_badge(agenda.read().to_do()));
        live
    }
}

/// Sorts only when a name changed or the language did, because asking the browser to collate is the costly part.
fn accounts_by_name() -> Memo<Arc<Vec<Id>>> {
    let rounds = use_rounds();
    let accounts = rounds.rows("account");
    let names = memo(move || accounts.read().iter().map(|row| (row.text("name").to_owned(), row.id)).collect::<Vec<_>>());
    memo(move || Arc::new(sort_by_name(rounds.lang().get(), names.get())))
}

/// The handle that [`Live::provide`] put into context.
pub fn use_live() -> Live {
    expect_context()
}
