//! What must hold at every moment, checked when a save is shown, when the server has answered and when an answer is stored.

use super::{Mutant, World, Wrong, checks::elsewhere, device::view_of, drive::Place, journal::value_of, user::NEWER_KIND};
use crate::{Ending, transport::Reply};
use domain::{
    Id, Value,
    change::{Act, Op, Outcome},
    merging::MERGED_INTO,
    wire::{Refused, SyncAnswer, SyncRequest},
};
use futures::executor::block_on;
use std::collections::BTreeSet;
use store::{Absorbed, View};

impl World {
    /// Shows what was saved: its clock is later than that of everything its author saw, and he sees what he did.
    pub fn show_saved(&mut self, device: usize, tab: usize, op: Op) -> Result<(), Wrong> {
        let id = op.op_id;
        let view = &mut self.devices[device].tabs[tab].view;
        let unseen = |view: &View, act: &Act, record: Id| {
            let row = view.row(record)?;
            let late = row.clocks().into_values().find(|clock| *clock >= act.clock());
            late.map(|clock| format!("saved at {} what was changed at {clock}", act.clock()))
        };
        let wrong = op.writes.iter().find_map(|write| unseen(view, &write.act, write.id));
        let acts: Vec<(Id, Act)> = op.writes.iter().map(|write| (write.id, write.act.clone())).collect();
        view.add(op);
        let hidden = || {
            acts.iter().find_map(|(record, act)| {
                let row = view.row(*record)?;
                let shown = match act {
                    Act::Create { .. } => row.is_alive(),
                    Act::Delete { .. } => !row.is_alive(),
                    Act::Add { field, element, .. } => row.elements(field).contains(&element),
                    Act::Remove { field, element, .. } => !row.elements(field).contains(&element),
                    Act::Set { field, value, .. } | Act::Text { field, value, .. } => row.value(field) == *value,
                    Act::Claim { field, .. } => row.get(field).is_some(),
                };
                (!shown).then(|| format!("does not show {act:?} of {record}"))
            })
        };
        match wrong.or_else(hidden) {
            None => Ok(()),
            Some(what) => Err(Wrong::Broken(format!("device {device} {what} (op {id})"))),
        }
    }

    /// Nobody sends what is another's, and the counters see what the server decided.
    pub fn watch_reply(&mut self, device: usize, member: Id, request: &SyncRequest, reply: &Reply) -> Result<(), Wrong> {
        let sender = json(member);
        if let Some(op) = request.ops.iter().find(|op| op.get("actor") != Some(&sender)) {
            return Err(Wrong::Broken(format!("device {device} sends as {member} what {op} says is another's")));
        }
        if let Reply::Status { code: 409, body, .. } = reply {
            let refused: Option<Refused> = serde_json::from_str(body).ok();
            match refused.as_ref().map_or("", |refused| refused.code.as_str()) {
                "restored" => self.counters.count("device hears of a restore"),
                "reset" => self.counters.count("device below the floor"),
                _ => {}
            }
        }
        let Reply::Ok(body) = reply else { return Ok(()) };
        let Ok(answer) = serde_json::from_str::<SyncAnswer>(body) else { return Ok(()) };
        if answer.shifted_ms.is_some() {
            self.counters.count("clocks shifted by the server");
        }
        if answer.checkpoint.is_none() {
            self.counters.count("page of several");
        }
        if !answer.removed.is_empty() {
            self.counters.count("record removed");
        }
        if answer.rows.iter().any(|row| row.kind == NEWER_KIND) {
            self.counters.count("unknown kind pulled");
        }
        for ack in &answer.acks {
            if domain::hub::plan::bears_anothers_id(&ack.outcome) {
                return Err(Wrong::Broken(format!("op {} of device {device} is taken for another", ack.op_id)));
            }
            self.counters.count(match ack.outcome {
                Outcome::Applied => "op applied",
                Outcome::Merged => "op merged",
                Outcome::Rejected { .. } => "op rejected",
                Outcome::Parked { .. } => "op parked",
            });
        }
        let seq = self.server.hub.seq;
        if answer.acks.is_empty() && answer.rows.is_empty() && answer.removed.is_empty() && answer.checkpoint.is_some() {
            return Ok(());
        }
        self.log("answer", || {
            let outcomes: Vec<String> = answer.acks.iter().map(|ack| format!("#{} {:?} at {}", ack.n, ack.outcome, ack.seq)).collect();
            format!(
                "to device {device}: {} rows, {} removed, checkpoint {:?}, head {seq}, acks {outcomes:?}, shift {:?}, expects {:?}",
                answer.rows.len(),
                answer.removed.len(),
                answer.checkpoint,
                answer.shifted_ms,
                answer.expected_n
            )
        });
        Ok(())
    }

    /// What a device stored of an answer.
    pub fn watch_absorbed(&mut self, place: Place, absorbed: &Absorbed, ending: Ending) -> Result<(), Wrong> {
        let device = place.device;
        let Some(at) = self.tab(place) else { return Ok(()) };
        self.what_was_saved_stays_visible(device, absorbed)?;
        if absorbed.progress.is_none() && ending == (Ending::Done { more: false }) {
            self.devices[device].disk.loaded();
        }
        if self.devices[device].disk.is_loaded() && absorbed.progress.is_none() || self.is(Mutant::HalfAPullShown) {
            self.nothing_is_seen_half(place)?;
        }
        if self.devices[device].random.chance(4) {
            self.views_agree(device)?;
        }
        let waiting = self.devices[device].tabs[at].view.waiting();
        if !absorbed.rows.is_empty() || !absorbed.removed.is_empty() || !absorbed.settled.is_empty() || absorbed.outdated {
            self.log("stored", || {
                let Absorbed { rows, settled, outdated, .. } = absorbed;
                format!("device {device}: {} rows, settled {settled:?}, {waiting} wait, outdated {outdated}", rows.len())
            });
        }
        Ok(())
    }

    fn what_was_saved_stays_visible(&mut self, device: usize, absorbed: &Absorbed) -> Result<(), Wrong> {
        let owner = &self.devices[device];
        let local = owner.sound()?;
        let meta = block_on(local.meta())?;
        let before = owner.disk.reached(meta.feed_epoch, meta.checkpoint);
        if meta.checkpoint < before && !meta.replacing && !absorbed.replaced {
            return Err(Wrong::Broken(format!("device {device} goes back from {before} to {}", meta.checkpoint)));
        }
        let waiting = owner.disk.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        let outbox: BTreeSet<Id> = block_on(local.outbox())?.into_iter().map(|entry| entry.op.op_id).collect();
        let attention: BTreeSet<Id> = block_on(local.attention())?.into_iter().map(|one| one.op.op_id).collect();
        // An answer of the server that was lost since, which may come late: what it settled is kept, to be sent again.
        let is_of_lost_server = meta.feed_epoch != self.server.hub.epoch;
        for op in waiting.into_iter().filter(|op| !outbox.contains(op)) {
            let decided = self.server.hub.decided.get(&op);
            let settled = match decided {
                _ if is_of_lost_server => owner.disk.ops().contains(&op),
                None => false,
                Some(decided) if decided.outcome.is_taken() => decided.seq <= meta.checkpoint,
                Some(_) => attention.contains(&op),
            };
            if !settled {
                let of = decided.map(|decided| (decided.seq, &decided.outcome));
                return Err(Wrong::Lost(format!("op {op} is gone from device {device} at {}: {of:?}", meta.checkpoint)));
            }
            owner.disk.settled(op);
        }
        Ok(())
    }

    fn nothing_is_seen_half(&self, place: Place) -> Result<(), Wrong> {
        let Some(at) = self.tab(place) else { return Ok(()) };
        let tab = &self.devices[place.device].tabs[at];
        let view = &tab.view;
        // An edit that waits shows what it sets, also of a record that was taken away meanwhile.
        let waits = |id: &Id| view.is_waiting(*id).0;
        for (one, other) in self.journal.pairs.iter().filter(|(one, other)| !tab.outdated && !waits(one) && !waits(other)) {
            let half = view.row(*one).is_some() != view.row(*other).is_some();
            // What nothing explains stays, although the other half of its op went with a reason.
            if half && block_on(self.devices[place.device].sound()?.withheld())? == 0 {
                return Err(Wrong::Broken(format!("device {} sees only one of {one} and {other}", place.device)));
            }
        }
        Ok(())
    }

    /// What the tabs show is what the database says.
    pub fn views_agree(&self, device: usize) -> Result<(), Wrong> {
        let fresh = view_of(self.devices[device].snapshot()?);
        for tab in self.devices[device].tabs.iter().filter(|tab| !tab.outdated) {
            let ids: BTreeSet<Id> = fresh.rows().chain(tab.view.rows()).map(|row| row.id).collect();
            if let Some(id) = ids.into_iter().find(|id| fresh.row(*id) != tab.view.row(*id)) {
                let (shown, stored) = (tab.view.row(id), fresh.row(id));
                return Err(Wrong::Divergent(format!("device {device} shows {shown:?} of {id} and has {stored:?}")));
            }
        }
        Ok(())
    }

    /// Which merges the server took, and whether an edit followed one.
    pub fn count_merges(&mut self) {
        for merge in self.server.hub.history.iter().filter(|entry| entry.field == MERGED_INTO && !entry.lost) {
            let undone = merge.value.is_null();
            self.counters.count(if undone { "account made one of its own again" } else { "account merged" });
        }
        if !elsewhere(self).is_empty() {
            self.counters.count("edit followed a merge");
        }
    }

    /// Whether the op's clocks met others in the same millisecond.
    pub fn count_ties(&mut self) {
        let mut clocks = BTreeSet::new();
        for entry in self.journal.ops.values() {
            for write in &entry.op.writes {
                let (Some((field, _)), clock) = (value_of(&write.act), write.act.clock()) else { continue };
                if !clocks.insert((write.id, field, clock.ms, clock.counter)) {
                    self.counters.count("conflict of equal clocks");
                }
            }
        }
    }
}

fn json(id: Id) -> Value {
    Value::String(id.to_string())
}
