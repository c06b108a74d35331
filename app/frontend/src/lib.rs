//! The WebAssembly module: mounts the app under the shell.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes in the words of the document's language; before [`start`].
#[wasm_bindgen]
pub fn learn(words: &str) {
    app::learn_words(words);
}

/// Called once by boot.js when the module and the words are there.
#[wasm_bindgen]
pub fn start() {
    // The release has no texts of panics; boot.js says in both that the app has stopped.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if let Some(place) = app::place() {
        leptos::mount::mount_to(place, app::App).forget();
    }
}
