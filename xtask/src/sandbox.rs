//! A running `certquote-server` on its sandbox, for tests and benchmarks; stopped when dropped.

use crate::{paths, run};
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// What would turn the sandbox into a proxy of something real.
const FOREIGN: [&str; 9] = [
    "CERTQUOTE_ALLOW_ORIGIN",
    "CERTQUOTE_ASSETS",
    "CERTQUOTE_DIGICERT_URL",
    "CERTQUOTE_FRONTIER_URL",
    "CERTQUOTE_LISTEN",
    "DIGICERT_API_KEY",
    "FRONTIER_CLIENT_ID",
    "FRONTIER_CLIENT_SECRET",
    "RUST_LOG",
];

pub(crate) struct Sandbox {
    child: Child,
    port: u16,
}

impl Sandbox {
    /// Starts the built server on `port` and waits until it answers.
    pub(crate) fn start(port: u16, allow_origin: Option<&str>) -> Result<Self> {
        Self::with(port, allow_origin, &[])
    }

    /// One that neither keeps nor holds back an answer: an upstream for other proxies.
    pub(crate) fn bare() -> Result<Self> {
        Self::with(free_port(0)?, None, &switches_off()?)
    }

    fn with(port: u16, allow_origin: Option<&str>, flags: &[&str]) -> Result<Self> {
        let mut server = run::command(paths::server());
        server.args(["--listen", &format!("127.0.0.1:{port}")]).args(flags);
        if paths::dist().is_dir() {
            server.arg("--assets").arg(paths::dist());
        }
        if let Some(origin) = allow_origin {
            server.args(["--allow-origin", origin]);
        }
        for name in FOREIGN {
            server.env_remove(name);
        }
        server.env("RUST_LOG", "warn");
        let child =
            server.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("starting certquote-server")?;
        let mut sandbox = Self { child, port };
        sandbox.wait()?;
        Ok(sandbox)
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(15) {
            if let Some(status) = self.child.try_wait()? {
                bail!("certquote-server ended ({status})");
            }
            if answers(self.port).unwrap_or(false) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("certquote-server does not answer at {}", self.url());
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Nothing to be done if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The flags that switch off what keeps or holds back answers, as far as the built server has them.
pub(crate) fn switches_off() -> Result<Vec<&'static str>> {
    let help = run::output(run::command(paths::server()).arg("--help"))?;
    let switches = ["--cache", "--limit", "--backoff", "--retry"];
    let known = switches.into_iter().filter(|flag| help.contains(&format!("{flag} ")));
    Ok(known.flat_map(|flag| [flag, "off"]).collect())
}

fn answers(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// `wanted` if it is free, else any free port. A steady one keeps what is compiled with the address warm.
pub(crate) fn free_port(wanted: u16) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}
