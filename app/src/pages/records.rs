use crate::components::flow::memo;
use crate::{
    components::{
        avatar::Ring,
        changes::Changes,
        contact_row::ContactRow,
        dot::Dot,
        empty::Empty,
        facts::Facts,
        gone::Gone,
        head::{BareHead, PageHead},
        incomplete::Incomplete,
        list::{Position, WindowedList},
        pane::{Pane, PaneKind},
        record_tools::RecordTools,
        row::Row,
        search_box::SearchBox,
    },
    icons::icon,
    intl::sort_by_name,
    params::use_id,
    paths, show,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{Id, KindSpec, fold::lower, wire::Role};
use leptos::prelude::*;
use std::sync::Arc;

use super::{detail::Detail, not_found::NotFoundPage};

/// The list of any kind with one, from its declaration, and beside it the record that the address names.
#[component]
pub fn RecordsPage(kind: String) -> impl IntoView {
    match use_rounds().schema().kind(&kind).filter(|kind| kind.menu || kind.name == "contact") {
        Some(kind) => view! { <KindList kind /> <Detail kind=&kind.name /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

/// The detail's place while nothing is chosen.
#[component]
pub fn NoRecord() -> impl IntoView {
    view! {
        <Pane label=Signal::derive(t("account.details")) kind=PaneKind::EmptyDetail>
            <Empty icon="note" text=Signal::derive(t("records.choose")) fill=true />
        </Pane>
    }
}

/// One record of any kind.
#[component]
pub fn RecordPage(kind: &'static str) -> impl IntoView {
    let (kind, id) = (use_rounds().schema().kind(kind), use_id());
    move || kind.map(|kind| view! { <OneRecord kind id=id.get() /> })
}

#[component]
fn KindList(kind: &'static KindSpec) -> impl IntoView {
    let (rounds, query) = (use_rounds(), RwSignal::new(String::new()));
    let found = found(kind, query);
    let count = memo(move || found.read().len() as u64);
    let title = Signal::derive(move || show::list_label(&kind.name));
    let new_label = Signal::derive(move || t_with("form.new", &[("kind", &lower(&show::kind_label(&kind.name)))]));
    // For a rep contacts are a place of their own in the bar.
    let back = if kind.name == "contact" && rounds.role() == Role::Rep { "" } else { "/more" };
    let find = view! {
        <SearchBox query label=Signal::derive(t("action.search")) hint=Signal::derive(t("action.search")) />
    };
    let row: fn(Id, Position) -> AnyView = match kind.name.as_ref() {
        "contact" => |id, position| view! { <ContactRow id with_account=true position /> }.into_any(),
        _ => |id, position| view! { <RecordRow id position /> }.into_any(),
    };
    view! {
        <Pane label=title kind=PaneKind::List>
            <PageHead title quiet=Signal::derive(move || tn("records.count", count.get())) back find=find.into_any()>
                <a class="icon-button" href=paths::new(&kind.name) aria-label=new_label title=new_label>
                    {icon("plus")}
                </a>
            </PageHead>
            {move || (count.get() == 0).then(|| match query.read().trim().is_empty() {
                true => view! {
                    <Empty icon="note" text=Signal::derive(t("records.none"))>
                        <a class="button primary" href=paths::new(&kind.name)>{new_label}</a>
                    </Empty>
                }.into_any(),
                false => view! {
                    <Empty icon="note" text=Signal::derive(t("records.none_found"))>
                        <button class="button" type="button" on:click=move |_| query.set(String::new())>{t("action.clear")}</button>
                    </Empty>
                }.into_any(),
            })}
            <WindowedList items=found.into() label=title row />
        </Pane>
    }
}

/// Records of a kind by name, those that the query finds.
fn found(kind: &'static KindSpec, query: RwSignal<String>) -> Memo<Arc<Vec<Id>>> {
    let rounds = use_rounds();
    let rows = rounds.rows(&kind.name);
    let sorted = memo(move || {
        let named = rows.read().iter().map(|row| (show::name(row), row.id)).collect();
        Arc::new(sort_by_name(rounds.lang().get(), named))
    });
    memo(move || match query.read().trim() {
        "" => Arc::clone(&sorted.read()),
        typed => Arc::new(rounds.find_of(&kind.name, typed)),
    })
}

/// A record in the list of its kind: its name, and the fields that the declaration lists.
#[component]
fn RecordRow(id: Id, position: Position) -> impl IntoView {
    let row = use_rounds().row(id);
    let name = Signal::derive(move || row.with(|row| row.as_ref().map(|row| show::name(row)).unwrap_or_default()));
    let line = move || row.with(|row| row.as_ref().map(|row| listed(row)).unwrap_or_default());
    let href = row.with_untracked(|row| row.as_ref().map(|row| paths::record(&row.kind, id)).unwrap_or_default());
    view! {
        <Row href lead=view! { <Ring name /> }.into_any() name line=line.into_any() position=Some(position)>
            <Dot id />
        </Row>
    }
}

fn listed(row: &domain::Row) -> String {
    let Some(kind) = use_rounds().schema().kind(&row.kind) else { return String::new() };
    let fields = kind
        .fields
        .iter()
        .filter(|field| field.name != kind.title && (field.listed || kind.fields.iter().all(|field| !field.listed)));
    let words = fields.map(|field| show::value(field, &row.value(&field.name))).filter(|words| !words.is_empty());
    words.take(3).collect::<Vec<_>>().join(" · ")
}

#[component]
fn OneRecord(kind: &'static KindSpec, id: Id) -> impl IntoView {
    let row = use_rounds().row(id);
    let here = memo(move || row.with(Option::is_some));
    let name = Signal::derive(move || row.with(|row| row.as_ref().map(|row| show::name(row)).unwrap_or_default()));
    move || match here.get() {
        false => view! { <Gone back=paths::list(&kind.name) /> }.into_any(),
        true => view! {
            <Pane label=name kind=PaneKind::Detail>
                <BareHead title=name back=paths::list(&kind.name)>
                    <RecordTools row kind=&kind.name id back=paths::list(&kind.name) />
                </BareHead>
                <div class="who">
                    <Ring name large=true />
                    <div>
                        <h1>{name} " " <Dot id /></h1>
                        <p class="who-line">{move || show::kind_label(&kind.name)}</p>
                    </div>
                </div>
                <Incomplete row />
                <Facts row />
                <Changes record=id />
            </Pane>
        }
        .into_any(),
    }
}
