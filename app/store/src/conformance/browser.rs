//! Cases that only a browser's database can meet: upgrades, other tabs, eviction.

use super::formats::{
    loses_nothing_of_early_pages, loses_nothing_of_pages_of_json, loses_nothing_of_pages_without_files,
    loses_nothing_of_single_rows, loses_nothing_of_today,
};
use super::{Outcome, Report, expect, keys, pairs, rows, text, write};
use crate::indexed_db::testing::{Holder, fixture};
use crate::indexed_db::{FORMAT, Format, IndexedDb, Step, Version, delete, list};
use crate::{Backend, Change, Read, StoreError, Table};

const V1: Version = Version { number: 1, steps: &[Step::Add("meta"), Step::Add("rows"), Step::Add("scrap")] };

/// A database as an app of another time would have left it.
static FIRST: Format = Format { versions: &[V1] };

/// The same, grown into today's tables.
static UPGRADED: Format = Format {
    versions: &[
        V1,
        Version {
            number: 10,
            steps: &[
                Step::Copy { from: "rows", to: "base", row: kept },
                Step::Copy { from: "scrap", to: "outbox", row: |key, value| Some((key, value)) },
                Step::Delete("rows"),
                Step::Delete("scrap"),
                Step::Add("archive"),
                Step::Add("attention"),
                Step::Add("drafts"),
                Step::Add("files"),
                Step::Add("bytes"),
            ],
        },
    ],
};

/// Fails half-way: there is no such store to copy.
static BROKEN: Format = Format {
    versions: &[
        V1,
        Version {
            number: 10,
            steps: &[
                Step::Copy { from: "rows", to: "base", row: kept },
                Step::Delete("rows"),
                Step::Copy { from: "missing", to: "outbox", row: |key, value| Some((key, value)) },
            ],
        },
    ],
};

/// As an app kept it whose base was single rows.
pub(super) static OLDER_BAND: Format = Format { versions: &[OURS[0]] };
static SAME_BAND: Format =
    Format { versions: &[OURS[0], OURS[1], OURS[2], OURS[3], Version { number: 31, steps: &[Step::Add("pictures")] }] };
static NEXT_BAND: Format =
    Format { versions: &[OURS[0], OURS[1], OURS[2], OURS[3], Version { number: 40, steps: &[Step::Delete("drafts")] }] };
/// As an app kept it that knew no files.
pub(super) static WITHOUT_FILES: Format = Format { versions: &[OURS[0], OURS[1]] };
/// As an app kept it whose pages were JSON.
pub(super) static OF_JSON: Format = Format { versions: &[OURS[0], OURS[1], OURS[2]] };
const OURS: &[Version] = FORMAT.versions;

fn kept(key: String, value: String) -> Option<(String, String)> {
    (key != "dropped").then(|| (format!("account/{key}"), value.to_uppercase()))
}

/// Runs every case, each on a database of its own whose name begins with `prefix`.
pub async fn run_all(prefix: &str) -> Vec<Report> {
    macro_rules! cases {
        ($($case:ident),+ $(,)?) => {
            vec![$(Report { name: stringify!($case), outcome: $case(&format!("{prefix}.{}", stringify!($case))).await }),+]
        };
    }
    cases![
        copies_rows_in_an_upgrade,
        undoes_a_failed_upgrade,
        lets_another_tab_upgrade,
        reports_a_tab_that_blocks_and_goes_on_after_it,
        opens_a_newer_revision_of_its_band,
        refuses_a_newer_band,
        keeps_the_rows_of_older_bands,
        loses_nothing_of_single_rows,
        loses_nothing_of_early_pages,
        loses_nothing_of_pages_without_files,
        loses_nothing_of_pages_of_json,
        loses_nothing_of_today,
        states_an_eviction,
        lists_and_deletes,
        says_when_it_made_the_database,
    ]
}

async fn first_format(name: &str) -> Outcome {
    fixture(name, &FIRST, "rows", &[("1", "one"), ("dropped", "x"), ("2", "two")]).await.map_err(text)
}

async fn copies_rows_in_an_upgrade(name: &str) -> Outcome {
    first_format(name).await?;
    let store = IndexedDb::open_format(name, &UPGRADED).await.map_err(text)?;
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let expected = vec![pair("account/1", "ONE"), pair("account/2", "TWO")];
    expect("the rows", &pairs(&store, Read::all(Table::Base)).await?, &expected)?;
    write(&store, Table::ALL.map(|table| Change::put(table, "k", "v")).to_vec()).await
}

async fn undoes_a_failed_upgrade(name: &str) -> Outcome {
    first_format(name).await?;
    match IndexedDb::open_format(name, &BROKEN).await {
        Ok(_) => return Err("a broken upgrade succeeded".to_owned()),
        Err(StoreError::Blocked) => return Err("a broken upgrade blocked".to_owned()),
        Err(_) => {}
    }
    let store = IndexedDb::open_format(name, &UPGRADED).await.map_err(text)?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"account/1account/2".to_owned())
}

async fn lets_another_tab_upgrade(name: &str) -> Outcome {
    let old = IndexedDb::open(name).await.map_err(text)?;
    write(&old, rows(&["a"])).await?;
    let new = IndexedDb::open_format(name, &SAME_BAND).await.map_err(text)?;
    expect("the new tab's rows", &keys(&new, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
    write(&old, rows(&["b"])).await?;
    expect("the old tab's write", &keys(&new, Read::all(Table::Base)).await?.concat(), &"ab".to_owned())
}

async fn reports_a_tab_that_blocks_and_goes_on_after_it(name: &str) -> Outcome {
    write(&IndexedDb::open(name).await.map_err(text)?, rows(&["a"])).await?;
    let holder = Holder::open(name).await.map_err(text)?;
    expect("an upgrade", &IndexedDb::open_format(name, &SAME_BAND).await.map(drop), &Err(StoreError::Blocked))?;
    holder.close();
    let store = IndexedDb::open_format(name, &SAME_BAND).await.map_err(text)?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
    write(&store, rows(&["b"])).await?;
    let holder = Holder::open(name).await.map_err(text)?;
    expect("a removal", &delete(name).await, &Err(StoreError::Blocked))?;
    holder.close();
    delete(name).await.map_err(text)
}

async fn opens_a_newer_revision_of_its_band(name: &str) -> Outcome {
    write(&IndexedDb::open_format(name, &SAME_BAND).await.map_err(text)?, rows(&["a"])).await?;
    let store = IndexedDb::open(name).await.map_err(text)?;
    write(&store, rows(&["b"])).await?;
    expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"ab".to_owned())
}

async fn refuses_a_newer_band(name: &str) -> Outcome {
    let old = IndexedDb::open(name).await.map_err(text)?;
    let new = IndexedDb::open_format(name, &NEXT_BAND).await.map_err(text)?;
    let refused = StoreError::NewerFormat { found: 40, known: 30 };
    expect("a new opening", &IndexedDb::open(name).await.map(drop), &Err(refused.clone()))?;
    expect("the old tab", &old.read(&[Read::all(Table::Base)]).await.map(drop), &Err(refused))?;
    drop(new);
    Ok(())
}

async fn keeps_the_rows_of_older_bands(name: &str) -> Outcome {
    for (format, known) in [(&OLDER_BAND, 10), (&OF_JSON, 21)] {
        let name = &format!("{name}.{known}");
        // An app of today writes to stores that an older band does not have.
        fixture(name, format, "base", &[("a", "a")]).await.map_err(text)?;
        let old = IndexedDb::open_format(name, format).await.map_err(text)?;
        expect("the older app's rows", &keys(&old, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
        let store = IndexedDb::open(name).await.map_err(text)?;
        expect("the rows", &keys(&store, Read::all(Table::Base)).await?.concat(), &"a".to_owned())?;
        let refused = StoreError::NewerFormat { found: 30, known };
        expect("the older app", &old.read(&[Read::all(Table::Base)]).await.map(drop), &Err(refused))?;
    }
    Ok(())
}

async fn states_an_eviction(name: &str) -> Outcome {
    let store = IndexedDb::open(name).await.map_err(text)?;
    write(&store, rows(&["a"])).await?;
    delete(name).await.map_err(text)?;
    let nothing = store.transact(&[], |_| Ok((rows(&["b"]), ()))).await;
    expect("a write", &nothing, &Err(StoreError::Evicted))?;
    expect("a read", &store.read(&[Read::all(Table::Base)]).await.map(drop), &Err(StoreError::Evicted))?;
    let store = IndexedDb::open(name).await.map_err(text)?;
    expect("the new database", &keys(&store, Read::all(Table::Base)).await?, &vec![])
}

async fn lists_and_deletes(name: &str) -> Outcome {
    let store = IndexedDb::open(name).await.map_err(text)?;
    expect("the list", &list(name).await, &vec![name.to_owned()])?;
    delete(name).await.map_err(text)?;
    delete(name).await.map_err(text)?;
    drop(store);
    expect("the list afterwards", &list(name).await, &vec![])
}

async fn says_when_it_made_the_database(name: &str) -> Outcome {
    let store = IndexedDb::open(name).await.map_err(text)?;
    expect("the first opening", &store.was_created(), &true)?;
    let store = IndexedDb::open(name).await.map_err(text)?;
    expect("the second opening", &store.was_created(), &false)
}
