//! The server as processes of its own, which can be killed.

use std::{
    io::Read,
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// A server process that dies with the test.
pub struct Process {
    child: Child,
    port: u16,
    database: String,
}

impl Process {
    pub fn start(database: &str, port: u16) -> Process {
        Process::with(database, port, |command| command.env("ROUNDS_LOG", "off"))
    }

    /// One whose log [`Process::end`] gives.
    pub fn logging(database: &str, port: u16) -> Process {
        Process::with(database, port, |command| command.env("ROUNDS_LOG", "info").stderr(Stdio::piped()))
    }

    fn with(database: &str, port: u16, change: impl FnOnce(&mut Command) -> &mut Command) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-server"));
        command.env("DATABASE_URL", database).env("ROUNDS_LISTEN", format!("127.0.0.1:{port}")).stdout(Stdio::null());
        let child = change(&mut command).spawn().expect("the server starts");
        Process { child, port, database: database.to_owned() }
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it; its log.
    pub fn end(&mut self) -> String {
        self.child.kill().expect("it ran");
        let mut log = String::new();
        self.child.stderr.take().expect("it logs").read_to_string(&mut log).expect("a text");
        log
    }

    /// `kill -9`, and a new process on the same port.
    pub fn kill_and_restart(&mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("it is gone");
        *self = Process::start(&self.database, self.port);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
