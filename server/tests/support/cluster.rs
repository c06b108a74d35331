//! A Postgres to test against: the one in ROUNDS_TEST_DATABASE_URL, or a throw-away cluster that all test processes share
//! and that stops and deletes itself ten minutes after the last test began.

use std::{
    env,
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The address of a database whose role may create roles and databases.
pub fn admin_url() -> String {
    env::var("ROUNDS_TEST_DATABASE_URL").unwrap_or_else(|_| {
        let folder = env::temp_dir().join("rounds-test-postgres");
        // Postgres runs as somebody else when we are root, so the folder above must be passable.
        fs::create_dir_all(&folder).expect("a temporary folder");
        let _only_one_starts_it = lock(&folder.join("lock"));
        fs::write(folder.join("used"), "").expect("a note of use");
        if !runs(&folder) {
            start(&folder);
        }
        format!("postgres://postgres@localhost/postgres?host={}", folder.display())
    })
}

/// Held until dropped, by one process at a time.
pub fn lock(path: &Path) -> File {
    let file = File::create(path).expect("a lock file");
    file.lock().expect("the lock");
    file
}

fn start(folder: &Path) {
    let data = folder.join("data");
    let _ = fs::remove_dir_all(&data);
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(folder));
    }
    run(postgres("initdb").arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
    // Nothing here has to survive a power cut.
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300",
        folder.display()
    );
    run(postgres("pg_ctl").arg("-D").arg(&data).arg("-l").arg(data.join("log")).args(["-w", "-o", &options, "start"]));
    let (used, stop) = (folder.join("used"), postgres("pg_ctl"));
    let stop =
        [stop.get_program()].into_iter().chain(stop.get_args()).map(|part| part.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let watch = format!(
        "while [ -n \"$(find '{used}' -mmin -10)\" ]; do sleep 20; done; {stop} -D '{data}' -m immediate stop; rm -rf '{data}'",
        used = used.display(),
        data = data.display()
    );
    // A group of its own, so that what ends the tests does not end the watchdog.
    let mut watchdog = Command::new("sh");
    watchdog.args(["-c", &watch]).process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[expect(clippy::zombie_processes, reason = "it outlives this process on purpose")]
    watchdog.spawn().expect("a watchdog");
}

fn runs(folder: &Path) -> bool {
    let data = folder.join("data");
    data.is_dir()
        && postgres("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("status")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
}

/// A Postgres program; as root, through the user it was installed with, because it refuses root.
fn postgres(program: &str) -> Command {
    let program = binary(program);
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn binary(program: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(versions)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| panic!("install PostgreSQL: {program} is not in PATH nor in /usr/lib/postgresql"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("a program that can be run");
    assert!(output.success(), "{command:?} failed");
}
