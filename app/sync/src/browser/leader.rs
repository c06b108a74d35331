//! Which of several tabs talks to the network.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// A place in the queue for leadership, given up when dropped.
///
/// Two leaders at once are possible (a browser without locks, a stolen lock) and harmless: the server ignores what it
/// gets twice.
pub struct Leadership {
    state: Rc<State>,
    abort: Option<AbortController>,
    _on_lock: Closure<dyn FnMut(JsValue) -> Promise>,
}

struct State {
    leads: Cell<bool>,
    given_up: Cell<bool>,
    on_gained: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Settles the promise that holds the lock.
    release: RefCell<Option<Function>>,
}

impl Leadership {
    /// Waits for the lock `rounds.<database>` and calls `on_gained` once when this tab leads. Without locks it leads at
    /// once. The call never happens before this function has returned.
    pub fn seek(database: &str, on_gained: impl FnOnce() + 'static) -> Self {
        let state = Rc::new(State {
            leads: Cell::new(false),
            given_up: Cell::new(false),
            on_gained: RefCell::new(Some(Box::new(on_gained))),
            release: RefCell::new(None),
        });
        let on_lock = Closure::<dyn FnMut(JsValue) -> Promise>::new({
            let state = Rc::clone(&state);
            move |_| state.hold()
        });
        let abort = AbortController::new().ok();
        let asked = ask(&format!("rounds.{database}"), abort.as_ref(), on_lock.as_ref().unchecked_ref());
        spawn_local({
            let state = Rc::clone(&state);
            async move {
                let refused = match asked {
                    Ok(held) => JsFuture::from(held).await.is_err(),
                    Err(_) => true,
                };
                // Locks are missing or forbidden here, or another tab took ours.
                if refused {
                    state.lead();
                }
            }
        });
        Self { state, abort, _on_lock: on_lock }
    }

    /// True while this tab is the one that talks to the network.
    pub fn leads(&self) -> bool {
        self.state.leads.get()
    }
}

impl Drop for Leadership {
    fn drop(&mut self) {
        self.state.given_up.set(true);
        match self.state.release.take() {
            Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
            None => self.abort.iter().for_each(AbortController::abort),
        }
    }
}

impl State {
    /// Leads, and makes the promise whose settling gives the lock back.
    fn hold(&self) -> Promise {
        let promise = Promise::new(&mut |resolve, _| drop(self.release.replace(Some(resolve))));
        self.lead();
        promise
    }

    fn lead(&self) {
        if self.given_up.get() {
            return;
        }
        self.leads.set(true);
        if let Some(on_gained) = self.on_gained.take() {
            on_gained();
        }
    }
}

/// `navigator.locks.request(name, { signal }, callback)`, which is not yet in the stable bindings.
fn ask(name: &str, abort: Option<&AbortController>, callback: &JsValue) -> Result<Promise, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::UNDEFINED)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    if let Some(abort) = abort {
        Reflect::set(&options, &"signal".into(), &abort.signal())?;
    }
    request.call3(&locks, &name.into(), &options, callback)?.dyn_into()
}
