//! The server of a run: the hub in memory behind what a request meets before it (sessions, revocation, versions).

use super::mutant::Mutant;
use crate::transport::Reply;
use domain::{
    Id,
    hub::memory::{MemoryHub, Refusal},
    wire::{Refused, SyncAnswer, SyncRequest},
};
use std::collections::BTreeSet;

pub struct Server {
    pub hub: MemoryHub,
    pub revoked: BTreeSet<Id>,
    pub mutant: Option<Mutant>,
    /// The last backup: the database, and whom it knows to be revoked.
    pub backup: Option<(MemoryHub, BTreeSet<Id>)>,
}

/// Whose request it is, as far as its cookie says.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub member: Id,
    pub signed_in: bool,
    /// Its app is too old.
    pub outdated: bool,
}

impl Server {
    pub fn answer(&mut self, caller: Caller, now: i64, request: &SyncRequest) -> Reply {
        match (self.barred(caller, request), self.mutant) {
            (Some(refusal), _) => refusal,
            (None, None) => reply(self.hub.sync(caller.member, now, request)),
            (None, Some(mutant)) => self.mutated(mutant, caller, now, request),
        }
    }

    fn barred(&self, caller: Caller, request: &SyncRequest) -> Option<Reply> {
        if caller.outdated {
            return Some(refused(426, "upgrade", None));
        }
        if !caller.signed_in {
            return Some(refused(401, "unauthenticated", None));
        }
        self.revoked.contains(&request.device).then(|| refused(403, "device_revoked", Some(request.device)))
    }

    /// Takes the ops of a request, whose pull follows later; an error is the whole answer.
    pub fn take(&mut self, caller: Caller, now: i64, request: &SyncRequest) -> Result<SyncAnswer, Reply> {
        match self.barred(caller, request) {
            Some(refusal) => Err(refusal),
            None => self.hub.take(caller.member, now, request).map_err(|refusal| reply(Err(refusal))),
        }
    }

    pub fn pull(&self, member: Id, request: &SyncRequest, answer: SyncAnswer) -> Reply {
        reply(self.hub.pull(member, request, answer))
    }

    /// The disk is lost; what is there now is the last backup. False where there is none.
    pub fn restore(&mut self) -> bool {
        let Some((hub, revoked)) = self.backup.clone() else { return false };
        let epoch = self.hub.epoch;
        self.hub.restore(hub);
        if self.mutant == Some(Mutant::EpochNotRaised) {
            self.hub.epoch = epoch;
        }
        self.revoked = revoked;
        true
    }

    fn mutated(&mut self, mutant: Mutant, caller: Caller, now: i64, request: &SyncRequest) -> Reply {
        let mut heard = request.clone();
        mutant.hear(&self.hub, &mut heard);
        let forgets = mutant == Mutant::AcknowledgedBeforeStored && self.hub.seq % 7 == 3;
        if forgets {
            heard.ops.clear();
        }
        let floor = self.hub.floor;
        if mutant == Mutant::FloorForgotten {
            self.hub.floor = 0;
        }
        let mut result = self.hub.sync(caller.member, now, &heard);
        self.hub.floor = floor;
        if mutant == Mutant::SkippedWithoutComparing
            && result.as_ref().is_err_and(|refusal| refusal.refused.code == "device_forked")
        {
            heard.ops.clear();
            result = self.hub.sync(caller.member, now, &heard);
            let seq = self.hub.seq;
            result = result.map(|answer| SyncAnswer { acks: Mutant::acknowledge(request, seq), ..answer });
        }
        mutant.meddle(&mut self.hub, &heard);
        let seq = self.hub.seq;
        let result = result.map(|mut answer| {
            if forgets {
                answer.acks = Mutant::acknowledge(request, seq);
            }
            if mutant == Mutant::StampedBeforeCommit && heard.ops.is_empty() && seq % 5 == 2 {
                answer.rows.retain(|row| row.seq < seq);
            }
            mutant.say(&mut answer);
            answer
        });
        reply(result)
    }
}

fn reply(result: Result<SyncAnswer, Refusal>) -> Reply {
    match result {
        Ok(answer) => Reply::Ok(serde_json::to_string(&answer).unwrap_or_default()),
        Err(Refusal { status, refused }) => {
            Reply::Status { code: status, body: serde_json::to_string(&refused).unwrap_or_default(), retry_after_s: None }
        }
    }
}

pub fn refused(status: u16, code: &str, device: Option<Id>) -> Reply {
    let refused = Refused { code: code.to_owned(), message: String::new(), field: None, device, feed_epoch: None };
    Reply::Status { code: status, body: serde_json::to_string(&refused).unwrap_or_default(), retry_after_s: None }
}
