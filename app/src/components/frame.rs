use super::{
    chrome::Chrome, help::Help, nav::Nav, shortcuts::listen_for_shortcuts, status_line::StatusLine, toasts::Toasts,
    update_bar::UpdateBar,
};
use crate::address::use_address;
use crate::{
    dom,
    part::{Later, Screen},
    text::t,
};
use leptos::prelude::*;

/// Navigation, the page in the middle, the sync line, toasts: one app in the three shapes that CSS gives it.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let chrome = Chrome::provide();
    listen_for_shortcuts(chrome);
    follow_path(chrome);
    view! {
        <div class="frame">
            <SkipLink />
            <Nav />
            <UpdateBar />
            <main class="panes" id="main" tabindex="-1">
                {children()}
            </main>
            <div class="sync-bar">
                <StatusLine />
            </div>
            <Toasts />
        </div>
        {move || {
            chrome.log_request().get().map(|request| view! { <Later screen=Screen::Log(request.account) /> })
        }}
        <Help />
    }
}

/// The router takes a link to a place in the page for a navigation, so the focus is moved by hand.
#[component]
fn SkipLink() -> impl IntoView {
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        dom::focus("#main");
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            {t("frame.skip")}
        </a>
    }
}

/// Remembers the way, and when the focused element left with its page, the keyboard goes on from the new one.
fn follow_path(chrome: Chrome) {
    let path = use_address().path();
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        chrome.came_to(path.clone());
        if before.is_some_and(|before| before != path) {
            request_animation_frame(|| {
                if dom::focused("body").is_some() && !dom::dialog_is_open() {
                    dom::focus("#main");
                }
            });
        }
        path
    });
}
