use crate::{
    format,
    my_day::{called, reminders},
    paths,
    reminders::{Reminder, Told, due, is_missed, outdated, until_next},
    state::{Draft, Rounds, Toast, notify, use_rounds},
    text::{t_with, trn},
};
use domain::{records, time::MINUTE_MS};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// More than so many that were missed are told at once.
const ONE_BY_ONE: usize = 2;

const TODAY: &str = "/";

/// What is said of a reminder.
struct Said {
    about: Reminder,
    name: String,
    text: String,
    /// Where the record is; Today, if it is not here any more.
    address: String,
}

/// Tells of reminders when their time has come, wherever in the app somebody is. Draws nothing.
#[component]
pub fn Reminding() -> impl IntoView {
    let rounds = use_rounds();
    let (woken, timer) = (Trigger::new(), StoredValue::new(None::<TimeoutHandle>));
    // What this tab has dealt with, also where the browser remembers nothing.
    let seen = StoredValue::new(Told::default());
    let stop = move || timer.try_update_value(Option::take).flatten().iter().for_each(TimeoutHandle::clear);
    Effect::new(move || {
        woken.track();
        // What is further ahead than a minute is looked for again by then.
        rounds.now().track();
        let (all, now, zone) = (reminders(), rounds.now_ms(), rounds.zone());
        stop();
        if let Some(left) = until_next(&all, now).filter(|left| *left <= MINUTE_MS) {
            let wake = move || woken.notify();
            timer.set_value(set_timeout_with_handle(wake, Duration::from_millis(left.unsigned_abs())).ok());
        }
        let today = zone.day(now);
        let new = seen.try_update_value(|seen| {
            *seen = Told::read(&seen.text(), today);
            seen.take(due(&all, now, &zone))
        });
        let said: Vec<Said> = untrack(|| new.into_iter().flatten().map(|one| words(rounds, one, now)).collect());
        if !said.is_empty() {
            spawn_local(tell(rounds, said, now));
        }
        tidy(rounds, outdated(&all, now, &zone));
    });
    // A phone that slept, or a tab that stood behind others, did not count the time.
    let back = window_event_listener_untyped("visibilitychange", move |_| woken.notify());
    on_cleanup(move || {
        back.remove();
        stop();
    });
}

fn words(rounds: Rounds, about: Reminder, now_ms: i64) -> Said {
    let row = rounds.look_up(about.record);
    let name = called(about.record).unwrap_or_else(|| about.name.clone());
    let key = if is_missed(&about, now_ms) { "remind.missed" } else { "remind.now" };
    let text = t_with(key, &[("name", &name), ("time", &format::time(about.at))]);
    Said { address: row.map_or_else(|| TODAY.to_owned(), |row| paths::record(&row.kind, row.id)), about, name, text }
}

/// Says those that no other tab has said: those of now one by one, and many that were missed together.
async fn tell(rounds: Rounds, said: Vec<Said>, now_ms: i64) {
    let today = rounds.zone().day(now_ms);
    let untold = rounds.take_untold(said.iter().map(|said| said.about.clone()).collect(), today).await;
    let said = said.into_iter().filter(|said| untold.contains(&said.about));
    let (missed, now): (Vec<Said>, Vec<Said>) = said.partition(|said| is_missed(&said.about, now_ms));
    if missed.len() > ONE_BY_ONE {
        let lang = rounds.lang().get_untracked();
        let names: Vec<&str> = missed.iter().map(|said| said.name.as_str()).collect();
        let text = format!("{} {}", trn(lang, "remind.missed_many", missed.len() as u64), names.join(" · "));
        leading(rounds, TODAY.to_owned(), text);
    } else {
        missed.into_iter().for_each(|said| leading(rounds, said.address, said.text));
    }
    for Said { about, name, text, address } in now {
        leading(rounds, address.clone(), text.clone());
        notify(&name, &text, &about.id.to_string(), &address).await;
    }
}

/// Says it where the user is in the app, until he has dealt with it.
fn leading(rounds: Rounds, address: String, text: String) {
    rounds.toast(Toast { open: Some(address), ..Toast::said(text) });
}

/// Deletes those of days that are over, without a word: what cannot be saved now is found again tomorrow.
fn tidy(rounds: Rounds, over: Vec<domain::Id>) {
    let kind = records::Reminder::KIND;
    let draft = over.into_iter().fold(Draft::new(), |draft, id| draft.delete(kind, id));
    if !draft.is_empty() {
        spawn_local(async move {
            let _ = rounds.save(draft).await;
        });
    }
}
