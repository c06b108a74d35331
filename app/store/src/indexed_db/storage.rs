//! How much room the browser gives, and whether it promised to keep the data.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

/// The browser's estimate of this site's storage, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Bytes in use.
    pub usage: f64,
    /// Bytes the browser would give in all.
    pub quota: f64,
}

/// Estimates the room left; `None` where the browser does not say.
pub async fn estimate() -> Option<Estimate> {
    let estimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    Some(Estimate { usage: estimate.get_usage()?, quota: estimate.get_quota()? })
}

/// Asks the browser not to remove the data when space is short. It may say no, and Safari may still remove it.
pub async fn persist() -> bool {
    let Some(Ok(asked)) = manager().map(|manager| manager.persist()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}

/// True when the browser has promised to keep the data.
pub async fn is_persisted() -> bool {
    let Some(Ok(asked)) = manager().map(|manager| manager.persisted()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}

/// `navigator.storage`, which is missing on pages without TLS.
fn manager() -> Option<StorageManager> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"storage".into()).ok()?.dyn_into().ok()
}
