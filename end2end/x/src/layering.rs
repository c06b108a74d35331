//! Which crate may use which: the rules of the map in README.md that a machine can check.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// Which of our crates a crate may depend on, outside its tests and in them.
struct Layer {
    name: &'static str,
    uses: &'static [&'static str],
    /// Only as dev-dependencies.
    tests_use: &'static [&'static str],
}

const LAYERS: [Layer; 9] = [
    Layer { name: "han", uses: &[], tests_use: &[] },
    Layer { name: "domain", uses: &[], tests_use: &["han"] },
    Layer { name: "store", uses: &["domain"], tests_use: &["han"] },
    Layer { name: "sync", uses: &["domain", "store"], tests_use: &[] },
    Layer { name: "online", uses: &["domain"], tests_use: &[] },
    Layer { name: "app", uses: &["domain", "store", "sync", "online"], tests_use: &[] },
    Layer { name: "frontend", uses: &["domain", "store", "sync", "online", "app"], tests_use: &[] },
    Layer { name: "server", uses: &["domain", "online"], tests_use: &["store", "sync"] },
    Layer { name: "x", uses: &[], tests_use: &[] },
];

/// Libraries that belong to one crate of ours alone.
const HOMES: [(&str, &str); 2] = [("indexed_db_futures", "store"), ("sqlx", "server")];

/// Crates that must not reach these libraries even through others. (indexed_db_futures uses the locks of tokio.)
const APART: [(&str, &[&str]); 3] = [
    ("domain", &["leptos", "tokio", "axum", "sqlx", "web-sys", "js-sys", "wasm-bindgen", "getrandom", "rand", "proptest"]),
    ("store", &["leptos", "axum", "sqlx"]),
    ("sync", &["leptos", "axum", "sqlx", "getrandom", "rand"]),
];

/// What a pure crate may not say: it gets times and random numbers as arguments, and does no input or output.
const IMPURE: [&str; 9] =
    ["SystemTime", "Instant::now", "Utc::now", "Local::now", "std::fs", "std::net", "std::env", "std::process", "std::thread"];

/// What is visible at the top of the tree: the card, and what cargo and the licences put there.
const TOP: [&str; 10] =
    ["Cargo.toml", "Cargo.lock", "README.md", "LICENSE-APACHE", "LICENSE-MIT", "app", "end2end", "public", "server", "style"];

/// Every dependency that a manifest of ours may not declare. `metadata` is the answer of `cargo metadata`.
pub fn forbidden_dependencies(metadata: &serde_json::Value) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages in cargo metadata")?;
    let ours = packages.iter().filter(|package| package["source"].is_null());
    let mut wrong = Vec::new();
    for package in ours {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            wrong.push(format!("crate {name} is in no layer: say in end2end/x/src/layering.rs what it may use"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            if !layer.allows(used, for_tests) {
                wrong.push(format!("{name} must not use {used}{}", if for_tests { ", not even in tests" } else { "" }));
            }
        }
    }
    Ok(wrong)
}

/// Every library that a crate must stay apart from and yet reaches. `tree_of` lists the names of all crates in the tree of
/// a crate of ours.
pub fn reached_from_afar(tree_of: impl Fn(&str) -> Result<Vec<String>>) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (name, banned) in APART {
        let reached: BTreeSet<String> = tree_of(name)?.into_iter().collect();
        let found = banned.iter().filter(|banned| reached.contains(**banned));
        wrong.extend(found.map(|found| format!("{name} reaches {found}; `cargo tree -p {name} -i {found}` says how")));
    }
    Ok(wrong)
}

/// Every line of a pure crate's sources that names a clock, a file, the network or the process.
pub fn impure_lines(folder: &Path) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for file in crate::tools::stamp::files_below(folder)? {
        for (index, line) in std::fs::read_to_string(&file)?.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(found) = IMPURE.iter().find(|impure| code.contains(**impure)) {
                wrong.push(format!("{}:{}: {found} in a pure crate", file.display(), index + 1));
            }
        }
    }
    Ok(wrong)
}

/// Every visible thing at the top that is not on the card.
pub fn strangers_at_the_top(names: impl Iterator<Item = String>) -> Vec<String> {
    let visible = names.filter(|name| !name.starts_with('.') && name != "target");
    visible.filter(|name| !TOP.contains(&name.as_str())).map(|name| format!("{name} at the top of the tree")).collect()
}

impl Layer {
    fn allows(&self, used: &str, for_tests: bool) -> bool {
        if LAYERS.iter().any(|layer| layer.name == used) {
            // A crate may name itself to test itself with its own features.
            return self.uses.contains(&used) || for_tests && (self.tests_use.contains(&used) || used == self.name);
        }
        HOMES.iter().all(|(library, home)| *library != used || *home == self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(package: &str, used: &str, kind: Option<&str>) -> Vec<String> {
        let dependencies = json!([{ "name": used, "kind": kind }]);
        let metadata = json!({ "packages": [{ "name": package, "source": null, "dependencies": dependencies }] });
        forbidden_dependencies(&metadata).unwrap()
    }

    #[test]
    fn imports_go_one_way() {
        assert!(wrong("store", "domain", None).is_empty());
        assert_eq!(wrong("domain", "store", None), ["domain must not use store"]);
        assert_eq!(wrong("server", "app", None).len(), 1);
        assert_eq!(wrong("app", "server", Some("dev")).len(), 1);
    }

    #[test]
    fn the_server_uses_store_and_sync_only_in_tests() {
        assert!(wrong("server", "store", Some("dev")).is_empty());
        assert_eq!(wrong("server", "store", None), ["server must not use store"]);
    }

    #[test]
    fn libraries_have_homes() {
        assert!(wrong("store", "indexed_db_futures", None).is_empty());
        assert_eq!(wrong("app", "indexed_db_futures", None).len(), 1);
        assert_eq!(wrong("sync", "sqlx", Some("dev")).len(), 1);
        assert!(wrong("domain", "serde", None).is_empty());
    }

    #[test]
    fn a_new_crate_needs_a_layer() {
        assert_eq!(wrong("extra", "serde", None).len(), 1);
    }

    #[test]
    fn banned_libraries_are_found_at_any_depth() {
        let tree = |name: &str| Ok(if name == "sync" { vec!["serde".into(), "leptos".into()] } else { vec!["serde".into()] });
        assert_eq!(reached_from_afar(tree).unwrap(), ["sync reaches leptos; `cargo tree -p sync -i leptos` says how"]);
    }

    #[test]
    fn the_top_is_the_card() {
        let names = ["app", "Cargo.toml", ".git", "target", "scripts"].map(String::from);
        assert_eq!(strangers_at_the_top(names.into_iter()), ["scripts at the top of the tree"]);
    }
}
