//! Logging a follow-up: one tap from anywhere, at most three taps and the typing, one action when it is saved.

mod chips;
mod drafts;
mod nearest;
mod next_step;
mod tools;

use super::{
    form::{FormInputs, Keeper, Sheet},
    widgets::{FieldView, Input},
};
use crate::{
    dom, format,
    icons::{channel_icon, icon, small_icon},
    show,
    state::{Rounds, Toast, use_rounds},
    text::{filled, t, t_with, tr},
};
use chips::{Chip, ChipLine};
use domain::{Id, Value, records::FollowUp};
use drafts::Drafts;
use leptos::{ev, prelude::*, task::spawn_local};
use nearest::nearest_account;
use next_step::{Around, NextStep, Promise, When, completed};
use serde_json::json;
use tools::{Tool, ToolField, Tools};

/// The sheet, over whatever page is open.
#[component]
pub fn LogSheet(account: Option<Id>, on_close: Callback<()>) -> impl IntoView {
    view! {
        <Sheet kind="log" label=Signal::derive(t("log.title")) on_close focus="log-text">
            <LogForm account on_close/>
        </Sheet>
    }
}

#[component]
fn LogForm(account: Option<Id>, on_close: Callback<()>) -> impl IntoView {
    let rounds = use_rounds();
    let Some(log) = Log::new(rounds, account) else { return ().into_any() };
    provide_context(log.form);
    let picking = RwSignal::new(false);
    let tool = RwSignal::new(None::<Tool>);
    let failed = RwSignal::new(None::<String>);
    let save = move || {
        let Some(account) = log.account() else {
            return picking.set(true);
        };
        if let Some(wrong) = untrack(|| log.form.first_problem()) {
            wrong.tried.set(true);
            return tool.set(Tool::of(wrong));
        }
        let draft = untrack(|| log.draft(account));
        spawn_local(async move {
            match rounds.save(draft).await {
                Ok(saved) => {
                    log.done();
                    rounds.note_opened(account);
                    let lang = rounds.lang().get_untracked();
                    let text = filled(&tr(lang, "log.saved"), &[("account", &rounds.title(account))]);
                    rounds.toast(Toast { text, undo: Some(saved.undo), error: false });
                    on_close.run(());
                }
                Err(error) => failed.set(Some(rounds.store_error(&error))),
            }
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let quick = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            save();
        }
    };
    view! {
        <form class="sheet-form" novalidate on:submit=submit on:keydown=quick>
            <header class="sheet-head">
                <AccountButton log picking/>
                <Show when=move || log.continued.get()>
                    <button class="icon-button" type="button" aria-label=t("log.start_over") title=t("log.start_over") on:click=move |_| log.start_over()>{icon("trash")}</button>
                </Show>
                <button class="icon-button" type="button" aria-label=t("log.close") title=t("log.close") on:click=move |_| on_close.run(())>{icon("close")}</button>
            </header>
            <div class="sheet-body">
                {move || failed.get().map(|said| view! { <p class="field-error" role="alert">{small_icon("warning")}<span>{said}</span></p> })}
                <Show when=move || picking.get() fallback=move || view! { <Body log tool/> }>
                    <AccountPicker log picking/>
                </Show>
            </div>
            <footer class="sheet-foot">
                <Tools form=log.form open=tool/>
                <button class="button primary" type="submit">{t("log.save")}</button>
            </footer>
        </form>
    }
    .into_any()
}

/// Everything below the account, in the order of the work.
#[component]
fn Body(log: Log, tool: RwSignal<Option<Tool>>) -> impl IntoView {
    let step = log.step;
    let next_chips = Signal::derive(move || {
        let lang = log.rounds.lang().get();
        let chip = |(id, label): (&str, String)| Chip { id: id.to_owned(), label, icon: None };
        let words = [
            ("tomorrow", tr(lang, "log.tomorrow")),
            ("in_three_days", tr(lang, "log.in_three_days")),
            ("next_week", tr(lang, "log.next_week")),
            ("on", tr(lang, "log.pick")),
            ("never", tr(lang, "log.never")),
        ];
        words.into_iter().map(chip).collect()
    });
    let pick_when = Callback::new(move |id: String| step.update(|step| step.when = log.chosen_when(&id, &step.when)));
    let type_purpose = move |event| {
        let purpose = event_target_value(&event);
        step.update(|step| {
            // What is agreed without a day is forgotten: a week is offered, in sight and changed by one tap.
            if step.purpose.is_empty() && step.when == When::Never {
                step.when = When::NextWeek;
            }
            step.purpose = purpose;
        });
    };
    view! {
        <PromiseLine log/>
        {log.choice_line("channel", None)}
        {log.field("text").map(|input| view! { <TextArea input/> })}
        <div class="log-part">
            <span class="log-label" id="log-outcome">{t("log.outcome")}</span>
            {log.choice_line("outcome", Some("log-outcome"))}
        </div>
        <div class="log-part">
            <span class="log-label" id="log-next">{t("log.next")}</span>
            <ChipLine name="log-next" labelled_by="log-next" chips=next_chips chosen=Signal::derive(move || step.with(|step| id_of(&step.when).to_owned())) on_pick=pick_when/>
        </div>
        <Show when=move || step.with(|step| matches!(step.when, When::On(_)))><PickDay step/></Show>
        <div class="log-part">
            <label class="log-label" for="log-for">{t("log.for")}</label>
            <input
                class="input log-for"
                id="log-for"
                autocomplete="off"
                maxlength="200"
                placeholder=t("log.for_hint")
                prop:value=move || step.with(|step| step.purpose.clone())
                on:input=type_purpose
            />
        </div>
        <ToolField form=log.form open=tool/>
    }
}

#[component]
fn AccountButton(log: Log, picking: RwSignal<bool>) -> impl IntoView {
    let name = move || match log.account_now() {
        Some(account) => log.rounds.title(account),
        None => t_with("log.choose_account", &[]),
    };
    view! {
        <button class="log-account" type="button" aria-haspopup="listbox" aria-expanded=move || picking.get().to_string() on:click=move |_| picking.update(|open| *open = !*open)>
            <span>{name}</span>
            {small_icon("chevron-down")}
        </button>
    }
}

/// Search for the account, in place of the log's body until one is chosen.
#[component]
fn AccountPicker(log: Log, picking: RwSignal<bool>) -> impl IntoView {
    let Some(input) = log.field("account") else { return ().into_any() };
    Effect::new(move |before: Option<Value>| {
        let chosen = input.value.get();
        if before.is_some_and(|before| before != chosen) && !chosen.is_null() {
            picking.set(false);
            request_animation_frame(|| {
                dom::focus("#log-text");
            });
        }
        chosen
    });
    request_animation_frame(move || {
        dom::focus(&format!("#{}", input.id()));
    });
    view! { <div class="form"><FieldView input/></div> }.into_any()
}

#[component]
fn PromiseLine(log: Log) -> impl IntoView {
    let today = move || log.rounds.zone().day(log.rounds.now().get());
    let kept = move |promise: &Promise| log.step.with(|step| step.keeps_promise).unwrap_or_else(|| promise.is_kept_by_default(today()));
    move || {
        let promise = log.promise.get()?;
        let words = promise.words();
        Some(match &promise {
            Promise::Open(row) => {
                let when = row.text("due");
                let said = if when.is_empty() { t_with("log.promised", &[("what", &words)]) } else { t_with("log.promised_for", &[("when", &format::relative_due(when)), ("what", &words)]) };
                let toggle = move |event| log.step.update(|step| step.keeps_promise = Some(event_target_checked(&event)));
                view! {
                    <label class="switch-line">
                        <span class="log-promise">{said}<span class="sr">{t("log.keeps_promise")}</span></span>
                        <input class="switch" type="checkbox" role="switch" title=t("log.keeps_promise") prop:checked=move || kept(&promise) on:change=toggle/>
                    </label>
                }
                .into_any()
            }
            Promise::Last(row) => {
                let when = FollowUp(row).done_at().map(format::relative_day).unwrap_or_default();
                let channel = show::field("follow_up", row, "channel");
                view! { <p class="log-promise">{t_with("log.last", &[("when", &when), ("channel", &channel), ("what", &words)])}</p> }.into_any()
            }
        })
    }
}

#[component]
fn TextArea(input: Input) -> impl IntoView {
    let rows = move || input.text().split('\n').count().clamp(2, 12).to_string();
    view! {
        <textarea
            class="log-text"
            id="log-text"
            rows=rows
            aria-label=input.label()
            placeholder=t("log.text_hint")
            aria-invalid=move || input.invalid()
            prop:value=move || input.text()
            on:input=move |event| input.set_text(event_target_value(&event))
        ></textarea>
    }
}

/// A day, and a time where one was agreed.
#[component]
fn PickDay(step: RwSignal<NextStep>) -> impl IntoView {
    let due = move || step.with(|step| if let When::On(due) = &step.when { due.clone() } else { String::new() });
    let time = move || format::clock(&due()).to_owned();
    let set = move |day: String, time: String| step.update(|step| step.when = When::On(if day.is_empty() || time.is_empty() { day } else { format!("{day}T{time}") }));
    let day = move || due().get(..10).unwrap_or_default().to_owned();
    view! {
        <div class="log-part">
            <label class="log-label" for="log-day">{t("log.day")}</label>
            <div class="joined">
                <input class="input" type="date" id="log-day" prop:value=day on:change=move |event| set(event_target_value(&event), untrack(time))/>
                <input class="input" type="time" data-part="small" aria-label=t("widget.time_optional") prop:value=time on:change=move |event| set(untrack(day), event_target_value(&event))/>
            </div>
        </div>
    }
}

/// The log being written; copy handle.
#[derive(Clone, Copy)]
struct Log {
    rounds: Rounds,
    form: FormInputs,
    step: RwSignal<NextStep>,
    promise: Memo<Option<Promise>>,
    keeper: Keeper,
    /// Half-typed logs of other accounts.
    others: StoredValue<Drafts>,
    /// The next follow-up's id, made once so that saving twice makes one.
    next: Id,
    continued: RwSignal<bool>,
}

impl Log {
    /// Starts with the account given, the one begun last, the nearest, or the one opened last. `None` without the kind.
    fn new(rounds: Rounds, account: Option<Id>) -> Option<Log> {
        let spec = rounds.schema().kind(FollowUp::KIND)?;
        let recent = || rounds.recents().get_untracked().into_iter().find(|id| rounds.row(*id).with_untracked(|row| row.as_ref().is_some_and(|row| row.kind == "account")));
        let first = account.or_else(recent);
        let initial = [("account".to_owned(), first.map_or(Value::Null, |id| json!(id))), ("channel".to_owned(), json!("visit"))];
        let form = FormInputs::of(rounds, spec, rounds.new_id(), None, &initial, RwSignal::new(false));
        let step = RwSignal::new(NextStep::default());
        let others = StoredValue::new(Drafts::default());
        let account_now = move || account_of(form);
        let promise = Memo::new(move |_| Promise::of(&rounds.referring(FollowUp::KIND, "account", account_now()?).get()));
        let typed = Signal::derive(move || {
            let touched = form.is_touched() || step.with(|step| *step != NextStep::default());
            let current = touched.then(|| json!({ "form": form.kept(), "step": step.get() }));
            others.with_value(|others| others.with(account_now(), current))
        });
        let log = Log { rounds, form, step, promise, keeper: Keeper::new(rounds, "log".to_owned(), typed), others, next: rounds.new_id(), continued: RwSignal::new(false) };
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

    fn field(self, name: &str) -> Option<Input> {
        self.form.named(name)
    }

    fn account_now(self) -> Option<Id> {
        account_of(self.form)
    }

    fn account(self) -> Option<Id> {
        untrack(|| account_of(self.form))
    }

    /// Takes up a log begun earlier, unless something is typed already.
    fn go_on(self, account: Id, draft: &Value) {
        self.fill_account(account);
        let step = draft.get("step").and_then(|step| serde_json::from_value(step.clone()).ok());
        if let Some(step) = step.filter(|_| self.step.try_with_untracked(|step| *step == NextStep::default()) == Some(true)) {
            self.step.set(step);
        }
        if let Some(form) = draft.get("form") {
            self.form.take_up(form);
        }
        self.continued.try_set(true);
    }

    /// Takes an account that the user did not choose, unless he has begun already.
    fn fill_account(self, account: Id) {
        let Some(input) = self.form.try_named("account").filter(|input| !untrack(|| input.is_touched())) else { return };
        let begun = self.field("text").is_some_and(|text| untrack(|| text.is_touched()));
        if !begun && !account.is_nil() {
            input.start.set_value(json!(account));
            input.value.set(json!(account));
        }
    }

    /// The whole action.
    fn draft(self, account: Id) -> crate::state::Draft {
        let (now, zone) = (self.rounds.clock_ms(), self.rounds.zone());
        let at = self.field("done_at").and_then(|input| input.value.get().as_i64()).unwrap_or(now);
        let around = Around { log: self.form.record, next: self.next, account, me: self.rounds.me(), at, today: zone.day(now) };
        completed(self.form.draft(self.rounds), &self.step.get(), self.promise.get().as_ref(), &around)
    }

    /// It is saved: what was kept of it is forgotten, those of other accounts stay.
    fn done(self) {
        self.keeper.finish();
        if let Some(rest) = self.others.try_with_value(|others| others.with(None, None)).flatten() {
            self.rounds.keep_draft("log", Some(rest));
        }
    }

    fn start_over(self) {
        self.form.reset();
        self.step.set(NextStep::default());
        self.continued.set(false);
    }

    /// What pressing a chip makes of the time of the next follow-up.
    fn chosen_when(self, id: &str, before: &When) -> When {
        let today = self.rounds.zone().day(self.rounds.clock_ms());
        match id {
            "tomorrow" => When::Tomorrow,
            "in_three_days" => When::InThreeDays,
            "next_week" => When::NextWeek,
            "on" => When::On(before.due(today).unwrap_or_else(|| today.plus(1).to_string())),
            _ => When::Never,
        }
    }

    /// The chips of a choice field; the outcome chosen again is no longer chosen.
    fn choice_line(self, field: &'static str, labelled_by: Option<&'static str>) -> Option<AnyView> {
        let input = self.field(field)?;
        let clearable = labelled_by.is_some();
        let chips = Signal::derive(move || {
            let chip = |(id, label): (String, String)| Chip { icon: (field == "channel").then(|| channel_icon(&id)), id, label };
            show::options(FollowUp::KIND, field).into_iter().map(chip).collect()
        });
        let chosen = Signal::derive(move || input.text());
        let on_pick = Callback::new(move |id: String| {
            let again = clearable && chosen.get_untracked() == id;
            input.set_text(if again { String::new() } else { id });
        });
        Some(match labelled_by {
            Some(labelled_by) => view! { <ChipLine name=field labelled_by chips chosen on_pick/> }.into_any(),
            None => view! { <ChipLine name=field label=Signal::derive(input.label()) chips chosen on_pick/> }.into_any(),
        })
    }
}

fn account_of(form: FormInputs) -> Option<Id> {
    form.named("account")?.value.with(|value| value.as_str().and_then(|id| Id::try_parse(id).ok()))
}

fn id_of(when: &When) -> &'static str {
    match when {
        When::Never => "never",
        When::Tomorrow => "tomorrow",
        When::InThreeDays => "in_three_days",
        When::NextWeek => "next_week",
        When::On(_) => "on",
    }
}
