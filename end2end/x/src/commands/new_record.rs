//! `cargo x new-record`.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use std::path::Path;

pub const HELP: &str = "Scaffold a kind of record

Usage: cargo x new-record NAME --labels \"English,简体,繁體\"

Writes app/domain/src/records/NAME.rs and adds NAME to the only list of kinds, in records/mod.rs. Lists, forms, sync,
import and the tests of all kinds follow from these two.

  NAME      in lower case with underscores, such as complaint
  --labels  what people call it in English, 简体中文 and 繁體中文";

pub fn run(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<()> {
    let (mut name, mut labels) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("labels") => labels = Some(arguments.value()?.string()?),
            Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.context("which kind? For example: cargo x new-record complaint --labels \"Complaint,投诉,客訴\"")?;
    let labels = labels.context("--labels \"English,简体,繁體\" is missing: every kind has a name in all three languages")?;
    scaffold(&workspace.root, &name, parse_labels(&labels)?)?;
    println!("Wrote {RECORDS}/{name}.rs and added {name} to {RECORDS}/mod.rs. Change its fields as you like.");
    Ok(())
}

const RECORDS: &str = "app/domain/src/records";

/// Adds a kind to the tree at `root`.
fn scaffold(root: &Path, name: &str, labels: [&str; 3]) -> Result<()> {
    check_name(name)?;
    let records = root.join(RECORDS);
    let (file, list) = (records.join(format!("{name}.rs")), records.join("mod.rs"));
    if file.exists() {
        bail!("there is a kind `{name}` already");
    }
    let longer_list = with_kind(&std::fs::read_to_string(&list)?, name)?;
    std::fs::write(file, declaration(name, labels))?;
    Ok(std::fs::write(list, longer_list)?)
}

fn declaration(name: &str, [english, simplified, traditional]: [&str; 3]) -> String {
    let kind = type_name(name);
    format!(
        r#"crate::record! {{
    /// {english} ({simplified}).
    {kind} = "{name}" v1 [{english:?}, {simplified:?}, {traditional:?}], title("subject"), phase(1), menu() {{
        subject: Text(120), first, required, searched, listed => ["Subject", "主题", "主旨"];
        account: Reference("account"), first, indexed, listed => ["Account", "客户", "客戶"];
        note: LongText(), searched => ["Note", "备注", "備註"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }}
}}
"#
    )
}

/// `records/mod.rs` with one more line at the end of its list.
fn with_kind(list: &str, name: &str) -> Result<String> {
    let start = list.find("\nkinds! {\n").context("records/mod.rs has no list `kinds! { … }`")?;
    let end = list[start..].find("\n}").map(|found| start + found).context("the list in records/mod.rs does not end")?;
    Ok(format!("{}\n    {name}::{},{}", &list[..end], type_name(name), &list[end..]))
}

/// `SalesVisit` for `sales_visit`.
fn type_name(name: &str) -> String {
    let capitalised = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    capitalised.collect()
}

fn check_name(name: &str) -> Result<()> {
    const KEYWORDS: [&str; 12] =
        ["as", "box", "const", "crate", "enum", "final", "match", "mod", "move", "priv", "tests", "type"];
    let words_are_good = name.split('_').all(|word| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    });
    if !words_are_good || KEYWORDS.contains(&name) {
        bail!("a kind's name is in lower case with underscores, such as sales_visit, and no word of Rust; not `{name}`");
    }
    Ok(())
}

fn parse_labels(labels: &str) -> Result<[&str; 3]> {
    let labels: Vec<&str> = labels.split([',', '，']).map(str::trim).collect();
    match labels[..] {
        [english, simplified, traditional] if !labels.contains(&"") => Ok([english, simplified, traditional]),
        _ => bail!("--labels takes three names with commas between them: English,简体,繁體"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::stamp::files_below;
    use crate::tools::{cargo, process};
    use std::fs;

    #[test]
    fn names() {
        assert_eq!(type_name("sales_visit"), "SalesVisit");
        for bad in ["", "Complaint", "sales-visit", "_x", "x_", "1st", "type", "../x"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_name("step2_visit").is_ok());
    }

    #[test]
    fn labels() {
        assert_eq!(parse_labels("Complaint, 投诉，客訴").unwrap(), ["Complaint", "投诉", "客訴"]);
        for bad in ["Complaint", "a,b", "a,b,", "a,b,c,d"] {
            assert!(parse_labels(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_list_grows_by_one_line() {
        let list = "//! x\n\nkinds! {\n    account::Account,\n}\n\nmod tests;\n";
        let longer = with_kind(list, "sales_visit").unwrap();
        assert_eq!(longer, "//! x\n\nkinds! {\n    account::Account,\n    sales_visit::SalesVisit,\n}\n\nmod tests;\n");
    }

    /// On a copy of `domain`, and of `han` that its tests use: the new kind compiles and passes the tests that go over all
    /// kinds, which also import a file of each and bring a record of each from one device to another. Lists and forms are
    /// tested over all kinds by the app.
    #[test]
    fn a_scaffolded_kind_passes_the_tests_of_all_kinds() {
        let workspace = Workspace::find().unwrap();
        let copy = std::env::temp_dir().join(format!("rounds-new-record-{}", std::process::id()));
        let sources = ["app/domain", "app/han"].map(|folder| files_below(&workspace.root.join(folder)).unwrap());
        for file in sources.into_iter().flatten() {
            let target = copy.join(file.strip_prefix(&workspace.root).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(file, target).unwrap();
        }
        let manifest = fs::read_to_string(workspace.root.join("Cargo.toml")).unwrap();
        let (before, members) = manifest.split_once("members = [").unwrap();
        let (_, after) = members.split_once(']').unwrap();
        fs::write(copy.join("Cargo.toml"), format!("{before}members = [\"app/domain\", \"app/han\"]{after}")).unwrap();
        fs::copy(workspace.root.join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();

        scaffold(&copy, "complaint", ["Complaint", "投诉", "客訴"]).unwrap();

        let mut test = cargo::cargo();
        test.current_dir(&copy).args(["test", "--quiet", "--package", "domain", "--lib"]);
        let outcome = process::run(test.arg("--target-dir").arg(&workspace.target));
        fs::remove_dir_all(&copy).unwrap();
        outcome.unwrap();
    }
}
