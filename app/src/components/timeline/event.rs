use crate::components::flow::{Show, memo};
use crate::{
    actions, agenda,
    components::{
        comments::Comments,
        dot::Dot,
        files::FilesOf,
        follow_up_row::DoneButton,
        menu::{Menu, MenuButton, MenuItem},
        reschedule::RescheduleItems,
    },
    format,
    icons::{channel_icon, icon},
    paths, show,
    state::{Rounds, use_rounds},
    text::{t, t_with},
};
use domain::{Id, Row, records::FollowUp, time::print_instant};
use leptos::prelude::*;
use std::sync::Arc;

/// One follow-up: who, when, how, what came of it, what colleagues say.
#[component]
pub fn Event(id: Id) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(id);
    let open = memo(move || row.with(|row| row.as_ref().is_some_and(|row| agenda::is_open(row))));
    let tone = move || row.with(|row| row.as_ref().map(|row| tone(rounds, row)));
    let icon = move || row.with(|row| row.as_ref().map(|row| icon(channel_icon(row.text("channel")))));
    let what = Signal::derive(move || row.with(|row| row.as_ref().map(|row| what(row)).unwrap_or_default()));
    let text = move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| written(row).to_owned())
                .filter(|text| !text.is_empty())
                .map(|text| view! { <p class="event-text">{text}</p> })
        })
    };
    view! {
        <li class="event">
            <span class="stop" data-tone=tone>{icon}</span>
            <div>
                <div class="event-head">
                    <div class="event-words">
                        <strong>{what}</strong>
                        {move || row.get().map(|row| who_and_when(rounds, &row))}
                        <Dot id/>
                    </div>
                    <EventMenu id row what open/>
                </div>
                {text}
                <FilesOf field="follow_up" to=id/>
                <Around id row open/>
                <Comments follow_up=id/>
            </div>
        </li>
    }
}

fn who_and_when(rounds: Rounds, row: &Row) -> impl IntoView + use<> {
    let who = agenda::responsible(row, |account| rounds.owner(account)).map(|id| rounds.title(id));
    let others = show::field(FollowUp::KIND, row, "contacts");
    let with = (!others.is_empty()).then(|| view! { <span>{t_with("timeline.with", &[("names", &others)])}</span> });
    let when = match agenda::done_at(row) {
        Some(ms) => Some((print_instant(ms), format::time(ms))),
        None => Some(row.text("due")).filter(|due| !due.is_empty()).map(|due| (due.to_owned(), format::relative_due(due))),
    };
    view! {
        <span>{who}</span>
        {with}
        {when.map(|(machine, human)| view! { <time datetime=machine>{human}</time> })}
    }
}

#[component]
fn EventMenu(id: Id, row: Signal<Option<Arc<Row>>>, what: Signal<String>, open: Memo<bool>) -> impl IntoView {
    let menu = format!("event-{id}");
    let label = Signal::derive(move || what.with(|what| t_with("row.actions", &[("name", what)])));
    let delete = Callback::new(move |()| {
        if let Some(row) = row.get_untracked() {
            actions::delete(&row);
        }
    });
    view! {
        <div class="event-tools">
            <MenuButton id=menu.clone() icon="more-horizontal" label/>
            <Show when=move || open.get()><DoneButton follow_up=row name=what/></Show>
        </div>
        <Menu id=menu>
            <Show when=move || open.get()><RescheduleItems follow_up=row/><hr/></Show>
            <a class="menu-item" href=paths::record(FollowUp::KIND, id)>{icon("note")}{t("timeline.open")}</a>
            <a class="menu-item" href=paths::edit(FollowUp::KIND, id)>{icon("edit")}{t("timeline.edit")}</a>
            <MenuItem icon="trash" label=Signal::derive(t("timeline.delete")) danger=true on_choose=delete/>
        </Menu>
    }
}

/// The promise that a log kept, and what was agreed next.
#[component]
fn Around(id: Id, row: Signal<Option<Arc<Row>>>, open: Memo<bool>) -> impl IntoView {
    let rounds = use_rounds();
    let after = rounds.referring(FollowUp::KIND, "previous", id);
    let kept = move || {
        let previous = row.with(|row| row.as_ref().and_then(|row| row.reference("previous"))).filter(|_| !open.get())?;
        let purpose = rounds.row(previous).with(|row| row.as_ref().map(|row| row.text("purpose").to_owned()))?;
        (!purpose.is_empty()).then(|| view! { <p class="event-next"><strong>{t("timeline.kept")}</strong>" "{purpose}</p> })
    };
    let next = move || {
        let line = |row: &Arc<Row>| {
            let when =
                if row.text("due").is_empty() { t_with("timeline.agreed", &[]) } else { format::relative_due(row.text("due")) };
            view! { <p class="event-next"><strong>{t("timeline.next")}" "{when}</strong>" "{row.text("purpose").to_owned()}</p> }
        };
        after.with(|rows| rows.iter().filter(|row| agenda::is_open(row)).map(line).collect_view())
    };
    view! { {kept}{next} }
}

fn tone(rounds: Rounds, row: &Row) -> &'static str {
    match agenda::is_open(row) {
        false => "done",
        true if row.text("due").is_empty() => "next",
        true => agenda::tone(row.text("due"), rounds.now().get(), &rounds.zone()),
    }
}

/// "Visit · Interested", or what it is at least.
fn what(row: &Row) -> String {
    let parts = ["channel", "outcome"].map(|field| show::field(FollowUp::KIND, row, field));
    let words = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    if words.is_empty() { show::kind_label(FollowUp::KIND) } else { words }
}

/// What was written, else what it is for.
fn written(row: &Row) -> &str {
    if row.text("text").is_empty() { row.text("purpose") } else { row.text("text") }
}
