//! The last thing a revoked device does before it wipes itself: it hands its unsent work in (sync.md, item 12).

use crate::{
    files::{FileStep, Sender},
    transport::Reply,
};
use domain::{Id, change::Op, wire};
use serde::Serialize;
use store::{Backend, Local, StoreError};

/// The body of a [`wire::QUARANTINE`] request.
#[derive(Serialize)]
struct HandIn<'a> {
    device: Id,
    ops: &'a [Op],
}

/// Posts the outbox to [`wire::QUARANTINE`], in parts that fit into one request each; true when the server took all of
/// them, and the device may be wiped. What was taken before an attempt failed may be handed in again: it is kept once.
pub async fn hand_in<B: Backend>(local: &Local<B>, post: impl AsyncFn(String) -> Reply) -> Result<bool, StoreError> {
    let device = local.meta().await?.device;
    let ops: Vec<Op> = local.outbox().await?.into_iter().map(|entry| entry.op).collect();
    let mut rest = &ops[..];
    while !rest.is_empty() {
        let sizes = rest.iter().map(|op| serde_json::to_vec(op).map_or(0, |json| json.len()));
        let (part, later) = rest.split_at(wire::fitting(sizes));
        let body = serde_json::to_string(&HandIn { device, ops: part }).unwrap_or_default();
        if !matches!(post(body).await, Reply::Ok(_)) {
            return Ok(false);
        }
        rest = later;
    }
    Ok(true)
}

/// Sends the files that the server has not got, those included that only what was handed in mentions; true when none is
/// left. `put` sends bytes to a path.
pub async fn hand_in_files<B: Backend>(
    local: &Local<B>,
    now: i64,
    put: impl AsyncFn(String, B::Bytes) -> Reply,
) -> Result<bool, StoreError> {
    let mut sender = Sender::new(true);
    while sender.step(local, &put, now, 0).await? != FileStep::Idle {
        if sender.has_failed() {
            break;
        }
    }
    Ok(!sender.has_failed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Value,
        change::Write,
        testing::{clock, id, set},
        wire::{MAX_OPS, MAX_REQUEST},
    };
    use futures::executor::block_on;
    use std::cell::RefCell;
    use store::memory::Memory;

    /// A device whose outbox has an op with a text of each of these lengths.
    fn revoked(lengths: impl IntoIterator<Item = usize>) -> Local<Memory> {
        let local = block_on(Local::open(Memory::default(), Id::nil(), id(1), id(2))).unwrap();
        for (n, length) in lengths.into_iter().enumerate() {
            let act = set("remark", "x".repeat(length), clock(0, 1));
            let write = Write { kind: "account".into(), id: id(3), act };
            block_on(local.act(id(100 + n as u128), vec![write], 0)).unwrap();
        }
        local
    }

    /// Hands in to a server that takes so many requests, and says how each body ended up.
    fn hand_in_to(local: &Local<Memory>, takes: usize) -> (bool, Vec<String>) {
        let bodies = RefCell::new(Vec::new());
        let post = async |body: String| {
            bodies.borrow_mut().push(body);
            if bodies.borrow().len() <= takes { Reply::Ok(String::new()) } else { Reply::Unreachable }
        };
        let all = block_on(hand_in(local, post)).unwrap();
        (all, bodies.into_inner())
    }

    fn ops(bodies: &[String]) -> Vec<Vec<u64>> {
        let numbers = |body: &String| {
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["device"], Value::String(id(2).to_string()));
            body["ops"].as_array().unwrap().iter().map(|op| op["n"].as_u64().unwrap()).collect()
        };
        bodies.iter().map(numbers).collect()
    }

    #[test]
    fn a_great_outbox_goes_in_parts_that_the_server_reads() {
        let (all, bodies) = hand_in_to(&revoked([200_000, 200_000, 200_000, 600_000, 10]), usize::MAX);
        assert!(all && bodies.iter().all(|body| body.len() <= MAX_REQUEST));
        assert_eq!(ops(&bodies), [vec![1, 2], vec![3], vec![4], vec![5]]);
        let (_, bodies) = hand_in_to(&revoked(vec![1; MAX_OPS + 1]), usize::MAX);
        assert_eq!(ops(&bodies).iter().map(Vec::len).collect::<Vec<_>>(), [MAX_OPS, 1]);
    }

    #[test]
    fn the_device_may_be_wiped_when_all_parts_were_taken_and_not_before() {
        let local = revoked([400_000; 3]);
        let (all, bodies) = hand_in_to(&local, 2);
        assert!(!all && bodies.len() == 3);
        let (all, again) = hand_in_to(&local, 3);
        assert!(all);
        assert_eq!(again, bodies, "from the beginning");
        assert_eq!(hand_in_to(&revoked([]), 0), (true, vec![]), "nothing to hand in");
    }
}
