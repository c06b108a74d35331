//! What goes over the line, in bytes without headers.

use crate::{figures::rounded, phone::Phone, scene::Scene};
use domain::{records::Account, wire::SYNC};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use server::now::now_ms;
use std::io::Write;

const EDITS: usize = 100;

fn gzip(text: &str) -> usize {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap().len()
}

/// A device that has everything asks whether there is more; and a hundred edits of one field each wait to be sent.
pub async fn measure(scene: &Scene) -> Value {
    let company = scene.company(1, EDITS).await;
    let (rep, accounts) = (company.reps[0], &company.accounts[0]);
    let mut phone = Phone::new(scene.browser(company.org, rep).await, company.org, rep).await;
    phone.sync().await;
    let request = async |phone: &Phone| {
        let request = phone.local.request(None, now_ms(), env!("CARGO_PKG_VERSION")).await.unwrap();
        serde_json::to_string(&request).unwrap()
    };
    let asked = request(&phone).await;
    let response = phone.browser.post(SYNC, &serde_json::from_str(&asked).unwrap()).await;
    let answer = response.text().await.unwrap();
    for (at, account) in accounts.iter().enumerate() {
        phone.set(Account::KIND, *account, "industry", json!(format!("trade {at}"))).await;
    }
    let sent = request(&phone).await;
    let ops = serde_json::from_str::<Value>(&sent).unwrap()["ops"].as_array().unwrap().len();
    json!({
        "check_up": asked.len(), "check_down": answer.len(), "check_both": asked.len() + answer.len(),
        "edit_plain": rounded((sent.len() - asked.len()) as f64 / ops as f64),
        "edit_compressed": rounded(gzip(&sent) as f64 / ops as f64), "edits": ops,
    })
}
