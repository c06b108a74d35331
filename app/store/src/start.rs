//! Bringing what the database holds into memory when an app starts: its rows page by page, so that a caller with a screen to
//! draw can stop between any two.

use crate::{
    Index, View,
    backend::{Backend, Read, Table},
    error::StoreError,
    index::Living,
    local::{Attention, Local, OutboxEntry, meta_of, parsed},
    meta::{KEY, Meta},
    page::{self, Pages},
};
use domain::{Id, Row, change::Op};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// So many pages are asked of the database at once: it hands over what it found in one piece.
const ASKED: usize = 8;

/// What the database holds, its rows on their way into memory.
#[derive(Debug)]
pub struct Start {
    pub meta: Meta,
    pub attention: Vec<Attention>,
    ops: Vec<Op>,
    /// The records that ops wait for: they are listed as these leave them.
    waiting: HashSet<Id>,
    /// Those that are not read yet, the latest last, each with its key.
    pages: Vec<(String, String)>,
    /// How many entries the pages should hold that are not read yet, by their keys.
    listed: HashMap<String, usize>,
    earlier: Vec<String>,
    damaged: Vec<String>,
    base: HashMap<Id, Arc<Row>>,
    /// What a later page removed.
    gone: HashSet<Id>,
    living: Living,
}

impl<B: Backend> Local<B> {
    /// Everything an app needs at its start, in one snapshot.
    pub async fn start(&self) -> Result<Start, StoreError> {
        let (outbox, attention) = (Read::all(Table::Outbox), Read::all(Table::Attention));
        let mut reads = vec![Read::get(Table::Meta, KEY), outbox, attention, Pages::asked()];
        // They are the whole table together, whatever another tab does to it meanwhile.
        reads.extend(self.pages().await?.ranges(ASKED));
        let mut found = self.backend().read(&reads).await?;
        let ops: Vec<Op> = parsed::<OutboxEntry>(&found[1]).into_iter().map(|entry| entry.op).collect();
        let pages = Pages::read(&found[3]);
        let mut base = HashMap::new();
        base.reserve(pages.entries());
        Ok(Start {
            meta: meta_of(&found[0])?,
            attention: parsed(&found[2]),
            waiting: ops.iter().flat_map(|op| &op.writes).map(|write| write.id).collect(),
            ops,
            pages: found.drain(4..).flatten().collect(),
            listed: pages.listed().collect(),
            earlier: Vec::new(),
            damaged: Vec::new(),
            base,
            gone: HashSet::new(),
            living: Living::default(),
        })
    }

    /// Writes a page anew with what can be read of it: one of an earlier app, so that no later start has to parse it, or a
    /// damaged one, once a comparison with the server has mended what was in it.
    pub async fn renew(&self, key: &str) -> Result<(), StoreError> {
        let reads = [Pages::asked(), Read::get(Table::Base, key)];
        self.backend().transact(&reads, |found| Ok((Pages::read(&found[0]).renew(key, &found[1]), ()))).await
    }
}

impl Start {
    /// Reads at most so many pages; whether all are read now.
    pub fn read(&mut self, most: usize) -> bool {
        for _ in 0..most {
            // What a later page says of a record counts.
            let Some((key, text)) = self.pages.pop() else { break };
            let is_earlier = page::is_earlier(&key, &text);
            let entries = page::entries(text);
            if self.listed.remove(&key).is_some_and(|listed| entries.len() < listed) {
                self.damaged.push(key);
            } else if is_earlier {
                self.earlier.push(key);
            }
            for (id, row) in entries {
                match row {
                    _ if self.gone.contains(&id) || self.base.contains_key(&id) => {}
                    None => _ = self.gone.insert(id),
                    Some(row) => self.add(id, Arc::new(row)),
                }
            }
        }
        self.pages.is_empty()
    }

    fn add(&mut self, id: Id, row: Arc<Row>) {
        if !self.waiting.contains(&id) {
            self.living.add(&row);
        }
        self.base.insert(id, row);
    }

    /// The keys of the pages that are in the form of an earlier app, and of those of which something cannot be read, once all
    /// were read: what is missing is on the server, and a comparison brings it.
    pub fn to_renew(&mut self) -> (Vec<String>, Vec<String>) {
        let damaged = self.damaged.drain(..).chain(self.listed.drain().map(|(key, _)| key));
        (std::mem::take(&mut self.earlier), damaged.collect())
    }

    /// What the user sees of all that was read, and the lists of it.
    pub fn shown(mut self) -> (View, Index) {
        let view = View::over(self.base, self.ops);
        self.waiting.iter().filter_map(|id| view.row(*id)).for_each(|row| self.living.add(row));
        (view, Index::over(self.living))
    }
}

#[cfg(test)]
mod tests;
