//! What is there after a device died in the middle of a transaction, at each of its changes: all of it or nothing.

use super::{Factory, Outcome, expect, keys, pairs, rows, text};
use crate::{
    Backend, Change, Local, Pulled, Read, StoreError, Table,
    local::number_key,
    page::{self, Pages},
};
use domain::{
    Clock, Id, Row, Value, json,
    row::{Cell, packed},
    wire::SyncAnswer,
};
use std::collections::BTreeMap;

const DEVICE: Id = Id::from_u128(3);

pub(super) async fn undoes_a_transaction_torn_anywhere<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    super::write(&store, rows(&["a", "b"])).await?;
    let changes = || {
        vec![
            Change::put(Table::Base, "a", "changed"),
            Change::delete(Table::Base, "b"),
            Change::put(Table::Base, "c", "new"),
            Change::put(Table::Outbox, number_key(1), "{}"),
            Change::Clear { table: Table::Base },
            Change::put(Table::Base, "d", "d"),
        ]
    };
    for after in 0..changes().len() {
        factory.tear(&store, after);
        let torn = store.transact(&[], |_| Ok((changes(), ()))).await;
        expect("a torn transaction", &matches!(torn, Err(StoreError::Aborted(_))), &true)?;
        let before = ["a", "b"].map(|key| (key.to_owned(), key.to_owned()));
        expect("what is there", &pairs(&store, Read::all(Table::Base)).await?, &before.to_vec())?;
        expect("the outbox", &keys(&store, Read::all(Table::Outbox)).await?, &vec![])?;
    }
    factory.tear(&store, changes().len());
    store.transact(&[], |_| Ok((changes(), ()))).await.map_err(text)?;
    expect("what is there at last", &keys(&store, Read::all(Table::Base)).await?.concat(), &"d".to_owned())
}

/// What the pages hold changes in many ways: appended, merged, replaced, written anew. Killed at each change of each of them,
/// the device holds afterwards what it held before, every row once, and can do the same again.
pub(super) async fn keeps_every_row_once_wherever_it_is_killed<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    // As an earlier app left it: a page of JSON.
    let earlier = r#"{"names":["account","name"],"clocks":["000000000005-0000-00000000000000000000000000000003"],"members":["00000000-0000-0000-0000-000000000002"],"rows":[{"i":"00000000-0000-0000-0000-000000000007","k":0,"s":3,"c":[[1,"old",0,0,3]]}]}"#;
    let left = vec![Change::put(Table::Base, "p000000000000", earlier), Change::put(Table::Meta, "pages", "[[0,1]]")];
    super::write(&store, left).await?;
    let local = Local::open(store, Id::from_u128(1), Id::from_u128(2), DEVICE).await.map_err(text)?;
    let mut held = BTreeMap::from([(Id::from_u128(7), "old".to_owned())]);
    let steps = [
        Step::Renew,
        Step::Pull(20..23, &[]),
        Step::Pull(22..24, &[7]),
        Step::Pull(100..1_250, &[20]),
        Step::Pull(21..22, &[23, 100]),
        Step::Mend(22..24, &[101]),
        Step::Reload(90..1_250),
        Step::Pull(100..1_300, &[]),
        Step::Pull(100..1_300, &[]),
        Step::Pull(100..1_300, &[]),
        Step::Repack,
    ];
    for (at, step) in steps.iter().enumerate() {
        for after in 0.. {
            if let Step::Reload(_) = step {
                local.reset().await.map_err(text)?;
            }
            let done = step.take(&local, at, &mut || factory.tear(local.backend(), after)).await;
            match done {
                Err(StoreError::Aborted(_)) if after < 20 => is_held(&local, &held, step, after).await?,
                Err(error) => return Err(text(error)),
                Ok(()) => break,
            }
        }
        step.note(at, &mut held);
        is_held(&local, &held, step, usize::MAX).await?;
    }
    Ok(())
}

#[derive(Debug)]
enum Step {
    Pull(std::ops::Range<u128>, &'static [u128]),
    Mend(std::ops::Range<u128>, &'static [u128]),
    /// A base loaded anew in the place of what is there.
    Reload(std::ops::Range<u128>),
    Renew,
    Repack,
}

impl Step {
    /// `tear` is called before the transaction that is to die.
    async fn take<B: Backend>(&self, local: &Local<B>, at: usize, tear: &mut impl FnMut()) -> Result<(), StoreError> {
        let removed = |removed: &[u128]| removed.iter().copied().map(Id::from_u128).collect::<Vec<_>>();
        match self {
            Step::Pull(rows, gone) => pull(local, made(rows, at), removed(gone), tear).await,
            Step::Reload(rows) => pull(local, made(rows, at), Vec::new(), tear).await,
            Step::Mend(rows, gone) => {
                let cursor = local.meta().await?.cursor;
                tear();
                local.mend(&cursor, &made(rows, at), &removed(gone)).await.map(drop)
            }
            Step::Renew => {
                tear();
                local.renew("p000000000000").await
            }
            Step::Repack => {
                tear();
                local.repack(0).await.map(|repacked| assert!(repacked, "there is enough to repack"))
            }
        }
    }

    /// What is held after it.
    fn note(&self, at: usize, held: &mut BTreeMap<Id, String>) {
        let (rows, gone) = match self {
            Step::Pull(rows, gone) | Step::Mend(rows, gone) => (rows, *gone),
            Step::Reload(rows) => {
                held.clear();
                (rows, &[][..])
            }
            Step::Renew | Step::Repack => return,
        };
        held.extend(rows.clone().map(|n| (Id::from_u128(n), name(at))));
        gone.iter().for_each(|n| drop(held.remove(&Id::from_u128(*n))));
    }
}

fn name(at: usize) -> String {
    format!("as of step {at}")
}

fn made(rows: &std::ops::Range<u128>, at: usize) -> Vec<Row> {
    let made = |n| {
        let mut row = Row::new("account", Id::from_u128(n));
        let cell = Cell { value: Value::from(name(at)), clock: Clock::ZERO, actor: Id::nil(), seq: 1 };
        row.cells.insert("name".to_owned(), cell);
        row
    };
    rows.clone().map(made).collect()
}

async fn pull<B: Backend>(local: &Local<B>, rows: Vec<Row>, removed: Vec<Id>, tear: &mut impl FnMut()) -> Result<(), StoreError> {
    const ANSWER: &str = r#"{"acks":[],"rows":[],"removed":[],"cursor":"c","more":false,"server_time":0,"feed_epoch":0}"#;
    let answer: SyncAnswer = json::parse(ANSWER).ok_or(StoreError::Lost)?;
    let explained = removed.len() as u64;
    let pulled = Pulled { from: local.meta().await?.cursor, rows, removed, explained, complete: true };
    tear();
    local.absorb(DEVICE, &answer, Some(&pulled), 0).await.map(drop)
}

/// Every row once, and the list of pages names each of them.
async fn is_held<B: Backend>(local: &Local<B>, held: &BTreeMap<Id, String>, step: &Step, after: usize) -> Outcome {
    let what = |what: &str| format!("{what} of {step:?} killed after {after}");
    let base = local.snapshot().await.map_err(text)?.base;
    expect(&what("rows"), &base.len(), &held.len())?;
    let found: BTreeMap<Id, String> = base.iter().map(|row| (row.id, row.text("name").to_owned())).collect();
    expect(&what("what is held"), &(found == *held), &true)?;
    let mut start = local.start().await.map_err(text)?;
    while !start.read(1) {}
    expect(&what("rows page by page"), &start.shown().0.rows().count(), &held.len())?;
    let stored = pairs(local.backend(), Read::all(Table::Base)).await?;
    let counts: Vec<usize> = stored.iter().map(|(_, text)| page::entries(text.clone()).len()).collect();
    let listed = Pages::read(&local.backend().read(&[Pages::asked()]).await.map_err(text)?[0]);
    expect(&what("entries"), &listed.entries(), &counts.iter().sum())?;
    let is_today = stored.iter().all(|(_, text)| packed::is_page(text));
    expect(&what("pages of today"), &is_today, &(!matches!(step, Step::Renew) || after == usize::MAX))
}
