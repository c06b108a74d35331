//! A device of a simulated company.

use domain::{
    Id, Row, Value,
    hub::memory::{MemoryHub, Refusal},
    records,
    testing::{self, Random, id},
    wire::SyncRequest,
};
use futures::executor::block_on;
use store::{Draft, Local, Snapshot, View, memory::Memory};
use sync::{Exchange, Step, transport::Reply};

pub const REP: u128 = 1;
pub const MANAGER: u128 = 2;
pub const ACCOUNT: u128 = 20;
pub const NOW: i64 = 1_795_000_000_000;

/// A rep with an account, and his manager.
pub fn company() -> MemoryHub {
    let mut hub = MemoryHub::new(records::schema(), Id::nil());
    hub.seed([
        testing::team(id(9), id(MANAGER)),
        testing::member(id(REP), "rep", Some(id(9))),
        testing::member(id(MANAGER), "manager", None),
        testing::account(id(ACCOUNT), "Acme", id(REP)),
    ]);
    hub
}

pub struct Phone {
    pub local: Local<Memory>,
    pub member: Id,
    /// What its clock says, UTC milliseconds; the server's says [`NOW`].
    pub time: i64,
    exchange: Exchange,
    random: Random,
}

impl Phone {
    pub fn of(member: u128) -> Phone {
        let mut random = Random::new(member as u64);
        let local = block_on(Local::open(Memory::default(), Id::nil(), id(member), random.id())).unwrap();
        Phone { local, member: id(member), time: NOW, exchange: Exchange::default(), random }
    }

    /// The app is started anew.
    pub fn restart(&mut self) {
        let (backend, device) = (self.local.backend().clone(), self.random.id());
        self.local = block_on(Local::open(backend, Id::nil(), self.member, device)).unwrap();
        self.exchange = Exchange::default();
    }

    pub fn snapshot(&self) -> Snapshot {
        block_on(self.local.snapshot()).unwrap()
    }

    pub fn save(&mut self, draft: &Draft) -> Id {
        let snapshot = self.snapshot();
        let view = View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op));
        let (writes, _) = draft.writes(&records::schema(), |id| view.row(id).map(AsRef::as_ref));
        assert!(!writes.is_empty(), "the draft changes nothing");
        block_on(self.local.act(self.random.id(), writes, self.time)).unwrap().op_id
    }

    pub fn set(&mut self, kind: &str, record: u128, field: &str, value: impl Into<Value>) -> Id {
        self.save(&Draft::new().put(kind, id(record), field, value.into()))
    }

    pub fn request(&self) -> SyncRequest {
        block_on(self.exchange.request(&self.local, self.time, "test")).unwrap()
    }

    pub fn take(&mut self, request: &SyncRequest, reply: Reply) -> Step {
        block_on(self.exchange.take(&self.local, request, reply, self.time, self.random.id())).unwrap()
    }

    pub fn exchange(&mut self, hub: &mut MemoryHub) -> Step {
        let request = self.request();
        let reply = answer(hub, self.member, &request);
        self.take(&request, reply)
    }

    /// Exchanges until nothing waits at either end.
    pub fn sync(&mut self, hub: &mut MemoryHub) {
        for _ in 0..50 {
            match self.exchange(hub) {
                Step::Taken { more: false, .. } if self.snapshot().outbox.is_empty() => return,
                Step::Taken { .. } | Step::Restarted { .. } => {}
                other => panic!("the server refused: {other:?}"),
            }
        }
        panic!("never done");
    }

    /// A row of the base.
    pub fn base(&self, record: u128) -> Option<Row> {
        self.snapshot().base.into_iter().find(|row| row.id == id(record))
    }
}

/// What the server says to a request.
pub fn answer(hub: &mut MemoryHub, member: Id, request: &SyncRequest) -> Reply {
    match hub.sync(member, NOW, request) {
        Ok(answer) => Reply::Ok(serde_json::to_string(&answer).unwrap()),
        Err(Refusal { status, refused }) => {
            Reply::Status { code: status, body: serde_json::to_string(&refused).unwrap(), retry_after_s: None }
        }
    }
}
