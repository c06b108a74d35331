//! `rounds-server [serve|migrate]`: reads the configuration, then does one thing.

use server::{config::Config, db, serve::serve};
use std::process::ExitCode;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::read(|name| std::env::var(name).ok()) {
        Ok(config) => config,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            return ExitCode::from(2);
        }
    };
    start_log(&config);
    let command = std::env::args().nth(1).unwrap_or_else(|| "serve".into());
    let done = match command.as_str() {
        "serve" => serve(config).await.map_err(|error| error.to_string()),
        "migrate" => migrate(&config).await.map_err(|error| error.to_string()),
        unknown => Err(format!("There is no command {unknown}. Use serve or migrate.")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn migrate(config: &Config) -> db::Result<()> {
    db::migrate(&db::connect(&config.database_url).await?).await
}

fn start_log(config: &Config) {
    let filter = EnvFilter::new(&config.log);
    let plain = (!config.log_json).then(|| tracing_subscriber::fmt::layer().with_writer(std::io::stderr));
    let json = config.log_json.then(|| tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr));
    tracing_subscriber::registry().with(filter).with(plain).with(json).init();
}
