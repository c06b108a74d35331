//! What the sync client tells: rows that came, changes of other tabs, the end of this device's right to be here.

use super::{Rounds, Session, SignedOutReason, Toast, in_turns, status::SyncPhase, write::records_of};
use domain::{Id, sorting::set, wire};
use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, sync::Arc};
use store::{Absorbed, Index, StoreError, indexed_db};
use sync::browser::{Fetch, News, TabMessage};

impl Rounds {
    pub(super) fn hear(self, generation: u32, news: News) {
        let inner = self.inner();
        if inner.generation.get() != generation {
            return;
        }
        match news {
            News::Absorbed(absorbed) => self.absorb(*absorbed),
            News::Renumbered(ops) => {
                if let (Some(device), Some(op)) = (inner.device.borrow_mut().as_mut(), ops.first()) {
                    device.id = op.device;
                }
                // What was parked on a server that was restored waits again.
                let waits = |one: &store::Attention| ops.iter().any(|op| op.op_id == one.op.op_id);
                inner.attention.update(|all| Arc::make_mut(all).retain(|one| !waits(one)));
                let touched = inner.view.borrow_mut().replace_ops(ops);
                inner.changed(&touched);
                self.refresh_files();
            }
            News::Elsewhere(message) => spawn_local(self.reload(generation, message)),
            News::Status => {}
            News::File(step) => self.hear_of_file(step),
            News::Revoked => spawn_local(self.hand_in()),
            News::Refused(refused) => self.toast(Toast::wrong(refused.message)),
            News::Failed(StoreError::Evicted) => self.rescue(),
            News::Failed(error) => self.toast(Toast::wrong(self.store_error(&error))),
        }
        self.refresh_status();
    }

    fn absorb(self, absorbed: Absorbed) {
        let inner = self.inner();
        if absorbed.withheld {
            spawn_local(self.refresh_withheld());
        }
        let (replaced, many) = (absorbed.replaced, absorbed.rows.len() > 200);
        let mut touched = {
            let mut view = inner.view.borrow_mut();
            if absorbed.replaced {
                let ops: Vec<_> = view.ops().cloned().collect();
                view.replace([], ops);
            }
            absorbed.progress.iter().for_each(|progress| view.expect(progress.total));
            let mut touched = view.pulled(absorbed.rows, &absorbed.removed, absorbed.settled);
            if let Some(ops) = absorbed.outbox {
                touched.extend(view.replace_ops(ops));
            }
            touched
        };
        if !absorbed.attention.is_empty() {
            touched.extend(records_of(absorbed.attention.iter()));
            inner.attention.update(|all| Arc::make_mut(all).extend(absorbed.attention));
        }
        inner.status.update(|status| {
            // What is in memory stays usable while a new database loads.
            status.usable |= absorbed.usable;
            status.last_success_at = Some(self.clock_ms());
            status.progress = absorbed.progress;
        });
        match () {
            () if replaced => inner.all_changed(Index::default()),
            () if many => inner.many_changed(&touched),
            () => inner.changed(&touched),
        }
    }

    /// Reads again what another tab changed.
    pub(super) async fn reload(self, generation: u32, message: TabMessage) {
        // The first load of another tab opens this one too: what is known of it is in the whole.
        let usable = self.inner().status.with_untracked(|status| status.usable);
        let records = match message {
            TabMessage::Hope | TabMessage::Ask | TabMessage::Stands(_) => return,
            TabMessage::Wrote { .. } => Some(Vec::new()),
            TabMessage::Pulled { records } if usable => Some(records),
            TabMessage::Pulled { .. } | TabMessage::Reload => None,
        };
        self.refresh_files();
        // What was written or came here while it was read is newer than what was read.
        while self.read_again(generation, records.as_deref()).await == Ok(false) {}
    }

    /// Shows what the store holds of these records and of all that waits, or the whole of it; `false` where the view changed
    /// meanwhile. A store that cannot be read now says so wherever else it is used.
    async fn read_again(self, generation: u32, records: Option<&[Id]>) -> Result<bool, StoreError> {
        let inner = self.inner();
        let Some(device) = inner.device.borrow().clone() else { return Ok(true) };
        let revision = inner.view.borrow().revision();
        let changed = || match () {
            () if inner.generation.get() != generation => Some(Ok(true)),
            () if inner.view.borrow().revision() != revision => Some(Ok(false)),
            () => None,
        };
        let Some(records) = records else {
            let mut start = device.local.start().await?;
            in_turns(&mut || start.read(1)).await;
            if let Some(changed) = changed() {
                return changed;
            }
            inner.attention.set(Arc::new(std::mem::take(&mut start.attention)));
            inner.status.update(|status| status.usable |= start.meta.usable);
            let (view, mut index) = start.shown();
            let provisional = inner.view.borrow_mut().take_over(view);
            index.touch(&inner.view.borrow(), &provisional);
            inner.all_changed(index);
            self.refresh_withheld().await;
            return Ok(true);
        };
        let (rows, outbox) = (device.local.base_rows(records).await?, device.local.outbox().await?);
        let attention = device.local.attention().await?;
        if let Some(changed) = changed() {
            return changed;
        }
        inner.attention.set(Arc::new(attention));
        let present: BTreeSet<Id> = set(rows.iter().map(|row| row.id));
        let removed: Vec<Id> = records.iter().filter(|id| !present.contains(id)).copied().collect();
        let touched = {
            let mut view = inner.view.borrow_mut();
            let mut touched = view.pulled(rows, &removed, []);
            touched.extend(view.replace_ops(outbox.into_iter().map(|entry| entry.op)));
            touched
        };
        inner.changed(&touched);
        self.refresh_status();
        Ok(true)
    }

    /// A revoked device hands its unsent work to the server's quarantine, then forgets everything (sync.md, item 12).
    async fn hand_in(self) {
        let Some(device) = self.inner().device.borrow().clone() else { return };
        // A store that cannot be read is not empty: nothing is wiped then.
        let fetch = Fetch::of(device.local.member());
        let post = async |body| fetch.post_json(wire::QUARANTINE, body).await;
        let put = async |path: String, bytes: Uint8Array| fetch.put(&path, &bytes).await;
        if sync::hand_in(&device.local, post).await != Ok(true)
            || sync::hand_in_files(&device.local, self.clock_ms(), put).await != Ok(true)
        {
            return self.inner().status.update(|status| status.phase = SyncPhase::Revoked);
        }
        self.forget().await;
        let _ = indexed_db::delete(&device.name).await;
        self.inner().session.set(Session::SignedOut { reason: Some(SignedOutReason::Revoked) });
    }
}
