//! Everything below the account, in the order of the work.

use super::{
    chips::{Chip, ChipLine},
    log::Log,
    next_step::{NextStep, Promise, When},
    tools::{Tool, ToolField},
};
use crate::components::flow::Show;
use crate::{
    agenda,
    components::{files::Taken, widgets::Input},
    format,
    icons::channel_icon,
    show,
    text::{t, t_with, tr},
};
use domain::records::FollowUp;
use leptos::prelude::*;

#[component]
pub fn Body(log: Log, tool: RwSignal<Option<Tool>>) -> impl IntoView {
    let step = log.step;
    let next_chips = Signal::derive(move || {
        let lang = log.rounds.lang().get();
        let chip = |(id, label): (&str, String)| Chip { id: id.to_owned(), label, icon: None };
        let words = [
            ("tomorrow", tr(lang, "log.tomorrow")),
            ("in_three_days", tr(lang, "log.in_three_days")),
            ("next_week", tr(lang, "log.next_week")),
            ("on", tr(lang, "log.pick")),
        ];
        words.into_iter().map(chip).collect()
    });
    let pick_when = Callback::new(move |id: String| step.update(|step| step.when = chosen_when(log, &id, &step.when)));
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
        {choice_line(log, "channel", None)}
        {log.field("text").map(|input| view! { <TextArea input/> })}
        <div class="log-part">
            <span class="log-label" id="log-outcome">{t("log.outcome")}</span>
            {choice_line(log, "outcome", Some("log-outcome"))}
        </div>
        <div class="log-part">
            <span class="log-label" id="log-next">{t("log.next")}</span>
            <ChipLine
                name="log-next"
                labelled_by="log-next"
                chips=next_chips
                chosen=Signal::derive(move || step.with(|step| id_of(&step.when).to_owned()))
                on_pick=pick_when
            />
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
        <Taken files=log.photos/>
    }
}

#[component]
fn PromiseLine(log: Log) -> impl IntoView {
    let today = move || log.rounds.zone().day(log.rounds.now().get());
    let kept =
        move |promise: &Promise| log.step.with(|step| step.keeps_promise).unwrap_or_else(|| promise.is_kept_by_default(today()));
    move || {
        let promise = log.promise.get()?;
        let words = promise.words();
        Some(match &promise {
            Promise::Open(row) => {
                let when = row.text("due");
                let said = if when.is_empty() {
                    t_with("log.promised", &[("what", &words)])
                } else {
                    t_with("log.promised_for", &[("when", &day_and_time(when)), ("what", &words)])
                };
                let toggle = move |event| log.step.update(|step| step.keeps_promise = Some(event_target_checked(&event)));
                view! {
                    <label class="switch-line">
                        <span class="log-promise">{said}</span>
                        <span class="log-kept">{t("log.kept")}</span>
                        <input
                            class="switch"
                            type="checkbox"
                            role="switch"
                            prop:checked=move || kept(&promise)
                            on:change=toggle
                        />
                    </label>
                }
                .into_any()
            }
            Promise::Last(row) => {
                let when = agenda::done_at(row).map(format::relative_day).unwrap_or_default();
                let channel = show::field("follow_up", row, "channel");
                view! { <p class="log-promise">{t_with("log.last", &[("when", &when), ("channel", &channel), ("what", &words)])}</p> }.into_any()
            }
        })
    }
}

fn day_and_time(due: &str) -> String {
    format!("{} {}", format::day(due), format::clock(due)).trim_end().to_owned()
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
    let set = move |day: String, time: String| {
        step.update(|step| step.when = When::On(if day.is_empty() || time.is_empty() { day } else { format!("{day}T{time}") }))
    };
    let day = move || due().get(..10).unwrap_or_default().to_owned();
    view! {
        <div class="log-part">
            <label class="log-label" for="log-day">{t("log.day")}</label>
            <div class="joined">
                <input
                    class="input"
                    type="date"
                    id="log-day"
                    prop:value=day
                    on:change=move |event| set(event_target_value(&event), untrack(time))
                />
                <input
                    class="input"
                    type="time"
                    data-part="small"
                    aria-label=t("widget.time_optional")
                    prop:value=time
                    on:change=move |event| set(untrack(day), event_target_value(&event))
                />
            </div>
        </div>
    }
}

/// The chips of a choice field; the outcome pressed again is no longer chosen.
fn choice_line(log: Log, field: &'static str, labelled_by: Option<&'static str>) -> Option<AnyView> {
    let input = log.field(field)?;
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

/// What pressing a chip makes of the time of the next follow-up; the one pressed again is no longer chosen.
fn chosen_when(log: Log, id: &str, before: &When) -> When {
    let today = log.rounds.zone().day(log.rounds.clock_ms());
    match id {
        _ if id == id_of(before) => When::Never,
        "tomorrow" => When::Tomorrow,
        "in_three_days" => When::InThreeDays,
        "next_week" => When::NextWeek,
        "on" => When::On(before.due(today).unwrap_or_else(|| today.plus(1).to_string())),
        _ => When::Never,
    }
}

fn id_of(when: &When) -> &'static str {
    match when {
        When::Never => "",
        When::Tomorrow => "tomorrow",
        When::InThreeDays => "in_three_days",
        When::NextWeek => "next_week",
        When::On(_) => "on",
    }
}
