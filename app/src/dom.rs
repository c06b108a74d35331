//! The few things that need the browser's own objects.

use leptos::{prelude::*, web_sys};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// Calls a method that takes nothing, such as `showModal` or `hidePopover`; nothing happens where it does not exist or refuses.
pub fn call(object: &JsValue, method: &str) {
    let found = js_sys::Reflect::get(object, &method.into()).ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok());
    let _ = found.map(|function| function.call0(object));
}

/// Opens a menu beside the button it belongs to.
pub fn open_popover(menu: &JsValue, button: &JsValue) {
    let options = js_sys::Object::new();
    let told = js_sys::Reflect::set(&options, &"source".into(), button);
    let show = js_sys::Reflect::get(menu, &"showPopover".into()).ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok());
    let _ = told.ok().and(show).map(|show| show.call1(menu, &options));
}

pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to the first element of `selector`; false when there is none in sight.
pub fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    found.filter(|element| element.offset_height() > 0).is_some_and(|element| element.focus().is_ok())
}

/// Whether keys go into a field of `target`, so that they are text and not shortcuts.
pub fn is_typing(target: Option<web_sys::EventTarget>) -> bool {
    let field = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
    target.and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| element.matches(field).unwrap_or(false))
}

/// Whether a dialog is open over the page.
pub fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// The focused element when it is one of `selector`.
pub fn focused(selector: &str) -> Option<HtmlElement> {
    document().active_element().filter(|element| element.matches(selector).unwrap_or(false))?.dyn_into().ok()
}

/// Scrolls what is around an element as far as it takes to see it, and not at all when it is in sight.
pub fn into_view(element: &HtmlElement) {
    let scroll =
        js_sys::Reflect::get(element, &"scrollIntoView".into()).ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok());
    if let (Some(scroll), Ok(options)) = (scroll, js_sys::JSON::parse(r#"{"block":"nearest"}"#)) {
        let _ = scroll.call1(element, &options);
    }
}

/// Offers `text` as a file to keep.
pub fn download(name: &str, text: &str) {
    save(name, &format!("data:application/json;charset=utf-8,{}", String::from(js_sys::encode_uri_component(text))));
}

/// Offers what is at an address as a file to keep.
pub fn save(name: &str, address: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let set = link.set_attribute("href", address).and_then(|()| link.set_attribute("download", name));
    if set.is_ok() {
        call(&link, "click");
    }
}

/// The files chosen in the input of an event, which is empty afterwards: the same ones can be chosen again.
pub fn chosen_files(event: &web_sys::Event) -> Vec<JsValue> {
    let Some(input) = event.target() else { return Vec::new() };
    let files = js_sys::Reflect::get(&input, &"files".into()).map(|files| js_sys::Array::from(&files).to_vec());
    // A file input takes no other value than none.
    let _ = js_sys::Reflect::set(&input, &"value".into(), &"".into());
    files.unwrap_or_default()
}

/// Shows a number on the app's icon where the system can, or clears it.
pub fn set_badge(count: usize) {
    let Ok(navigator) = js_sys::Reflect::get(&js_sys::global(), &"navigator".into()) else { return };
    let method =
        js_sys::Reflect::get(&navigator, &"setAppBadge".into()).ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok());
    let answer = method.and_then(|method| method.call1(&navigator, &(count as f64).into()).ok());
    // A browser that has the method may still refuse, by a promise that must not be left unhandled.
    if let Some(promise) = answer.and_then(|answer| answer.dyn_into::<js_sys::Promise>().ok()) {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        });
    }
}
