//! The member's notices: which are unread, and how each is shown and answered.

use super::{conflict::Conflict, flow::memo};
use crate::{
    format,
    icons::icon,
    paths, show,
    state::{Draft, Rounds, use_rounds},
    text::{t, t_with},
};
use domain::{Id, Row, Value, records::Notice, sorting::SharedSort};
use leptos::prelude::*;
use serde_json::json;
use std::{cmp::Reverse, sync::Arc};

type Rows = Vec<Arc<Row>>;

/// The signed-in member's notices that are not read, the latest first.
pub fn unread(rounds: Rounds) -> Memo<Rows> {
    let notices = all(rounds);
    Memo::new_with_compare(move |_| notices.read().iter().filter(|row| !is_read(row)).cloned().collect(), |_, _| true)
}

/// How many of the signed-in member's notices are not read. Nothing of them is parsed for it: there may be thousands.
pub fn unread_count(rounds: Rounds) -> Memo<u64> {
    let rows = rounds.rows(Notice::KIND);
    memo(move || rows.read().iter().filter(|row| is_to(row, rounds.me()) && !is_read(row)).count() as u64)
}

/// Every notice of the signed-in member, the latest first.
pub fn all(rounds: Rounds) -> Memo<Rows> {
    let rows = rounds.rows(Notice::KIND);
    Memo::new_with_compare(move |_| in_order(&rows.read(), rounds.me()), |_, _| true)
}

/// One notice, whatever its reason.
#[component]
pub fn NoticeCard(notice: Arc<Row>) -> impl IntoView {
    let rounds = use_rounds();
    let kind = notice.text("record_kind").to_owned();
    let record = Id::try_parse(notice.text("record")).unwrap_or_default();
    let field = notice.text("field").to_owned();
    let at = notice.created.as_ref().map_or(0, |created| created.first.ms);
    let name = {
        let (kind, title) = (kind.clone(), notice.text("title").to_owned());
        move || {
            let name = rounds.row(record).with(|row| row.as_ref().map(|row| show::name(row))).filter(|name| !name.is_empty());
            // What a colleague has now is not here any more.
            let title = || Some(title.clone()).filter(|title| !title.is_empty());
            let name = name.or_else(title).unwrap_or_else(|| show::kind_label(&kind));
            if field.is_empty() { name } else { format!("{name} · {}", show::field_label(&kind, &field)) }
        }
    };
    let body = match notice.text("reason") {
        "conflict" => view! { <Conflict notice=notice.clone()/> }.into_any(),
        _ => view! { <Told notice=notice.clone() record kind=kind.clone()/> }.into_any(),
    };
    view! {
        <article class="matter">
            <header class="matter-head">
                <strong><a href=paths::record(&kind, record)>{name}</a></strong>
                <span class="quiet">{move || format::moment(at)}</span>
            </header>
            {body}
        </article>
    }
}

/// A notice that tells what happened; what can be done about it stands below.
#[component]
fn Told(notice: Arc<Row>, record: Id, kind: String) -> impl IntoView {
    let rounds = use_rounds();
    let id = notice.id;
    let (by, has) = (notice.reference("kept_by"), notice.reference("kept"));
    let reason = notice.text("reason").to_owned();
    let kept = notice.text("kept").to_owned();
    let said = move || match reason.as_str() {
        "revived" => t_with("notice.revived", &[("who", &by.map(|id| rounds.title(id)).unwrap_or_default())]),
        "rescheduled" => t_with("notice.rescheduled", &[]),
        "parked" => t_with("notice.parked", &[]),
        "collision" => {
            let who = by.map(|id| rounds.title(id)).filter(|who| !who.is_empty());
            let who = who.unwrap_or_else(|| t_with("widget.none", &[]));
            t_with("notice.collision", &[("name", &kept), ("who", &who)])
        }
        "incomplete" => t_with("notice.incomplete", &[]),
        "claimed" => t_with("notice.claimed", &[("who", &has.map(|id| rounds.title(id)).unwrap_or_default())]),
        "quarantined" => t_with("notice.quarantined", &[]),
        "taken_up" => t_with("notice.taken_up", &[("who", &by.map(|id| rounds.title(id)).unwrap_or_default())]),
        "dismissed" => t_with("notice.dismissed", &[("who", &by.map(|id| rounds.title(id)).unwrap_or_default())]),
        // A reason that a newer server gave.
        other => other.to_owned(),
    };
    let delete = (notice.text("reason") == "revived").then(|| {
        let delete =
            move |_| rounds.save_with_toast(Draft::new().delete(&kind, record).and(read(id)), untrack(t("notice.deleted")));
        view! { <button class="button danger" type="button" on:click=delete>{icon("trash")}{t("notice.delete_again")}</button> }
    });
    let decide =
        waits_for_decision(&notice).then(|| view! { <a class="button primary" href="/decisions">{t("notice.decide")}</a> });
    let read = move |_| rounds.save_with_toast(read(id), untrack(t("notice.was_read")));
    let unread = !is_read(&notice);
    let any = unread || decide.is_some();
    let tell = unread.then(|| view! { <button class="button" type="button" on:click=read>{t("notice.read")}</button>{delete} });
    view! {
        <p>{said}</p>
        {any.then(|| view! { <div class="matter-tools">{decide}{tell}</div> })}
    }
}

/// Whether the recipient was told of something that waits for a decision.
pub fn waits_for_decision(notice: &Row) -> bool {
    matches!(notice.text("reason"), "parked" | "quarantined" | "collision")
}

/// The action that marks a notice as read.
pub fn read(notice: Id) -> Draft {
    Draft::new().put(Notice::KIND, notice, "read", json!(true))
}

pub fn is_read(notice: &Row) -> bool {
    notice.glance("read").as_deref() == Some(&Value::Bool(true))
}

fn is_to(notice: &Row, me: Id) -> bool {
    notice.reference("recipient") == Some(me)
}

fn in_order(rows: &[Arc<Row>], me: Id) -> Rows {
    let made = |row: &Arc<Row>| (row.creation().map(|created| created.first), row.id);
    let mut found: Vec<_> = rows.iter().filter(|row| is_to(row, me)).map(|row| (made(row), row.clone())).collect();
    found.shared_sort_by_key(|(made, _)| Reverse(*made));
    found.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Clock, Value,
        row::{Cell, Created},
    };

    fn notice(id: u128, at: i64, cells: &[(&str, Value)]) -> Arc<Row> {
        let clock = Clock { ms: at, counter: 0, device: Id::nil() };
        let mut row = Row::new(Notice::KIND, Id::from_u128(id));
        row.created = Some(Created { first: clock, by: Id::nil(), last: clock });
        for (field, value) in cells {
            row.cells.insert((*field).into(), Cell { value: value.clone(), clock, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    #[test]
    fn only_ones_own_are_shown_the_latest_first() {
        let (me, other) = (Id::from_u128(7), Id::from_u128(8));
        let rows = [
            notice(1, 10, &[("recipient", json!(me))]),
            notice(2, 20, &[("recipient", json!(me)), ("read", json!(true))]),
            notice(3, 30, &[("recipient", json!(other))]),
        ];
        let found = in_order(&rows, me);
        assert_eq!(found.iter().map(|row| (row.id.as_u128(), is_read(row))).collect::<Vec<_>>(), [(2, true), (1, false)]);
    }
}
