//! `cargo x test`.

mod browser;
mod native;

use crate::AlreadySaid;
use crate::tools::postgres;
use crate::total::Total;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use lexopt::prelude::*;

pub const HELP: &str = "Run every test and print one total

Usage: cargo x test [--only native|browser|stories] [FILTER]

  native   unit, property and simulation tests; the server on a real PostgreSQL, with its migrations and every statement
  browser  the store's conformance suite in Chromium and Firefox
  stories  the whole system from outside, as people use it

FILTER is a part of the names of the tests to run.";

pub fn run(workspace: &Workspace, arguments: lexopt::Parser) -> Result<()> {
    let options = Options::parse(arguments)?;
    let database = postgres::start_throw_away()?;
    let context = Context { workspace, database: &database.url, filter: options.filter.as_deref() };
    let mut total = Total::default();
    for (name, suite) in SUITES {
        if options.only.is_none_or(|only| only == name) {
            println!("\n== {name}");
            // What cannot even start is a failure among others: the other suites still have something to say.
            total = total
                + suite(&context).unwrap_or_else(|error| {
                    eprintln!("{name}: {error:#}");
                    Total::BROKEN
                });
        }
    }
    drop(database);
    if total == Total::default() {
        eprintln!("no test ran");
    }
    // The last line of all, for people and for what reads logs.
    println!("\n{total}");
    if total.failed == 0 && total.passed > 0 { Ok(()) } else { Err(AlreadySaid.into()) }
}

/// What every suite needs.
struct Context<'a> {
    workspace: &'a Workspace,
    /// A cluster's superuser address; each test makes a database of its own there.
    database: &'a str,
    filter: Option<&'a str>,
}

type Suite = fn(&Context) -> Result<Total>;
const SUITES: [(&str, Suite); 3] = [("native", native::run), ("browser", browser::conformance), ("stories", browser::stories)];

struct Options {
    only: Option<&'static str>,
    filter: Option<String>,
}

impl Options {
    fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { only: None, filter: None };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("only") => {
                    let wanted = arguments.value()?.string()?;
                    let Some((name, _)) = SUITES.iter().find(|(name, _)| *name == wanted) else {
                        bail!("--only takes native, browser or stories, not `{wanted}`");
                    };
                    options.only = Some(name);
                }
                Value(filter) if options.filter.is_none() => options.filter = Some(filter.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}
