//! `PROMISES.md` names tests that exist.

use std::{collections::BTreeMap, fs, path::Path};

/// What a cell names: a place in the sources, as `path::name`.
fn names(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    cell.split('`').skip(1).step_by(2).filter_map(|named| named.split_once("::"))
}

#[test]
fn every_promise_names_tests_that_exist_or_says_what_is_open() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let table = fs::read_to_string(root.join("app/sync/PROMISES.md")).expect("the table is there");
    let mut sources = BTreeMap::new();
    let mut number = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |") && !line.starts_with("| -")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        number += 1;
        assert_eq!(cells[1], number.to_string(), "the promises are numbered");
        let tests = cells[3];
        assert!(names(tests).next().is_some() || tests.contains("open: "), "promise {number} names nothing");
        for (path, name) in names(tests) {
            let source = sources.entry(path).or_insert_with(|| fs::read_to_string(root.join(path)).unwrap_or_default());
            let found = [format!("fn {name}("), format!("fn {name}<"), format!("\"{name}\""), format!("    {name},")];
            assert!(found.iter().any(|found| source.contains(found)), "promise {number}: {path} has no {name}");
        }
    }
    assert_eq!(number, 30);
}
