use crate::support::database::Database;
use server::db;
use sqlx::{Executor, SqlSafeStr};
use std::{fs, path::Path};

#[tokio::test]
async fn sql_every_statement_is_one_the_migrated_database_understands() {
    let database = Database::new().await;
    let mut wrong = Vec::new();
    for (name, text) in db::statements() {
        if let Err(error) = (&database.pool).prepare(text.into_sql_str()).await {
            wrong.push(format!("{name}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_no_statement_calls_the_clock_or_makes_ids() {
    for (name, text) in db::statements() {
        let text = text.to_lowercase();
        for volatile in ["now()", "random", "clock_timestamp", "current_timestamp", "nextval"] {
            assert!(!text.contains(volatile), "{name} uses {volatile}");
        }
    }
}

#[test]
fn sql_is_in_db_only_and_all_of_it_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let listed: Vec<&str> = db::statements().map(|(name, _)| name).collect();
    for path in files(&source) {
        let text = fs::read_to_string(&path).unwrap();
        let in_db = path.starts_with(source.join("db"));
        assert!(in_db || !text.contains("sqlx"), "{} names sqlx", path.display());
        assert!(
            !text.contains("query(\"") && !text.contains("query_as(\"") && !text.contains("query_scalar(\""),
            "{} has a statement outside statements!",
            path.display()
        );
        if text.contains("\nstatements! {") {
            let module = format!("::{}::", path.file_stem().unwrap().to_string_lossy());
            assert!(listed.iter().any(|name| name.contains(&module)), "{} is missing in db::statements", path.display());
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
