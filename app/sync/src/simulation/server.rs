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
        if caller.outdated {
            return refused(426, "upgrade", None);
        }
        if !caller.signed_in {
            return refused(401, "unauthenticated", None);
        }
        if self.revoked.contains(&request.device) {
            return refused(403, "device_revoked", Some(request.device));
        }
        match self.mutant {
            None => reply(self.hub.sync(caller.member, now, request)),
            Some(mutant) => self.mutated(mutant, caller, now, request),
        }
    }

    fn mutated(&mut self, mutant: Mutant, caller: Caller, now: i64, request: &SyncRequest) -> Reply {
        let mut heard = request.clone();
        mutant.hear(&self.hub, &mut heard);
        let forgets = mutant == Mutant::AcknowledgedBeforeStored && self.hub.seq % 7 == 3;
        if forgets {
            heard.ops.clear();
        }
        let mut result = self.hub.sync(caller.member, now, &heard);
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
