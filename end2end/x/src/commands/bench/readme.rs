//! The places in the README that the benchmarks fill.

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;

/// What stands in the README behind a table.
const END: &str = "<!-- end -->";

/// Puts a table where the README keeps the one of `cargo x bench NAME`.
pub fn put(workspace: &Workspace, name: &str, table: &str) -> Result<()> {
    let readme = workspace.root.join("README.md");
    let text = fs::read_to_string(&readme)?;
    let text = replaced(&text, name, table)
        .with_context(|| format!("README.md has no place for the table of `cargo x bench {name}`"))?;
    Ok(fs::write(&readme, text)?)
}

/// The text with another table between the marks.
fn replaced(text: &str, name: &str, table: &str) -> Option<String> {
    let begin = format!("<!-- made by `cargo x bench {name}` -->\n");
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{begin}{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_table_replaces_the_last_of_the_same_benchmark() {
        let text = |one: &str, other: &str| {
            format!(
                "a <!-- made by `cargo x bench one` -->\n{one}<!-- end --> b <!-- made by `cargo x bench other` -->\n{other}<!-- end --> c"
            )
        };
        assert_eq!(replaced(&text("old", "kept"), "one", "new").as_deref(), Some(text("new", "kept").as_str()));
        assert_eq!(replaced(&text("kept", ""), "other", "new").as_deref(), Some(text("kept", "new").as_str()));
        assert_eq!(replaced("no marks", "one", "new"), None);
    }

    #[test]
    fn the_readme_has_a_place_for_each_table() {
        let text = include_str!("../../../../../README.md");
        for name in ["sync", "device"] {
            assert!(replaced(text, name, "").is_some(), "{name}");
        }
    }
}
