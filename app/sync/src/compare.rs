//! A comparison of what the device holds with what the server says it should hold, step by step and without I/O of its
//! own (sync.md, item 16). It descends only where digests differ, fetches what differs, and mends it in one transaction.

use crate::transport::Reply;
use domain::{
    Id, Row,
    digest::{ALL, Content, Difference, MAX_PARTS, MAX_WANTED, Tree},
    json,
    sorting::set,
    wire::{DigestAnswer, DigestRequest},
};
use std::collections::BTreeSet;
use store::{Absorbed, Backend, Local, Meta, StoreError};

/// What a comparison found, and mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Living records on the device before it was mended.
    pub compared: usize,
    /// Records the device did not have.
    pub missing: usize,
    /// Records it had in another version.
    pub outdated: usize,
    /// Records it had and should not have.
    pub superfluous: usize,
}

impl Report {
    /// Everything was as it should be.
    pub fn is_equal(&self) -> bool {
        (self.missing, self.outdated, self.superfluous) == (0, 0, 0)
    }
}

/// What follows from a reply.
#[derive(Debug)]
pub enum Compared {
    /// Send [`Comparison::request`] again.
    Asking,
    /// The feed moved on, or a pull of this device did: pull until nothing is left, then begin anew.
    PullFirst,
    /// The end; `absorbed` is what changed on the device.
    Done { report: Report, absorbed: Box<Absorbed> },
    /// No answer that could be used.
    Unanswered(Reply),
}

/// A comparison under way, from one state of the device.
pub struct Comparison {
    meta: Meta,
    tree: Tree,
    asking: BTreeSet<String>,
    wanted: BTreeSet<Id>,
    found: Difference,
    rows: Vec<Row>,
    removed: Vec<Id>,
}

impl Comparison {
    /// Reads what the device holds.
    pub async fn begin<B: Backend>(local: &Local<B>) -> Result<Comparison, StoreError> {
        let (meta, tree) = local.digest().await?;
        let (wanted, found, rows, removed) = Default::default();
        Ok(Comparison { meta, tree, asking: set([ALL.to_owned()]), wanted, found, rows, removed })
    }

    /// What to ask next.
    pub fn request(&self) -> DigestRequest {
        let parts = self.asking.iter().take(MAX_PARTS).map(|part| (part.clone(), self.tree.digest(part)));
        DigestRequest {
            device: self.meta.device,
            feed_epoch: self.meta.feed_epoch,
            cursor: self.meta.cursor.clone().unwrap_or_default(),
            parts: parts.collect(),
            wanted: self.wanted.iter().take(MAX_WANTED).copied().collect(),
        }
    }

    /// Takes the reply to `sent` in, and mends the device when it was the last.
    pub async fn take<B: Backend>(
        &mut self,
        local: &Local<B>,
        sent: &DigestRequest,
        reply: Reply,
    ) -> Result<Compared, StoreError> {
        let answer = if let Reply::Ok(body) = &reply { json::parse::<DigestAnswer>(body) } else { None };
        let Some(answer) = answer else { return Ok(Compared::Unanswered(reply)) };
        if answer.behind {
            return Ok(Compared::PullFirst);
        }
        self.asking.retain(|part| !sent.parts.contains_key(part));
        for id in &sent.wanted {
            self.wanted.remove(id);
        }
        for (part, content) in answer.differing {
            match content {
                Content::Parts(theirs) => self.asking.extend(self.tree.differing_parts(&part, &theirs)),
                Content::Rows(theirs) => {
                    let difference = self.tree.difference(&part, &theirs);
                    self.wanted.extend(difference.ids());
                    self.found.add(difference);
                }
            }
        }
        self.rows.extend(answer.rows);
        self.removed.extend(answer.removed);
        if !self.asking.is_empty() || !self.wanted.is_empty() {
            return Ok(Compared::Asking);
        }
        let absorbed = local.mend(&self.meta.cursor, &self.rows, &self.removed).await?;
        if absorbed.outdated {
            return Ok(Compared::PullFirst);
        }
        let Difference { missing, outdated, superfluous } = &self.found;
        let report = Report {
            compared: self.tree.len(),
            missing: missing.len(),
            outdated: outdated.len(),
            superfluous: superfluous.len(),
        };
        Ok(Compared::Done { report, absorbed: Box::new(absorbed) })
    }
}
