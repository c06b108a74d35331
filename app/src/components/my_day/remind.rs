use super::Day;
use crate::{
    components::{
        dialog::Dialog,
        flow::{Show, memo},
    },
    format,
    my_day::{called, forget, remind},
    reminders::{offers, today_at},
    state::{Notifying, Toast, may_notify, use_rounds},
    text::{t, t_with, tn, tr},
};
use domain::Id;
use leptos::{ev, prelude::*, task::spawn_local};

/// Asks, while it is open, when today to remind of a record.
#[component]
pub fn Remind(day: Day) -> impl IntoView {
    view! {
        <Dialog open=day.open id="remind" title=Signal::derive(t("remind.title"))>
            {day.asked.get_untracked().map(|record| view! { <Ask day record /> })}
        </Dialog>
    }
}

/// Drawn anew whenever the dialog opens, so that nothing of the last time stays.
#[component]
fn Ask(day: Day, record: Id) -> impl IntoView {
    let rounds = use_rounds();
    let set = memo(move || day.reminders.read().iter().find(|one| one.record == record).cloned());
    let now = rounds.now_ms();
    let clock = RwSignal::new(set.get_untracked().filter(|one| one.at > now).map(|one| format::time(one.at)).unwrap_or_default());
    let (is_wrong, notifying) = (RwSignal::new(false), RwSignal::new(Notifying::Granted));
    spawn_local(async move {
        notifying.try_set(may_notify(false).await);
    });
    let name = move || called(record).unwrap_or_default();
    let put = move |at: i64| {
        let said = untrack(|| t_with("remind.at_name", &[("name", &name()), ("time", &format::time(at))]));
        remind(record, set.get_untracked().as_ref(), at, said);
        day.open.set(false);
        // Nobody is asked before he wants to be reminded; the tap that sets the first one may ask.
        if notifying.get_untracked() == Notifying::Unasked {
            spawn_local(async move {
                if may_notify(true).await != Notifying::Granted {
                    rounds.toast(Toast::said(tr(rounds.lang().get_untracked(), "remind.blocked")));
                }
            });
        }
    };
    let offer = move |(minutes, at): (i64, i64)| {
        let words = move || match minutes.unsigned_abs() {
            hours if hours >= 60 => tn("remind.in_hours", hours / 60),
            minutes => tn("remind.in_minutes", minutes),
        };
        view! { <button class="chip" type="button" on:click=move |_| put(at)>{words} <span class="count">{format::time(at)}</span></button> }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match today_at(&clock.get_untracked(), rounds.now_ms(), &rounds.zone()) {
            Some(at) => put(at),
            None => is_wrong.set(true),
        }
    };
    let turn_off = move |_| {
        set.get_untracked().iter().for_each(forget);
        day.open.set(false);
    };
    view! {
        <form class="remind" novalidate on:submit=submit>
            <div class="sheet-body">
                <p class="remind-name">{name}</p>
                <div class="chips">{offers(now, &rounds.zone()).into_iter().map(offer).collect::<Vec<_>>()}</div>
                <div class="field" data-stacked="">
                    <label class="field-label" for="remind-at">{t("remind.time")}</label>
                    <div>
                        <input
                            class="input" id="remind-at" type="time" data-part="small" aria-describedby="remind-wrong"
                            aria-invalid=move || is_wrong.get().then_some("true") prop:value=move || clock.get()
                            on:input=move |event| {
                                clock.set(event_target_value(&event));
                                is_wrong.set(false);
                            }
                        />
                        <Show when=move || is_wrong.get()>
                            <p class="field-error" id="remind-wrong" role="alert">{t("remind.past")}</p>
                        </Show>
                    </div>
                </div>
                <p class="quiet">
                    {t("remind.only_open")}
                    <Show when=move || notifying.get() == Notifying::Blocked>" " {t("remind.blocked")}</Show>
                </p>
            </div>
            <footer class="sheet-foot">
                <Show when=move || set.read().is_some()>
                    <button class="button" type="button" on:click=turn_off>{t("remind.off")}</button>
                </Show>
                <button class="button primary" type="submit">{t("remind.title")}</button>
            </footer>
        </form>
    }
}
