//! What a tap does to a record: one op, shown at once, with the way back in a toast.

use crate::{
    agenda, format, merging, show,
    state::{Draft, use_rounds},
    text::t_with,
};
use domain::{Id, KindSpec, Row, Value, time::Day};
use leptos::prelude::untrack;

/// Marks a follow-up as done now.
pub fn complete(follow_up: &Row) {
    let rounds = use_rounds();
    let draft = Draft::new().put("follow_up", follow_up.id, "done_at", rounds.clock_ms().into());
    // Whoever does what nobody was to do has done it.
    let draft = match follow_up.reference("assigned_to") {
        None => draft.put("follow_up", follow_up.id, "assigned_to", rounds.me().to_string().into()),
        Some(_) => draft,
    };
    rounds.save_with_toast(draft, untrack(|| t_with("toast.done", &[("what", &subject(follow_up))])));
}

/// Opens a follow-up again.
pub fn reopen(follow_up: &Row) {
    let draft = Draft::new().put("follow_up", follow_up.id, "done_at", Value::Null);
    use_rounds().save_with_toast(draft, untrack(|| t_with("toast.reopened", &[("what", &subject(follow_up))])));
}

/// Moves a follow-up to another day; its time of day stays.
pub fn reschedule(follow_up: &Row, to: Day) {
    let due = agenda::moved(follow_up.text("due"), to);
    let said = untrack(|| t_with("toast.moved", &[("what", &subject(follow_up)), ("when", &format::relative_due(&due))]));
    use_rounds().save_with_toast(Draft::new().put("follow_up", follow_up.id, "due", due.into()), said);
}

/// Deletes a record; the toast brings it back.
pub fn delete(row: &Row) {
    let said = untrack(|| t_with("toast.deleted", &[("what", &show::name(row))]));
    use_rounds().save_with_toast(Draft::new().delete(&row.kind, row.id), said);
}

/// Takes an account out of the pool.
pub fn claim(account: &Row) {
    let said = untrack(|| t_with("toast.claimed", &[("what", &show::name(account))]));
    use_rounds().save_with_toast(Draft::new().claim(&account.kind, account.id, "owner"), said);
}

/// Gives an account back to the pool, where a colleague may claim it.
pub fn release(account: &Row) {
    let said = untrack(|| t_with("toast.released", &[("what", &show::name(account))]));
    use_rounds().save_with_toast(Draft::new().put(&account.kind, account.id, "owner", Value::Null), said);
}

/// Merges one account into another; the toast takes it back.
pub fn merge(from: Id, into: Id) {
    between(from, into, merging::merge, "toast.merged");
}

/// Makes a merged account one of its own again.
pub fn unmerge(account: Id) {
    if let Some(into) = untrack(|| use_rounds().look_up(account)).and_then(|row| domain::merging::target(&row)) {
        between(account, into, merging::undo, "toast.unmerged");
    }
}

fn between(from: Id, into: Id, draft: fn(&KindSpec, &Row, &Row) -> Draft, said: &str) {
    let rounds = use_rounds();
    let rows = untrack(|| rounds.look_up(from).zip(rounds.look_up(into)));
    if let (Some((from, into)), Some(kind)) = (rows, rounds.schema().kind("account")) {
        let said = untrack(|| t_with(said, &[("from", &show::name(&from)), ("into", &show::name(&into))]));
        rounds.save_with_toast(draft(kind, &from, &into), said);
    }
}

/// What a follow-up is about: its account, else its purpose.
pub fn subject(follow_up: &Row) -> String {
    let account = follow_up.reference("account").map(|id| use_rounds().title(id)).filter(|title| !title.is_empty());
    account.unwrap_or_else(|| follow_up.text("purpose").to_owned())
}
