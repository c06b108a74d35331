//! The WebAssembly module: mounts the app where the shell's skeleton stands.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the browser when the module is ready.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    if let Some(place) = app::clear_skeleton() {
        leptos::mount::mount_to(place, app::App).forget();
    }
}
