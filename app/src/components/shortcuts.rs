use super::chrome::Chrome;
use crate::address::use_address;
use crate::{dom, paths};
use leptos::{ev, prelude::*};

/// How long `g` waits for the letter that says where to go.
const GO_MS: f64 = 1_200.0;

/// `/` searches, `n` adds, `l` logs, `g t` and `g a` go to Today and Accounts, `?` helps; never while somebody types.
pub fn listen_for_shortcuts(chrome: Chrome) {
    let address = use_address();
    let go_at = StoredValue::new(None::<f64>);
    let handle = window_event_listener(ev::keydown, move |event| {
        let plain =
            !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.is_composing() && !event.default_prevented();
        if !plain || dom::is_typing(event.target()) || dom::dialog_is_open() {
            return;
        }
        let going = go_at.try_update_value(Option::take).flatten().is_some_and(|at| event.time_stamp() - at < GO_MS);
        match (going, event.key().as_str()) {
            (true, "t") => address.go("/"),
            (true, "a") => address.go("/accounts"),
            (_, "g") => go_at.set_value(Some(event.time_stamp())),
            (_, "/") => search(chrome, || address.go("/accounts")),
            (_, "n") => address.go(&new_path(&address.path().get_untracked())),
            (_, "l") => chrome.log(None),
            (_, "?") => chrome.help().set(true),
            _ => return,
        }
        // The letter must not land in the field that was just focused.
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// Searches in sight, else on Accounts.
fn search(chrome: Chrome, go_to_accounts: impl FnOnce()) {
    if !dom::focus("input[type=search]") {
        chrome.search_wanted().set(true);
        go_to_accounts();
    }
}

/// Where the record of the list in sight is made; an account when there is none.
fn new_path(path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some("contacts"), _) => paths::new("contact"),
        (Some("r"), Some(kind)) => paths::new(kind),
        _ => paths::new("account"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_adds_to_the_list_in_sight() {
        assert_eq!(new_path("/"), "/accounts/new");
        assert_eq!(new_path("/contacts/1"), "/contacts/new");
        assert_eq!(new_path("/r/complaint/1"), "/r/complaint/new");
    }
}
