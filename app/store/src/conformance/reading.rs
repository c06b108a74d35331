//! What reads answer.

use super::{Factory, Outcome, expect, keys, pairs, rows, text, write};
use crate::{Backend, Change, Read, Table, counted};

fn range(from: Option<&str>, to: Option<&str>, limit: Option<u32>) -> Read {
    Read::Range { table: Table::Base, from: from.map(str::to_owned), to: to.map(str::to_owned), limit }
}

pub(super) async fn finds_nothing_in_an_empty_database<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    for table in Table::ALL {
        let reads = [Read::get(table, "a"), Read::all(table), Read::count(table)];
        let found = store.read(&reads).await.map_err(text)?;
        expect("an empty table", &found, &vec![vec![], vec![], vec![(String::new(), "0".to_owned())]])?;
    }
    expect("no reads", &store.read(&[]).await.map_err(text)?, &vec![])
}

pub(super) async fn orders_keys_by_utf16_units<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    // U+1F600 begins with the unit D83D and so sorts before U+FF5E, though its code point is greater.
    let ordered = ["", " ", "10", "9", "A", "a", "aa", "é", "中", "\u{1f600}", "\u{ff5e}"];
    let mut shuffled = ordered;
    shuffled.reverse();
    shuffled.swap(2, 7);
    write(&store, rows(&shuffled)).await?;
    expect("all keys", &keys(&store, Read::all(Table::Base)).await?, &ordered.map(str::to_owned).to_vec())?;
    let found = keys(&store, range(Some("中"), Some("\u{ff5e}"), None)).await?;
    expect("a range beyond the basic plane", &found, &vec!["中".to_owned(), "\u{1f600}".to_owned()])
}

pub(super) async fn takes_from_and_leaves_to_out<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a", "b", "c", "d"])).await?;
    for (from, to, expected) in [
        (Some("b"), Some("d"), "bc"),
        (Some("b"), None, "bcd"),
        (None, Some("b"), "a"),
        (Some("aa"), Some("cc"), "bc"),
        (None, None, "abcd"),
    ] {
        expect("the keys of a range", &keys(&store, range(from, to, None)).await?.concat(), &expected.to_owned())?;
    }
    Ok(())
}

pub(super) async fn limits_from_the_smallest_key<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a", "b", "c", "d"])).await?;
    for (from, limit, expected) in [(None, 2, "ab"), (Some("c"), 1, "c"), (None, 9, "abcd"), (None, u32::MAX, "abcd")] {
        let found = keys(&store, range(from, None, Some(limit))).await?.concat();
        expect("limited keys", &found, &expected.to_owned())?;
    }
    expect("the first key", &keys(&store, Read::first(Table::Base, 1)).await?.concat(), &"a".to_owned())
}

pub(super) async fn answers_ranges_that_hold_nothing<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["a", "b"])).await?;
    for read in [
        range(Some("b"), Some("a"), None),
        range(Some("a"), Some("a"), None),
        range(None, Some(""), None),
        range(None, None, Some(0)),
        range(Some("x"), None, None),
    ] {
        expect(&format!("{read:?}"), &keys(&store, read).await?, &vec![])?;
    }
    Ok(())
}

pub(super) async fn counts_and_clears_one_table_only<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let mut changes = rows(&["a", "b", "c"]);
    changes.push(Change::put(Table::Outbox, "1", "op"));
    write(&store, changes).await?;
    expect("rows before", &counted(&pairs(&store, Read::count(Table::Base)).await?), &3)?;
    write(&store, vec![Change::Clear { table: Table::Base }]).await?;
    expect("rows after", &counted(&pairs(&store, Read::count(Table::Base)).await?), &0)?;
    expect("rows of another table", &counted(&pairs(&store, Read::count(Table::Outbox)).await?), &1)
}

pub(super) async fn finds_by_prefix<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, rows(&["account", "account/1", "account/2", "account/\u{1f600}", "account0", "b"])).await?;
    let found = keys(&store, Read::prefix(Table::Base, "account/")).await?;
    let expected = ["account/1", "account/2", "account/\u{1f600}"];
    expect("keys under a prefix", &found, &expected.map(str::to_owned).to_vec())
}

pub(super) async fn keeps_tables_apart<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    write(&store, Table::ALL.map(|table| Change::put(table, "same", table.name())).to_vec()).await?;
    for table in Table::ALL {
        let expected = vec![("same".to_owned(), table.name().to_owned())];
        expect("the table's own row", &pairs(&store, Read::all(table)).await?, &expected)?;
    }
    Ok(())
}
