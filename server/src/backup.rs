//! `rounds-server backup` and `restore`: PostgreSQL's own programs, and what Rounds needs around them (sync.md, item 6).

use crate::{
    db::{self, Pool},
    now::now_ms,
};
use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Writes everything in the database to a new file, in `pg_dump`'s custom format.
///
/// # Errors
/// A sentence saying what to do.
pub fn backup(url: &str, file: &Path) -> Result<String, String> {
    if file.exists() {
        return Err(format!("{} exists already. Name a file that does not.", file.display()));
    }
    // Under another name until it is whole: half a backup must not look like one.
    let part = PathBuf::from(format!("{}.part", file.display()));
    // Everything the company knows is in it, so nobody else on this machine may read it.
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
    made.map_err(|error| format!("{} cannot be written: {error}", part.display()))?;
    let connection = Connection::read(url).with_option("rounds.backup=on");
    let mut dump = connection.command("pg_dump");
    dump.args(["--format=custom", "--enable-row-security", "--no-owner", "--no-privileges", "--file"]).arg(&part);
    let done = run(&mut dump).and_then(|()| fs::rename(&part, file).map_err(|error| error.to_string()));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done.map(|()| format!("Wrote {}. Bring it back with: rounds-server restore {0}\n", file.display()))
}

/// Brings a backup back into an empty database, and lets every device send again what it has sent since.
///
/// # Errors
/// A sentence saying what to do; the database is empty as before.
pub async fn restore(pool: &Pool, url: &str, file: &Path) -> Result<String, String> {
    let said = |error: db::DbError| format!("The database at DATABASE_URL does not do: {error}");
    run(Command::new("pg_restore").arg("--list").arg(file))?;
    if !db::restore::is_empty(pool).await.map_err(said)? {
        return Err("The database at DATABASE_URL is not empty. Make a new one, set DATABASE_URL to it, restore, and start \
            the server there; the old one stays as it is."
            .to_owned());
    }
    db::restore::begin(pool).await.map_err(said)?;
    let mut bring_back = Connection::read(url).command("pg_restore");
    bring_back.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]).arg(file);
    run(&mut bring_back)?;
    db::migrate(pool).await.map_err(said)?;
    db::restore::finish(pool, now_ms()).await.map_err(said)?;
    Ok("Restored. Devices will send again what they sent since the backup, at their next contact.\n".to_owned())
}

/// Runs one of PostgreSQL's programs.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!(
            "{program} was not found. Install PostgreSQL's client programs, of the server's version or a later one (on Debian: \
             apt install postgresql-client)."
        ),
        _ => format!("{program} cannot be run: {error}"),
    })?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{program} failed and changed nothing:\n{}", complaint.trim())) }
}

/// A `postgres://` address as PostgreSQL's programs may see it: without the password, which every process list would show.
struct Connection {
    url: String,
    password: Option<String>,
}

impl Connection {
    fn read(url: &str) -> Connection {
        let whole = || Connection { url: url.to_owned(), password: None };
        let Some((scheme, rest)) = url.split_once("://") else { return whole() };
        let authority = rest.find(['/', '?']).map_or(rest, |end| &rest[..end]);
        let Some((user, password)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) else {
            return whole();
        };
        let after = &rest[user.len() + 1 + password.len()..];
        Connection { url: format!("{scheme}://{user}{after}"), password: Some(decoded(password)) }
    }

    /// With a setting for the session. An address that carries settings hides PGOPTIONS, so it has to go there.
    fn with_option(self, setting: &str) -> Connection {
        let option = format!("-c%20{}", setting.replace('=', "%3D"));
        let url = match (self.url.find("options="), self.url.contains('?')) {
            (Some(at), _) => {
                let (before, options) = self.url.split_at(at + "options=".len());
                format!("{before}{option}%20{options}")
            }
            (None, true) => format!("{}&options={option}", self.url),
            (None, false) => format!("{}?options={option}", self.url),
        };
        Connection { url, ..self }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("--dbname").arg(&self.url);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
    }
}

/// Resolves `%41` and the like; what is none stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_no_argument() {
        for (url, shown, password) in [
            ("postgres://ann:p%40ss%2f@db/rounds", "postgres://ann@db/rounds", Some("p@ss/")),
            ("postgres://ann:100%@db:5433/rounds?a=b:c@d", "postgres://ann@db:5433/rounds?a=b:c@d", Some("100%")),
            ("postgres://ann@db/rounds", "postgres://ann@db/rounds", None),
            ("postgres://db:5432/rounds", "postgres://db:5432/rounds", None),
            ("postgres:///rounds?host=/run&user=a:b@c", "postgres:///rounds?host=/run&user=a:b@c", None),
        ] {
            let connection = Connection::read(url);
            assert_eq!((connection.url.as_str(), connection.password.as_deref()), (shown, password), "{url}");
        }
    }

    #[test]
    fn a_setting_joins_those_of_the_address() {
        let with = |url: &str| Connection::read(url).with_option("a.b=on").url;
        assert_eq!(with("postgres://db/rounds"), "postgres://db/rounds?options=-c%20a.b%3Don");
        assert_eq!(with("postgres://db/rounds?host=/run"), "postgres://db/rounds?host=/run&options=-c%20a.b%3Don");
        assert_eq!(
            with("postgres://db/rounds?options=-c%20role%3Dx&host=/run"),
            "postgres://db/rounds?options=-c%20a.b%3Don%20-c%20role%3Dx&host=/run"
        );
    }
}
