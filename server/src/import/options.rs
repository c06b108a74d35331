//! The words behind `rounds-server import`.

use super::{encoding, owners::OwnerRule};
use crate::zone;
use domain::transfer::MoneyUnit;
use encoding_rs::Encoding;
use std::path::PathBuf;

/// What `rounds-server import` prints when it is asked, or asked wrongly.
pub const USAGE: &str = "\
rounds-server import FOLDER [options]
  Takes sales_teams.csv (people and teams), accounts.csv, sales_pipeline.csv (whose accounts they are), and files named
  after another kind of record, such as contacts.csv or 跟进.csv, with a column for the account.
  --company NAME       the company to import into, made if there is none; otherwise named after the folder
  --owner-by RULE      most-opportunities | round-robin | column:NAME | member:EMAIL or NAME
  --money-unit UNIT    what an amount without currency means, such as millions:USD or ones:CNY
  --encoding NAME      of all files, such as gb18030 or big5; otherwise found out
  --zone NAME          time zone of a new company; otherwise Asia/Shanghai
  --links              print new sign-in links also for members who are in already
  --dry-run            try it and report, but write nothing";

/// What to import, and how.
#[derive(Debug, Clone)]
pub struct Options {
    pub folder: PathBuf,
    pub company: Option<String>,
    /// None: by an owner column where there is one, else by most opportunities.
    pub owner_by: Option<OwnerRule>,
    pub money_unit: Option<MoneyUnit>,
    pub encoding: Option<&'static Encoding>,
    pub zone: String,
    pub new_links: bool,
    pub is_dry_run: bool,
}

impl Options {
    /// The options for a folder when nothing else is said.
    pub fn of(folder: impl Into<PathBuf>) -> Options {
        Options {
            folder: folder.into(),
            company: None,
            owner_by: None,
            money_unit: None,
            encoding: None,
            zone: "Asia/Shanghai".to_owned(),
            new_links: false,
            is_dry_run: false,
        }
    }

    /// Reads the words behind `import`, each option as `--name value` or `--name=value`.
    ///
    /// # Errors
    /// One sentence saying what to write instead.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut options = Options::of("");
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
                _ => (word, None),
            };
            let mut value = || joined.clone().or_else(|| words.next()).ok_or(format!("Give {name} a value.\n{USAGE}"));
            match name.as_str() {
                "--company" => options.company = Some(value()?),
                "--owner-by" => options.owner_by = Some(value()?.parse()?),
                "--money-unit" => options.money_unit = Some(value()?.parse()?),
                "--encoding" => options.encoding = Some(known_encoding(&value()?)?),
                "--zone" => options.zone = known_zone(value()?)?,
                "--links" => options.new_links = true,
                "--dry-run" => options.is_dry_run = true,
                other if other.starts_with("--") => return Err(format!("There is no option {other}.\n{USAGE}")),
                _ if options.folder.as_os_str().is_empty() => options.folder = PathBuf::from(name),
                other => return Err(format!("Give one folder; {other} is a second.\n{USAGE}")),
            }
        }
        if options.folder.as_os_str().is_empty() { Err(USAGE.to_owned()) } else { Ok(options) }
    }
}

fn known_encoding(name: &str) -> Result<&'static Encoding, String> {
    encoding::by_name(name).ok_or(format!("There is no encoding {name}; write utf-8, gb18030 or big5."))
}

fn known_zone(name: String) -> Result<String, String> {
    if zone::is_known(&name) { Ok(name) } else { Err(format!("There is no time zone {name}; write one such as Asia/Taipei.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options, String> {
        Options::parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_stand_before_or_behind_the_folder() {
        let options =
            parse("--dry-run crm --money-unit=millions:USD --owner-by column:Rep --encoding BIG5 --company Acme").unwrap();
        assert_eq!((options.folder, options.is_dry_run), (PathBuf::from("crm"), true));
        assert_eq!(options.owner_by, Some(OwnerRule::Column("Rep".into())));
        assert_eq!(options.encoding.map(Encoding::name), Some("Big5"));
    }

    #[test]
    fn what_is_not_understood_is_answered_with_what_to_write() {
        for words in [
            "",
            "a b",
            "a --colour red",
            "a --company",
            "a --zone Mars/Base",
            "a --encoding klingon",
            "a --owner-by luck",
            "a --money-unit USD",
        ] {
            assert!(parse(words).unwrap_err().len() > 20, "{words}");
        }
    }
}
