//! How many changes the server takes in a second.

use crate::{
    figures::{rounded, spread},
    line::Line,
    phone::Phone,
    scene::Scene,
};
use domain::records::Account;
use serde_json::{Value, json};
use server::{now::now_ms, secret::new_id};
use std::time::{Duration, Instant};
use store::Draft;
use sync::Step;

/// Devices that push at once.
const AT_ONCE: usize = 16;
const BATCH: usize = 100;

/// Every call one op, the next when it is answered: of one company's devices, or of several companies'.
pub async fn single(scene: &Scene, companies: usize, length: Duration) -> Value {
    run(scene, companies, length, 1).await
}

/// Calls of a hundred ops, of four companies' devices.
pub async fn batched(scene: &Scene, length: Duration) -> Value {
    run(scene, 4, length, BATCH).await
}

async fn run(scene: &Scene, companies: usize, length: Duration, batch: usize) -> Value {
    let mut pushers = Vec::new();
    for _ in 0..companies {
        let company = scene.company(2, 20).await;
        for (rep, accounts) in company.reps.iter().zip(&company.accounts).take(AT_ONCE.div_ceil(companies)) {
            let mut line = Line::new(scene.browser(company.org, *rep).await, company.org, *rep);
            line.pull().await;
            pushers.push((line, accounts.clone()));
        }
    }
    let began = Instant::now();
    let tasks = pushers.into_iter().map(|(mut line, accounts)| {
        tokio::spawn(async move {
            let (mut ops, mut calls) = (0, Vec::new());
            while began.elapsed() < length {
                let edits =
                    (ops..ops + batch).map(|at| line.edit(accounts[at % accounts.len()], &format!("trade {at}"))).collect();
                let asked = Instant::now();
                line.exchange(edits).await;
                calls.push(asked.elapsed().as_secs_f64() * 1_000.0);
                ops += batch;
            }
            (ops, calls)
        })
    });
    let done = futures::future::join_all(tasks).await;
    let took = began.elapsed().as_secs_f64();
    let (ops, calls): (Vec<usize>, Vec<Vec<f64>>) = done.into_iter().map(Result::unwrap).unzip();
    let ops: usize = ops.iter().sum();
    json!({ "ops_per_s": rounded(ops as f64 / took), "ops": ops, "companies": companies, "ops_per_call": batch, "call": spread(&calls.concat()) })
}

/// A device with this much to send, the real store and exchange: until all of it has left the outbox.
pub async fn drain(scene: &Scene, ops: usize) -> Value {
    let company = scene.company(1, 50).await;
    let (rep, accounts) = (company.reps[0], &company.accounts[0]);
    let mut phone = Phone::new(scene.browser(company.org, rep).await, company.org, rep).await;
    phone.sync().await;
    let view = phone.view().await;
    for at in 0..ops {
        let draft = Draft::new().put(Account::KIND, accounts[at % accounts.len()], "industry", json!(format!("trade {at}")));
        let (writes, _) = draft.writes(&domain::records::schema(), |id| view.row(id).map(AsRef::as_ref));
        phone.local.act(new_id().unwrap(), writes, now_ms()).await.unwrap();
    }
    let began = Instant::now();
    loop {
        match phone.exchange().await {
            Step::Taken { more, .. } if !more && phone.local.outbox().await.unwrap().is_empty() => break,
            Step::Taken { .. } => {}
            refused => panic!("{refused:?}"),
        }
    }
    json!({ "ops": ops, "seconds": rounded(began.elapsed().as_secs_f64()) })
}
