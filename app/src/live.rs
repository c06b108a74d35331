//! What several views derive from the same rows, worked out once: the agenda, and what follow-ups say of each account.

use crate::{
    agenda::{Agenda, FactsByAccount, facts},
    dom,
    state::use_rounds,
};
use domain::time::Day;
use leptos::prelude::*;
use std::sync::Arc;

/// Copy handle from context.
#[derive(Clone, Copy)]
pub struct Live {
    /// The company's day; it changes at midnight, not every minute.
    pub today: Memo<Day>,
    pub agenda: Memo<Arc<Agenda>>,
    pub facts: Memo<Arc<FactsByAccount>>,
}

impl Live {
    pub fn provide() -> Live {
        let rounds = use_rounds();
        let follow_ups = rounds.rows("follow_up");
        let today = Memo::new(move |_| rounds.zone().day(rounds.now().get()));
        // Comparing these would cost more than telling their readers: they change only when a row did.
        let agenda =
            Memo::new_with_compare(move |_| Arc::new(Agenda::of(&follow_ups.read(), rounds.me(), today.get())), |_, _| true);
        let facts = Memo::new_with_compare(move |_| Arc::new(facts(&follow_ups.read())), |_, _| true);
        let live = Live { today, agenda, facts };
        provide_context(live);
        Effect::new(move || dom::set_badge(agenda.read().to_do()));
        live
    }
}

/// The handle that [`Live::provide`] put into context.
pub fn use_live() -> Live {
    expect_context()
}
