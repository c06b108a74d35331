//! What is opened seldom, and so comes in a wasm module of its own: the first start waits for half a megabyte less.
//!
//! The build moves to that module what is reached from [`screens`] alone; this module, [`Part`], is the only way there.

use crate::{
    components::{
        bones::Bones,
        empty::Empty,
        history::History,
        pane::{Pane, PaneKind},
    },
    pages::{
        decisions::DecisionsPage,
        devices::DevicesPage,
        notices::NoticesPage,
        record_form::{RecordEdit, RecordNew},
        settings::SettingsPage,
        sync::SyncPage,
        team::TeamPage,
    },
    state::use_rounds,
    text::t,
};
use domain::Id;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// What the part draws.
#[derive(Clone, Copy)]
pub enum Screen {
    Decisions,
    Devices,
    History(Id),
    Notices,
    RecordEdit(&'static str),
    RecordNew(&'static str),
    Settings,
    Sync,
    Team,
}

type Draw = fn(Screen) -> AnyView;

/// The way into the part, which is fetched first.
#[wasm_split(part, wasm_split_path = leptos::wasm_split, fallible)]
fn screens() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(screen: Screen) -> AnyView {
    match screen {
        Screen::Decisions => view! { <DecisionsPage /> }.into_any(),
        Screen::Devices => view! { <DevicesPage /> }.into_any(),
        Screen::History(record) => view! { <History record /> }.into_any(),
        Screen::Notices => view! { <NoticesPage /> }.into_any(),
        Screen::RecordEdit(kind) => view! { <RecordEdit kind /> }.into_any(),
        Screen::RecordNew(kind) => view! { <RecordNew kind /> }.into_any(),
        Screen::Settings => view! { <SettingsPage /> }.into_any(),
        Screen::Sync => view! { <SyncPage /> }.into_any(),
        Screen::Team => view! { <TeamPage /> }.into_any(),
    }
}

/// Where the part is.
#[derive(Clone, Copy)]
struct Part(RwSignal<Option<Result<Draw, ()>>>);

impl Part {
    /// Fetches the part unless it is here: at the start, in the background, and again when somebody asks for it in vain.
    fn fetch(self) {
        if !matches!(self.0.get_untracked(), Some(Ok(_))) {
            self.0.set(None);
            spawn_local(async move {
                self.0.try_set(Some(screens().await.map_err(drop)));
            });
        }
    }
}

/// Makes the part come.
pub fn provide_part() {
    let part = Part(RwSignal::new(None));
    provide_context(part);
    part.fetch();
}

/// A screen of the part; the shape of one while it is on its way, and what to do where it cannot be had.
#[component]
pub fn Later(screen: Screen) -> impl IntoView {
    let part = expect_context::<Part>();
    if matches!(part.0.get_untracked(), Some(Err(()))) {
        part.fetch();
    }
    let meanwhile = move |failed| {
        match failed {
        false => view! { <Bones /> }.into_any(),
        true => view! {
            <Empty icon="download" text=Signal::derive(t("part.missing"))>
                <button class="button primary" type="button" on:click=move |_| use_rounds().apply_update()>{t("sync.reload")}</button>
            </Empty>
        }
        .into_any(),
    }
    };
    move || match (part.0.get(), screen) {
        (Some(Ok(draw)), _) => draw(screen),
        (state, Screen::History(_)) => meanwhile(state.is_some()),
        (state, _) => {
            let kind = match screen {
                Screen::RecordNew(_) | Screen::RecordEdit(_) => PaneKind::Detail,
                _ => PaneKind::Single,
            };
            view! { <Pane label=Signal::derive(t("status.loading")) kind>{meanwhile(state.is_some())}</Pane> }.into_any()
        }
    }
}
