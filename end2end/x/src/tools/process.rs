//! Child processes that never outlive `cargo x`.
//!
//! Each child leads a process group of its own, so that Ctrl-C reaches only `cargo x`, which then ends its children
//! in the reverse order of their start: the server before its database.

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a child may take to end when asked, before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// Runs a command to its end; if need be it is stopped as Ctrl-C would stop it. An error names the command.
pub fn run(command: &mut Command) -> Result<()> {
    if run_for_status(command)?.success() { Ok(()) } else { bail!("`{}` failed", shown(command)) }
}

/// Runs a command to its end where failing is an answer, too.
pub fn run_for_status(command: &mut Command) -> Result<ExitStatus> {
    let mut service = Service::start(command, Signal::SIGINT)?;
    service.wait()
}

/// Runs a command to its end and returns what it printed; its complaints go to the terminal.
pub fn output(command: &mut Command) -> Result<String> {
    let (status, text) = output_and_status(command)?;
    if status.success() { Ok(text) } else { bail!("`{}` failed", shown(command)) }
}

/// What a command printed, where failing is an answer, too.
pub fn output_and_status(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut service = Service::start(command.stdout(Stdio::piped()), Signal::SIGINT)?;
    let mut text = String::new();
    if let Some(mut stdout) = service.child.stdout.take() {
        stdout.read_to_string(&mut text)?;
    }
    Ok((service.wait()?, text))
}

/// What a command printed that may ask questions on the terminal. A terminal listens only to its own process group, so
/// this child stays in ours, and Ctrl-C reaches it directly.
pub fn output_of_questioner(command: &mut Command) -> Result<String> {
    let answer = command.stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
    let answer = answer.with_context(|| format!("`{}` does not start", shown(command)))?;
    wait_if_stopping();
    if answer.status.success() { Ok(String::from_utf8(answer.stdout)?) } else { bail!("`{}` failed", shown(command)) }
}

/// A running child; dropping it ends it.
pub struct Service {
    pub child: Child,
    group: Pid,
}

impl Service {
    /// Starts a command. `stop_with` is the signal that asks it to end.
    pub fn start(command: &mut Command, stop_with: Signal) -> Result<Self> {
        // The lock is held over the start, so that a signal cannot come between it and the entry in the list.
        let mut running = locked(&RUNNING);
        if STOPPING.load(Ordering::SeqCst) {
            drop(running);
            wait_if_stopping();
            bail!("stopping");
        }
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("`{}` does not start", shown(command)))?;
        let group = Pid::from_raw(child.id().try_into()?);
        running.push(Running { group, stop_with });
        Ok(Self { child, group })
    }

    /// Waits until the child ends by itself.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait();
        wait_if_stopping();
        locked(&RUNNING).retain(|entry| entry.group != self.group);
        Ok(status?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let entry = {
            let mut running = locked(&RUNNING);
            running.iter().position(|entry| entry.group == self.group).map(|index| running.remove(index))
        };
        if let Some(entry) = entry {
            entry.stop();
        }
    }
}

/// Makes Ctrl-C and SIGTERM end the children first.
pub fn stop_children_on_signals() {
    let installed = ctrlc::set_handler(|| {
        if !STOPPING.swap(true, Ordering::SeqCst) {
            stop_children();
            std::process::exit(130);
        }
    });
    if let Err(error) = installed {
        eprintln!("cargo x: Ctrl-C will leave child processes behind: {error}");
    }
}

/// Ends all children, the youngest first, and removes the folders they leave behind.
pub fn stop_children() {
    while let Some(entry) = { locked(&RUNNING).pop() } {
        entry.stop();
    }
    for folder in locked(&FOLDERS).drain(..) {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Has a folder removed when `cargo x` ends, however it ends.
pub fn remove_at_the_end(folder: &Path) {
    locked(&FOLDERS).push(folder.to_owned());
}

/// Never returns once a signal has come: the thread that handles it ends the process.
pub fn wait_if_stopping() {
    while STOPPING.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// What a person would type for this command.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

static STOPPING: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<Running>> = Mutex::new(Vec::new());
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

struct Running {
    group: Pid,
    stop_with: Signal,
}

impl Running {
    fn stop(self) {
        let asked = Instant::now();
        let mut killed = false;
        // A group that has ended answers ESRCH.
        let _ = killpg(self.group, self.stop_with);
        while killpg(self.group, None).is_ok() {
            if !killed && asked.elapsed() > GRACE {
                let _ = killpg(self.group, Signal::SIGKILL);
                killed = true;
            }
            // A dead leader nobody has waited for still counts as its group.
            let _ = waitpid(self.group, Some(WaitPidFlag::WNOHANG));
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A thread that panicked with the list has left it whole.
fn locked<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
