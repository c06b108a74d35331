//! `rounds-server`: reads the configuration, then does the one thing it was told.

use server::{
    config::Config,
    db::{self, Pool},
    demo, import,
    now::now_ms,
    serve::serve,
    upkeep,
};
use std::{
    io::{IsTerminal, stderr},
    process::ExitCode,
};

const USAGE: &str = "\
rounds-server [serve]             migrates the database and serves until it is stopped
rounds-server migrate             only migrates
rounds-server demo [--accounts N] makes a demo company where there is no company, and prints its sign-ins
rounds-server import FOLDER       brings in a company from CSV files; without a folder it says how
rounds-server prune               forgets what expired, as `serve` does every hour
rounds-server schema              prints the kinds of record as JSON";

#[tokio::main]
async fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_else(|| "serve".into());
    match run(&command, words.collect()).await {
        Ok(printed) => {
            print!("{printed}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// What to print when it is done, or a sentence saying what to do.
async fn run(command: &str, words: Vec<String>) -> Result<String, String> {
    match command {
        "schema" => return serde_json::to_string_pretty(&domain::records::schema()).map_err(|error| error.to_string()),
        "serve" | "migrate" | "demo" | "import" | "prune" => {}
        _ => return Err(USAGE.into()),
    }
    let config = Config::read(|name| std::env::var(name).ok()).map_err(|problems| problems.join("\n"))?;
    start_log(&config);
    if command == "serve" {
        serve(config).await.map_err(|error| error.to_string())?;
        return Ok(String::new());
    }
    let pool = migrated(&config).await.map_err(|error| format!("The database at DATABASE_URL does not do: {error}"))?;
    match command {
        "demo" => demo::ensure(&pool, accounts(&words)?, now_ms())
            .await
            .map(|made| made.to_string())
            .map_err(|error| format!("{error:?}")),
        "prune" => upkeep::once(&pool, now_ms()).await.map(|forgotten| forgotten.to_string()).map_err(|error| format!("{error:?}")),
        "import" => import::command(&pool, &config.origin, words).await,
        _ => Ok(String::new()),
    }
}

async fn migrated(config: &Config) -> db::Result<Pool> {
    let pool = db::connect(&config.database_url).await?;
    db::migrate(&pool).await?;
    Ok(pool)
}

fn accounts(words: &[String]) -> Result<u64, String> {
    match words {
        [] => Ok(demo::ACCOUNTS),
        [flag, number] if flag == "--accounts" => number.parse().map_err(|_| "--accounts takes a number.".into()),
        _ => Err(USAGE.into()),
    }
}

fn start_log(config: &Config) {
    let text = tracing_subscriber::fmt().with_env_filter(&config.log).with_writer(stderr).with_ansi(stderr().is_terminal());
    if config.log_json { text.json().init() } else { text.init() }
}
