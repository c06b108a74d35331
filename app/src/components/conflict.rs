//! Two edits of one field, side by side; the one that was replaced comes back with one tap.

use super::notices::{is_read, read};
use crate::components::flow::memo;
use crate::{
    format,
    icons::small_icon,
    show,
    state::{Draft, Rounds, use_rounds},
    text::{t, t_with},
};
use domain::{Id, Row, Value, records::Notice};
use leptos::prelude::*;
use std::sync::Arc;

/// The two values of a conflict notice.
#[component]
pub fn Conflict(notice: Arc<Row>) -> impl IntoView {
    let rounds = use_rounds();
    let Some(sides) = Sides::of(&notice) else { return ().into_any() };
    let now = Signal::derive({
        let sides = sides.clone();
        move || rounds.row(sides.record).with(|row| row.as_ref().map(|row| row.value(&sides.field)))
    });
    let seen = is_read(&notice);
    let id = notice.id;
    let keep = move |_| rounds.save_with_toast(read(id), untrack(t("notice.kept")));
    let (lost, kept) = (sides.lost.clone(), sides.kept.clone());
    view! {
        <p class="quiet">{t("notice.conflict")}</p>
        <div class="versus">
            <OneSide notice=id sides=sides.clone() side=lost now/>
            <OneSide notice=id sides=sides side=kept now/>
        </div>
        {(!seen).then(|| view! { <div class="matter-tools"><button class="button" type="button" on:click=keep>{t("notice.keep")}</button></div> })}
    }
    .into_any()
}

/// One person's value: the one in force says so, the other can be put in its place.
#[component]
fn OneSide(notice: Id, sides: Sides, side: Side, now: Signal<Option<Value>>) -> impl IntoView {
    let rounds = use_rounds();
    let value = side.value.clone();
    let current = memo(move || now.with(|now| now.as_ref() == Some(&value)));
    let here = memo(move || now.with(Option::is_some));
    let whose = Signal::derive({
        let side = side.clone();
        move || whose(rounds, &side)
    });
    let words = {
        let (kind, field, value) = (sides.kind.clone(), sides.field.clone(), side.value.clone());
        move || show::written(&kind, &field, &value)
    };
    let take = StoredValue::new(taken(&sides, &side).and(read(notice)));
    let act = move |_| rounds.save_with_toast(take.get_value(), untrack(t("notice.taken")));
    let mine = side.by == rounds.me();
    view! {
        <section class="side" data-current=move || current.get().then_some("") aria-label=whose>
            <p class="quiet">{move || written_by(&whose.get(), &side)}</p>
            <p class="side-value">{words}</p>
            {move || match (current.get(), here.get()) {
                (true, _) => view! { <p class="side-now">{small_icon("check")}{t("notice.in_use")}</p> }.into_any(),
                (false, true) => {
                    let words = if mine { t_with("notice.use_mine", &[]) } else { t_with("notice.use_theirs", &[]) };
                    view! { <button class="button" type="button" on:click=act>{words}</button> }.into_any()
                }
                (false, false) => ().into_any(),
            }}
        </section>
    }
}

/// Who wrote it, on which device and when.
fn written_by(whose: &str, side: &Side) -> String {
    let parts = [Some(whose.to_owned()), side.on.clone(), Some(format::moment(side.at))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn whose(rounds: Rounds, side: &Side) -> String {
    if side.by == rounds.me() { t_with("notice.yours", &[]) } else { rounds.title(side.by) }
}

/// The action that puts a side's value into the record.
fn taken(sides: &Sides, side: &Side) -> Draft {
    Draft::new().put(&sides.kind, sides.record, &sides.field, side.value.clone())
}

#[derive(Clone, Debug, PartialEq)]
struct Sides {
    record: Id,
    kind: String,
    field: String,
    kept: Side,
    lost: Side,
}

#[derive(Clone, Debug, PartialEq)]
struct Side {
    value: Value,
    by: Id,
    /// UTC milliseconds.
    at: i64,
    /// What the device calls itself on which it was written.
    on: Option<String>,
}

impl Sides {
    fn of(notice: &Row) -> Option<Sides> {
        let typed = Notice(notice);
        let side = |[value, device]: [&str; 2], by: Option<Id>, at: Option<i64>| Side {
            value: notice.value(value),
            by: by.unwrap_or_default(),
            at: at.unwrap_or_default(),
            on: notice.get(device).and_then(Value::as_str).map(str::to_owned),
        };
        let kept = side(["kept", "kept_device"], typed.kept_by(), typed.kept_at());
        let lost = side(["lost", "lost_device"], typed.lost_by(), typed.lost_at());
        Some(Sides {
            record: Id::try_parse(typed.record()?).ok()?,
            kind: typed.record_kind()?.to_owned(),
            field: typed.field()?.to_owned(),
            kept,
            lost,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, row::Cell};
    use serde_json::json;

    #[test]
    fn taking_the_lost_value_writes_it_and_reads_the_notice_in_one_action() {
        let record = Id::from_u128(3);
        let mut notice = Row::new(Notice::KIND, Id::from_u128(1));
        for (field, value) in [
            ("record", json!(record)),
            ("record_kind", json!("account")),
            ("field", json!("note")),
            ("kept", json!("theirs")),
            ("lost", json!("mine")),
        ] {
            notice.cells.insert(field.into(), Cell { value, clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        let sides = Sides::of(&notice).unwrap();
        let expected =
            Draft::new().put("account", record, "note", json!("mine")).put(Notice::KIND, notice.id, "read", json!(true));
        assert_eq!(taken(&sides, &sides.lost).and(read(notice.id)), expected);
        assert_eq!(Sides::of(&Row::new(Notice::KIND, Id::nil())), None);
    }
}
