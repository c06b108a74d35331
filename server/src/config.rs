//! Configuration from the environment, read and checked once at start.

use std::{net::SocketAddr, path::PathBuf};

/// Everything that can be set. `README.md` lists the variables; [`Config::read`] says what is wrong with them.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`, required: `postgres://user@host/database`.
    pub database_url: String,
    /// `ROUNDS_LISTEN`: address and port to listen on. Default 127.0.0.1:8300.
    pub listen: SocketAddr,
    /// `ROUNDS_ORIGIN`: what people type, such as `https://crm.example.com`. Default: the listening address.
    pub origin: String,
    /// `ROUNDS_TLS_CERT` and `ROUNDS_TLS_KEY`: PEM files, both or none. Without them put a TLS proxy in front.
    pub tls: Option<Tls>,
    /// `ROUNDS_SITE_DIR`: serve the site from this folder instead of the one inside the binary.
    pub site_dir: Option<PathBuf>,
    /// `ROUNDS_TRUSTED_PROXIES`: how many proxies in front add to X-Forwarded-For. Default 0: the header is ignored.
    pub trusted_proxies: usize,
    /// `ROUNDS_LOG`: what is logged, such as `info` or `server=debug,info`. Default info.
    pub log: String,
    /// `ROUNDS_LOG_FORMAT`: `text` (default) or `json`.
    pub log_json: bool,
}

/// Paths of the certificate chain and its key, both PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Config {
    /// Reads the environment through `get`.
    ///
    /// # Errors
    /// One sentence for every variable that is missing or wrong.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let get = |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let mut check = |ok: bool, problem: &str| {
            if !ok {
                problems.push(problem.to_owned());
            }
        };

        let database_url = get("DATABASE_URL").unwrap_or_default();
        check(!database_url.is_empty(), "Set DATABASE_URL to the database, such as postgres://rounds@localhost/rounds.");
        check(
            database_url.is_empty() || database_url.starts_with("postgres://") || database_url.starts_with("postgresql://"),
            "DATABASE_URL must begin with postgres:// - Rounds runs on PostgreSQL.",
        );

        let listen = get("ROUNDS_LISTEN").unwrap_or_else(|| "127.0.0.1:8300".into()).parse();
        check(listen.is_ok(), "ROUNDS_LISTEN must be an address and a port, such as 0.0.0.0:8300.");
        let listen = listen.unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8300)));

        let (cert, key) = (get("ROUNDS_TLS_CERT").map(PathBuf::from), get("ROUNDS_TLS_KEY").map(PathBuf::from));
        check(cert.is_some() == key.is_some(), "Set both ROUNDS_TLS_CERT and ROUNDS_TLS_KEY, or none of them.");
        check(cert.as_ref().is_none_or(|path| path.is_file()), "ROUNDS_TLS_CERT must name a readable PEM file.");
        check(key.as_ref().is_none_or(|path| path.is_file()), "ROUNDS_TLS_KEY must name a readable PEM file.");
        let tls = cert.zip(key).map(|(cert, key)| Tls { cert, key });

        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = get("ROUNDS_ORIGIN").unwrap_or_else(|| format!("{scheme}://{listen}"));
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        check(
            authority.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' '])),
            "ROUNDS_ORIGIN must be a scheme and a host without a path, such as https://crm.example.com.",
        );
        check(
            tls.is_none() || origin.starts_with("https://"),
            "ROUNDS_ORIGIN must begin with https:// when the server speaks TLS.",
        );

        let site_dir = get("ROUNDS_SITE_DIR").map(PathBuf::from);
        check(
            site_dir.as_ref().is_none_or(|folder| folder.join("index.html").is_file()),
            "ROUNDS_SITE_DIR must name a folder with index.html in it: make one with `cargo x bundle`.",
        );

        let trusted_proxies = get("ROUNDS_TRUSTED_PROXIES").unwrap_or_else(|| "0".into()).parse();
        check(trusted_proxies.is_ok(), "ROUNDS_TRUSTED_PROXIES must be a number, such as 1 behind one proxy.");

        let log = get("ROUNDS_LOG").unwrap_or_else(|| "info".into());
        check(
            log.parse::<tracing_subscriber::EnvFilter>().is_ok(),
            "ROUNDS_LOG must be a level or a list of targets with levels, such as server=debug,info.",
        );
        let format = get("ROUNDS_LOG_FORMAT").unwrap_or_else(|| "text".into());
        check(format == "text" || format == "json", "ROUNDS_LOG_FORMAT must be text or json.");

        if problems.is_empty() {
            let trusted_proxies = trusted_proxies.unwrap_or_default();
            Ok(Config { database_url, listen, origin, tls, site_dir, trusted_proxies, log, log_json: format == "json" })
        } else {
            Err(problems)
        }
    }

    /// Whether people reach it over TLS, ours or a proxy's: then cookies and headers insist on it.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        Config::read(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_database_is_enough() {
        let config = read(&[("DATABASE_URL", "postgres://localhost/rounds")]).unwrap();
        assert_eq!(config.origin, "http://127.0.0.1:8300");
        assert!(!config.is_secure());
    }

    #[test]
    fn every_problem_is_one_sentence() {
        let problems = read(&[
            ("DATABASE_URL", "mysql://x"),
            ("ROUNDS_LISTEN", "here"),
            ("ROUNDS_ORIGIN", "example.com/app"),
            ("ROUNDS_TLS_CERT", "/nowhere/cert.pem"),
            ("ROUNDS_SITE_DIR", "/nowhere"),
            ("ROUNDS_TRUSTED_PROXIES", "-1"),
            ("ROUNDS_LOG", "=,=!"),
            ("ROUNDS_LOG_FORMAT", "xml"),
        ])
        .unwrap_err();
        assert_eq!(problems.len(), 9, "{problems:#?}");
        assert!(
            problems
                .iter()
                .all(|problem| problem.ends_with('.') && (problem.contains("ROUNDS_") || problem.contains("DATABASE_URL")))
        );
        assert_eq!(read(&[]).unwrap_err().len(), 1);
    }
}
