//! Questions: the list of them, the answer to one, and the designer.

mod answer;
mod designer;
mod save;

use crate::components::flow::memo;
use crate::{
    address::use_address,
    components::{
        empty::Empty,
        gone::Gone,
        head::PageHead,
        pane::{Pane, PaneKind},
        row::Row,
        section::Section,
    },
    icons::icon,
    my_day,
    queries::{Named, kept, named, ready_made},
    show,
    state::use_rounds,
    text::{t, t_with},
};
use answer::AnswerPage;
use designer::DesignerPage;
use leptos::prelude::*;

/// What the address shows beside the list.
#[derive(Clone, PartialEq)]
enum Place {
    List,
    New,
    Answer(String),
    Edit(String),
}

impl Place {
    fn of(path: &str) -> Place {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match *parts.as_slice() {
            ["queries", "new"] => Place::New,
            ["queries", key] => Place::Answer(key.to_owned()),
            ["queries", key, "edit"] => Place::Edit(key.to_owned()),
            _ => Place::List,
        }
    }
}

/// The list of questions, and beside it what the address says of one.
#[component]
pub fn QueriesPage() -> impl IntoView {
    let path = use_address().path();
    // Until the page is gone it goes on showing what it showed, not the nothing that stands in the next address.
    let place = Memo::new(move |last: Option<&Place>| match (path.with(|path| path.starts_with("/queries")), last) {
        (false, Some(last)) => last.clone(),
        _ => path.with(|path| Place::of(path)),
    });
    view! {
        <Questions />
        {move || match place.get() {
            Place::List => view! { <Nothing /> }.into_any(),
            Place::New => view! { <DesignerPage from=None /> }.into_any(),
            Place::Answer(key) => view! { <OneAnswer key_=key /> }.into_any(),
            Place::Edit(key) => view! { <OneDesigner key_=key /> }.into_any(),
        }}
    }
}

/// The detail's place while no question is chosen.
#[component]
fn Nothing() -> impl IntoView {
    view! {
        <Pane label=Signal::derive(t("query.result")) kind=PaneKind::EmptyDetail>
            <Empty icon="chart-bar" text=Signal::derive(t("query.choose")) fill=true>
                <a class="button" href="/queries/new">{t("query.new")}</a>
            </Empty>
        </Pane>
    }
}

#[component]
fn OneAnswer(key_: String) -> impl IntoView {
    let found = memo(move || named(&key_));
    move || match found.get() {
        Some(named) => view! { <AnswerPage named /> }.into_any(),
        None => view! { <Gone back="/queries" /> }.into_any(),
    }
}

/// A change that comes from elsewhere must not take what is being edited away: the question is looked up once it is here.
#[component]
fn OneDesigner(key_: String) -> impl IntoView {
    let here = {
        let key = key_.clone();
        memo(move || named(&key).is_some())
    };
    move || match here.get().then(|| untrack(|| named(&key_))).flatten() {
        Some(named) => view! { <DesignerPage from=Some(named) /> }.into_any(),
        None => view! { <Gone back="/queries" /> }.into_any(),
    }
}

#[component]
fn Questions() -> impl IntoView {
    let title = Signal::derive(t("nav.queries"));
    let (mine, others) = (memo(|| kept(true)), memo(|| kept(false)));
    let rows = |list: Vec<Named>| list.into_iter().map(|named| view! { <Question named /> }).collect::<Vec<_>>();
    view! {
        <Pane label=title kind=PaneKind::List>
            <PageHead title back="/more">
                <a class="icon-button" href="/queries/new" aria-label=t("query.new") title=t("query.new")>{icon("plus")}</a>
            </PageHead>
            <Section id="queries-mine" title=Signal::derive(t("query.mine"))>
                {move || match mine.read().is_empty() {
                    true => view! {
                        <p class="quiet query-none">
                            {t("query.none_mine")} " " <a class="link-button" href="/queries/new">{t("query.new")}</a>
                        </p>
                    }.into_any(),
                    false => view! { <ul class="rows">{rows(mine.get())}</ul> }.into_any(),
                }}
            </Section>
            {move || (!others.read().is_empty()).then(|| view! {
                <Section id="queries-shared" title=Signal::derive(t("query.shared"))><ul class="rows">{rows(others.get())}</ul></Section>
            })}
            <Section id="queries-ready" title=Signal::derive(t("query.ready"))>
                <ul class="rows">{move || rows(ready_made())}</ul>
            </Section>
        </Pane>
    }
}

#[component]
fn Question(named: Named) -> impl IntoView {
    let rounds = use_rounds();
    let (href, kind, saved) = (named.href(), named.kind().to_owned(), named.saved);
    let (shown, key) = (named.shown.clone(), named.key.clone());
    let is_mine = memo(move || my_day::chosen().is_some_and(|chosen| chosen == key));
    let line = move || {
        let of = show::list_label(&kind);
        let whose =
            saved.and_then(|saved| {
                let row = rounds.look_up(saved.id)?;
                let maker = (saved.maker != rounds.me()).then(|| rounds.title(saved.maker)).filter(|name| !name.is_empty());
                Some(maker.map_or_else(
                    || show::field(&row.kind, &row, "shared"),
                    |maker| t_with("query.by_maker", &[("name", &maker)]),
                ))
            });
        let day = is_mine.get().then(t("my_day.title"));
        [Some(of), whose, day].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let lead = view! { <span class="query-icon">{icon(way_icon(&shown))}</span> };
    view! { <Row href lead=lead.into_any() name=Signal::stored(named.title) line=line.into_any() /> }
}

/// The icon of a way to show an answer.
fn way_icon(way: &str) -> &'static str {
    match way {
        "table" => "table",
        "bar" => "chart-bar",
        "line" => "chart-line",
        "funnel" => "funnel",
        "number" => "number",
        _ => "list",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_ready_made_question_or_a_kept_one() {
        let key = "overdue".to_owned();
        for (path, place) in [
            ("/queries", Place::List),
            ("/queries/", Place::List),
            ("/queries/new", Place::New),
            ("/queries/overdue", Place::Answer(key.clone())),
            ("/queries/overdue/edit", Place::Edit(key)),
        ] {
            assert!(Place::of(path) == place, "{path}");
        }
    }
}
