//! Where in the app somebody is: the browser's address as signals, and going elsewhere without loading a page.
//!
//! Our own, as the general router was 36 kB of the 600 that a phone downloaded, and this app has one flat table of pages.

mod route;

pub use route::{Detail, Page, Route};

use crate::components::flow::memo;
use leptos::{
    ev,
    prelude::*,
    web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams},
};
use wasm_bindgen::{JsCast, JsValue};

#[derive(Clone, Default, PartialEq)]
struct Url {
    path: String,
    /// With its question mark, or empty.
    search: String,
}

/// The browser's address, from context.
#[derive(Clone, Copy)]
pub struct Address {
    url: RwSignal<Url>,
    path: Memo<String>,
    route: Memo<Route>,
}

/// The address that [`Address::start`] put into context.
pub fn use_address() -> Address {
    expect_context::<Address>()
}

impl Address {
    /// Follows the browser from now on: its way back, and every link inside the app.
    pub fn start() -> Address {
        let url = RwSignal::new(here());
        let path = memo(move || url.with(|url| url.path.clone()));
        let route = memo(move || path.with(|path| Route::of(path)));
        let address = Address { url, path, route };
        provide_context(address);
        // Both listen as long as the page lives: there is one app per page.
        window_event_listener(ev::popstate, move |_| url.set(here()));
        window_event_listener(ev::click, move |event| address.follow(&event));
        address
    }

    /// The path, such as `/accounts`.
    pub fn path(self) -> Memo<String> {
        self.path
    }

    pub fn route(self) -> Memo<Route> {
        self.route
    }

    /// What the address asks by `name`, such as the `tab` of `?tab=details`; reactive.
    pub fn asked(self, name: &str) -> Option<String> {
        self.url.with(|url| UrlSearchParams::new_with_str(&url.search).ok()?.get(name))
    }

    /// What stands behind `#`; it is not followed.
    pub fn fragment() -> String {
        window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
    }

    /// Goes to an address of the app; the way back leads here.
    pub fn go(self, to: &str) {
        self.show(to, false);
    }

    /// Goes to an address that takes this one's place: the way back does not lead here.
    pub fn replace(self, to: &str) {
        self.show(to, true);
    }

    fn show(self, to: &str, replace: bool) {
        // An app that is shown in a frame without a history stays where it is.
        let Ok(history) = window().history() else { return };
        let done = match replace {
            true => history.replace_state_with_url(&JsValue::NULL, "", Some(to)),
            false => history.push_state_with_url(&JsValue::NULL, "", Some(to)),
        };
        if done.is_ok() {
            self.url.set(here());
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// A plain click on a link inside the app goes there; every other click is the browser's.
    fn follow(self, event: &MouseEvent) {
        let plain = !event.default_prevented()
            && event.button() == 0
            && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("a[href]").ok()?);
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()).filter(|_| plain) else { return };
        let location = window().location();
        let inside = Ok(link.origin()) == location.origin() && link.target().is_empty() && !link.has_attribute("download");
        if inside {
            event.prevent_default();
            let to = format!("{}{}{}", link.pathname(), link.search(), link.hash());
            // The page that is shown already is not twice in the history.
            self.show(&to, Ok(link.href()) == location.href());
        }
    }
}

fn here() -> Url {
    let location = window().location();
    Url { path: location.pathname().unwrap_or_default(), search: location.search().unwrap_or_default() }
}
