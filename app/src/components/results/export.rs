use crate::{
    components::menu::MenuItem,
    dom,
    queries::csv,
    state::{Answered, Rounds, Toast, use_rounds},
    text::{t, tr, trn},
};
use domain::{
    Id,
    query::{
        Answer, Query,
        table::{Cell, Words, value_of},
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// The ways out of the app for an answer: a file made here, and a workbook that the server makes of all it knows.
#[component]
pub fn ExportItems(query: Arc<Query>, answered: Signal<Option<Answered>>, title: String) -> impl IntoView {
    let rounds = use_rounds();
    let (named, asked) = (title.clone(), query.clone());
    let to_csv = Callback::new(move |()| {
        let (query, named) = (query.clone(), named.clone());
        if let Some(Ok(answer)) = answered.get_untracked() {
            spawn_local(async move {
                let (text, lines) = exported(rounds, &query, &answer).await;
                let said = trn(rounds.lang().get_untracked(), "query.exported", lines);
                match rounds.bytes_address(text.as_bytes()) {
                    Some(address) => {
                        dom::save(&format!("{named}.csv"), &address);
                        rounds.toast(Toast::said(said));
                    }
                    None => rounds.toast(Toast::wrong(tr(rounds.lang().get_untracked(), "query.not_exported"))),
                }
            });
        }
    });
    let to_workbook = Callback::new(move |()| {
        let (query, title) = (asked.clone(), title.clone());
        spawn_local(async move {
            match rounds.workbook(&query, &title).await {
                Some(address) => dom::save(&format!("{title}.xlsx"), &address),
                None => rounds.toast(Toast::wrong(tr(rounds.lang().get_untracked(), "query.no_workbook"))),
            }
        });
    });
    view! {
        <MenuItem icon="download" label=Signal::derive(t("query.to_csv")) on_choose=to_csv />
        <MenuItem icon="download" label=Signal::derive(t("query.to_xlsx")) on_choose=to_workbook />
    }
}

/// An answer as the text of a CSV file, and how many lines it has beneath its headings.
async fn exported(rounds: Rounds, query: &Query, answer: &Answer) -> (String, u64) {
    let (lang, zone) = (rounds.lang().get_untracked(), rounds.zone());
    let title = |id: Id| untrack(|| rounds.title(id));
    let words = Words { lang, zone: &zone, title: &title };
    let mut text = csv::MARK.to_owned();
    let Some(columns) = rounds.columns(query, answer) else { return (text, 0) };
    text.push_str(&csv::line(&columns.heads().map(|head| Cell::Text(head.to_owned())).collect::<Vec<_>>()));
    let (kind, mut since) = (rounds.schema().kind(&query.from), rounds.clock_ms());
    let count = match answer {
        Answer::Records { ids, .. } => {
            for id in ids {
                if let Some((row, kind)) = untrack(|| rounds.look_up(*id)).zip(kind) {
                    text.push_str(&csv::line(&columns.record(&|name| value_of(kind, &row, name), &words)));
                }
                rounds.pause(&mut since).await;
            }
            ids.len()
        }
        Answer::Groups { groups, .. } => {
            for group in groups {
                text.push_str(&csv::line(&columns.group(group, &words)));
                rounds.pause(&mut since).await;
            }
            groups.len()
        }
    };
    (text, count as u64)
}
