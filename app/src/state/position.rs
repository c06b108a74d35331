//! Where the device is.

use super::Rounds;
use domain::types::PlaceValue;
use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

/// Why the device's position is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionError {
    Denied,
    Unavailable,
    TimedOut,
}

/// How good a position must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// For a visit: by satellite, at most a minute old.
    Exact,
    /// For an order by distance: whatever is at hand, at most ten minutes old.
    Rough,
}

impl Rounds {
    /// The device's position, WGS-84, after asking the user if the browser wants that; at most 15 seconds.
    pub async fn position(self) -> Result<PlaceValue, PositionError> {
        located(Wanted::Exact).await
    }

    /// The device's position where the browser gives it without asking anybody first.
    pub async fn position_unasked(self, wanted: Wanted) -> Option<PlaceValue> {
        if is_permitted().await { located(wanted).await.ok() } else { None }
    }
}

/// Whether the position was granted to this site before; false where the browser does not say.
async fn is_permitted() -> bool {
    async fn state() -> Option<String> {
        let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let permissions = get(&get(&js_sys::global(), "navigator")?, "permissions")?;
        let query: Function = get(&permissions, "query")?.dyn_into().ok()?;
        let wanted = Object::new();
        Reflect::set(&wanted, &"name".into(), &"geolocation".into()).ok()?;
        let answer: Promise = query.call1(&permissions, &wanted).ok()?.dyn_into().ok()?;
        get(&JsFuture::from(answer).await.ok()?, "state")?.as_string()
    }
    state().await.as_deref() == Some("granted")
}

async fn located(wanted: Wanted) -> Result<PlaceValue, PositionError> {
    let geolocation =
        web_sys::window().and_then(|window| window.navigator().geolocation().ok()).ok_or(PositionError::Unavailable)?;
    let (answer, answered) = oneshot::channel();
    let answer = Rc::new(RefCell::new(Some(answer)));
    let send = move |result| {
        if let Some(answer) = answer.borrow_mut().take() {
            // The view that asked may be gone; then nobody needs the answer.
            let _ = answer.send(result);
        }
    };
    let refuse = send.clone();
    let found = Closure::<dyn FnMut(web_sys::Position)>::new(move |position: web_sys::Position| {
        let coordinates = position.coords();
        let place = PlaceValue {
            lat: coordinates.latitude(),
            lng: coordinates.longitude(),
            accuracy: Some(coordinates.accuracy().round()),
        };
        send(Ok(place));
    });
    let failed = Closure::<dyn FnMut(web_sys::PositionError)>::new(move |error: web_sys::PositionError| {
        refuse(Err(match error.code() {
            1 => PositionError::Denied,
            3 => PositionError::TimedOut,
            _ => PositionError::Unavailable,
        }));
    });
    let options = web_sys::PositionOptions::new();
    options.set_enable_high_accuracy(wanted == Wanted::Exact);
    options.set_timeout(15_000);
    options.set_maximum_age(if wanted == Wanted::Exact { 60_000 } else { 600_000 });
    geolocation
        .get_current_position_with_error_callback_and_options(
            found.as_ref().unchecked_ref(),
            Some(failed.as_ref().unchecked_ref()),
            &options,
        )
        .map_err(|_| PositionError::Unavailable)?;
    answered.await.unwrap_or(Err(PositionError::Unavailable))
}
