//! Dashboards: the one that the address names, the ways to the others, and changing one's own.

mod sharing;

use crate::{
    actions,
    address::use_address,
    components::{
        dashboard::Tiles,
        flow::memo,
        gone::Gone,
        head::PageHead,
        menu::{Menu, MenuButton, MenuItem},
        pane::Pane,
    },
    dashboards::{self, Board, all, href},
    icons::icon,
    show,
    state::use_rounds,
    text::{t, t_with},
};
use domain::{Id, records::Dashboard};
use leptos::prelude::*;
use sharing::Sharing;

/// What this device remembers the dashboard by that was shown last.
const LAST: &str = "dashboard";

/// What the address says: a dashboard, if it names one, and whether it is being changed.
fn place(path: &str) -> (Option<String>, bool) {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match *parts.as_slice() {
        ["dashboards", key] => (Some(key.to_owned()), false),
        ["dashboards", key, "edit"] => (Some(key.to_owned()), true),
        _ => (None, false),
    }
}

/// One dashboard, and chips that lead to the others. Without a name in the address it is the one that was shown last.
#[component]
pub fn DashboardsPage() -> impl IntoView {
    let (rounds, path) = (use_rounds(), use_address().path());
    // Until the page is gone it goes on showing what it showed, not the nothing that stands in the next address.
    let place =
        Memo::new(move |last: Option<&(Option<String>, bool)>| match (path.with(|path| path.starts_with("/dashboards")), last) {
            (false, Some(last)) => last.clone(),
            _ => path.with(|path| place(path)),
        });
    let boards = memo(all);
    let key = memo(move || {
        let wanted = place.get().0;
        let is_there = |key: &String| boards.read().iter().any(|board| board.key == *key);
        let last = || rounds.last(LAST).filter(is_there);
        wanted.or_else(last).or_else(|| boards.read().first().map(|board| board.key.clone())).unwrap_or_default()
    });
    let board = memo(move || boards.read().iter().find(|board| board.key == *key.read()).cloned());
    let here = memo(move || board.read().is_some());
    let edited = memo(move || place.get().1.then(|| board.read().as_ref().and_then(Board::own)).flatten());
    Effect::new(move || {
        if here.get() {
            rounds.note_last(LAST, &key.read());
        }
    });
    move || match here.get() {
        true => {
            let (key, edited) = (key.get(), edited.get());
            view! { <Shown key_=key board boards edited /> }.into_any()
        }
        false => view! { <Gone back="/dashboards" /> }.into_any(),
    }
}

#[component]
fn Shown(key_: String, board: Memo<Option<Board>>, boards: Memo<Vec<Board>>, edited: Option<Id>) -> impl IntoView {
    let rounds = use_rounds();
    let title = Signal::derive(move || board.read().as_ref().map(|board| board.title.clone()).unwrap_or_default());
    let quiet = Signal::derive(move || board.read().as_ref().map(whose).unwrap_or_default());
    let chip = move |one: Board| {
        let current = (one.key == key_).then_some("page");
        view! { <a class="chip" href=one.href() aria-current=current>{one.title.clone()}</a> }
    };
    let chips = move || {
        let boards = boards.get();
        (edited.is_none() && boards.len() > 1).then(|| {
            view! { <nav class="chips" data-scroll="" aria-label=t("nav.dashboards")>{boards.into_iter().map(chip.clone()).collect::<Vec<_>>()}</nav> }
        })
    };
    view! {
        <Pane label=title wide=true>
            <PageHead title quiet back="/more"><Tools board edited /></PageHead>
            {chips}
            {edited.map(|id| view! { <Sharing id board /> })}
            <Tiles board=board.into() edited />
            {edited.is_none().then(|| view! { <p class="quiet tiles-foot">{move || rounds.lang().with(|_| t("dashboard.scope")())}</p> })}
        </Pane>
    }
}

/// Who made it, and who sees it; nothing of those that come with the app.
fn whose(board: &Board) -> String {
    let rounds = use_rounds();
    let Some(saved) = board.saved else { return String::new() };
    match rounds.title(saved.maker) {
        maker if saved.maker != rounds.me() && !maker.is_empty() => t_with("query.by_maker", &[("name", &maker)]),
        _ => rounds.look_up(saved.id).map(|row| show::field(Dashboard::KIND, &row, "shared")).unwrap_or_default(),
    }
}

/// Changing one's own, or making one's own of another; a new one; taking it away.
#[component]
fn Tools(board: Memo<Option<Board>>, edited: Option<Id>) -> impl IntoView {
    let (rounds, address) = (use_rounds(), use_address());
    let now = move || board.get_untracked();
    let edit = move |_| {
        let Some(board) = now() else { return };
        let key = board.own().map_or_else(|| dashboards::copy(rounds, &board), |id| id.to_string());
        address.go(&format!("{}/edit", href(&key)));
    };
    let new = Callback::new(move |()| {
        let key = dashboards::make(rounds, untrack(t("dashboard.new_name")), &[]);
        address.go(&format!("{}/edit", href(&key)));
    });
    let delete = Callback::new(move |()| {
        if let Some(row) = now().and_then(|board| board.own()).and_then(|id| untrack(|| rounds.look_up(id))) {
            actions::delete(&row);
            address.replace("/dashboards");
        }
    });
    let own = memo(move || board.read().as_ref().is_some_and(|board| board.own().is_some()));
    let label = move || if own.get() { t("action.edit")() } else { t("query.make_own")() };
    let done = move |_| address.replace(&now().map_or("/dashboards".to_owned(), |board| board.href()));
    view! {
        {match edited {
            Some(_) => view! { <button class="button primary" type="button" on:click=done>{t("dashboard.done")}</button> }.into_any(),
            None => view! { <button class="icon-button" type="button" aria-label=label title=label on:click=edit>{icon("edit")}</button> }.into_any(),
        }}
        <MenuButton id="dashboard-menu" icon="more-horizontal" label=Signal::derive(t("nav.more")) />
        <Menu id="dashboard-menu">
            <MenuItem icon="plus" label=Signal::derive(t("dashboard.new")) on_choose=new />
            {move || own.get().then(|| view! { <MenuItem icon="trash" label=Signal::derive(t("action.delete")) danger=true on_choose=delete /> })}
        </Menu>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_dashboard_or_leaves_it_open() {
        let rep = || Some("rep".to_owned());
        for (path, said) in [
            ("/dashboards", (None, false)),
            ("/dashboards/", (None, false)),
            ("/dashboards/rep", (rep(), false)),
            ("/dashboards/rep/edit", (rep(), true)),
        ] {
            assert_eq!(place(path), said, "{path}");
        }
    }
}
