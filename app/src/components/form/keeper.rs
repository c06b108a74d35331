use crate::state::{EditingGuard, Rounds};
use domain::Value;
use leptos::prelude::*;
use std::time::Duration;

/// How long typing may go on before it is written: what a kill can cost.
const PAUSE: Duration = Duration::from_millis(250);

/// Keeps what is half typed so that it survives the browser being killed, and holds updates off meanwhile.
#[derive(Clone, Copy)]
pub struct Keeper {
    rounds: Rounds,
    key: StoredValue<String>,
    typed: Signal<Option<Value>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// What was there before was taken up, so that it may be written over; false again once the form is done with.
    ready: RwSignal<bool>,
    /// Something that is not yet written.
    owed: StoredValue<bool>,
}

impl Keeper {
    /// Watches `typed`, which is `None` while there is nothing worth keeping, from [`Keeper::start`] on.
    pub fn new(rounds: Rounds, key: String, typed: Signal<Option<Value>>) -> Keeper {
        let keeper = Keeper {
            rounds,
            key: StoredValue::new(key),
            typed,
            timer: StoredValue::new(None),
            ready: RwSignal::new(false),
            owed: StoredValue::new(false),
        };
        let guard = StoredValue::new_local(None::<EditingGuard>);
        Effect::new(move || {
            let half_typed = typed.with(Option::is_some);
            if keeper.ready.get() {
                keeper.write_soon();
            }
            guard.update_value(|guard| match (half_typed, &guard) {
                (true, None) => *guard = Some(rounds.editing()),
                (false, Some(_)) => *guard = None,
                _ => {}
            });
        });
        // The last moments that a phone's browser grants a page.
        let hidden = window_event_listener_untyped("visibilitychange", move |_| keeper.flush());
        let gone = window_event_listener_untyped("pagehide", move |_| keeper.flush());
        on_cleanup(move || {
            keeper.flush();
            hidden.remove();
            gone.remove();
        });
        keeper
    }

    /// What was kept under the key, from before; after this the keeper writes.
    pub async fn start(self) -> Option<Value> {
        let key = self.key.try_get_value()?;
        let kept = self.rounds.load_draft(&key).await;
        self.ready.try_set(true);
        kept
    }

    /// The form is done with: nothing is kept any more.
    pub fn finish(self) {
        self.ready.try_set(false);
        self.forget();
    }

    /// What was typed so far is not wanted.
    pub fn forget(self) {
        self.stop_timer();
        self.owed.try_set_value(false);
        if let Some(key) = self.key.try_get_value() {
            self.rounds.keep_draft(&key, None);
        }
    }

    fn write_soon(self) {
        self.stop_timer();
        self.owed.set_value(true);
        self.timer.set_value(set_timeout_with_handle(move || self.flush(), PAUSE).ok());
    }

    fn flush(self) {
        self.stop_timer();
        if self.owed.try_get_value() == Some(true) {
            self.owed.set_value(false);
            self.rounds.keep_draft(&self.key.get_value(), self.typed.get_untracked());
        }
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
