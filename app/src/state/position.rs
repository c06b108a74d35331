//! Where the device is.

use super::Rounds;
use domain::types::PlaceValue;
use futures::channel::oneshot;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};

/// Why the device's position is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionError {
    Denied,
    Unavailable,
    TimedOut,
}

impl Rounds {
    /// The device's position, WGS-84, after asking the user if the browser wants that; at most 15 seconds.
    pub async fn position(self) -> Result<PlaceValue, PositionError> {
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
        options.set_enable_high_accuracy(true);
        options.set_timeout(15_000);
        options.set_maximum_age(60_000);
        geolocation
            .get_current_position_with_error_callback_and_options(
                found.as_ref().unchecked_ref(),
                Some(failed.as_ref().unchecked_ref()),
                &options,
            )
            .map_err(|_| PositionError::Unavailable)?;
        answered.await.unwrap_or(Err(PositionError::Unavailable))
    }
}
