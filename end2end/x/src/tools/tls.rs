//! A certificate authority of this machine's own, so that phones on the local network get a secure page: without one a
//! browser gives them no service worker. Made with the `openssl` program, kept in `.rounds/tls`.

use super::{in_path, packages, process};
use anyhow::{Context, Result};
use std::io::Write;
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The PEM files that a server needs, and the one that a phone has to trust.
pub struct Certificate {
    pub chain: PathBuf,
    pub key: PathBuf,
    pub authority: PathBuf,
}

/// Phones refuse server certificates that are valid for longer than 825 days.
const SERVER_DAYS: &str = "800";
const AUTHORITY_DAYS: &str = "3650";

/// The address under which this machine is known on the local network.
pub fn lan_address() -> Result<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    // Nothing is sent: connecting only asks the system which of its addresses it would use. 192.0.2.0/24 is for examples.
    socket.connect("192.0.2.1:9").context("this machine is on no network; --lan needs one")?;
    Ok(socket.local_addr()?.ip())
}

/// The certificate for an address. The authority is made once, so that a phone has to trust it only once.
pub fn certificate(folder: &Path, address: IpAddr) -> Result<Certificate> {
    if in_path("openssl").is_none() {
        packages::install(&packages::OPENSSL)?;
    }
    std::fs::create_dir_all(folder)?;
    let at = |name: &str| folder.join(name);
    if !at("rounds-ca.crt").exists() {
        make_key(&at("ca.key"))?;
        let config = at("ca.conf");
        std::fs::write(&config, AUTHORITY)?;
        let mut request = openssl(&["req", "-x509", "-new", "-sha256", "-days", AUTHORITY_DAYS]);
        request.arg("-key").arg(at("ca.key")).arg("-config").arg(config).arg("-out").arg(at("rounds-ca.crt"));
        process::output(&mut request)?;
    }
    let (chain, key) = (at(&format!("{address}.crt")), at(&format!("{address}.key")));
    if !chain.exists() {
        make_key(&key)?;
        let (config, request) = (at("server.conf"), at("server.csr"));
        std::fs::write(&config, SERVER.replace("{address}", &address.to_string()))?;
        let mut ask = openssl(&["req", "-new", "-sha256"]);
        process::output(ask.arg("-key").arg(&key).arg("-config").arg(&config).arg("-out").arg(&request))?;
        let mut sign = openssl(&["x509", "-req", "-sha256", "-days", SERVER_DAYS, "-extensions", "server", "-CAcreateserial"]);
        sign.arg("-extfile").arg(&config).arg("-in").arg(&request).arg("-out").arg(&chain);
        process::output(sign.arg("-CA").arg(at("rounds-ca.crt")).arg("-CAkey").arg(at("ca.key")))?;
    }
    Ok(Certificate { chain, key, authority: at("rounds-ca.crt") })
}

/// Hands the authority's certificate to phones over plain HTTP: they cannot use the secure address before they trust it.
/// Ends with the process.
pub fn hand_out(authority: &Path, address: IpAddr) -> Result<String> {
    let listener = TcpListener::bind((address, 0))?;
    let url = format!("http://{}/rounds-ca.crt", listener.local_addr()?);
    let certificate = std::fs::read(authority)?;
    std::thread::spawn(move || {
        for mut phone in listener.incoming().flatten() {
            // The request is read so that closing does not reset the connection; whatever it asks, this is the answer.
            let _ = std::io::Read::read(&mut phone, &mut [0; 4096]);
            let _ = write!(
                phone,
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\n\
                 Content-Disposition: attachment; filename=rounds-ca.crt\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                certificate.len()
            );
            let _ = phone.write_all(&certificate);
        }
    });
    Ok(url)
}

fn make_key(file: &Path) -> Result<()> {
    process::output(openssl(&["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out"]).arg(file))?;
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?)
}

fn openssl(arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(arguments).stderr(Stdio::null());
    command
}

const AUTHORITY: &str = "[req]
prompt = no
distinguished_name = name
x509_extensions = authority
[name]
CN = Rounds on this machine
[authority]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
";

const SERVER: &str = "[req]
prompt = no
distinguished_name = name
[name]
CN = {address}
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:{address}, IP:127.0.0.1, DNS:localhost
authorityKeyIdentifier = keyid
";
