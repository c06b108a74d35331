//! What the tabs of one member tell each other.

use std::marker::PhantomData;

use domain::json::{self, FromJson};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::listener::Listener;

/// A channel to the other tabs on the same database, closed when dropped. A tab does not hear itself.
pub struct Tabs<M> {
    line: Option<(BroadcastChannel, Listener)>,
    messages: PhantomData<fn(M)>,
}

impl<M: Serialize + FromJson + 'static> Tabs<M> {
    /// Listens on the channel `rounds.<database>`. A message that another version of the app would understand is ignored.
    pub fn open(database: &str, mut on_message: impl FnMut(M) + 'static) -> Self {
        let line = BroadcastChannel::new(&format!("rounds.{database}")).ok().map(|channel| {
            let listener = Listener::new(channel.unchecked_ref(), "message", move |event| {
                let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                if let Some(message) = text.and_then(|text| json::parse(&text)) {
                    on_message(message);
                }
            });
            (channel, listener)
        });
        Self { line, messages: PhantomData }
    }

    /// Tells the other tabs, as far as there are any.
    pub fn tell(&self, message: &M) {
        if let (Some((channel, _)), Ok(text)) = (&self.line, serde_json::to_string(message)) {
            // Text can always be sent; only a closed channel refuses.
            let _ = channel.post_message(&JsValue::from_str(&text));
        }
    }
}

impl<M> Drop for Tabs<M> {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.line {
            channel.close();
        }
    }
}
