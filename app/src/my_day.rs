//! The question by which somebody plans his day, and when he wants to be reminded of what it finds: his alone, on all his devices.

use crate::{
    queries::Named,
    reminders::{self, Reminder},
    show,
    state::{Draft, Rounds, Toast, use_rounds},
    text::{t, t_with},
};
use domain::{
    Id, ids,
    records::{MyDay, Reminder as ReminderRow},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// Whether Today has anything to say of it; reactive.
pub fn is_planned() -> bool {
    chosen().is_some() || !use_rounds().rows(ReminderRow::KIND).read().is_empty()
}

/// The key of the question that is chosen; reactive.
pub fn chosen() -> Option<String> {
    let rows = use_rounds().rows(MyDay::KIND).get();
    rows.iter().map(|row| row.text("query")).find(|key| !key.is_empty()).map(str::to_owned)
}

/// Plans the day by a question.
pub fn choose(question: &Named) {
    let said = untrack(|| t_with("my_day.chosen", &[("name", &question.title)]));
    put(use_rounds(), json!(question.key), said);
}

/// Plans it by none.
pub fn stop() {
    put(use_rounds(), Value::Null, untrack(t("my_day.stopped")));
}

/// There is one record of a member for good: undoing brings the last question back and deletes nothing.
fn put(rounds: Rounds, question: Value, said: String) {
    let (kind, id) = (MyDay::KIND, ids::derived(rounds.me(), MyDay::KIND));
    let is_new = untrack(|| rounds.look_up(id)).is_none();
    spawn_local(async move {
        let made = match is_new {
            true => rounds.save(Draft::new().create(kind, id).put(kind, id, "member", json!(rounds.me()))).await.map(drop),
            false => Ok(()),
        };
        match made {
            Ok(()) => rounds.save_with_toast(Draft::new().put(kind, id, "query", question), said),
            Err(error) => rounds.toast(Toast::wrong(rounds.store_error(&error))),
        }
    });
}

/// All that are set, of whatever day; of a merged account they are its survivor's. Reactive.
pub fn reminders() -> Vec<Reminder> {
    let rounds = use_rounds();
    let rows = rounds.rows(ReminderRow::KIND).get();
    let read = rows.iter().filter_map(|row| Reminder::of(row));
    read.map(|one| Reminder { record: rounds.survivor(one.record), ..one }).collect()
}

/// What a record is called in the day's list: as its account, else by its own name; reactive.
pub fn called(record: Id) -> Option<String> {
    let rounds = use_rounds();
    let row = rounds.look_up(record)?;
    let account = row.reference("account").map(|id| rounds.title(id)).filter(|title| !title.is_empty());
    Some(account.unwrap_or_else(|| show::name(&row)))
}

/// Sets the reminder of a record, or moves the one that there is.
pub fn remind(record: Id, set: Option<&Reminder>, at: i64, said: String) {
    let rounds = use_rounds();
    let (kind, me) = (ReminderRow::KIND, rounds.me());
    let id = set.map_or_else(|| reminders::id_of(me, record, rounds.zone().day(at)), |set| set.id);
    // A record's name may be longer than what is kept of it here.
    let name: String = untrack(|| called(record)).unwrap_or_default().chars().take(200).collect();
    let draft = match set {
        Some(_) => Draft::new(),
        None => {
            let draft = Draft::new().create(kind, id).put(kind, id, "member", json!(me));
            draft.put(kind, id, "record", json!(record)).put(kind, id, "name", json!(name))
        }
    };
    rounds.save_with_toast(draft.put(kind, id, "at", json!(at)), said);
}

/// Turns a reminder off.
pub fn forget(set: &Reminder) {
    let said = untrack(|| t_with("remind.off_said", &[("name", &called(set.record).unwrap_or_else(|| set.name.clone()))]));
    use_rounds().save_with_toast(Draft::new().delete(ReminderRow::KIND, set.id), said);
}
