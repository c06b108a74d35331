//! The pages that are opened seldom: they come in a wasm module of their own, for which no start waits.
//!
//! The build moves there what is reached from [`screens`] alone, so a page must be named nowhere else in the app.

use crate::{
    components::{
        bones::Bones,
        bulk_edit::BulkEdit,
        chrome::use_chrome,
        empty::Empty,
        flow::memo,
        form::Sheet,
        history::History,
        log_sheet::LogSheet,
        my_day::{MyDaySection, Reminding},
        pane::{Pane, PaneKind},
        search_results::SearchResults,
        still::KeepStill,
    },
    pages::{
        dashboards::DashboardsPage,
        decisions::DecisionsPage,
        devices::DevicesPage,
        more::MorePage,
        notices::NoticesPage,
        queries::QueriesPage,
        record_form::{RecordEdit, RecordNew},
        settings::SettingsPage,
        sync::SyncPage,
        team::TeamPage,
    },
    selection::Selection,
    state::{FoundAll, use_rounds},
    text::t,
};
use domain::Id;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use std::sync::Arc;

/// What the part draws.
#[derive(Clone, Copy)]
pub enum Screen {
    /// In a dialog, which it closes.
    BulkEdit(Selection, RwSignal<bool>),
    Dashboards,
    Decisions,
    Devices,
    /// What a search found, below what is typed.
    Found(RwSignal<String>, Signal<Arc<FoundAll>>),
    History(Id),
    /// Over the page, at an account if one is given.
    Log(Option<Id>),
    More,
    /// A section of Today.
    MyDay,
    Notices,
    Queries,
    RecordEdit(&'static str),
    RecordNew(&'static str),
    /// Draws nothing, and tells of reminders.
    Reminding,
    Settings,
    /// Draws nothing that is seen, and keeps the still of Today.
    Still,
    Sync,
    Team,
}

type Draw = fn(Screen) -> AnyView;

/// The way into the part: fetched where it is not here yet.
#[wasm_split(part, wasm_split_path = leptos::wasm_split, fallible)]
fn screens() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(screen: Screen) -> AnyView {
    match screen {
        Screen::BulkEdit(selection, open) => view! { <BulkEdit selection open /> }.into_any(),
        Screen::Dashboards => view! { <DashboardsPage /> }.into_any(),
        Screen::Decisions => view! { <DecisionsPage /> }.into_any(),
        Screen::Devices => view! { <DevicesPage /> }.into_any(),
        Screen::Found(query, found) => view! { <SearchResults query found /> }.into_any(),
        Screen::History(record) => view! { <History record /> }.into_any(),
        Screen::Log(account) => view! { <LogSheet account on_close=close_log() /> }.into_any(),
        Screen::More => view! { <MorePage /> }.into_any(),
        Screen::MyDay => view! { <MyDaySection /> }.into_any(),
        Screen::Notices => view! { <NoticesPage /> }.into_any(),
        Screen::Queries => view! { <QueriesPage /> }.into_any(),
        Screen::RecordEdit(kind) => view! { <RecordEdit kind /> }.into_any(),
        Screen::RecordNew(kind) => view! { <RecordNew kind /> }.into_any(),
        Screen::Reminding => view! { <Reminding /> }.into_any(),
        Screen::Settings => view! { <SettingsPage /> }.into_any(),
        Screen::Still => view! { <KeepStill /> }.into_any(),
        Screen::Sync => view! { <SyncPage /> }.into_any(),
        Screen::Team => view! { <TeamPage /> }.into_any(),
    }
}

fn close_log() -> Callback<()> {
    let chrome = use_chrome();
    Callback::new(move |()| chrome.close_log())
}

/// What draws the screens, or that it could not be had; none while it is fetched.
#[derive(Clone, Copy)]
struct Part(RwSignal<Option<Result<Draw, ()>>>);

impl Part {
    fn fetch(self) {
        self.0.set(None);
        spawn_local(async move {
            self.0.try_set(Some(screens().await.map_err(drop)));
        });
    }
}

/// Fetches the part behind the page that is drawn now, so that it is there before one of its screens is opened.
pub fn provide_part() {
    let part = Part(RwSignal::new(None));
    provide_context(part);
    part.fetch();
}

/// What works behind all pages as soon as the part is here, and shows nothing before.
#[component]
pub fn Behind(screen: Screen) -> impl IntoView {
    let part = expect_context::<Part>();
    move || part.0.get().and_then(Result::ok).map(|draw| draw(screen))
}

/// A screen of the part: the shape of one while the part is fetched, and what to do where it cannot be had, as when the server
/// has a newer version and nothing of this one any more. Whoever opens it then has it tried again.
#[component]
pub fn Later(screen: Screen) -> impl IntoView {
    let (rounds, part) = (use_rounds(), expect_context::<Part>());
    if matches!(part.0.get_untracked(), Some(Err(()))) {
        part.fetch();
    }
    let missing = move || {
        view! {
            <Empty icon="download" text=Signal::derive(t("part.missing"))>
                <button class="button primary" type="button" on:click=move |_| rounds.apply_update()>{t("sync.reload")}</button>
            </Empty>
        }
    };
    // These ask what belongs to an account as soon as they are drawn.
    let asks = matches!(screen, Screen::Log(_) | Screen::RecordNew(_) | Screen::RecordEdit(_));
    let is_soon = memo(move || asks && !rounds.knows_references().get());
    move || {
        let meanwhile = match part.0.get().filter(|_| !is_soon.get()) {
            Some(Ok(draw)) => return draw(screen),
            Some(Err(())) => missing().into_any(),
            None => view! { <Bones /> }.into_any(),
        };
        let kind = match screen {
            Screen::History(_) | Screen::BulkEdit(..) | Screen::Found(..) | Screen::MyDay => return meanwhile,
            Screen::Log(_) => {
                let label = Signal::derive(t("log.title"));
                return view! { <Sheet kind="log" label on_close=close_log()>{meanwhile}</Sheet> }.into_any();
            }
            Screen::RecordNew(_) | Screen::RecordEdit(_) => PaneKind::Detail,
            _ => PaneKind::Single,
        };
        view! { <Pane label=Signal::derive(t("status.loading")) kind>{meanwhile}</Pane> }.into_any()
    }
}
