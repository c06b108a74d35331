//! Waiting.

use futures::channel::oneshot;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

/// Calls back once, unless dropped before.
pub struct Timer {
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` in about `ms` milliseconds; hidden tabs may be seconds late.
    pub fn after(ms: u32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        // A greater delay than this would overflow in the browser and fire at once.
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let id = web_sys::window().and_then(|window| {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.as_ref().unchecked_ref(), ms).ok()
        });
        Self { id, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(id), Some(window)) = (self.id, web_sys::window()) {
            window.clear_timeout_with_handle(id);
        }
    }
}

/// Resolves in about `ms` milliseconds; hidden tabs may be seconds late.
pub async fn sleep_ms(ms: u32) {
    let (wake, woken) = oneshot::channel();
    let timer = Timer::after(ms, move || {
        let _ = wake.send(());
    });
    // Where the browser took no timer, waiting would never end.
    if timer.id.is_some() {
        let _ = woken.await;
    }
}

/// Lets the browser draw and answer, and resolves at once: [`sleep_ms`] takes 4 ms or more where it is called again and again.
pub async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return sleep_ms(0).await };
    let (wake, woken) = oneshot::channel();
    let heard = Closure::once(move || {
        let _ = wake.send(());
    });
    channel.port1().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    match channel.port2().post_message(&JsValue::NULL) {
        Ok(()) => _ = woken.await,
        Err(_) => sleep_ms(0).await,
    }
    channel.port1().close();
}
