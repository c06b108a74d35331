//! Databases as earlier apps left them, with a thousand changes waiting: each is opened by this one and nothing is lost
//! (promise 24). The texts are those formats' own, and must be read for ever.

use super::browser::{OF_JSON, OLDER_BAND, WITHOUT_FILES};
use super::{Outcome, expect, text};
use crate::indexed_db::testing::fixture;
use crate::indexed_db::{FORMAT, Format, IndexedDb};
use crate::{FileState, Local, StoreError};
use domain::Id;
use std::collections::BTreeMap;

const WAITING: u64 = 1_000;
const ORG: u128 = 1;
const MEMBER: u128 = 2;

const META: &str = r#"{"device":"00000000-0000-0000-0000-000000000003","n":1000,"acked_n":0,"clock":"000000000009-0000-00000000000000000000000000000003","offset_ms":4,"cursor":"c","checkpoint":7,"feed_epoch":1,"last_success_at":8,"usable":true}"#;
const PAGES: &str = "[[0,2]]";
const PAGE: (&str, &str) = (
    "p000000000000",
    concat!(
        r#"{"names":["account","name"],"clocks":["000000000005-0000-00000000000000000000000000000003"],"#,
        r#""members":["00000000-0000-0000-0000-000000000002"],"rows":["#,
        r#"{"i":"00000000-0000-0000-0000-000000000007","k":0,"s":3,"+":[0,0,0],"c":[[1,"华联",0,0,3]]},"#,
        r#"{"i":"00000000-0000-0000-0000-000000000008","k":0,"s":4,"c":[[1,"Acme",0,0,4]]}]}"#
    ),
);
/// The same in the form of today.
const PACKED: (&str, &str) = (
    "p000000000000",
    concat!(
        r#"3922bf021[["account","name"],["00000000-0000-0000-0000-000000000002","00000000-0000-0000-0000-000000000003"]]"#,
        "\n5942062700000000000000000000000000000007\t0\t3\t5.0.1,0\t\t\t5.0.1,0,3\t1 \"华联\"",
        "\n558523e500000000000000000000000000000008\t0\t4\t\t\t\t5.0.1,0,4\t1 \"Acme\"",
    ),
);
const ROWS: [(&str, &str); 2] = [
    (
        "00000000-0000-0000-0000-000000000007",
        r#"{"id":"00000000-0000-0000-0000-000000000007","kind":"account","seq":3,"created":{"first":"000000000005-0000-00000000000000000000000000000003","by":"00000000-0000-0000-0000-000000000002","last":"000000000005-0000-00000000000000000000000000000003"},"cells":{"name":{"v":"华联","c":"000000000005-0000-00000000000000000000000000000003","a":"00000000-0000-0000-0000-000000000002","s":3}}}"#,
    ),
    (
        "00000000-0000-0000-0000-000000000008",
        r#"{"id":"00000000-0000-0000-0000-000000000008","kind":"account","seq":4,"cells":{"name":{"v":"Acme","c":"000000000005-0000-00000000000000000000000000000003","a":"00000000-0000-0000-0000-000000000002","s":4}}}"#,
    ),
];
const FILES: [(&str, &str); 3] = [
    ("aa", r#"{"size":81234,"thumbnail":false,"at":6}"#),
    ("bb", r#"{"size":5000,"thumbnail":true,"at":6,"sent_at":8}"#),
    ("kept:cc", "6"),
];
const REFUSED: &str = r#"{"op":{"org":"00000000-0000-0000-0000-000000000001","device":"00000000-0000-0000-0000-000000000003","n":1,"op_id":"00000000-0000-0000-0000-0000000000ff","actor":"00000000-0000-0000-0000-000000000002","base_seq":7,"schema":1,"at":6,"writes":[]},"outcome":{"outcome":"rejected","code":"too_long","field":"name","message":""}}"#;

/// The base as single rows under their ids.
pub(super) async fn loses_nothing_of_single_rows(name: &str) -> Outcome {
    opened(name, &OLDER_BAND, &ROWS, None).await
}

/// The base in pages, before the format said so.
pub(super) async fn loses_nothing_of_early_pages(name: &str) -> Outcome {
    opened(name, &OLDER_BAND, &[PAGE], Some(PAGES)).await
}

/// Pages, and nowhere to put a file.
pub(super) async fn loses_nothing_of_pages_without_files(name: &str) -> Outcome {
    opened(name, &WITHOUT_FILES, &[PAGE], Some(PAGES)).await
}

/// Pages of JSON, and files.
pub(super) async fn loses_nothing_of_pages_of_json(name: &str) -> Outcome {
    with_files(name, &OF_JSON, PAGE).await
}

pub(super) async fn loses_nothing_of_today(name: &str) -> Outcome {
    with_files(name, &FORMAT, PACKED).await
}

async fn with_files(name: &str, format: &'static Format, page: (&str, &str)) -> Outcome {
    leave(name, format, &[page], Some(PAGES)).await.map_err(text)?;
    fixture(name, format, "files", &FILES).await.map_err(text)?;
    check(name).await?;
    let backend = IndexedDb::open(name).await.map_err(text)?;
    let local = Local::open(backend, Id::from_u128(ORG), Id::from_u128(MEMBER), Id::nil()).await.map_err(text)?;
    let files = local.files().await.map_err(text)?;
    let state = |sha256: &str| files.state(sha256);
    expect("a file", &state("aa"), &FileState::Waiting)?;
    expect("one that was sent", &state("bb"), &FileState::Sent)?;
    expect("one chosen for what is half typed", &state("cc"), &FileState::Here)
}

async fn opened(name: &str, format: &'static Format, base: &[(&str, &str)], pages: Option<&str>) -> Outcome {
    leave(name, format, base, pages).await.map_err(text)?;
    check(name).await
}

async fn leave(name: &str, format: &'static Format, base: &[(&str, &str)], pages: Option<&str>) -> Result<(), StoreError> {
    let mut meta = vec![("device", META)];
    meta.extend(pages.map(|pages| ("pages", pages)));
    let waiting: Vec<(String, String)> = (1..=WAITING).map(|n| (format!("{n:020}"), entry(n))).collect();
    let waiting: Vec<(&str, &str)> = waiting.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    fixture(name, format, "meta", &meta).await?;
    fixture(name, format, "base", base).await?;
    fixture(name, format, "outbox", &waiting).await?;
    fixture(name, format, "attention", &[("00000000-0000-0000-0000-0000000000ff", REFUSED)]).await?;
    fixture(name, format, "drafts", &[("log", "half a th")]).await
}

fn entry(n: u64) -> String {
    let head = r#"{"op":{"org":"00000000-0000-0000-0000-000000000001","device":"00000000-0000-0000-0000-000000000003","#;
    let tail = r#""actor":"00000000-0000-0000-0000-000000000002","base_seq":7,"schema":1,"at":6,"writes":[{"kind":"account","id":"00000000-0000-0000-0000-000000000007","act":"set","field":"note","#;
    let clock = format!("{n:012x}-0000-00000000000000000000000000000003");
    format!(r#"{head}"n":{n},"op_id":"{}",{tail}"value":"note {n}","clock":"{clock}"}}]}}}}"#, op_id(n))
}

fn op_id(n: u64) -> Id {
    Id::from_u128(1_000_000 + u128::from(n))
}

/// Everything is there and in order, the device is the same, and its work goes on where it was.
async fn check(name: &str) -> Outcome {
    let backend = IndexedDb::open(name).await.map_err(text)?;
    expect("made anew", &backend.was_created(), &false)?;
    let (org, member) = (Id::from_u128(ORG), Id::from_u128(MEMBER));
    let local = Local::open(backend, org, member, Id::nil()).await.map_err(text)?;
    let found = local.snapshot().await.map_err(text)?;
    expect("the device", &(found.meta.device, found.meta.n, found.meta.checkpoint), &(Id::from_u128(3), WAITING, 7))?;
    let names: BTreeMap<Id, &str> = found.base.iter().map(|row| (row.id, row.text("name"))).collect();
    expect("the base", &names, &[(Id::from_u128(7), "华联"), (Id::from_u128(8), "Acme")].into())?;
    let waiting: Vec<(u64, Id)> = found.outbox.iter().map(|entry| (entry.op.n, entry.op.op_id)).collect();
    expect("the outbox", &waiting, &(1..=WAITING).map(|n| (n, op_id(n))).collect())?;
    expect("what was refused", &found.attention.len(), &1)?;
    expect("what was half typed", &local.load_draft("log").await.map_err(text)?.as_deref(), &Some("half a th"))?;
    let next = local.act(Id::from_u128(9), found.outbox[0].op.writes.clone(), 10).await.map_err(text)?;
    expect("the next change", &next.n, &(WAITING + 1))?;
    let request = local.request(None, 10, "test").await.map_err(text)?;
    expect("what is sent first", &(request.pending, request.ops[0]["n"].as_u64()), &(WAITING + 1, Some(1)))
}
