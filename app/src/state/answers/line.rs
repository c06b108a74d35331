use super::Answered;
use crate::{
    queries::line::{Line, Next},
    state::Rounds,
};
use domain::query::{Query, compile};
use leptos::{prelude::*, task::spawn_local};
use std::{rc::Rc, sync::Arc};
use sync::browser::sleep_ms;

/// So long the line sleeps at most, milliseconds, before it looks who has joined it.
const NAP_MS: i64 = 200;

/// The questions of one page, answered one after the other, those in view first. Copy handle; the line goes with the page.
#[derive(Clone, Copy)]
pub struct AnswerLine {
    rounds: Rounds,
    shared: StoredValue<Shared, LocalStorage>,
}

#[derive(Default)]
struct Shared {
    line: Line,
    asked: Vec<Asked>,
    is_running: bool,
}

#[derive(Clone)]
struct Asked {
    place: u32,
    query: Option<Query>,
    answered: RwSignal<Option<Answered>>,
    in_view: Rc<dyn Fn() -> bool>,
}

impl Rounds {
    pub fn answer_line(self) -> AnswerLine {
        AnswerLine { rounds: self, shared: StoredValue::new_local(Shared::default()) }
    }
}

impl AnswerLine {
    /// As [`Rounds::ask`], in this line. Until there is a new answer the last one stands, and however fast records change it is
    /// not made anew for each of them.
    pub fn ask(self, query: Signal<Option<Query>>, in_view: Rc<dyn Fn() -> bool>) -> Signal<Option<Answered>> {
        let (rounds, answered) = (self.rounds, RwSignal::new(None));
        let join = |shared: &mut Shared| {
            let place = shared.line.join();
            shared.asked.push(Asked { place, query: None, answered, in_view });
            place
        };
        let Some(place) = self.shared.try_update_value(join) else { return answered.into() };
        Effect::new(move || {
            let Some(query) = query.get() else { return answered.set(None) };
            let (zone, now_ms) = (rounds.zone(), rounds.now().get());
            match compile(&query, &rounds.context(&zone, now_ms, rounds.my_team())) {
                Ok(plan) => plan.kinds().into_iter().for_each(|kind| rounds.inner().track_kind(kind)),
                Err(faults) => return answered.set(Some(Err(Arc::new(faults)))),
            }
            self.put(place, query);
        });
        on_cleanup(move || {
            self.shared.try_update_value(|shared| {
                shared.line.leave(place);
                shared.asked.retain(|asked| asked.place != place);
            });
        });
        answered.into()
    }

    fn put(self, place: u32, query: Query) {
        let put = |shared: &mut Shared| {
            let Some(asked) = shared.asked.iter_mut().find(|asked| asked.place == place) else { return false };
            let is_new = asked.query.as_ref() != Some(&query);
            asked.query = Some(query);
            shared.line.ask(place, is_new);
            !std::mem::replace(&mut shared.is_running, true)
        };
        if self.shared.try_update_value(put) == Some(true) {
            spawn_local(self.work());
        }
    }

    async fn work(self) {
        // What changed at once, as by one op, is heard of at once.
        sleep_ms(0).await;
        while let Some(next) = self.shared.try_update_value(|shared| shared.next(self.rounds.clock_ms())) {
            match next {
                Next::Answer(place) => self.answer(place).await,
                Next::Wait(ms) => sleep_ms(u32::try_from(ms.min(NAP_MS)).unwrap_or(0)).await,
                Next::Nothing => return,
            }
        }
    }

    async fn answer(self, place: u32) {
        let of = |shared: &Shared| shared.asked.iter().find(|asked| asked.place == place).cloned();
        let Some(Asked { query: Some(query), answered, .. }) = self.shared.try_with_value(of).flatten() else { return };
        let rounds = self.rounds;
        let (zone, now_ms, team) = untrack(|| (rounds.zone(), rounds.now().get(), rounds.my_team()));
        let context = rounds.context(&zone, now_ms, team);
        if let Ok(plan) = compile(&query, &context) {
            let lists = untrack(|| rounds.lists(plan.kinds().into_iter().map(str::to_owned)));
            let answer = rounds.answer(&plan, &lists).await;
            answered.try_set(Some(Ok(Arc::new(answer))));
        }
    }
}

impl Shared {
    fn next(&mut self, now_ms: i64) -> Next {
        let asked = &self.asked;
        let in_view = |place| asked.iter().any(|asked| asked.place == place && (asked.in_view)());
        let next = self.line.next(now_ms, &in_view);
        self.is_running = next != Next::Nothing;
        next
    }
}
