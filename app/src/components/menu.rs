use crate::{dom, icons::icon};
use leptos::{prelude::*, web_sys::Event};

/// A menu that its button (with `popovertarget` naming `id`) opens; choosing closes it. Its lines are made when it is first
/// opened: lists have a menu per row.
#[component]
pub fn Menu(#[prop(into)] id: String, children: ChildrenFn) -> impl IntoView {
    let own = id.clone();
    let opened = RwSignal::new(false);
    view! {
        <div class="menu" id=id popover="auto" on:click=move |_| close_menu(&own) on:beforetoggle=move |_: Event| opened.set(true)>
            {move || opened.get().then(|| children.clone()())}
        </div>
    }
}

/// The button at the end of a page's head that opens the menu `id`.
#[component]
pub fn MenuButton(#[prop(into)] id: String, icon: &'static str, label: Signal<String>) -> impl IntoView {
    view! {
        <button class="icon-button" type="button" aria-label=label title=label popovertarget=id>
            {crate::icons::icon(icon)}
        </button>
    }
}

/// One line of a menu that acts.
#[component]
pub fn MenuItem(
    icon: &'static str,
    label: Signal<String>,
    #[prop(optional)] danger: bool,
    on_choose: Callback<()>,
) -> impl IntoView {
    view! {
        <button class=if danger { "menu-item danger" } else { "menu-item" } type="button" on:click=move |_| on_choose.run(())>
            {crate::icons::icon(icon)}
            {label}
        </button>
    }
}

/// One of several choices in a menu, with a mark at the one in force.
#[component]
pub fn MenuChoice(label: Signal<String>, chosen: Signal<bool>, on_choose: Callback<()>) -> impl IntoView {
    view! {
        <button class="menu-item" type="button" aria-current=move || chosen.get().then_some("true") on:click=move |_| on_choose.run(())>
            {label}
            {move || chosen.get().then(|| icon("check"))}
        </button>
    }
}

pub fn close_menu(id: &str) {
    if let Some(menu) = dom::by_id(id) {
        dom::call(&menu, "hidePopover");
    }
}
