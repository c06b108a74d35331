//! `cargo x run`.

use super::bundle;
use crate::tools::cargo;
use crate::tools::postgres::{self, Postgres};
use crate::tools::process::{self, Service};
use crate::tools::tls::{self, Certificate};
use crate::workspace::{Build, Workspace};
use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use nix::sys::signal::Signal;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub const HELP: &str = "Build and start Rounds, from a bare machine to a page one can sign in on

Usage: cargo x run [--demo N] [--lan] [--release] [--port N] [--data FOLDER]
                   [--import FOLDER [-- OPTIONS]]

Installs what is missing, starts a private PostgreSQL unless DATABASE_URL is set, makes a demo company at the first start
and prints the address and the sign-ins. Ctrl-C stops everything. The next start is quick and finds the data again.

  --demo N         a demo company with N accounts
  --lan            serve the local network over TLS, for phones
  --release        the optimised build that `cargo x bundle` makes
  --port N         port to listen on (8300)
  --data FOLDER    where the data is kept (.rounds)
  --import FOLDER  bring in the CSV files of a folder; OPTIONS are those of `rounds-server import`, such as
                   --money-unit millions:USD";

/// A server whose build is that of development may start slowly on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(120);

pub fn run(workspace: &Workspace, arguments: lexopt::Parser) -> Result<()> {
    let options = Options::parse(workspace, arguments)?;
    let address = SocketAddr::from((if options.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST }, options.port));
    TcpListener::bind(address).with_context(|| format!("port {} is taken; choose another with --port", options.port))?;
    match options.build {
        Build::Release => bundle::release(workspace)?,
        Build::Dev => {
            crate::site::build(workspace, Build::Dev)?;
            cargo::build_server(workspace)?;
        }
    }
    let (_postgres, database) = database(&options.data)?;
    let lan = if options.lan { Some(Lan::prepare(&options)?) } else { None };
    let origin = lan.as_ref().map_or(format!("http://localhost:{}", options.port), |lan| lan.origin.clone());
    let certificate = lan.as_ref().map(|lan| &lan.certificate);
    let server = Server { workspace, build: options.build, database, address, origin: &origin, certificate };
    let sign_ins = server.prepare(&options)?;
    let mut service = Service::start(&mut server.command(), Signal::SIGTERM)?;
    wait_until_open(&mut service, options.port)?;
    let advice = lan.map(|lan| lan.advice).unwrap_or_default();
    println!("\n{sign_ins}\nRounds is at {origin}\n{advice}Ctrl-C stops it.\n");
    let status = service.wait()?;
    bail!("the server ended by itself: {status}")
}

struct Options {
    demo: Option<u32>,
    import: Option<PathBuf>,
    import_options: Vec<OsString>,
    lan: bool,
    build: Build,
    port: u16,
    data: PathBuf,
}

impl Options {
    fn parse(workspace: &Workspace, mut arguments: lexopt::Parser) -> Result<Self> {
        let data = workspace.state();
        let mut options =
            Self { demo: None, import: None, import_options: Vec::new(), lan: false, build: Build::Dev, port: 8300, data };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("demo") => options.demo = Some(arguments.value()?.parse()?),
                Long("import") => options.import = Some(std::path::absolute(arguments.value()?)?),
                Long("lan") => options.lan = true,
                Long("release") => options.build = Build::Release,
                Long("port") => options.port = arguments.value()?.parse()?,
                Long("data") => options.data = std::path::absolute(arguments.value()?)?,
                Value(option) if options.import.is_some() => options.import_options.push(option),
                other => return Err(other.unexpected().into()),
            }
        }
        if let Some(folder) = options.import.as_ref().filter(|folder| !folder.is_dir()) {
            bail!("--import: there is no folder {}", folder.display());
        }
        Ok(options)
    }
}

/// The person's own database, or a private one.
fn database(data: &Path) -> Result<(Option<Postgres>, String)> {
    if let Ok(url) = std::env::var("DATABASE_URL") {
        return Ok((None, url));
    }
    let postgres = postgres::start(&data.join("postgres"))?;
    let url = postgres.url.clone();
    Ok((Some(postgres), url))
}

struct Server<'a> {
    workspace: &'a Workspace,
    build: Build,
    database: String,
    address: SocketAddr,
    origin: &'a str,
    certificate: Option<&'a Certificate>,
}

impl Server<'_> {
    fn command(&self) -> Command {
        let mut command = self.workspace.command(self.workspace.server(self.build));
        command.env("DATABASE_URL", &self.database).env("ROUNDS_LISTEN", self.address.to_string());
        command.env("ROUNDS_ORIGIN", self.origin);
        if let Some(Certificate { chain, key, .. }) = self.certificate {
            command.env("ROUNDS_TLS_CERT", chain).env("ROUNDS_TLS_KEY", key);
        }
        match self.build {
            Build::Dev => command.env("ROUNDS_SITE_DIR", self.workspace.site(Build::Dev)),
            // The site is in the binary.
            Build::Release => command.env_remove("ROUNDS_SITE_DIR"),
        };
        command
    }

    /// Brings the tables up to date and fills them; returns the sign-ins to show.
    fn prepare(&self, options: &Options) -> Result<String> {
        process::run(self.command().arg("migrate"))?;
        let mut demo = self.command();
        demo.arg("demo");
        if let Some(accounts) = options.demo {
            demo.args(["--accounts", &accounts.to_string()]);
        }
        let mut import = self.command();
        import.arg("import").args(&options.import).args(&options.import_options);
        if options.import.is_none() {
            process::output(&mut demo)
        } else if options.demo.is_some() {
            Ok(process::output(&mut demo)? + &process::output_of_questioner(&mut import)?)
        } else {
            // Real customers first: beside them the server makes no demo company, whose passwords everybody knows.
            Ok(process::output_of_questioner(&mut import)? + &process::output(&mut demo)?)
        }
    }
}

/// What serving the local network takes.
struct Lan {
    origin: String,
    certificate: Certificate,
    /// What to do on a phone.
    advice: String,
}

impl Lan {
    fn prepare(options: &Options) -> Result<Self> {
        let address = tls::lan_address()?;
        let certificate = tls::certificate(&options.data.join("tls"), address)?;
        let authority = tls::hand_out(&certificate.authority, address)?;
        let advice = format!(
            "
A phone has to trust this machine once. Open {authority} on it, then
  iPhone, iPad  allow the download; Settings > General > VPN & Device Management: install the profile;
                Settings > General > About > Certificate Trust Settings: switch \"Rounds on this machine\" on
  Android       Settings > Security > Encryption & credentials > Install a certificate > CA certificate: choose the file
Whoever has {} can pretend to be any site to a phone that trusts it: remove the certificate when done.

",
            options.data.join("tls/ca.key").display()
        );
        Ok(Self { origin: format!("https://{}", SocketAddr::from((address, options.port))), certificate, advice })
    }
}

fn wait_until_open(service: &mut Service, port: u16) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if let Some(status) = service.child.try_wait()? {
            bail!("the server did not start: {status}");
        }
        if started.elapsed() > START_TIMEOUT {
            bail!("the server does not answer on port {port}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
