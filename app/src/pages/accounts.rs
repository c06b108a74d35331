use super::detail::Detail;
use crate::address::use_address;
use crate::components::flow::{Show, memo};
use crate::{
    account_filter::Chips,
    account_order::{By, Order, sortable},
    components::{
        account_row::AccountRow,
        chrome::use_chrome,
        columns::{ColumnHeads, Columns, ColumnsButton},
        empty::Empty,
        filter_chips::FilterChips,
        head::PageHead,
        list::WindowedList,
        menu::{Menu, MenuButton, MenuChoice},
        pane::{Pane, PaneKind, PaneScroll},
        search_box::{RecentSearches, SearchBox},
        select_bar::{SelectBar, SelectButton},
    },
    icons::icon,
    part::{Later, Screen},
    selection::Selection,
    show,
    state::use_rounds,
    text::{t, t_with, tn},
};
use domain::{FieldSpec, records::Account};
use found::{Found, found};
use leptos::prelude::*;

mod found;

/// The list of accounts, and beside it whatever the address says of one of them.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let title = Signal::derive(t("nav.accounts"));
    view! {
        <Pane label=title kind=PaneKind::List>
            <AccountsList />
        </Pane>
        <Detail kind="account" />
    }
}

/// The detail's place while no account is chosen.
#[component]
pub fn NoAccount() -> impl IntoView {
    view! {
        <Pane label=Signal::derive(t("account.details")) kind=PaneKind::EmptyDetail>
            <Empty icon="accounts" text=Signal::derive(t("accounts.choose")) fill=true>
                <a class="button" href="/accounts/new">{t("add.account")}</a>
            </Empty>
        </Pane>
    }
}

#[component]
fn AccountsList() -> impl IntoView {
    let (query, order) = (RwSignal::new(String::new()), RwSignal::new(Order::default()));
    let chips = RwSignal::new(Chips { no_next: asked_for_no_next(), ..Chips::default() });
    // Without a chip the search answers by kind; a chip is a question about accounts.
    let by_kind = memo(move || chips.read().is_empty() && !query.read().trim().is_empty());
    let Found { is_ready, ids, groups } = found(query, chips, order);
    let rounds = use_rounds();
    let accounts = rounds.rows(Account::KIND);
    let results = rounds.find(memo(move || if by_kind.get() { query.get() } else { String::new() }));
    Selection::provide(Account::KIND, ids);
    rounds.schema().kind("account").into_iter().for_each(Columns::provide);
    start_at_top(query, chips, order);
    let count = memo(move || match by_kind.get() {
        true => results.with(|results| results.total as u64),
        false if is_ready.get() => ids.read().len() as u64,
        false => accounts.read().len() as u64,
    });
    let narrowed = move || !chips.read().is_empty() || !query.read().trim().is_empty();
    let title = Signal::derive(t("nav.accounts"));
    let counted =
        Signal::derive(move || if narrowed() { tn("accounts.found", count.get()) } else { tn("accounts.count", count.get()) });
    let find = view! {
        <SearchBox query label=Signal::derive(t("accounts.search")) hint=Signal::derive(t("accounts.search_hint")) />
        <RecentSearches query />
        <FilterChips chips />
        <Show when=move || !by_kind.get()>
            <ColumnHeads order />
        </Show>
    };
    if untrack(|| use_address().asked("search")).is_some() {
        use_chrome().search_wanted().set(true);
    }
    view! {
        <PageHead title quiet=counted find=find.into_any()>
            <Show when=move || !by_kind.get()>
                <ColumnsButton />
                <SelectButton />
            </Show>
            <MenuButton id="account-order" icon="sort" label=Signal::derive(t("accounts.sort")) />
            <a class="icon-button" href="/accounts/new" aria-label=t("add.account") title=t("add.account")>
                {icon("plus")}
            </a>
        </PageHead>
        <OrderMenu order />
        <Show
            when=move || by_kind.get()
            fallback=move || view! {
                <p class="sr" role="status">{move || narrowed().then(|| counted.get())}</p>
                <Show when=move || count.get() == 0>
                    <Nothing query chips />
                </Show>
                <WindowedList items=ids.into() label=title row=|id, position| view! { <AccountRow id position /> }.into_any() groups />
                <SelectBar />
            }
        >
            <Later screen=Screen::Found(query, results) />
        </Show>
    }
}

/// What the address asks for: Today leads here for accounts that nothing is planned for.
fn asked_for_no_next() -> bool {
    untrack(|| use_address().asked("show")).as_deref() == Some("no-next")
}

/// Another question is another list, seen from its start.
fn start_at_top(query: RwSignal<String>, chips: RwSignal<Chips>, order: RwSignal<Order>) {
    let scroll = expect_context::<PaneScroll>();
    Effect::new(move |asked_before: Option<()>| {
        query.track();
        chips.track();
        order.track();
        if let Some(pane) = scroll.node.get_untracked().filter(|_| asked_before.is_some()) {
            // Asking the page to go where it is already would have it laid out for nothing.
            if scroll.top.get_untracked() > 0.0 {
                pane.set_scroll_top(0);
                scroll.top.set(0.0);
            }
        }
    });
}

#[component]
fn OrderMenu(order: RwSignal<Order>) -> impl IntoView {
    let choice = move |by: By, label: Signal<String>| {
        let on_choose = Callback::new(move |()| order.update(|order| order.by = by));
        view! { <MenuChoice label chosen=Signal::derive(move || order.get().by == by) on_choose /> }
    };
    let fields = use_rounds().schema().kind("account").map(|kind| sortable(kind).collect::<Vec<_>>());
    let by_field = move |field: &'static FieldSpec| {
        let label = Signal::derive(move || show::field_label("account", &field.name));
        choice(By::Field(&field.name), label)
    };
    let turn = Callback::new(move |()| order.update(|order| order.reversed ^= true));
    view! {
        <Menu id="account-order">
            {choice(By::NextFollowUp, Signal::derive(t("accounts.by_next")))}
            {choice(By::LastContact, Signal::derive(t("accounts.by_last")))} {choice(By::Name, Signal::derive(t("accounts.by_name")))}
            {fields.clone().into_iter().flatten().map(by_field).collect_view()}
            <hr />
            <MenuChoice label=Signal::derive(t("accounts.reversed")) chosen=Signal::derive(move || order.get().reversed) on_choose=turn />
        </Menu>
    }
}

/// Why the list is empty, and what to do about it.
#[component]
fn Nothing(query: RwSignal<String>, chips: RwSignal<Chips>) -> impl IntoView {
    let typed = move || query.with(|query| query.trim().to_owned());
    let narrowed = move || !typed().is_empty() || !chips.read().is_empty();
    let text = Signal::derive(move || match (typed(), narrowed()) {
        (_, false) => t("accounts.none")(),
        (typed, _) if typed.is_empty() => t("accounts.none_pass")(),
        (typed, _) => t_with("accounts.none_found", &[("query", &typed)]),
    });
    let show_all = move |_| {
        query.set(String::new());
        chips.set(Chips::default());
    };
    view! {
        <Empty icon="accounts" text>
            {move || match narrowed() {
                true => view! { <button class="button" type="button" on:click=show_all>{t("accounts.show_all")}</button> }.into_any(),
                false => view! { <a class="button primary" href="/accounts/new">{t("add.account")}</a> }.into_any(),
            }}
        </Empty>
    }
}
