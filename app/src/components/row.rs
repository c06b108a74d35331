use super::{
    list::Position,
    sweep::{Sweep, Sweeping},
};
use crate::{address::use_address, icons::small_icon, selection::Selection};
use domain::Id;
use leptos::{ev, prelude::*};

/// What stands at the end of every row of a list besides what its kind puts there; copy handle from context.
#[derive(Clone, Copy)]
pub struct RowTool(pub fn(Id) -> AnyView);

/// One line of any list: something in the margin, a name, one quiet line, and at the end what is to be said or done (children).
#[component]
pub fn Row(
    #[prop(into)] href: String,
    /// A ring or a time.
    lead: AnyView,
    name: Signal<String>,
    line: AnyView,
    #[prop(optional_no_strip)] position: Option<Position>,
    #[prop(optional)] sweep: Option<Sweep>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let path = use_address().path();
    let own = href.clone();
    let current = move || path.with(|path| *path == own).then_some("page");
    let choice = position.map(|position| position.id).zip(use_context::<Selection>());
    let is_choosing = move || choice.is_some_and(|(_, selection)| selection.is_on());
    let checked = move || choice.filter(|_| is_choosing()).map(|(id, selection)| selection.has(id).to_string());
    let click = move |event: ev::MouseEvent| {
        if let Some((id, selection)) = choice.filter(|_| untrack(is_choosing)) {
            event.prevent_default();
            selection.choose(id, event.shift_key());
        }
    };
    // A long touch begins to choose; with a mouse the browser's own menu of a link opens.
    let hold = move |event: ev::MouseEvent| {
        let is_touch = js_sys::Reflect::get(&event, &"pointerType".into()).is_ok_and(|pointer| pointer == "touch");
        if let Some((id, selection)) = choice.filter(|_| is_touch && !untrack(is_choosing)) {
            event.prevent_default();
            selection.choose(id, false);
        }
    };
    let sweeping = Sweeping::new(sweep);
    view! {
        <li
            class="row" data-sweeps=sweeping.is_possible().then_some("") on:pointerdown=move |event| sweeping.begin(&event)
            on:pointermove=move |event| sweeping.go_on(&event) on:pointerup=move |_| sweeping.end() on:pointercancel=move |_| sweeping.cancel()
            role=position.map(|_| "listitem") aria-posinset=position.map(|position| position.at + 1)
            aria-setsize=move || position.map(|position| position.of.get())
        >
            {sweeping.behind()}
            <a
                style:translate=move || sweeping.translate() class="row-link" href=href aria-current=current role=move || is_choosing().then_some("checkbox") aria-checked=checked
                on:click=click on:contextmenu=hold
            >
                {choice.map(|_| view! { <span class="row-check" aria-hidden="true">{small_icon("check")}</span> })}
                {lead}
                <span class="row-main">
                    <span class="row-name">{name}</span>
                    <span class="row-line">{line}</span>
                </span>
            </a>
            {children.map(|children| children())}
            {position.and_then(|position| Some((use_context::<RowTool>()?.0)(position.id)))}
        </li>
    }
}
