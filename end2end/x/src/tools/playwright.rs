//! The runner of everything that happens in a browser.

use super::{browser, npm, postgres};
use crate::workspace::Workspace;
use anyhow::Result;
use std::process::Command;

/// `playwright test` with the browsers, and a PostgreSQL in whose cluster each test makes its own database.
pub fn test(workspace: &Workspace, database: &str) -> Result<Command> {
    npm::install(workspace)?;
    let mut playwright = npm::tool(workspace, "playwright");
    playwright.current_dir(workspace.end2end()).arg("test");
    for browser in browser::BROWSERS {
        playwright.env(browser.variable, browser.program()?);
    }
    playwright.env("ROUNDS_TEST_DATABASE_URL", database);
    playwright.env("ROUNDS_PSQL", postgres::programs()?.join("psql"));
    Ok(playwright)
}
