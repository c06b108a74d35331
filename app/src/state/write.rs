//! Saving: shown at once, durable when the future resolves, sent when there is a network.

use super::{Rounds, Toast, platform};
use domain::{
    Clock, Id, Schema, Value,
    change::{Act, Op, Outcome, Write},
    json,
    records::Attachment,
    sorting::set,
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, sync::Arc};
use store::{Draft, StoreError};

/// How far a record's last change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    Sent,
    /// Shown, not yet durable on this device.
    Saving,
    /// Durable here, not yet on the server or not yet seen from there.
    Waiting,
    /// The server would not take it.
    Attention,
}

/// A save that is durable on this device.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    pub op_id: Id,
    /// Brings back what was before.
    pub undo: Draft,
}

/// A change the server would not take, with the user's own values.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    pub op_id: Id,
    /// Device time, UTC milliseconds.
    pub at: i64,
    pub kind: String,
    pub record: Id,
    pub fields: Vec<(String, Value)>,
    pub code: String,
    pub message: String,
    pub field: Option<String>,
    /// The server keeps it for somebody with the right to decide.
    pub parked: bool,
}

impl Attention {
    /// What an op that was not taken says of one record: the one whose field was refused, else the first it wrote.
    fn of(one: &store::Attention) -> Option<Attention> {
        let value = |write: &Write| match &write.act {
            Act::Set { field, value, .. } | Act::Text { field, value, .. } => Some((field.clone(), value.clone())),
            Act::Add { field, element, .. } => Some((field.clone(), element.clone())),
            _ => None,
        };
        let (code, message, field, parked) = match &one.outcome {
            Outcome::Rejected { code, field, message } => (code.clone(), message.clone(), field.clone(), false),
            Outcome::Parked { reason } => (reason.clone(), String::new(), None, true),
            Outcome::Applied | Outcome::Merged => return None,
        };
        let writes = &one.op.writes;
        let refused = writes.iter().find(|write| field.is_some() && write.act.field() == field.as_deref());
        let of = refused.or(writes.first())?;
        let (op_id, at, kind, record) = (one.op.op_id, one.op.at, of.kind.clone(), of.id);
        let fields = writes.iter().filter(|write| write.id == record).filter_map(value).collect();
        Some(Attention { op_id, at, kind, record, fields, code, message, field, parked })
    }
}

/// So many records are saved together: more would hold up what is drawn meanwhile.
const AT_ONCE: usize = 64;

impl Rounds {
    /// Makes a draft one op: shown at once, durable when this returns. An error means that nothing was saved.
    pub async fn save(self, draft: Draft) -> Result<Saved, StoreError> {
        let (op_id, (writes, undo)) = (self.new_id(), self.writes(&draft));
        if !writes.is_empty() {
            self.write(vec![(op_id, writes)]).await?;
        }
        Ok(Saved { op_id, undo })
    }

    /// Makes each draft, of a record of its own, an op of its own: each is judged for itself. They are made as their turn comes;
    /// `told` hears of how many are durable. Returns the drafts that undo what was saved, and the error that came before the
    /// rest of it.
    pub async fn save_each(
        self,
        drafts: &mut dyn Iterator<Item = Draft>,
        told: impl Fn(usize),
    ) -> (Vec<Draft>, Result<(), StoreError>) {
        let (mut undo, mut done) = (Vec::new(), 0);
        loop {
            let some: Vec<Draft> = drafts.take(AT_ONCE).collect();
            if some.is_empty() {
                return (undo, Ok(()));
            }
            let drawn = some.iter().map(|draft| self.writes(draft)).filter(|(writes, _)| !writes.is_empty());
            let (actions, undoing): (Vec<_>, Vec<_>) = drawn.map(|(writes, undo)| ((self.new_id(), writes), undo)).unzip();
            match actions.is_empty() {
                // Where nothing is to be stored, nothing else lets the page draw.
                true => sync::browser::breathe().await,
                false => {
                    if let Err(error) = self.write(actions).await {
                        return (undo, Err(error));
                    }
                }
            }
            undo.extend(undoing.into_iter().filter(|undo| !undo.is_empty()));
            done += some.len();
            told(done);
        }
    }

    fn writes(self, draft: &Draft) -> (Vec<Write>, Draft) {
        let inner = self.inner();
        let view = inner.view.borrow();
        draft.writes(self.schema(), |id| view.row(id).map(Arc::as_ref))
    }

    /// Saves actions at once, all or none, an op each.
    async fn write(self, actions: Vec<(Id, Vec<Write>)>) -> Result<(), StoreError> {
        let inner = self.inner();
        let Some(device) = inner.device.borrow().clone() else {
            return Err(StoreError::Unavailable("nobody is signed in".to_owned()));
        };
        let mut touched = BTreeSet::new();
        let mut provisional = Vec::new();
        for (op_id, writes) in &actions {
            let shown = self.provisional(*op_id, &device, writes);
            let (n, records) = inner.view.borrow_mut().add_provisional(shown);
            provisional.push(n);
            touched.extend(records);
        }
        inner.changed(&touched);
        let attaches = actions.iter().flat_map(|(_, writes)| writes).any(|write| write.kind == Attachment::KIND);
        let result = device.local.act_all(actions, self.clock_ms()).await;
        for (at, n) in provisional.into_iter().enumerate() {
            let durable = result.as_ref().ok().and_then(|ops| ops.get(at)).cloned();
            touched.extend(inner.view.borrow_mut().settle(n, durable));
        }
        inner.changed(&touched);
        match result {
            Err(StoreError::Lost) => device.client.doubts(),
            Err(StoreError::Evicted) => self.rescue(),
            _ => {}
        }
        result?;
        device.client.wrote(touched.into_iter().collect());
        self.refresh_status();
        if attaches {
            self.refresh_files();
        }
        Ok(())
    }

    /// The op as it will be, as far as showing it needs: later than everything the touched records hold.
    fn provisional(self, op_id: Id, device: &super::inner::Device, writes: &[Write]) -> Op {
        let inner = self.inner();
        let touched: BTreeSet<Id> = set(writes.iter().map(|write| write.id));
        let latest = {
            let view = inner.view.borrow();
            touched.iter().filter_map(|id| view.row(*id)).flat_map(|row| row.clocks().into_values()).max()
        };
        let clock = latest.unwrap_or(Clock::ZERO).next(self.clock_ms() + device.offset_ms, device.id);
        let mut writes = writes.to_vec();
        writes.iter_mut().for_each(|write| write.act.set_clock(clock));
        let (org, actor) = (device.local.org(), device.local.member());
        Op { org, device: device.id, n: 0, op_id, actor, base_seq: 0, schema: Schema::VERSION, at: self.clock_ms(), writes }
    }

    /// Saves and says so, with undo; or says in words what went wrong.
    pub fn save_with_toast(self, draft: Draft, said: String) {
        self.save_each_with_toast([draft].into(), said);
    }

    /// [`Rounds::save_each`], said once for all.
    pub fn save_each_with_toast(self, drafts: Arc<[Draft]>, said: String) {
        spawn_local(async move {
            let (undo, saved) = self.save_each(&mut drafts.iter().cloned(), |_| {}).await;
            self.say_saved(undo, saved, said);
        });
    }

    /// Says what was saved, with the way back, and what went wrong.
    pub fn say_saved(self, undo: Vec<Draft>, saved: Result<(), StoreError>, said: String) {
        if saved.is_ok() || !undo.is_empty() {
            self.toast(Toast::done(said, undo));
        }
        if let Err(error) = saved {
            self.toast(Toast::wrong(self.store_error(&error)));
        }
    }

    /// A store's error in the user's language.
    pub fn store_error(self, error: &StoreError) -> String {
        crate::text::tr(self.inner().chrome.lang.get_untracked(), error.code())
    }

    /// What was half typed under this key.
    pub async fn load_draft(self, key: &str) -> Option<Value> {
        let device = self.inner().device.borrow().clone()?;
        let text = device.local.load_draft(key).await.ok().flatten()?;
        json::parse(&text)
    }

    /// Keeps what is half typed, so that it survives a kill; `None` forgets it. Never blocks, the latest wins.
    pub fn keep_draft(self, key: &str, value: Option<Value>) {
        let Some(device) = self.inner().device.borrow().clone() else { return };
        let (key, text) = (key.to_owned(), value.map(|value| value.to_string()));
        spawn_local(async move {
            if let Err(error) = device.local.keep_draft(&key, text).await {
                self.toast(Toast::wrong(self.store_error(&error)));
            }
        });
    }

    /// What the server would not take.
    pub fn attention(self) -> Signal<Arc<Vec<Attention>>> {
        let attention = self.inner().attention;
        Signal::derive(move || Arc::new(attention.with(|all| all.iter().filter_map(Attention::of).collect())))
    }

    /// Sends it again as a new op, from what the user meant.
    pub async fn retry_attention(self, op_id: Id) {
        let Some(one) = self.inner().attention.with_untracked(|all| all.iter().find(|one| one.op.op_id == op_id).cloned()) else {
            return;
        };
        match self.write(vec![(self.new_id(), one.op.writes)]).await {
            Ok(()) => self.dismiss_attention(op_id).await,
            Err(error) => self.toast(Toast::wrong(self.store_error(&error))),
        }
    }

    pub async fn dismiss_attention(self, op_id: Id) {
        let inner = self.inner();
        let Some(device) = inner.device.borrow().clone() else { return };
        if let Err(error) = device.local.resolve_attention(op_id).await {
            return self.toast(Toast::wrong(self.store_error(&error)));
        }
        let touched = inner.attention.with_untracked(|all| records_of(all.iter().filter(|one| one.op.op_id == op_id)));
        inner.attention.update(|all| Arc::make_mut(all).retain(|one| one.op.op_id != op_id));
        inner.changed(&touched);
        self.refresh_status();
    }

    /// Everything not yet sent, as JSON a person can keep.
    pub async fn export_unsent(self) -> String {
        let Some(device) = self.inner().device.borrow().clone() else { return "[]".to_owned() };
        let waiting = device.local.outbox().await.unwrap_or_default();
        let refused = device.local.attention().await.unwrap_or_default();
        let content = serde_json::json!({ "waiting": waiting, "needs_attention": refused });
        serde_json::to_string(&content).unwrap_or_default()
    }

    /// What was last noted under this name on this device by who is signed in.
    pub fn last(self, what: &str) -> Option<String> {
        platform::recall(&format!("rounds.{what}.{}", self.me()))
    }

    pub fn note_last(self, what: &str, value: &str) {
        platform::remember(&format!("rounds.{what}.{}", self.me()), Some(value));
    }

    pub fn recents(self) -> Signal<Vec<Id>> {
        self.inner().chrome.recents.into()
    }

    /// Remembers that a record was opened on this device, the latest first.
    pub fn note_opened(self, id: Id) {
        let recents = self.inner().chrome.recents;
        recents.update(|recents| {
            recents.retain(|other| *other != id);
            recents.insert(0, id);
            recents.truncate(12);
        });
        let text = serde_json::to_string(&recents.get_untracked()).unwrap_or_default();
        self.note_last("recents", &text);
    }
}

pub(super) fn records_of<'a>(attention: impl Iterator<Item = &'a store::Attention>) -> BTreeSet<Id> {
    set(attention.flat_map(|one| one.op.writes.iter().map(|write| write.id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(field: Option<&str>) -> store::Attention {
        let set = |kind: &str, id: u128, field: &str, value: &str| Write {
            kind: kind.into(),
            id: Id::from_u128(id),
            act: Act::Set { field: field.into(), value: json!(value), clock: Clock::ZERO },
        };
        let writes =
            vec![set("account", 1, "name", "华联"), set("contact", 2, "name", "韩海燕"), set("contact", 2, "mobile", "12")];
        let nil = Id::nil();
        let op = Op { org: nil, device: nil, n: 1, op_id: nil, actor: nil, base_seq: 0, schema: 1, at: 5, writes };
        let outcome = Outcome::Rejected { code: "not_a_phone".into(), field: field.map(Into::into), message: String::new() };
        store::Attention { op, outcome }
    }

    #[test]
    fn what_was_refused_is_told_with_the_words_of_its_own_record() {
        let fields = |attention: &Attention| attention.fields.iter().map(|(field, _)| field.clone()).collect::<Vec<_>>();
        let contact = Attention::of(&refused(Some("mobile"))).unwrap();
        assert_eq!(
            (contact.kind.as_str(), contact.record.as_u128(), fields(&contact)),
            ("contact", 2, vec!["name".into(), "mobile".into()])
        );
        let account = Attention::of(&refused(None)).unwrap();
        assert_eq!((account.kind.as_str(), account.record.as_u128(), fields(&account)), ("account", 1, vec!["name".into()]));
    }
}
