//! What transactions do.

use super::{Factory, Outcome, expect, keys, pairs, rows, text, write};
use crate::{Backend, Change, Read, Refusal, StoreError, Table, value};

pub(super) async fn applies_changes_in_order<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let changes = vec![
        Change::put(Table::Base, "a", "1"),
        Change::put(Table::Base, "a", "2"),
        Change::put(Table::Base, "b", "1"),
        Change::delete(Table::Base, "b"),
        Change::delete(Table::Base, "missing"),
        Change::put(Table::Drafts, "before", "1"),
        Change::Clear { table: Table::Drafts },
        Change::put(Table::Drafts, "after", "1"),
    ];
    write(&store, changes).await?;
    let expected = vec![("a".to_owned(), "2".to_owned())];
    expect("the last write", &pairs(&store, Read::all(Table::Base)).await?, &expected)?;
    expect("what follows a clear", &keys(&store, Read::all(Table::Drafts)).await?.concat(), &"after".to_owned())
}

pub(super) async fn decides_on_exactly_what_was_read<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a", "b", "c"])).await?;
    let reads = [
        Read::get(Table::Base, "missing"),
        Read::Range { table: Table::Base, from: Some("b".to_owned()), to: None, limit: None },
        Read::Range { table: Table::Base, from: None, to: None, limit: Some(0) },
        Read::count(Table::Base),
        Read::get(Table::Base, "a"),
    ];
    let mut runs = 0;
    let seen = store.transact(&reads, |found| {
        runs += 1;
        Ok((vec![], found.to_vec()))
    });
    let seen = seen.await.map_err(text)?;
    let pair = |text: &str| (text.to_owned(), text.to_owned());
    let expected = vec![vec![], vec![pair("b"), pair("c")], vec![], vec![(String::new(), "3".to_owned())], vec![pair("a")]];
    expect("what was found", &seen, &expected)?;
    expect("runs of the decision", &runs, &1)
}

pub(super) async fn writes_without_reading<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let seen = store.transact(&[], |found| Ok((rows(&["a"]), found.len()))).await.map_err(text)?;
    expect("answers to no reads", &seen, &0)?;
    expect("the row", &keys(&store, Read::all(Table::Base)).await?.concat(), &"a".to_owned())
}

pub(super) async fn refusal_writes_nothing<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a"])).await?;
    let reason = Refusal("no".to_owned());
    let answer = store.transact(&[Read::all(Table::Base)], |_| Err::<(Vec<Change>, ()), _>(reason.clone())).await;
    expect("the answer", &answer, &Err(StoreError::Refused(reason)))?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
    write(&store, rows(&["b"])).await?;
    expect("a later write", &keys(&store, Read::all(Table::Base)).await?.concat(), &"ab".to_owned())
}

pub(super) async fn survives_reopening<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a", "b"])).await?;
    drop(store);
    let store = factory.open(name).await.map_err(text)?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"ab".to_owned())
}

pub(super) async fn recovers_from_a_dead_handle<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a"])).await?;
    factory.sever(&store);
    expect("a read", &keys(&store, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
    factory.sever(&store);
    let read = [Read::get(Table::Base, "a")];
    let old = store.transact(&read, |found| Ok((rows(&["b"]), value(&found[0]).map(str::to_owned)))).await;
    expect("a transaction", &old, &Ok(Some("a".to_owned())))?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"ab".to_owned())
}
