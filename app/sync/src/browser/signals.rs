//! What the browser says about the network and about being looked at.

use wasm_bindgen::JsCast;
use web_sys::{PageTransitionEvent, VisibilityState};

use super::listener::Listener;

/// Something that may be a reason to sync, or to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The browser believes that there is a network.
    Online,
    /// There is certainly none.
    Offline,
    /// The window has the focus.
    Focus,
    /// The tab can be seen.
    Visible,
    /// The tab cannot be seen: the last moment at which work is certain to run.
    Hidden,
    /// The page came back as it was left, timers and connections possibly dead.
    Restored,
}

/// Listens until dropped.
pub struct Signals {
    _listeners: Vec<Listener>,
}

impl Signals {
    /// Calls `on_signal` for each signal.
    pub fn listen(on_signal: impl Fn(Signal) + Clone + 'static) -> Self {
        let Some(window) = web_sys::window() else { return Self { _listeners: Vec::new() } };
        let told = |event, signal| {
            let on_signal = on_signal.clone();
            Listener::new(window.unchecked_ref(), event, move |_| on_signal(signal))
        };
        let mut listeners = vec![told("online", Signal::Online), told("offline", Signal::Offline), told("focus", Signal::Focus)];
        listeners.push(Listener::new(window.unchecked_ref(), "pageshow", {
            let on_signal = on_signal.clone();
            move |event| {
                if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                    on_signal(Signal::Restored);
                }
            }
        }));
        if let Some(document) = window.document() {
            let on_change = move |_| on_signal(if is_visible() { Signal::Visible } else { Signal::Hidden });
            listeners.push(Listener::new(document.unchecked_ref(), "visibilitychange", on_change));
        }
        Self { _listeners: listeners }
    }
}

/// False when there is certainly no network; true proves nothing.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// True when the tab can be seen.
pub fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}
