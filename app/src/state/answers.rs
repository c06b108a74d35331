//! Questions: answered over what this device holds, in turns between which the page can draw.

mod line;

pub use line::AnswerLine;

use super::{Rounds, TURN_MS, platform};
use domain::{
    Id, Row,
    query::{Answer, Context, Fault, Plan, Query, compile, memory, table::Columns, team_of},
    records::{Member, Team},
    time::Zone,
    wire::{self, WorkbookRequest},
};
use futures::{FutureExt, future::AbortHandle, future::abortable};
use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use std::{cell::Cell, rc::Rc, sync::Arc};
use store::Rows;
use sync::browser::{Fetch, breathe};

/// What a question found, or what is wrong with it.
pub type Answered = Result<Arc<Answer>, Arc<Vec<Fault>>>;

impl Rounds {
    /// What a question finds on this device, again whenever it or the records it is about change; none until it is answered
    /// for the first time.
    pub fn ask(self, query: Signal<Option<Query>>) -> Signal<Option<Answered>> {
        let answered = RwSignal::new(None);
        let running = StoredValue::new_local(None::<AbortHandle>);
        let stop = move || {
            if let Some(handle) = running.try_update_value(Option::take).flatten() {
                handle.abort();
            }
        };
        Effect::new(move || {
            stop();
            let Some(query) = query.get() else { return answered.set(None) };
            let now_ms = self.now().get();
            let (zone, team) = (self.zone(), self.my_team());
            let context = self.context(&zone, now_ms, team.clone());
            let lists = match compile(&query, &context) {
                Ok(plan) => self.lists(plan.kinds().into_iter().map(str::to_owned)),
                Err(faults) => return answered.set(Some(Err(Arc::new(faults)))),
            };
            let (work, handle) = abortable(async move {
                let context = self.context(&zone, now_ms, team);
                if let Ok(plan) = compile(&query, &context) {
                    let answer = self.answer(&plan, &lists).await;
                    answered.try_set(Some(Ok(Arc::new(answer))));
                }
            });
            running.set_value(Some(handle));
            spawn_local(work.map(drop));
        });
        on_cleanup(stop);
        answered.into()
    }

    /// The living records of these kinds; reactive.
    pub(super) fn lists(self, kinds: impl Iterator<Item = String>) -> Lists {
        let inner = self.inner();
        let list = |kind: String| {
            inner.track_kind(&kind);
            let rows = self.living(&kind);
            (kind, rows)
        };
        Lists(kinds.map(list).collect())
    }

    async fn answer(self, plan: &Plan<'_>, lists: &Lists) -> Answer {
        let since = Rc::new(Cell::new(self.clock_ms()));
        let mut rest = || {
            let since = since.clone();
            (self.clock_ms() - since.get() >= TURN_MS).then(|| {
                async move {
                    breathe().await;
                    since.set(self.clock_ms());
                }
                .boxed_local()
            })
        };
        memory::answer_in_turns(plan, lists, &mut rest).await
    }

    pub(super) fn context(self, zone: &Zone, now_ms: i64, team: Vec<Id>) -> Context<'_> {
        Context { schema: self.schema(), zone, now_ms, me: self.me(), team }
    }

    /// Gives what questions depend on to `then`; reactive in who is in which team, not in time.
    pub fn with_context<T>(self, then: impl FnOnce(&Context) -> T) -> T {
        let zone = self.zone();
        then(&self.context(&zone, self.now().get_untracked(), self.my_team()))
    }

    /// The columns of an answer, for a file.
    pub fn columns(self, query: &Query, answer: &Answer) -> Option<Columns<'static>> {
        Columns::of(self.schema(), query, answer, self.lang().get_untracked())
    }

    /// Lets others work when a turn is over; asked after each of many small pieces of work.
    pub async fn pause(self, since: &mut i64) {
        if self.clock_ms() - *since >= TURN_MS {
            breathe().await;
            *since = self.clock_ms();
        }
    }

    /// An address in this page for a file of these bytes.
    pub fn bytes_address(self, bytes: &[u8]) -> Option<String> {
        platform::object_url(&Uint8Array::from(bytes), "text/csv")
    }

    /// A workbook of what a question finds, which the server makes of all that the member sees there: an address in this page.
    pub async fn workbook(self, query: &Query, title: &str) -> Option<String> {
        let request = WorkbookRequest { query: json!(query), title: title.to_owned(), lang: self.lang().get_untracked() };
        let bytes = Fetch::of(self.me()).post_for_bytes(wire::WORKBOOK, json!(request).to_string()).await?;
        platform::object_url(&bytes, "application/octet-stream")
    }

    /// Whom "my team" means; reactive.
    pub(super) fn my_team(self) -> Vec<Id> {
        let lists = self.lists([Member::KIND, Team::KIND].map(str::to_owned).into_iter());
        let naming = |at: usize, field: &'static str| {
            lists.0[at].1.iter().map(move |row| (row.id, row.reference(field))).collect::<Vec<_>>()
        };
        team_of(self.me(), naming(0, "team"), naming(1, "manager"))
    }
}

/// The living records by kind, as a question reads them.
pub(super) struct Lists(Vec<(String, Rows)>);

impl memory::Source for Lists {
    type Record<'r> = &'r Row;

    fn of_kind<'r>(&'r self, kind: &str) -> impl Iterator<Item = &'r Row> {
        let rows = self.0.iter().find(|(of, _)| of == kind).map(|(_, rows)| rows);
        rows.into_iter().flat_map(|rows| rows.iter().map(|row| &**row))
    }
}
