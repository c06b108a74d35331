//! The columns of a list that has a wide screen for itself.

use crate::{
    account_order::{By, Order},
    address::{Detail, use_address},
    components::flow::{Show, memo},
    icons::{icon, small_icon},
    show,
    state::{recall, remember},
    text::t,
};
use domain::{FieldSpec, KindSpec, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// Where the browser remembers that somebody wants columns.
const KEY: &str = "rounds.columns";

/// What the declaration of a kind lists besides its title; copy handle from context.
#[derive(Clone, Copy)]
pub struct Columns {
    kind: &'static KindSpec,
    wanted: RwSignal<bool>,
    /// Whether they are to be seen, should the screen be wide enough: beside a record there is no room for them.
    on: Memo<bool>,
}

impl Columns {
    pub fn provide(kind: &'static KindSpec) {
        let (wanted, route) = (RwSignal::new(recall(KEY).is_some()), use_address().route());
        let on = memo(move || wanted.get() && route.with(|route| route.detail == Detail::None));
        provide_context(Columns { kind, wanted, on });
    }

    fn fields(self) -> impl Iterator<Item = &'static FieldSpec> {
        self.kind.fields.iter().filter(move |field| field.listed && field.name != self.kind.title)
    }
}

/// Shows columns or a plain list; only a wide screen has it.
#[component]
pub fn ColumnsButton() -> impl IntoView {
    let Columns { wanted, on, .. } = expect_context();
    let toggle = move |_| {
        wanted.update(|wanted| *wanted ^= true);
        remember(KEY, wanted.get_untracked().then_some("1"));
    };
    view! {
        <button
            class="icon-button columns-button" type="button" aria-label=t("accounts.columns") title=t("accounts.columns")
            aria-pressed=move || wanted.get().to_string() on:click=toggle data-columns=move || on.try_get().unwrap_or_default().then_some("")
        >
            {icon("sliders")}
        </button>
    }
}

/// What the columns are called; those that a list can be sorted by are buttons for it, a second time for the other way round.
#[component]
pub fn ColumnHeads(order: RwSignal<Order>) -> impl IntoView {
    let columns = expect_context::<Columns>();
    let head = move |label: Signal<String>, by: Option<By>| match by {
        None => view! { <span class="row-cell">{label}</span> }.into_any(),
        Some(by) => {
            let is_own = move || order.get().by == by;
            let sort = move |_| order.update(|order| *order = Order { by, reversed: order.by == by && !order.reversed });
            let mark = move || is_own().then(|| small_icon(if order.get().reversed { "chevron-up" } else { "chevron-down" }));
            view! {
                <button class="row-cell" type="button" aria-pressed=move || is_own().to_string() on:click=sort>{label} {mark}</button>
            }
            .into_any()
        }
    };
    let of_field = move |field: &'static FieldSpec| {
        let label = Signal::derive(move || show::field_label(&columns.kind.name, &field.name));
        head(label, field.indexed.then_some(By::Field(&field.name)))
    };
    let title = move || show::field_label(&columns.kind.name, &columns.kind.title);
    view! {
        <Show when=move || columns.on.get()>
            <div class="row-heads">{head(Signal::derive(title), Some(By::Name))} {columns.fields().map(of_field).collect_view()}</div>
        </Show>
    }
}

/// A row's columns.
#[component]
pub fn Cells(row: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let columns = use_context::<Columns>();
    let cell = move |field: &'static FieldSpec| {
        let words = move || row.with(|row| row.as_ref().map(|row| show::value(field, &row.value(&field.name))));
        view! { <span class="row-cell">{words}</span> }
    };
    // A row may still ask when its list is gone.
    move || columns.filter(|columns| columns.on.try_get() == Some(true)).map(|columns| columns.fields().map(cell).collect_view())
}
