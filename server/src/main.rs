//! `rounds-server`: reads the configuration, then does the one thing it was told.

use server::{
    backup,
    config::Config,
    db::{self, Pool},
    demo, import,
    now::now_ms,
    serve::serve,
    upkeep,
};
use std::{
    io::{IsTerminal, stderr},
    path::Path,
    process::ExitCode,
};

const USAGE: &str = "\
rounds-server [serve]             migrates the database and serves until it is stopped
rounds-server migrate             only migrates
rounds-server demo [--accounts N] makes a demo company where there is no company, and prints its sign-ins
rounds-server import FOLDER       brings in a company from CSV files; without a folder it says how
rounds-server backup FILE         writes the whole database to a new file
rounds-server restore FILE        brings such a file back into an empty database; devices then send again what it lacks
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
        "serve" | "migrate" | "demo" | "import" | "prune" | "backup" | "restore" => {}
        _ => return Err(USAGE.into()),
    }
    let config = Config::read(|name| std::env::var(name).ok()).map_err(|problems| problems.join("\n"))?;
    start_log(&config);
    if command == "serve" {
        serve(config).await.map_err(|error| error.to_string())?;
        return Ok(String::new());
    }
    let said = |error: db::DbError| format!("The database at DATABASE_URL does not do: {error}");
    match command {
        "backup" => return backup::backup(&config.database_url, file(&words)?),
        "restore" => {
            let pool = db::connect(&config.database_url).await.map_err(said)?;
            return backup::restore(&pool, &config.database_url, file(&words)?).await;
        }
        _ => {}
    }
    let pool = migrated(&config).await.map_err(said)?;
    match command {
        "demo" => demo::ensure(&pool, accounts(&words)?, now_ms())
            .await
            .map(|made| made.to_string())
            .map_err(|error| format!("{error:?}")),
        "prune" => {
            upkeep::once(&pool, now_ms()).await.map(|forgotten| format!("{forgotten}\n")).map_err(|error| format!("{error:?}"))
        }
        "import" => import::command(&pool, &config.origin, words).await,
        _ => Ok(String::new()),
    }
}

async fn migrated(config: &Config) -> db::Result<Pool> {
    let pool = db::connect(&config.database_url).await?;
    db::migrate(&pool).await?;
    db::restore::finish(&pool, now_ms()).await?;
    Ok(pool)
}

fn file(words: &[String]) -> Result<&Path, String> {
    if let [file] = words { Ok(Path::new(file)) } else { Err(USAGE.into()) }
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
