//! A network that loses, doubles, delays and reorders, and the server's end of it.

use crate::transport::Reply;
use domain::{
    Id,
    hub::memory::{MemoryHub, Refusal},
    testing::Random,
    wire::SyncRequest,
};

#[derive(Clone)]
pub enum Message {
    Request { device: usize, life: u32, member: Id, request: Box<SyncRequest> },
    Answer { device: usize, life: u32, request: Box<SyncRequest>, reply: Reply },
}

/// Messages under way, delivered in any order.
#[derive(Default)]
pub struct Network(Vec<Message>);

impl Network {
    pub fn put(&mut self, message: Message) {
        self.0.push(message);
    }

    pub fn take(&mut self, random: &mut Random) -> Option<Message> {
        if self.0.is_empty() { None } else { Some(self.0.swap_remove(random.below(self.0.len()))) }
    }

    pub fn drop_one(&mut self, random: &mut Random) -> bool {
        self.take(random).is_some()
    }

    pub fn double_one(&mut self, random: &mut Random) -> bool {
        let message = (!self.0.is_empty()).then(|| self.0[random.below(self.0.len())].clone());
        message.map(|message| self.0.push(message)).is_some()
    }
}

/// What the server's handler does with a request, over the hub in memory.
pub fn serve(hub: &mut MemoryHub, member: Id, now: i64, request: &SyncRequest) -> Reply {
    match hub.sync(member, now, request) {
        Ok(answer) => Reply::Ok(serde_json::to_string(&answer).unwrap_or_default()),
        Err(Refusal { status, refused }) => {
            Reply::Status { code: status, body: serde_json::to_string(&refused).unwrap_or_default(), retry_after_s: None }
        }
    }
}
