use super::{
    avatar::Ring,
    empty::Empty,
    flow::{For, memo},
    marked::Marked,
    section::Section,
};
use crate::{
    actions, dom,
    pages::more::kind_icon,
    paths,
    search_hits::{self, Line},
    show,
    state::{FIRST, FoundAll, use_rounds},
    text::{t, t_with, tn},
};
use domain::{
    Id, KindSpec,
    records::Account,
    search::{Word, also_called},
    wire::Role,
};
use leptos::{
    ev,
    prelude::*,
    web_sys::{Element, HtmlElement},
};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// How many of a kind but accounts are shown before one asks for more.
const OTHERS: usize = 4;
/// How many are drawn when one asked.
const MORE: usize = 100;

/// What the search found, by kind, with what was typed marked; accounts first, and before them the places of the app so called.
#[component]
pub fn SearchResults(query: RwSignal<String>, found: Signal<Arc<FoundAll>>) -> impl IntoView {
    let all_of = RwSignal::new(None::<&'static str>);
    Effect::new(move || {
        query.track();
        all_of.set(None);
    });
    let kinds = move || {
        let wanted = all_of.get();
        let shown = |kind: &&KindSpec| {
            wanted.is_none_or(|wanted| kind.name == wanted) && found.read().kinds.iter().any(|found| kind.name == found.kind)
        };
        use_rounds().schema().kinds.iter().filter(shown).map(|kind| &*kind.name).collect::<Vec<&'static str>>()
    };
    let of_kind = move |kind| view! { <Group kind query found all_of /> };
    let nothing = move || found.with(|found| !found.typed.is_empty() && found.kinds.is_empty() && places(found).is_empty());
    let counted = move || tn("accounts.found", found.with(|found| found.total as u64));
    view! {
        <p class="sr" role="status">{counted}</p>
        <div class="results" on:keydown=step>
            {move || all_of.with(Option::is_none).then(|| found.with(|found| place_group(query, found)))}
            <For each=kinds key=|kind| *kind children=of_kind />
        </div>
        <Show when=nothing>
            <Nothing query found />
        </Show>
    }
}

/// What was found of one kind.
#[component]
fn Group(
    kind: &'static str,
    query: RwSignal<String>,
    found: Signal<Arc<FoundAll>>,
    all_of: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let here = memo(move || found.read().kinds.iter().find(|found| found.kind == kind).cloned());
    let total = memo(move || here.read().as_ref().and_then(|found| found.total));
    let typed = memo(move || here.read().as_ref().map(|found| found.typed.words.clone()).unwrap_or_default());
    let first = if kind == Account::KIND { FIRST } else { OTHERS };
    let records = move || {
        let most = if all_of.read().is_some() { MORE } else { first };
        here.read().iter().flat_map(|found| &found.records).take(most).copied().collect::<Vec<Id>>()
    };
    let end = move || {
        let (is_alone, total) = (all_of.read().is_some(), total.get().filter(|total| *total > first)?);
        let words = move || if is_alone { t("search.fewer")() } else { tn("search.show_all", total as u64) };
        let toggle = move |_| all_of.set((!is_alone).then_some(kind));
        Some(view! { <button class="link-button" type="button" on:click=toggle>{words}</button> })
    };
    view! {
        <Section id=kind title=Signal::derive(move || show::list_label(kind)) count=Signal::derive(move || total.get()) end=end.into_any()>
            <ul class="rows">
                <For each=records key=|id| *id children=move |id| view! { <Hit id query words=typed /> } />
            </ul>
        </Section>
    }
}

/// One record that was found: its name, and a line that says why it is here.
#[component]
fn Hit(id: Id, query: RwSignal<String>, words: Memo<Vec<Word>>) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(id);
    let name = Signal::derive(move || {
        row.with(|row| match row {
            Some(row) if row.kind == "follow_up" => actions::subject(row),
            Some(row) => show::name(row),
            None => String::new(),
        })
    });
    let line = move || {
        let row = row.get()?;
        let line = words.with(|words| search_hits::line(rounds, &row, words));
        Some(match line {
            Line::Plain(text) => text.into_any(),
            Line::Found { label, text, snippet } => {
                view! { {label} ": " <Marked text ranges=snippet.marks from=snippet.range.start /> }.into_any()
            }
        })
    };
    let marked = move || {
        let text = name.get();
        let ranges = words.with(|words| domain::search::marks(&rounds.han(), words, &text, true));
        view! { <Marked text ranges from=0 /> }
    };
    let href = row.with_untracked(|row| row.as_ref().map(|row| paths::record(&row.kind, id)).unwrap_or_default());
    let grade = Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.text("grade").to_owned()).unwrap_or_default()));
    view! {
        <li class="row">
            <a class="row-link" href=href on:click=move |_| rounds.note_search(&query.read_untracked())>
                <Ring name grade />
                <span class="row-main">
                    <span class="row-name">{marked}</span>
                    <span class="row-line">{line}</span>
                </span>
            </a>
        </li>
    }
}

/// The places of the app that are called like what was typed, with their address and name.
fn places(found: &FoundAll) -> Vec<(String, &'static str, String)> {
    let rounds = use_rounds();
    // One letter starts the name of nearly every place.
    if !found.typed.filters.is_empty() || found.typed.whole.len() < 2 {
        return Vec::new();
    }
    let schema = rounds.schema();
    let place = |id: &'static str| {
        let fixed = |path: &str, icon, key| Some((path.to_owned(), icon, t(key)()));
        let has_office = rounds.role() != Role::Rep;
        match id {
            "today" => fixed("/", "today", "nav.today"),
            "log" => fixed("/log", "edit", "action.log"),
            "new_account" => fixed("/accounts/new", "plus", "add.account"),
            "new_contact" => fixed("/contacts/new", "plus", "add.contact"),
            "sync" => fixed("/sync", "sync", "nav.sync"),
            "notices" => fixed("/notices", "bell", "nav.notices"),
            "decisions" if has_office => fixed("/decisions", "check-circle", "decision.title"),
            "team" if has_office => fixed("/team", "team", "nav.team"),
            "devices" if rounds.role() == Role::Administrator => fixed("/devices", "device", "device.all"),
            "settings" => fixed("/settings", "settings", "nav.settings"),
            "more" => fixed("/more", "more", "nav.more"),
            kind => schema
                .kind(kind)
                .filter(|kind| kind.menu)
                .map(|kind| (paths::list(&kind.name), kind_icon(&kind.name), show::list_label(&kind.name))),
        }
    };
    also_called(&rounds.han(), &found.typed.words).into_iter().filter_map(place).take(3).collect()
}

fn place_group(query: RwSignal<String>, found: &FoundAll) -> Option<impl IntoView + use<>> {
    let places = places(found);
    let rounds = use_rounds();
    let note = move |_| rounds.note_search(&query.read_untracked());
    let place = move |(href, icon, name): (String, &'static str, String)| {
        view! {
            <li class="row">
                <a class="row-link" href=href on:click=note>
                    <span class="ring" aria-hidden="true">{crate::icons::icon(icon)}</span>
                    <span class="row-main"><span class="row-name">{name}</span></span>
                </a>
            </li>
        }
    };
    (!places.is_empty()).then(|| {
        view! {
            <Section id="places" title=Signal::derive(t("search.places"))>
                <ul class="rows">{places.into_iter().map(place).collect_view()}</ul>
            </Section>
        }
    })
}

/// What was looked for in vain, and the ways out.
#[component]
fn Nothing(query: RwSignal<String>, found: Signal<Arc<FoundAll>>) -> impl IntoView {
    let rounds = use_rounds();
    let text = Signal::derive(move || {
        let typed = query.read().trim().to_owned();
        let kinds = rounds.schema().kinds.iter().filter(|kind| domain::search::is_searched(kind)).take(3);
        let kinds = crate::format::joined(&kinds.map(|kind| show::list_label(&kind.name)).collect::<Vec<_>>());
        let words = t_with("search.nothing", &[("query", &typed), ("kinds", &kinds)]);
        let filters = found.with(|found| {
            found.typed.filters.iter().map(|filter| filter.shown(rounds.schema(), rounds.lang().get())).collect::<Vec<_>>()
        });
        match filters.is_empty() {
            true => words,
            false => format!("{words} {}", t_with("search.with_filters", &[("filters", &crate::format::joined(&filters))])),
        }
    });
    let clear = move |_| {
        query.set(String::new());
        dom::focus("input[type=search]");
    };
    view! {
        <Empty icon="search" text>
            <button class="button" type="button" on:click=clear>{t("search.clear")}</button>
        </Empty>
    }
}

/// Arrow keys go from result to result, and from the first back into the box.
fn step(event: ev::KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(link) = dom::focused(".row-link") else { return };
    event.prevent_default();
    let beside = |selector: &str| {
        let own = link.closest(selector).ok().flatten()?;
        if down { own.next_element_sibling() } else { own.previous_element_sibling() }
    };
    let link_in = |element: Element, selector: &str| element.query_selector(selector).ok().flatten();
    let end = if down { ".row-link" } else { ".row:last-child .row-link" };
    let next = beside(".row").and_then(|row| link_in(row, ".row-link")).or_else(|| link_in(beside(".section")?, end));
    match next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // Only an element that is not in the page any more refuses.
        Some(next) => _ = next.focus(),
        None if !down => _ = dom::focus("input[type=search]"),
        None => {}
    }
}
