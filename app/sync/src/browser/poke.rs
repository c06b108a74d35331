//! The server's hint that there is something to pull.

use wasm_bindgen::JsCast;
use web_sys::EventSource;

use super::listener::Listener;

const POKE: &str = "/api/v1/poke";

/// A line to the server, open until dropped. It is never reopened here: when is the engine's decision.
pub struct Poke {
    source: EventSource,
    _listeners: [Listener; 3],
}

/// What is heard on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PokeEvent {
    /// The line is open.
    Open,
    /// There may be something to pull.
    Poke,
    /// The line broke and stays closed.
    Closed,
}

impl Poke {
    /// Opens the line; `None` where the browser has no server-sent events.
    pub fn open(on_event: impl Fn(PokeEvent) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(POKE).ok()?;
        let heard = |name, event| {
            let on_event = on_event.clone();
            Listener::new(source.unchecked_ref(), name, move |_| on_event(event))
        };
        let (opened, poked) = (heard("open", PokeEvent::Open), heard("message", PokeEvent::Poke));
        let broken = Listener::new(source.unchecked_ref(), "error", {
            let source = source.clone();
            move |_| {
                // The browser would try again every few seconds for ever, without our back-off.
                source.close();
                on_event(PokeEvent::Closed);
            }
        });
        Some(Self { source, _listeners: [opened, poked, broken] })
    }
}

impl Drop for Poke {
    fn drop(&mut self) {
        self.source.close();
    }
}
