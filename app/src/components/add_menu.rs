use super::{chrome::use_chrome, menu::close_menu};
use crate::{dom, icons::icon, text::t};
use leptos::{ev, prelude::*};
use std::time::Duration;

const MENU: &str = "add-menu";
const BUTTON: &str = "log-button";
const HOLD: Duration = Duration::from_millis(450);

/// ⊕ logs. Held, right-clicked or opened with an arrow key, it offers what else can be added.
#[component]
pub fn LogButton() -> impl IntoView {
    let chrome = use_chrome();
    let hold = StoredValue::new(None::<TimeoutHandle>);
    let was_held = StoredValue::new(false);
    let open = || {
        if let (Some(menu), Some(button)) = (dom::by_id(MENU), dom::by_id(BUTTON)) {
            dom::open_popover(&menu, &button);
            dom::focus("#add-menu .menu-item");
        }
    };
    let release = move || {
        if let Some(timer) = hold.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let press = move |_: ev::PointerEvent| {
        release();
        was_held.set_value(false);
        let held = move || {
            was_held.set_value(true);
            open();
        };
        hold.set_value(set_timeout_with_handle(held, HOLD).ok());
    };
    let click = move |event: ev::MouseEvent| {
        // The button names its menu so that the browser places it here and does not close it on release; a tap is not for it.
        event.prevent_default();
        release();
        if !was_held.get_value() {
            chrome.log(None);
        }
    };
    let context = move |event: ev::MouseEvent| {
        event.prevent_default();
        open();
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            event.prevent_default();
            open();
        }
        // A key press is never the end of a hold.
        _ => was_held.set_value(false),
    };
    on_cleanup(release);
    view! {
        <button
            class="nav-item nav-log" type="button" id=BUTTON aria-label=t("nav.log") title=t("nav.log_hint") popovertarget=MENU
            on:click=click on:pointerdown=press on:pointerup=move |_| release() on:pointercancel=move |_| release()
            on:pointerleave=move |_| release() on:contextmenu=context on:keydown=key
        >
            <span class="nav-plus">{icon("plus")}</span>
            <span class="nav-word">{t("nav.log")}</span>
        </button>
        <div class="menu" id=MENU popover="auto" on:click=|_| close_menu(MENU)>
            <button class="menu-item" type="button" on:click=move |_| chrome.log(None)>
                {icon("edit")}
                {t("nav.log")}
            </button>
            <a class="menu-item" href="/accounts/new">
                {icon("accounts")}
                {t("add.account")}
            </a>
            <a class="menu-item" href="/contacts/new">
                {icon("user-plus")}
                {t("add.contact")}
            </a>
        </div>
    }
}
