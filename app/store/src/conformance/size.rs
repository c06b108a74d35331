//! Odd and large contents.

use super::{Factory, Outcome, expect, pairs, text, write};
use crate::{Change, Read, Table, counted};

pub(super) async fn keeps_unicode_and_empty_text<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let contents = ["", "\0", "拜訪王經理 👩‍🔬", "e\u{301} é", "\u{feff}\u{202e}\u{ffff}", "line\r\nline"];
    write(&store, contents.map(|text| Change::put(Table::Drafts, text, text)).to_vec()).await?;
    for text in contents {
        let found = pairs(&store, Read::get(Table::Drafts, text)).await?;
        expect("the text", &found, &vec![(text.to_owned(), text.to_owned())])?;
    }
    Ok(())
}

pub(super) async fn keeps_a_value_of_one_megabyte<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let large = "拜訪🙂é\n".repeat(1_000_000 / "拜訪🙂é\n".len());
    write(&store, vec![Change::put(Table::Base, "large", large.as_str())]).await?;
    let found = pairs(&store, Read::get(Table::Base, "large")).await?;
    if found.first().is_some_and(|(_, value)| *value == large) { Ok(()) } else { Err("the value came back different".into()) }
}

pub(super) async fn writes_ten_thousand_rows_at_once<F: Factory>(factory: &F, name: &str) -> Outcome {
    let store = factory.open(name).await.map_err(text)?;
    let key = |n: u32| format!("{n:06}");
    write(&store, (0..10_000).map(|n| Change::put(Table::Outbox, key(n), n.to_string())).collect()).await?;
    expect("the count", &counted(&pairs(&store, Read::count(Table::Outbox)).await?), &10_000)?;
    let found = pairs(&store, Read::all(Table::Outbox)).await?;
    let expected: Vec<_> = (0..10_000).map(|n| (key(n), n.to_string())).collect();
    if found == expected { Ok(()) } else { Err("the rows came back different".to_owned()) }
}
