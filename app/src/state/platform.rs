//! The browser's small services: local storage, the document's attributes, events of installing and updating.

use domain::{Value, json};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A remembered text; `None` also where the browser keeps nothing.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a text, `None` forgets it. A browser that keeps nothing is no error: only comforts are kept here.
pub fn remember(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// The language that boot.js chose and fetched the words of.
pub fn root_lang() -> String {
    root().and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

/// The words of a language, as boot.js fetches them; `None` when they could not be had.
pub async fn words(lang: &str) -> Option<String> {
    answered("roundsWords", &lang.into()).await?.as_string()
}

/// What a function of boot.js promised, called with one argument.
async fn answered(name: &str, argument: &JsValue) -> Option<JsValue> {
    let answer = function(name)?.call1(&JsValue::NULL, argument).ok()?;
    JsFuture::from(answer.dyn_into::<Promise>().ok()?).await.ok()
}

/// The sha-256 of bytes in hex.
pub async fn hash(bytes: &JsValue) -> Option<String> {
    answered("roundsHash", bytes).await?.as_string()
}

/// A chosen file as boot.js makes it ready: what is known of it, and its bytes; then the same of its thumbnail, if it has one.
pub async fn prepared(file: &JsValue) -> Option<Vec<(Value, Uint8Array)>> {
    let parts = answered("roundsFile", file).await?;
    let part = |part: JsValue| -> Option<(Value, Uint8Array)> {
        let part = Array::from(&part);
        Some((json::parse(&part.get(0).as_string()?)?, part.get(1).dyn_into().ok()?))
    };
    Array::from(&parts).iter().map(part).collect()
}

/// Whether this browser shows notifications of Rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notifying {
    Granted,
    /// Nobody has been asked yet.
    Unasked,
    /// The person, the company or the browser does not want it.
    Blocked,
}

/// Whether notifications are shown; `ask` asks the person, if nobody did yet, and is to be called by a tap.
pub async fn may_notify(ask: bool) -> Notifying {
    let answer = answered("roundsMayNotify", &ask.into()).await.and_then(|answer| answer.as_string());
    match answer.as_deref() {
        Some("granted") => Notifying::Granted,
        Some("default") => Notifying::Unasked,
        _ => Notifying::Blocked,
    }
}

/// Shows a notification where that is allowed; a tap on it opens `address`. One with the same `tag` is replaced.
pub async fn notify(title: &str, body: &str, tag: &str, address: &str) {
    let said = Array::from_iter([title, body, tag, address].map(JsValue::from));
    answered("roundsNotify", &said).await;
}

/// An address in this page for bytes, which nothing in them can run under; it lasts until it is forgotten.
pub fn object_url(bytes: &JsValue, mime: &str) -> Option<String> {
    function("roundsAddress")?.call2(&JsValue::NULL, bytes, &mime.into()).ok()?.as_string()
}

pub fn forget_url(address: &str) {
    let _ = function("roundsForget").map(|forget| forget.call1(&JsValue::NULL, &address.into()));
}

/// What the list of devices calls this one, such as `Linux x86_64`.
pub fn device_label() -> String {
    web_sys::window().and_then(|window| window.navigator().platform().ok()).unwrap_or_default()
}

pub fn set_root(attribute: &str, value: &str) {
    if let Some(root) = root() {
        // Setting a well-formed attribute cannot fail.
        let _ = root.set_attribute(attribute, value);
    }
}

/// What the page says about the site: `data-…` on its root, which boot.js writes.
pub fn root_data(name: &str) -> Option<String> {
    web_sys::window()?.document()?.document_element()?.get_attribute(&format!("data-{name}"))
}

/// Sends an event with a detail to the window, where boot.js listens.
pub fn tell(event: &str, detail: &str) {
    let options = web_sys::CustomEventInit::new();
    options.set_detail(&detail.into());
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::CustomEvent::new_with_event_init_dict(event, &options)) {
        // Only an event that is already being sent is refused.
        let _ = window.dispatch_event(&event);
    }
}

/// How much of the app stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// A page, of which more may come.
    Page,
    /// Everything that its still shows, too.
    All,
}

/// Tells the shell that it is not needed any more.
pub fn tell_drawn(drawn: Drawn) {
    tell("rounds:drawn", if drawn == Drawn::All { "all" } else { "page" });
}

/// A drawing that stands in no page as the text of a still; it is no more to be used afterwards.
pub fn still_of(drawing: &JsValue) -> Option<String> {
    function("roundsStill")?.call1(&JsValue::NULL, drawing).ok()?.as_string()
}

/// Listens for an event of the window as long as the app lives.
pub fn listen(event: &str, heard: impl Fn(JsValue) + 'static) {
    let closure = Closure::<dyn Fn(JsValue)>::new(heard);
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    // It lives as long as the page: there is one app per page.
    closure.forget();
}

/// A function of boot.js.
fn function(name: &str) -> Option<Function> {
    Reflect::get(&web_sys::window()?.into(), &name.into()).ok()?.dyn_into().ok()
}

/// Whether boot.js found a new version before the app listened.
pub fn has_update() -> bool {
    function("roundsUpdate").is_some()
}

pub fn apply_update() {
    if let Some(update) = function("roundsUpdate") {
        let _ = update.call0(&JsValue::NULL);
    } else if let Some(window) = web_sys::window() {
        // A page that cannot be reloaded stays as it is.
        let _ = window.location().reload();
    }
}

thread_local! {
    /// The browser's offer to install the app, kept until the user takes it.
    static INSTALL: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

pub fn on_install_prompt(ready: impl Fn(bool) + Copy + 'static) {
    listen("beforeinstallprompt", move |event| {
        if let Some(event) = event.dyn_ref::<web_sys::Event>() {
            event.prevent_default();
        }
        INSTALL.set(Some(event));
        ready(true);
    });
    listen("appinstalled", move |_| ready(false));
}

pub fn install() {
    let Some(offer) = INSTALL.take() else { return };
    let prompt = Reflect::get(&offer, &"prompt".into()).ok().and_then(|prompt| prompt.dyn_into::<Function>().ok());
    if let Some(prompt) = prompt {
        let _ = prompt.call0(&offer);
    }
}
