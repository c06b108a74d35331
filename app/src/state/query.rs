//! Reading: live and synchronous, from memory.

use super::{Rounds, in_turns_next, write::SaveState};
use domain::{
    Id, Row,
    records::{Attachment, Comment, FollowUp},
    spec::RootRule,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use store::{RowChange, Rows, Seen};

/// By which fields the pages of records look for others, besides those by which these belong to accounts.
const ASKED: [(&str, &str); 3] = [(FollowUp::KIND, "previous"), (Comment::KIND, "follow_up"), (Attachment::KIND, "follow_up")];
/// Records looked at between two looks at the clock.
const PREPARED: usize = 200;

impl Rounds {
    /// A living record, as the user sees it; under a merged account it shows the one that stands for it.
    pub fn row(self, id: Id) -> Signal<Option<Arc<Row>>> {
        Signal::derive(move || self.look_up(id))
    }

    /// [`Rounds::row`] at once; reactive when called in a reactive context.
    pub fn look_up(self, id: Id) -> Option<Arc<Row>> {
        let inner = self.inner();
        inner.track_record(id);
        let view = inner.view.borrow();
        let row = view.row(id).filter(|row| row.is_alive())?;
        Some(inner.index.borrow_mut().resolved(&view, row))
    }

    /// The account that stands for one that was merged; every other record stands for itself. Reactive like
    /// [`Rounds::look_up`].
    pub fn survivor(self, id: Id) -> Id {
        let inner = self.inner();
        inner.track_record(id);
        inner.index.borrow_mut().survivor(&inner.view.borrow(), id)
    }

    /// All living records of a kind, in no particular order.
    pub fn rows(self, kind: &'static str) -> Signal<Rows> {
        Signal::derive(move || {
            self.inner().track_kind(kind);
            self.living(kind)
        })
    }

    /// [`Rounds::rows`] at once, untracked.
    pub fn living(self, kind: &str) -> Rows {
        let inner = self.inner();
        inner.index.borrow_mut().rows(&inner.view.borrow(), kind)
    }

    /// A record as [`Rounds::living`] lists it, untracked.
    pub fn listed(self, kind: &str, id: Id) -> Option<Arc<Row>> {
        let inner = self.inner();
        inner.index.borrow_mut().listed(&inner.view.borrow(), kind, id)
    }

    /// The living records of a kind whose reference, or set of references, `field` names `to`.
    pub fn referring(self, kind: &'static str, field: &'static str, to: Id) -> Signal<Rows> {
        Signal::derive(move || {
            self.inner().track_kind(kind);
            self.referrers(kind, field, to)
        })
    }

    /// [`Rounds::referring`], found out in turns between which the page can draw; `None` until then.
    pub fn referring_soon(self, kind: &'static str, field: &'static str, to: Id) -> Signal<Option<Rows>> {
        let (is_prepared, found) = (RwSignal::new(false), self.referring(kind, field, to));
        spawn_local(async move {
            self.prepare(kind, field).await;
            is_prepared.try_set(true);
        });
        Signal::derive(move || is_prepared.get().then(|| found.get()))
    }

    /// Whether it is known which records belong to what: before, [`Rounds::referring`] would hold up the page.
    pub fn knows_references(self) -> Signal<bool> {
        self.inner().knows_references.into()
    }

    /// Finds out what the pages of records ask, before somebody opens one and waits for it.
    pub(super) async fn prepare_references(self) {
        for kind in &super::schema().kinds {
            if let RootRule::Through(field) = &kind.root {
                self.prepare(&kind.name, field).await;
            }
        }
        for (kind, field) in ASKED {
            self.prepare(kind, field).await;
        }
        self.inner().knows_references.set(true);
    }

    /// Finds out which records of a kind belong to what by a field, before somebody waits for it.
    pub(super) async fn prepare(self, kind: &str, field: &str) {
        let inner = self.inner();
        in_turns_next(&mut || inner.index.borrow_mut().prepare(&inner.view.borrow(), kind, field, PREPARED)).await;
    }

    /// [`Rounds::referring`], untracked.
    pub fn referrers(self, kind: &str, field: &str, to: Id) -> Rows {
        let inner = self.inner();
        inner.index.borrow_mut().referring(&inner.view.borrow(), kind, field, to)
    }

    /// How much has happened to the lists until now.
    pub fn seen(self) -> Seen {
        self.inner().index.borrow().seen()
    }

    /// What happened to the lists since; `None` where everything may be different.
    pub fn since(self, seen: Seen) -> Option<Vec<RowChange>> {
        self.inner().index.borrow().since(seen)
    }

    /// Who owns an account; reactive like [`Rounds::look_up`].
    pub fn owner(self, account: Id) -> Option<Id> {
        self.look_up(account)?.reference("owner")
    }

    /// Whether a record's last change is durable and sent.
    pub fn save_state(self, id: Id) -> Signal<SaveState> {
        Signal::derive(move || {
            let inner = self.inner();
            inner.track_record(id);
            let refused = inner.attention.with(|all| all.iter().any(|one| one.op.writes.iter().any(|write| write.id == id)));
            let view = inner.view.borrow();
            match view.is_waiting(id) {
                _ if refused => SaveState::Attention,
                (_, true) => SaveState::Saving,
                (true, _) => SaveState::Waiting,
                _ => SaveState::Sent,
            }
        })
    }

    /// The name of a record, from its kind's title field, and of a merged account its survivor's; empty when it is not here.
    pub fn title(self, id: Id) -> String {
        let id = self.survivor(id);
        let inner = self.inner();
        inner.track_record(id);
        let view = inner.view.borrow();
        let Some(row) = view.row(id) else { return String::new() };
        let Some(kind) = self.schema().kind(&row.kind) else { return String::new() };
        let lang = inner.chrome.lang.get();
        kind.field(&kind.title).map(|field| field.ty.rules().print(&row.value(&field.name), lang)).unwrap_or_default()
    }
}
