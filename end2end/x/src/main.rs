//! `cargo x`: everything one does with Rounds besides writing it. `cargo x help` lists the commands.

mod commands;
mod layering;
mod licences;
mod site;
mod tools;
mod total;
mod workspace;

use anyhow::{Result, bail};
use tools::process;
use workspace::Workspace;

fn main() -> std::process::ExitCode {
    process::stop_children_on_signals();
    let outcome = dispatch(lexopt::Parser::from_env());
    process::wait_if_stopping();
    process::stop_children();
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) if error.is::<AlreadySaid>() => std::process::ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\ncargo x: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// The error of a command that has itself said what is wrong.
#[derive(Debug)]
struct AlreadySaid;

impl std::error::Error for AlreadySaid {}

impl std::fmt::Display for AlreadySaid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("see above")
    }
}

/// Runs the command that the first argument names with the arguments behind it.
fn dispatch(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let name = match arguments.next()? {
        Some(Value(name)) => name.string()?,
        None | Some(Long("help") | Short('h')) => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    let workspace = Workspace::find()?;
    if name == "help" {
        print!("{}", commands::overview());
        return Ok(());
    }
    let Some(command) = commands::COMMANDS.iter().find(|command| command.name == name) else {
        bail!("there is no command `{name}`; `cargo x help` lists them");
    };
    let rest: Vec<_> = arguments.raw_args()?.collect();
    if rest.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{}", command.help);
        return Ok(());
    }
    (command.run)(&workspace, lexopt::Parser::from_args(rest))
}
