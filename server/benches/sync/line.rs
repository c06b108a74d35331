//! A device reduced to what it sends: as many as needed, at next to no cost of their own.

use crate::support::Browser;
use domain::{
    Id, Schema, Value,
    change::Outcome,
    records::Account,
    wire::{POKE, SYNC, SyncAnswer},
};
use reqwest::{Method, Response};
use serde_json::json;
use server::{now::now_ms, secret::new_id};

pub struct Line {
    browser: Browser,
    org: Id,
    member: Id,
    device: Id,
    n: u64,
    cursor: Option<String>,
    seen: u64,
}

impl Line {
    pub fn new(browser: Browser, org: Id, member: Id) -> Line {
        Line { browser, org, member, device: new_id().unwrap(), n: 0, cursor: None, seen: 0 }
    }

    /// An op that gives an account another industry.
    pub fn edit(&mut self, account: Id, text: &str) -> Value {
        self.n += 1;
        let (now, device) = (now_ms(), self.device.simple());
        let clock = format!("{now:012x}-{:04x}-{device}", self.n % 0xffff);
        json!({ "org": self.org, "device": self.device, "n": self.n, "op_id": new_id().unwrap(), "actor": self.member,
            "base_seq": self.seen, "schema": Schema::VERSION, "at": now, "writes": [
            { "kind": Account::KIND, "id": account, "act": "set", "field": "industry", "value": text, "clock": clock }] })
    }

    /// One exchange, whose ops must all be taken.
    pub async fn exchange(&mut self, ops: Vec<Value>) -> SyncAnswer {
        let request = json!({ "device": self.device, "schema": Schema::VERSION, "device_time": now_ms(), "ops": ops,
            "settled_n": self.n - ops.len() as u64, "pending": ops.len(), "cursor": self.cursor });
        let response = self.browser.post(SYNC, &request).await;
        assert_eq!(response.status(), 200);
        let answer: SyncAnswer = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let taken = |outcome: &Outcome| matches!(outcome, Outcome::Applied | Outcome::Merged);
        assert!(answer.acks.len() == ops.len() && answer.acks.iter().all(|ack| taken(&ack.outcome)), "{:?}", answer.acks);
        self.cursor = Some(answer.cursor.clone());
        self.seen = answer.checkpoint.unwrap_or(self.seen);
        answer
    }

    /// Pulls to the end; the rows that came.
    pub async fn pull(&mut self) -> Vec<domain::Row> {
        let mut rows = Vec::new();
        loop {
            let answer = self.exchange(Vec::new()).await;
            rows.extend(answer.rows);
            if !answer.more {
                return rows;
            }
        }
    }

    /// The stream of pokes, open.
    pub async fn listen(&self) -> Response {
        let response = self.browser.request(Method::GET, POKE).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response
    }
}

/// Whether a piece of the stream holds a poke, and not just a sign of life.
pub fn is_poke(piece: &[u8]) -> bool {
    piece.windows(5).any(|window| window == b"data:")
}
