//! Whether the licence of every library is one that we allow, for machines without cargo-deny.

use anyhow::{Context, Result};

/// Every library of `cargo metadata` whose licence expression the allowed licences do not satisfy.
pub fn refused(metadata: &serde_json::Value, allowed: &[String]) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages in cargo metadata")?;
    let mut refused = Vec::new();
    for package in packages.iter().filter(|package| !package["source"].is_null()) {
        let licence = package["license"].as_str().unwrap_or("no licence");
        if !satisfied(licence, allowed) {
            let name = package["name"].as_str().unwrap_or_default();
            refused.push(format!("{name}: {licence}"));
        }
    }
    Ok(refused)
}

/// The list `allow` of the section `[licenses]` in `.deny.toml`.
pub fn allowed(deny: &str) -> Result<Vec<String>> {
    let section = deny.split_once("[licenses]").context(".deny.toml has no [licenses]")?.1;
    let list = section.split_once("allow = [").context(".deny.toml allows no licence")?.1;
    let list = list.split_once(']').context("the list of licences in .deny.toml does not end")?.0;
    // Every second piece between quotation marks is inside them.
    Ok(list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

/// Whether an SPDX expression can be met. The old way of writing `MIT/Apache-2.0` is an OR.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.as_slice();
    any(&mut words, allowed) && words.is_empty()
}

/// `a OR b`; OR binds less than AND.
fn any(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = all(words, allowed);
    while take(words, "OR") {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while take(words, "AND") {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut &[&str], allowed: &[String]) -> bool {
    if take(words, "(") {
        let met = any(words, allowed);
        return take(words, ")") && met;
    }
    let Some((name, rest)) = words.split_first() else { return false };
    *words = rest;
    let mut licence = (*name).to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        licence = format!("{licence} WITH {exception}");
        *words = rest;
    }
    allowed.contains(&licence)
}

fn take(words: &mut &[&str], wanted: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == wanted => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(String::from);
        for good in
            ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(satisfied(good, &allowed), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT", "MIT MIT", "", "no licence"] {
            assert!(!satisfied(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn the_list_of_cargo_deny_is_read() {
        let deny = "[bans]\nallow = []\n[licenses]\nconfidence-threshold = 0.9\nallow = [\n  \"MIT\", # ours\n  \"Zlib\",\n]\n";
        assert_eq!(allowed(deny).unwrap(), ["MIT", "Zlib"]);
    }

    #[test]
    fn our_own_crates_need_no_licence_of_others() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "domain", "source": null, "license": null },
            { "name": "left", "source": "registry", "license": "MIT" },
            { "name": "right", "source": "registry", "license": "Custom" },
        ]});
        assert_eq!(refused(&metadata, &["MIT".to_owned()]).unwrap(), ["right: Custom"]);
    }
}
