//! The bytes of files.

use super::{Factory, Outcome, expect, keys, text, write};
use crate::{Backend, Bytes, Change, FileState, Local, Read, Table};
use domain::{
    Clock, Id,
    change::{Act, Write},
};
use serde_json::json;

/// Bytes as this database hands them out.
fn of<B: Backend>(_: &B, plain: &[u8]) -> B::Bytes {
    B::Bytes::from(plain)
}

async fn found<B: Backend>(store: &B, key: &str) -> Result<Option<Vec<u8>>, String> {
    Ok(store.bytes(key).await.map_err(text)?.map(|bytes| bytes.copied()))
}

pub(super) async fn keeps_bytes_as_they_are<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let plain: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    for (key, bytes) in [("large", &plain[..]), ("empty", &[][..]), ("zeros", &[0, 0, 0][..])] {
        store.put_bytes(key, &of(&store, bytes), &[]).await.map_err(text)?;
    }
    drop(store);
    let store = factory.open(name).await.map_err(text)?;
    let large = store.bytes("large").await.map_err(text)?.ok_or("the bytes are gone")?;
    expect("how many", &large.size(), &3_000_000)?;
    expect("a part", &large.part(250, 260).copied(), &plain[250..260].to_vec())?;
    expect("all of them", &(large.copied() == plain), &true)?;
    expect("none of them", &found(&store, "empty").await?, &Some(Vec::new()))?;
    expect("zeros", &found(&store, "zeros").await?, &Some(vec![0; 3]))?;
    expect("what is not there", &found(&store, "other").await?, &None)
}

pub(super) async fn keeps_bytes_and_changes_or_neither<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    factory.sever(&store);
    let changes = [Change::put(Table::Files, "a", "1"), Change::put(Table::Files, "b", "2")];
    store.put_bytes("a", &of(&store, &[1]), &changes).await.map_err(text)?;
    expect("the changes", &keys(&store, Read::all(Table::Files)).await?.concat(), &"ab".to_owned())?;
    store.put_bytes("a", &of(&store, &[2]), &[Change::delete(Table::Files, "b")]).await.map_err(text)?;
    expect("the changes after", &keys(&store, Read::all(Table::Files)).await?.concat(), &"a".to_owned())?;
    expect("the bytes", &found(&store, "a").await?, &Some(vec![2]))
}

pub(super) async fn forgets_bytes<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    for key in ["a", "b", "c"] {
        store.put_bytes(key, &of(&store, key.as_bytes()), &[]).await.map_err(text)?;
    }
    write(&store, vec![Change::delete(Table::Bytes, "b"), Change::delete(Table::Bytes, "missing")]).await?;
    expect("the one", &found(&store, "b").await?, &None)?;
    expect("the other", &found(&store, "a").await?, &Some(b"a".to_vec()))?;
    write(&store, vec![Change::Clear { table: Table::Bytes }]).await?;
    expect("all", &found(&store, "c").await?, &None)
}

pub(super) async fn queues_a_file_with_the_op_that_mentions_it<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let (nil, device) = (Id::nil(), Id::from_u128(7));
    let local = Local::open(store, nil, nil, device).await.map_err(text)?;
    local.keep_file("aa", &of(local.backend(), &[1, 2]), 5).await.map_err(text)?;
    expect("before", &local.files().await.map_err(text)?.state("aa"), &FileState::Here)?;
    let value = json!({ "sha256": "aa", "name": "a", "size": 2, "mime": "" });
    let act = Act::Set { field: "file".into(), value, clock: Clock::ZERO };
    let writes = vec![Write { kind: "attachment".into(), id: Id::from_u128(8), act }];
    local.act(Id::from_u128(9), writes, 6).await.map_err(text)?;
    factory.sever(local.backend());
    let files = local.files().await.map_err(text)?;
    expect("after", &(files.state("aa"), files.waiting()), &(FileState::Waiting, 1))?;
    expect("the bytes", &found(local.backend(), "aa").await?, &Some(vec![1, 2]))
}
