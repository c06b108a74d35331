//! Files: chosen, kept on this device, sent behind the ops that mention them, fetched when somebody looks (sync.md, item 19).

use super::{Draft, Rounds, Toast, platform};
use crate::text::{filled, tr};
use domain::{Id, Value, json::at, records, types::Attachment, wire::BLOBS};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, json};
use std::sync::Arc;
use store::{Backend, FileState};
use sync::{FileStep, browser::Fetch};
use wasm_bindgen::JsValue;

impl Rounds {
    /// Where a file's bytes are. Reactive when called in a reactive context.
    pub fn file_state(self, sha256: &str) -> FileState {
        self.inner().files.with(|files| files.state(sha256))
    }

    /// How many percent of a file the server has, while this tab sends it. Reactive as [`Rounds::file_state`].
    pub fn sent_percent(self, sha256: &str) -> Option<u64> {
        self.inner().sending.with(|sending| sending.as_ref().filter(|(of, _)| of == sha256).map(|(_, percent)| *percent))
    }

    /// Takes a chosen file in: a picture scaled down, with a thumbnail; durable on this device when this returns. It is what
    /// [`attached`] takes; `None` when the user was told why not.
    pub async fn take_file(self, chosen: JsValue) -> Option<Value> {
        let lang = self.lang().get_untracked();
        let say = |text: String| self.toast(Toast::wrong(text));
        let device = self.inner().device.borrow().clone()?;
        let Some(parts) = platform::prepared(&chosen).await else {
            say(tr(lang, "file.failed"));
            return None;
        };
        let mut taken = Map::from_iter([("id".to_owned(), json!(self.new_id()))]);
        for (field, (value, bytes)) in ["file", "thumbnail"].into_iter().zip(parts) {
            if at(&value, "size").as_u64()? > Attachment::MAX_BYTES {
                say(filled(&tr(lang, "file.too_large"), &[("name", at(&value, "name").as_str()?)]));
                return None;
            }
            if let Err(error) = device.local.keep_file(at(&value, "sha256").as_str()?, &bytes, self.clock_ms()).await {
                say(self.store_error(&error));
                return None;
            }
            taken.insert(field.to_owned(), value);
        }
        self.refresh_files();
        Some(Value::Object(taken))
    }

    /// An address in this page for the bytes of a file that is on this device, until [`Rounds::forget_address`].
    pub async fn file_address(self, sha256: &str, mime: &str) -> Option<String> {
        let device = self.inner().device.borrow().clone()?;
        let bytes = device.local.backend().bytes(sha256).await.ok()??;
        platform::object_url(&bytes, mime)
    }

    pub fn forget_address(self, address: &str) {
        platform::forget_url(address);
    }

    /// Fetches a file's bytes onto this device; whether they are here then, and are what their address says.
    pub async fn fetch_file(self, sha256: &str) -> bool {
        let Some(device) = self.inner().device.borrow().clone() else { return false };
        let Some(bytes) = Fetch::of(device.local.member()).get_bytes(&format!("{BLOBS}{sha256}")).await else { return false };
        if platform::hash(&bytes).await.as_deref() != Some(sha256) {
            return false;
        }
        let kept = device.local.keep_file(sha256, &bytes, self.clock_ms()).await;
        if let Err(error) = &kept {
            self.toast(Toast::wrong(self.store_error(error)));
        }
        self.refresh_files();
        kept.is_ok()
    }

    pub(super) fn hear_of_file(self, step: FileStep) {
        let sending = self.inner().sending;
        match step {
            FileStep::Part { sha256, received, size } => sending.set(Some((sha256, received * 100 / size.max(1)))),
            // What was under way waits for the next attempt.
            FileStep::Idle if sending.read_untracked().is_some() => sending.set(None),
            FileStep::Idle => {}
            FileStep::Settled => {
                sending.set(None);
                self.refresh_files();
            }
        }
    }

    /// Reads again which files are here.
    pub(super) fn refresh_files(self) {
        let inner = self.inner();
        let generation = inner.generation.get();
        let Some(device) = inner.device.borrow().clone() else { return };
        spawn_local(async move {
            // A database that cannot be read now says so wherever else it is used.
            let Ok(files) = device.local.files().await else { return };
            if inner.generation.get() == generation && inner.files.with_untracked(|known| **known != files) {
                inner.files.set(Arc::new(files));
                self.refresh_status();
            }
        });
    }

    /// How many files the server has yet to get.
    pub(super) fn waiting_files(self) -> u64 {
        self.inner().files.with_untracked(|files| files.waiting())
    }
}

/// Adds the record of a file taken in to a draft.
pub fn attached(draft: Draft, taken: &Value, account: Id, follow_up: Option<Id>) -> Draft {
    const KIND: &str = records::Attachment::KIND;
    let Some(id) = at(taken, "id").as_str().and_then(|id| Id::try_parse(id).ok()) else { return draft };
    let draft = draft.create(KIND, id).put(KIND, id, "account", json!(account));
    let given =
        [("follow_up", json!(follow_up)), ("file", at(taken, "file").clone()), ("thumbnail", at(taken, "thumbnail").clone())];
    given.into_iter().filter(|(_, value)| !value.is_null()).fold(draft, |draft, (field, value)| draft.put(KIND, id, field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_taken_in_becomes_a_record_and_what_is_none_nothing() {
        let (id, account, log) = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3));
        let file = json!({ "sha256": "aa", "name": "a.jpg", "size": 1, "mime": "image/jpeg" });
        let draft = attached(Draft::new(), &json!({ "id": id, "file": file }), account, Some(log));
        let kind = "attachment";
        let expected = Draft::new().create(kind, id).put(kind, id, "account", json!(account));
        assert_eq!(draft, expected.put(kind, id, "follow_up", json!(log)).put(kind, id, "file", file));
        assert_eq!(attached(Draft::new(), &json!("no file"), account, None), Draft::new());
    }
}
