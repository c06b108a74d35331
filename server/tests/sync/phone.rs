//! A device: the real store in memory and the real exchange, over HTTP.

use crate::support::Browser;
use domain::{Id, Row, Schema, Value, change::Op, records, wire};
use reqwest::Response;
use server::{now::now_ms, secret::new_id};
use std::collections::BTreeMap;
use store::{Draft, Local, Snapshot, View, memory::Memory};
use sync::{Exchange, FileStep, Sender, Step, transport::Reply};

pub struct Phone {
    pub browser: Browser,
    pub local: Local<Memory>,
    exchange: Exchange,
    schema: Schema,
}

async fn reply(sent: Result<Response, reqwest::Error>) -> Reply {
    let Ok(response) = sent else { return Reply::Unreachable };
    let code = response.status().as_u16();
    match response.text().await {
        Err(_) => Reply::Unreachable,
        Ok(body) if code == 200 => Reply::Ok(body),
        Ok(body) => Reply::Status { code, body, retry_after_s: None },
    }
}

impl Phone {
    pub async fn new(browser: Browser, org: Id, member: Id) -> Phone {
        let local = Local::open(Memory::default(), org, member, new_id().unwrap()).await.unwrap();
        Phone { browser, local, exchange: Exchange::default(), schema: records::schema() }
    }

    pub async fn snapshot(&self) -> Snapshot {
        self.local.snapshot().await.unwrap()
    }

    pub async fn view(&self) -> View {
        let snapshot = self.snapshot().await;
        View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op))
    }

    /// Saves, as the app does.
    pub async fn save(&self, draft: Draft) -> Op {
        let view = self.view().await;
        let (writes, _) = draft.writes(&self.schema, |id| view.row(id).map(AsRef::as_ref));
        assert!(!writes.is_empty(), "the draft changes nothing");
        self.local.act(new_id().unwrap(), writes, now_ms()).await.unwrap()
    }

    pub async fn set(&self, kind: &str, id: Id, field: &str, value: Value) -> Op {
        self.save(Draft::new().put(kind, id, field, value)).await
    }

    /// Hands in what is unsent, as the app does; whether the server took all of it.
    pub async fn hand_in(&self) -> bool {
        let post = async |body: String| {
            let request = self.browser.request(reqwest::Method::POST, wire::QUARANTINE);
            reply(request.header("content-type", "application/json").body(body).send().await).await
        };
        sync::hand_in(&self.local, post).await.unwrap()
    }

    async fn put(&self, path: String, part: Vec<u8>) -> Reply {
        reply(self.browser.request(reqwest::Method::PUT, &path).body(part).send().await).await
    }

    /// Sends the files that wait, as the app does; whether nothing failed.
    pub async fn send_files(&self) -> bool {
        let mut sender = Sender::new(false);
        while sender.step(&self.local, async |path, part| self.put(path, part).await, now_ms(), 0).await.unwrap()
            != FileStep::Idle
        {}
        !sender.has_failed()
    }

    /// Sends the files of what was handed in; whether the server has all of them.
    pub async fn hand_in_files(&self) -> bool {
        sync::hand_in_files(&self.local, now_ms(), async |path, part| self.put(path, part).await).await.unwrap()
    }

    /// One exchange.
    pub async fn exchange(&mut self) -> Step {
        let request = self.exchange.request(&self.local, now_ms(), "test").await.unwrap();
        let sent = self.browser.request(reqwest::Method::POST, wire::SYNC).json(&request).send().await;
        self.exchange.take(&self.local, &request, reply(sent).await, now_ms(), new_id().unwrap()).await.unwrap()
    }

    /// Exchanges until the server has nothing more and nothing waits.
    pub async fn sync(&mut self) {
        for _ in 0..200 {
            let done = match self.exchange().await {
                Step::Taken { more, .. } => !more && self.snapshot().await.outbox.is_empty(),
                Step::Restarted { .. } => false,
                other => panic!("the server refused: {other:?}"),
            };
            if done {
                return;
            }
        }
        panic!("never done");
    }

    /// Exchanges as often as needed, over a server that may be down.
    pub async fn sync_patiently(&mut self) -> bool {
        for _ in 0..200 {
            match self.exchange().await {
                Step::Taken { more, .. } if !more && self.snapshot().await.outbox.is_empty() => return true,
                Step::Failed { .. } => return false,
                _ => {}
            }
        }
        false
    }

    /// The base's living rows.
    pub async fn living(&self) -> BTreeMap<Id, Row> {
        self.snapshot().await.base.into_iter().filter(Row::is_alive).map(|row| (row.id, row)).collect()
    }

    pub async fn row(&self, id: Id) -> Row {
        self.view().await.row(id).map(|row| Row::clone(row)).expect("the record is on the device")
    }

    pub async fn of_kind(&self, kind: &str) -> Vec<Row> {
        self.living().await.into_values().filter(|row| row.kind == kind).collect()
    }
}
