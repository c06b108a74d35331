use super::{
    drafts::Drafts,
    nearest::nearest_account,
    next_step::{Around, NextStep, Promise, completed},
};
use crate::components::flow::memo;
use crate::{
    components::{
        form::{FormInputs, Keeper},
        widgets::Input,
    },
    live::use_live,
    state::{Draft, Rounds, attached},
};
use domain::{Id, Value, json::FromJson, records::FollowUp};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// The log being written; copy handle.
#[derive(Clone, Copy)]
pub struct Log {
    pub rounds: Rounds,
    pub form: FormInputs,
    pub step: RwSignal<NextStep>,
    pub promise: Memo<Option<Promise>>,
    keeper: Keeper,
    /// Half-typed logs of other accounts.
    others: StoredValue<Drafts>,
    /// Files taken in, as [`attached`] takes them.
    pub photos: RwSignal<Vec<Value>>,
    /// The next follow-up's id, made once so that saving twice makes one.
    next: Id,
    pub continued: RwSignal<bool>,
}

impl Log {
    /// Starts with the account given, the one begun last, the nearest, the one opened last, or the one that is next
    /// today. `None` without the kind.
    pub fn new(rounds: Rounds, account: Option<Id>) -> Option<Log> {
        let spec = rounds.schema().kind(FollowUp::KIND)?;
        let recent = || {
            rounds
                .recents()
                .get_untracked()
                .into_iter()
                .find(|id| rounds.row(*id).with_untracked(|row| row.as_ref().is_some_and(|row| row.kind == "account")))
        };
        let planned = || {
            let wall = rounds.zone().wall(rounds.clock_ms());
            use_live().standing.with_untracked(|standing| standing.agenda.at_hand(&wall)).and_then(|row| row.reference("account"))
        };
        let first = account.or_else(recent).or_else(planned);
        let initial = [("account".to_owned(), first.map_or(Value::Null, |id| json!(id))), ("channel".to_owned(), json!("visit"))];
        let form = FormInputs::of(rounds, spec, rounds.new_id(), None, &initial, RwSignal::new(false));
        let (step, photos) = (RwSignal::new(NextStep::default()), RwSignal::new(Vec::<Value>::new()));
        let others = StoredValue::new(Drafts::default());
        let account_now = move || account_of(form);
        let promise = memo(move || Promise::of(&rounds.referring(FollowUp::KIND, "account", account_now()?).get()));
        let typed = Signal::derive(move || {
            let touched = form.is_touched() || step.with(|step| *step != NextStep::default()) || !photos.read().is_empty();
            let current = touched.then(|| json!({ "form": form.kept(), "step": step.get(), "photos": photos.get() }));
            others.with_value(|others| others.with(account_now(), current))
        });
        let log = Log {
            rounds,
            form,
            step,
            promise,
            keeper: Keeper::new(rounds, "log".to_owned(), typed),
            others,
            photos,
            next: rounds.new_id(),
            continued: RwSignal::new(false),
        };
        spawn_local(async move {
            let mut kept = Drafts::read(log.keeper.start().await);
            let begun = kept.take(account);
            others.try_set_value(kept);
            match begun {
                Some((of, draft)) => log.go_on(of, &draft),
                None if account.is_none() => {
                    if let Some(near) = nearest_account(rounds).await {
                        log.fill_account(near);
                    }
                }
                None => {}
            }
        });
        Some(log)
    }

    pub fn field(self, name: &str) -> Option<Input> {
        self.form.named(name)
    }

    pub fn account_now(self) -> Option<Id> {
        account_of(self.form)
    }

    pub fn account(self) -> Option<Id> {
        untrack(|| account_of(self.form))
    }

    /// Takes up a log begun earlier, unless something is typed already.
    fn go_on(self, account: Id, draft: &Value) {
        self.fill_account(account);
        let step = draft.get("step").and_then(|step| NextStep::from_json(step).ok());
        if let Some(step) = step.filter(|_| self.step.try_with_untracked(|step| *step == NextStep::default()) == Some(true)) {
            self.step.set(step);
        }
        if let Some(form) = draft.get("form") {
            self.form.take_up(form);
        }
        if let Some(Value::Array(kept)) = draft.get("photos") {
            self.photos.try_update(|photos| photos.splice(0..0, kept.iter().cloned()).count());
        }
        self.continued.try_set(true);
    }

    /// Takes an account that the user did not choose, unless he has begun already.
    fn fill_account(self, account: Id) {
        let Some(input) = self.form.named("account").filter(|input| !untrack(|| input.is_touched())) else { return };
        let begun = self.field("text").is_some_and(|text| untrack(|| text.is_touched()));
        if !begun && !account.is_nil() {
            input.start.set_value(json!(account));
            input.value.set(json!(account));
        }
    }

    /// The whole action.
    pub fn draft(self, account: Id) -> Draft {
        let (now, zone) = (self.rounds.clock_ms(), self.rounds.zone());
        let at = self.field("done_at").and_then(|input| input.value.get().as_i64()).unwrap_or(now);
        let around = Around { log: self.form.record, next: self.next, account, me: self.rounds.me(), at, today: zone.day(now) };
        let draft = completed(self.form.draft(self.rounds), &self.step.get(), self.promise.get().as_ref(), &around);
        self.photos.read().iter().fold(draft, |draft, photo| attached(draft, photo, account, Some(around.log)))
    }

    /// It is saved: what was kept of it is forgotten, those of other accounts stay.
    pub fn done(self) {
        self.keeper.finish();
        if let Some(rest) = self.others.try_with_value(|others| others.with(None, None)).flatten() {
            self.rounds.keep_draft("log", Some(rest));
        }
    }

    pub fn start_over(self) {
        self.photos.set(Vec::new());
        self.form.reset();
        self.step.set(NextStep::default());
        self.continued.set(false);
    }
}

fn account_of(form: FormInputs) -> Option<Id> {
    form.named("account")?.value.with(|value| value.as_str().and_then(|id| Id::try_parse(id).ok()))
}
