//! A device's database in memory that fails on demand, and that knows what its user was told is saved.

use super::{mutant::Mutant, step::StoreFault};
use domain::Id;
use futures::executor::block_on;
use serde::Deserialize;
use std::{
    cell::RefCell,
    collections::{BTreeSet, VecDeque},
    rc::Rc,
};
use store::{
    Backend, Change, Found, Read, Refusal, StoreError, Table,
    memory::{Fault, Memory},
};

/// What the next transaction suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    Store(StoreFault),
    /// The process dies before the commit, or right after it.
    Crash {
        written: bool,
    },
}

/// A clone is another tab on the same database; [`Disk::copy`] is another machine with a copy of it.
#[derive(Clone)]
pub struct Disk {
    memory: Memory,
    state: Rc<RefCell<State>>,
    mutant: Option<Mutant>,
}

#[derive(Clone, Default)]
struct State {
    /// Counts databases: a copy goes its own way.
    chain: usize,
    faults: VecDeque<DiskFault>,
    crashed: bool,
    /// Ops the user was told are saved and that are not yet in the base or refused.
    waiting: BTreeSet<Id>,
    /// Ops of which the user does not know whether they were saved.
    doubtful: BTreeSet<Id>,
    /// The epoch of the feed and the checkpoint in it.
    reached: (u64, u64),
    /// The first load is complete.
    loaded: bool,
    /// For [`Mutant::AbsorbsWithoutLooking`]: the stored cursor is said to be this.
    pretended_cursor: Option<Option<String>>,
}

/// What an entry of every table of ops says.
#[derive(Deserialize)]
struct Holding {
    op: Named,
}

#[derive(Deserialize)]
struct Named {
    op_id: Id,
}

impl State {
    /// Takes the next fault if it is the loss of a read.
    fn loses_read(&mut self) -> bool {
        let is_next = self.faults.front() == Some(&DiskFault::Store(StoreFault::LostRead));
        if is_next {
            self.faults.pop_front();
        }
        is_next
    }
}

impl Disk {
    pub fn new(chain: usize, mutant: Option<Mutant>) -> Disk {
        let state = State { chain, ..State::default() };
        Disk { memory: Memory::new(), state: Rc::new(RefCell::new(state)), mutant }
    }

    pub fn copy(&self, chain: usize) -> Disk {
        let state = State { chain, faults: VecDeque::new(), ..self.state.borrow().clone() };
        Disk { memory: self.memory.copy(), state: Rc::new(RefCell::new(state)), mutant: self.mutant }
    }

    /// The same database without faults and mutants, for whoever checks it.
    pub fn sound(&self) -> Disk {
        Disk { memory: self.memory.clone(), state: Rc::default(), mutant: None }
    }

    pub fn chain(&self) -> usize {
        self.state.borrow().chain
    }

    /// Empties the database, which so becomes another one; returns what its user believed to be saved.
    pub fn evict(&self, chain: usize) -> BTreeSet<Id> {
        self.memory.evict();
        std::mem::replace(&mut *self.state.borrow_mut(), State { chain, ..State::default() }).waiting
    }

    /// Every op that is anywhere in it.
    pub fn ops(&self) -> BTreeSet<Id> {
        let tables = [Table::Outbox, Table::Archive, Table::Attention].map(Read::all);
        let found = block_on(self.memory.read(&tables)).unwrap_or_default();
        let op = |text: &str| serde_json::from_str::<Holding>(text).ok().map(|holding| holding.op.op_id);
        found.iter().flatten().filter_map(|(_, text)| op(text)).collect()
    }

    pub fn fail_next(&self, fault: DiskFault) {
        self.state.borrow_mut().faults.push_back(fault);
    }

    pub fn clear_faults(&self) {
        self.state.borrow_mut().faults.clear();
    }

    /// Whether the process died since the last call.
    pub fn take_crash(&self) -> bool {
        std::mem::take(&mut self.state.borrow_mut().crashed)
    }

    pub fn saved(&self, op: Id) {
        self.state.borrow_mut().waiting.insert(op);
    }

    pub fn waiting(&self) -> Vec<Id> {
        self.state.borrow().waiting.iter().copied().collect()
    }

    pub fn settled(&self, op: Id) {
        self.state.borrow_mut().waiting.remove(&op);
    }

    pub fn doubts(&self, op: Id) {
        self.state.borrow_mut().doubtful.insert(op);
    }

    pub fn take_doubts(&self) -> BTreeSet<Id> {
        std::mem::take(&mut self.state.borrow_mut().doubtful)
    }

    /// Notes how far the base has come in the feed of this epoch; returns how far it had.
    pub fn reached(&self, epoch: u64, checkpoint: u64) -> u64 {
        let (before, reached) = std::mem::replace(&mut self.state.borrow_mut().reached, (epoch, checkpoint));
        if before == epoch { reached } else { 0 }
    }

    pub fn loaded(&self) {
        self.state.borrow_mut().loaded = true;
    }

    pub fn is_loaded(&self) -> bool {
        self.state.borrow().loaded
    }

    pub fn pretend_cursor(&self, cursor: Option<Option<String>>) {
        self.state.borrow_mut().pretended_cursor = cursor;
    }
}

impl Backend for Disk {
    type Bytes = Vec<u8>;

    async fn transact<T>(
        &self,
        reads: &[Read],
        mut decide: impl FnMut(&[Found]) -> Result<(Vec<Change>, T), Refusal>,
    ) -> Result<T, StoreError> {
        let (fault, pretended) = {
            let mut state = self.state.borrow_mut();
            let read_next = matches!(state.faults.front(), Some(DiskFault::Store(StoreFault::LostRead)));
            let fault = if read_next { None } else { state.faults.pop_front() };
            (fault, state.pretended_cursor.clone())
        };
        let (written, lost) = match fault {
            None => (true, false),
            Some(DiskFault::Store(StoreFault::LostAfterWrite) | DiskFault::Crash { written: true }) => (true, true),
            Some(_) => (false, true),
        };
        match (written, lost) {
            (true, true) => self.memory.fail_next(Fault::AnswerLost),
            (false, _) => self.memory.fail_next(Fault::Abort),
            _ => {}
        }
        let (mut decided, mut intended) = (None, Vec::new());
        let result = self
            .memory
            .transact(reads, |found| {
                let mut found = found.to_vec();
                if let Some(cursor) = &pretended {
                    super::mutant::pretend_cursor(&mut found, cursor.as_deref());
                }
                let (mut changes, answer) = decide(&found)?;
                if let Some(mutant) = self.mutant {
                    mutant.rewrite(&found, &mut changes);
                    intended.clone_from(&changes);
                }
                decided = Some(answer);
                Ok((changes, ()))
            })
            .await;
        if !written && self.mutant == Some(Mutant::CursorBeforeRows) {
            let meta: Vec<Change> = intended.into_iter().filter(|change| change.table() == Table::Meta).collect();
            self.memory.transact(&[], |_| Ok((meta.clone(), ()))).await?;
        }
        match (result, fault) {
            (Err(StoreError::Aborted(_)), Some(DiskFault::Store(StoreFault::Abort)))
                if self.mutant == Some(Mutant::SavedBeforeStored) && decided.is_some() => {}
            (Err(StoreError::Aborted(_)), Some(DiskFault::Store(StoreFault::Quota))) => return Err(StoreError::Quota),
            (Err(StoreError::Aborted(_)), Some(DiskFault::Store(StoreFault::LostBeforeWrite))) => return Err(StoreError::Lost),
            (Err(_), Some(DiskFault::Crash { .. })) => {
                self.state.borrow_mut().crashed = true;
                return Err(StoreError::Lost);
            }
            (Err(error), _) => return Err(error),
            (Ok(()), _) => {}
        }
        decided.ok_or_else(|| StoreError::Unavailable("nothing was decided".to_owned()))
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        if self.state.borrow_mut().loses_read() {
            return Err(StoreError::Lost);
        }
        self.memory.read(reads).await
    }

    async fn put_bytes(&self, key: &str, bytes: &Vec<u8>, changes: &[Change]) -> Result<(), StoreError> {
        self.memory.put_bytes(key, bytes, changes).await
    }

    async fn bytes(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.bytes(key).await
    }
}
