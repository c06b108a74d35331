//! Private PostgreSQL clusters: reached only through a Unix socket that only this user may open.

use super::process::{self, Service};
use super::{in_path, packages, stamp};
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use std::fs::{File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const SUPERUSER: &str = "rounds";
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// A socket's whole path must stay below 104 bytes on the strictest system.
const LONGEST_SOCKET_FOLDER: usize = 80;

/// A running cluster; dropping it ends it.
pub struct Postgres {
    /// Address for sqlx and psql alike.
    pub url: String,
    /// None when another `cargo x run` owns the cluster.
    _service: Option<Service>,
    /// Held while we own the cluster.
    _lock: File,
}

/// Starts the cluster in a folder, making it at the first start. Data is kept.
pub fn start(folder: &Path) -> Result<Postgres> {
    let account = Account::find()?;
    let folder = account.reachable(folder)?;
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let socket = temporary_folder(&account).join(format!("rounds-{}", &stamp::hex(folder.as_os_str().as_encoded_bytes())[..8]));
    let cluster = Cluster { programs: programs()?, data: folder.join("data"), socket, account };
    let lock = File::create(folder.join("lock"))?;
    let owner = lock.try_lock().is_ok();
    if !owner && !cluster.answers() {
        bail!("another `cargo x run` is just starting or stopping with {}; please try again", folder.display());
    }
    let service = if owner {
        cluster.end_orphan()?;
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.create(&[])?;
        }
        Some(cluster.serve(&folder.join("postgres.log"), &[])?)
    } else {
        None
    };
    Ok(Postgres { url: cluster.url(), _service: service, _lock: lock })
}

/// Starts a cluster for tests: fast, unsafe against power cuts, gone when it ends.
pub fn start_throw_away() -> Result<Postgres> {
    start_temporary(&["-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=300"])
}

/// Starts a cluster to measure: as safe as in service, gone when it ends.
pub fn start_durable() -> Result<Postgres> {
    start_temporary(&[])
}

fn start_temporary(options: &[&str]) -> Result<Postgres> {
    let account = Account::find()?;
    let folder = temporary_folder(&account).join(format!("rounds-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    process::remove_at_the_end(&folder);
    let cluster = Cluster { programs: programs()?, data: folder.join("data"), socket: folder.join("s"), account };
    let lock = File::create(folder.join("lock"))?;
    cluster.create(&["--no-sync"])?;
    let service = cluster.serve(&folder.join("postgres.log"), options)?;
    Ok(Postgres { url: cluster.url(), _service: Some(service), _lock: lock })
}

/// The folder with PostgreSQL's programs; installs PostgreSQL when there is none.
pub fn programs() -> Result<PathBuf> {
    if let Some(folder) = find_programs() {
        return Ok(folder);
    }
    packages::install(&packages::POSTGRES)?;
    find_programs().context("PostgreSQL was installed but its initdb was not found; put its folder into PATH")
}

fn find_programs() -> Option<PathBuf> {
    let in_path = in_path("initdb").and_then(|initdb| initdb.canonicalize().ok());
    let usual =
        ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"];
    let installed = usual.iter().flat_map(|pattern| expand(pattern)).map(|folder| folder.join("initdb"));
    in_path
        .into_iter()
        .chain(installed)
        .filter_map(|initdb| Some(initdb.parent()?.to_owned()))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The folders that a pattern with one `*` in one component matches, the highest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let names = std::fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with(prefix)).collect();
    names.sort_by_key(|name| std::cmp::Reverse(version(name)));
    names.into_iter().map(|name| PathBuf::from(format!("{parent}/{name}{after}"))).collect()
}

/// 15 of `15`, `pgsql-15` or `postgresql@15`.
fn version(name: &str) -> u32 {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    account: Account,
}

impl Cluster {
    /// The database that every new cluster has will do: nobody else has one here.
    fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@localhost/postgres?host={}", self.socket.display())
    }

    fn create(&self, options: &[&str]) -> Result<()> {
        self.account.own(&self.data)?;
        let locale: &[&str] = if cfg!(target_os = "linux") { &["--lc-collate=C", "--lc-ctype=C.UTF-8"] } else { &["--locale=C"] };
        let mut initdb = self.program("initdb");
        initdb.arg("-D").arg(&self.data).args(["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--lc-messages=C"]);
        process::output(initdb.args(locale).args(options)).context("PostgreSQL could not make its data folder")?;
        Ok(())
    }

    fn serve(&self, log: &Path, options: &[&str]) -> Result<Service> {
        self.account.own(&self.socket)?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(&self.data).arg("-k").arg(&self.socket);
        postgres.args(["-p", "5432", "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]).args(options);
        let output = File::create(log)?;
        postgres.stdout(output.try_clone()?).stderr(output);
        // SIGINT is PostgreSQL's "fast" shutdown: it does not wait for clients to leave.
        let mut service = Service::start(&mut postgres, Signal::SIGINT)?;
        let started = Instant::now();
        while !self.is_ready(service.child.id()) {
            if service.child.try_wait()?.is_some() || started.elapsed() > START_TIMEOUT {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                bail!("PostgreSQL does not start in {}:\n{said}", self.data.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(service)
    }

    /// `postmaster.pid` begins with the process and says in its eighth line when clients are welcome.
    fn is_ready(&self, process: u32) -> bool {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = file.lines().map(str::trim);
        lines.next() == Some(&process.to_string()) && lines.nth(6) == Some("ready")
    }

    fn answers(&self) -> bool {
        UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok()
    }

    /// Ends a cluster that a killed `cargo x run` left behind. Only a cluster that answers on our socket is ended: after
    /// a restart of the machine the number in its file may be another process.
    fn end_orphan(&self) -> Result<()> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let process = file.lines().next().and_then(|line| line.trim().parse().ok());
        let Some(process) = process.filter(|_| self.answers()) else { return Ok(()) };
        kill(Pid::from_raw(process), Signal::SIGINT)?;
        let asked = Instant::now();
        while kill(Pid::from_raw(process), None).is_ok() {
            if asked.elapsed() > START_TIMEOUT {
                bail!("the PostgreSQL of an earlier run (process {process}) does not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        // The account may not be allowed into the folder we are in.
        command.current_dir("/");
        self.account.become_in(&mut command);
        command
    }
}

/// Who PostgreSQL runs as: it refuses to be root.
struct Account(Option<User>);

impl Account {
    fn find() -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self(None));
        }
        programs()?; // Its package makes the account.
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name)? {
                return Ok(Self(Some(user)));
            }
        }
        bail!("PostgreSQL does not run as root and there is no account `postgres`; please run as another user");
    }

    fn become_in(&self, command: &mut Command) {
        if let Some(user) = &self.0 {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }

    /// Makes a folder that only this account may enter.
    fn own(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        if let Some(user) = &self.0 {
            chown(folder, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        Ok(())
    }

    /// The folder, or one in `/var/lib` when the account may not pass all the folders above it.
    fn reachable(&self, folder: &Path) -> Result<PathBuf> {
        if self.can_pass(folder) {
            return Ok(folder.to_owned());
        }
        let name = &stamp::hex(folder.as_os_str().as_encoded_bytes())[..8];
        let instead = PathBuf::from(format!("/var/lib/rounds-{name}"));
        println!("PostgreSQL may not enter {}; its data is in {}", folder.display(), instead.display());
        Ok(instead)
    }

    fn can_pass(&self, folder: &Path) -> bool {
        let Some(user) = &self.0 else { return true };
        folder.ancestors().filter_map(|above| above.metadata().ok()).all(|found| {
            let bit = if found.uid() == user.uid.as_raw() { 0o100 } else { 0o001 };
            found.mode() & bit != 0
        })
    }
}

/// A folder for short-lived things whose path is short enough for a socket and open to the account.
fn temporary_folder(account: &Account) -> PathBuf {
    let usual = std::env::temp_dir();
    if usual.as_os_str().len() <= LONGEST_SOCKET_FOLDER - 30 && account.can_pass(&usual) { usual } else { "/tmp".into() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_sort_as_numbers() {
        let mut names = ["9", "17", "postgresql@15"];
        names.sort_by_key(|name| std::cmp::Reverse(super::version(name)));
        assert_eq!(names, ["17", "postgresql@15", "9"]);
    }
}
