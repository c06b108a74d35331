use super::{add_menu::LogButton, chrome::use_chrome};
use crate::address::use_address;
use crate::{
    icons::icon,
    live::{Live, use_live},
    paths,
    pinned::pinned,
    show,
    state::{Session, use_rounds},
    text::{t, tn},
};
use domain::wire::Role;
use leptos::prelude::*;

/// The places of the app; a phone keeps those marked extra under More.
#[component]
pub fn Nav() -> impl IntoView {
    let rounds = use_rounds();
    let company = move || match rounds.session().get() {
        Session::SignedIn(info) => info.org.name.clone(),
        _ => String::new(),
    };
    let reps = move || rounds.role() == Role::Rep;
    let kinds = rounds.schema().kinds.iter().filter(|kind| kind.menu && kind.name != "account" && kind.name != "contact");
    let kinds: Vec<_> = kinds.map(|kind| view! { <Item href=paths::list(&kind.name) icon="note" word=Signal::derive(move || show::kind_label(&kind.name)) class="nav-extra" /> }).collect();
    view! {
        <nav class="nav" aria-label=t("nav.label")>
            <span class="nav-head">{company}</span>
            <Item href="/" icon="today" word=Signal::derive(t("nav.today"))>
                <DueBadge />
            </Item>
            <AccountsItem />
            <LogButton />
            {move || match reps() {
                true => view! { <Item href="/contacts" icon="users" word=Signal::derive(t("nav.contacts")) /> },
                false => view! { <Item href="/team" icon="team" word=Signal::derive(t("nav.team")) /> },
            }}
            <Item href="/more" icon="more" word=Signal::derive(t("nav.more")) class="nav-more" />
            {move || (!reps()).then(|| view! { <Item href="/contacts" icon="users" word=Signal::derive(t("nav.contacts")) class="nav-extra" /> })}
            {kinds}
            <Item href="/dashboards" icon="dashboard" word=Signal::derive(t("nav.dashboards")) class="nav-extra" />
            <Item href="/queries" icon="chart-bar" word=Signal::derive(t("nav.queries")) class="nav-extra" />
            {move || pinned(None).into_iter().map(|(href, name)| view! { <Item href icon="chart-bar" word=Signal::stored(name) class="nav-extra nav-inner" /> }).collect::<Vec<_>>()}
            <Item href="/sync" icon="sync" word=Signal::derive(t("nav.sync")) class="nav-extra" />
            <Item href="/settings" icon="settings" word=Signal::derive(t("nav.settings")) class="nav-extra" />
        </nav>
    }
}

#[component]
fn Item(
    #[prop(into)] href: String,
    icon: &'static str,
    word: Signal<String>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let current = current(href.clone());
    view! {
        <a class=format!("nav-item {class}") href=href aria-current=current>
            {crate::icons::icon(icon)}
            <span>{word}</span>
            {children.map(|children| children())}
        </a>
    }
}

/// Tapped again, it goes to the search.
#[component]
fn AccountsItem() -> impl IntoView {
    let chrome = use_chrome();
    let current = current("/accounts".to_owned());
    let again = move |_| {
        if current().is_some() {
            chrome.search_wanted().set(true);
        }
    };
    view! {
        <a class="nav-item" href="/accounts" aria-current=current on:click=again>
            {icon("accounts")}
            <span>{t("nav.accounts")}</span>
        </a>
    }
}

/// How much is due today or overdue.
#[component]
fn DueBadge() -> impl IntoView {
    let Live { standing, to_do: due, .. } = use_live();
    let tone = move || (!standing.read().agenda.overdue.is_empty()).then_some("late");
    move || {
        (due.get() > 0).then(|| {
            view! {
                <span class="badge" data-tone=tone>
                    <span aria-hidden="true">{due}</span>
                    <span class="sr">{move || tn("nav.due", due.get() as u64)}</span>
                </span>
            }
        })
    }
}

fn current(href: String) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let path = use_address().path();
    let href = StoredValue::new(href);
    move || {
        let here = |href: &String| {
            path.with(|path| {
                path == href || (href.len() > 1 && path.strip_prefix(href.as_str()).is_some_and(|rest| rest.starts_with('/')))
            })
        };
        href.with_value(here).then_some("page")
    }
}
