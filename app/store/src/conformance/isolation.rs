//! What two handles see of each other.

use futures::future::{join, join_all, try_join_all};

use super::{Factory, Outcome, expect, keys, pairs, rows, text, write};
use crate::{Backend, Change, Read, StoreError, Table, value};

pub(super) async fn shares_data_between_handles<F: Factory>(factory: &F, name: &str) -> Outcome {
    let (one, two) = join(factory.open(name), factory.open(name)).await;
    let (one, two) = (one.map_err(text)?, two.map_err(text)?);
    write(&one, rows(&["a"])).await?;
    expect("seen by the other", &keys(&two, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
    write(&two, vec![Change::delete(Table::Base, "a")]).await?;
    expect("seen by the first", &keys(&one, Read::all(Table::Base)).await?, &vec![])
}

pub(super) async fn loses_no_update_of_a_counter<F: Factory>(factory: &F, name: &str) -> Outcome {
    let (one, two) = join(factory.open(name), factory.open(name)).await;
    let (one, two) = (one.map_err(text)?, two.map_err(text)?);
    let added = join_all((0..40).map(|i| increment(if i % 2 == 0 { &one } else { &two }))).await;
    let mut numbers = added.into_iter().collect::<Result<Vec<u32>, _>>().map_err(text)?;
    numbers.sort_unstable();
    expect("the numbers allotted", &numbers, &(1..=40).collect())?;
    expect("the counter", &pairs(&one, Read::get(Table::Meta, "n")).await?, &vec![("n".to_owned(), "40".to_owned())])
}

pub(super) async fn never_shows_half_a_transaction<F: Factory>(factory: &F, name: &str) -> Outcome {
    let (one, two) = join(factory.open(name), factory.open(name)).await;
    let (one, two) = (one.map_err(text)?, two.map_err(text)?);
    let writes = try_join_all((0..20).map(|i| {
        let i = i.to_string();
        write(&one, vec![Change::put(Table::Base, "x", i.as_str()), Change::put(Table::Outbox, "x", i)])
    }));
    let reads = try_join_all((0..20).map(async |_| {
        let found = two.read(&[Read::get(Table::Base, "x"), Read::get(Table::Outbox, "x")]).await.map_err(text)?;
        expect("both halves", &found[0], &found[1])
    }));
    let (written, read) = join(writes, reads).await;
    written.and(read).map(drop)
}

async fn increment(store: &impl Backend) -> Result<u32, StoreError> {
    let read = [Read::get(Table::Meta, "n")];
    let add = |found: &[Vec<(String, String)>]| {
        let n = value(&found[0]).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0) + 1;
        Ok((vec![Change::put(Table::Meta, "n", n.to_string())], n))
    };
    store.transact(&read, add).await
}
