//! The proxies that `cargo xtask test` holds to the contract: our own server, nginx and Caddy with the recipes in `deploy/`.
//! Each is started on a free port of the loopback, never as a service of the system.

use super::{Options, Profile, hold};
use crate::sandbox::{Sandbox, free_port, switches_off};
use crate::{install, paths, run};
use anyhow::{Context, Result, bail};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ORIGIN: &str = "https://portal.example";
/// What the proxies send upstream; invented, and looked for in every answer.
const KEY: &str = "0123456789ABCDEF-conformance";

/// Base URLs of both APIs.
pub(crate) struct Behind {
    pub(crate) digicert: String,
    pub(crate) frontier: String,
}

impl Behind {
    /// The sandbox of a running server.
    pub(crate) fn sandbox(sandbox: &Sandbox) -> Self {
        let url = sandbox.url();
        Self { digicert: format!("{url}/api/digicert"), frontier: format!("{url}/api/frontier") }
    }

    /// The suite's own upstream.
    fn suite(port: u16) -> Self {
        Self {
            digicert: format!("http://127.0.0.1:{port}/services/v2"),
            frontier: format!("http://127.0.0.1:{port}"),
        }
    }
}

/// A proxy that runs; ended when dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
}

impl Running {
    fn start(mut command: Command, port: u16, log: &Path) -> Result<Self> {
        let log = std::fs::File::create(log).with_context(|| log.display().to_string())?;
        let program = PathBuf::from(command.get_program());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
        let mut running = Self { child, port };
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(15) {
            if let Some(status) = running.child.try_wait()? {
                bail!("{} ended ({status})", program.display());
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(running);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("{} does not listen on port {port}", program.display())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A master takes its workers along only when it is asked to end.
        let _ = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Nothing to be done if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An empty directory for what a proxy writes.
fn place(name: &str) -> Result<PathBuf> {
    let directory = paths::root().join("target/proxies").join(name);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory).with_context(|| directory.display().to_string())?;
    Ok(directory)
}

/// `certquote-server`, with `flags`.
pub(crate) fn server(behind: &Behind, name: &str, flags: &[&str]) -> Result<Running> {
    let directory = place(name)?;
    let port = free_port(0)?;
    let mut server = run::command(paths::server());
    server
        .args(["--listen", &format!("127.0.0.1:{port}"), "--allow-origin", ORIGIN])
        .args(["--digicert-url", &behind.digicert, "--frontier-url", &behind.frontier])
        .args(flags)
        .arg("--assets")
        .arg(paths::dist())
        .env("DIGICERT_API_KEY", KEY)
        .env("FRONTIER_CLIENT_ID", "conformance")
        .env("FRONTIER_CLIENT_SECRET", KEY)
        .env("RUST_LOG", "warn");
    Running::start(server, port, &directory.join("log"))
}

/// nginx with our template. `rate` (none: no limit) and `workers` as nginx writes them.
pub(crate) fn nginx(behind: &Behind, name: &str, rate: Option<&str>, workers: &str) -> Result<Running> {
    nginx_with(behind, name, rate, workers, "")
}

/// The same, keeping up to so many connections to the sandbox: what the template leaves out, because nginx without
/// retries answers 502 where a kept connection has ended.
pub(crate) fn nginx_keeping(
    sandbox: &Sandbox,
    name: &str,
    workers: &str,
    connections: u32,
) -> Result<Running> {
    let base = |api| format!("http://sandbox/api/{api}");
    let behind = Behind { digicert: base("digicert"), frontier: base("frontier") };
    let address = sandbox.url();
    let address = address.trim_start_matches("http://");
    // Requests on a connection are not bounded on the other side either.
    let upstream = format!(
        "upstream sandbox {{ server {address}; keepalive {connections}; keepalive_requests 1000000000; }}"
    );
    nginx_with(&behind, name, None, workers, &upstream)
}

fn nginx_with(
    behind: &Behind,
    name: &str,
    rate: Option<&str>,
    workers: &str,
    upstream: &str,
) -> Result<Running> {
    let nginx = install::nginx()?;
    let directory = place(name)?;
    let (port, at) = (free_port(0)?, directory.display());
    let template = paths::root().join("deploy/nginx/certquote.conf.template");
    let template = std::fs::read_to_string(&template).with_context(|| template.display().to_string())?;
    let keys = directory.join("keys");
    std::fs::create_dir(&keys)?;
    std::fs::write(keys.join("digicert.conf"), format!("proxy_set_header X-DC-DEVKEY \"{KEY}\";\n"))?;
    std::fs::write(
        keys.join("frontier.conf"),
        "proxy_set_header Authorization \"Basic Y29uZm9ybWFuY2U6eA==\";\n",
    )?;
    let mut site = template;
    for (variable, value) in [
        ("LISTEN", format!("127.0.0.1:{port}")),
        ("DIST", paths::dist().display().to_string()),
        ("DIGICERT_URL", behind.digicert.clone()),
        ("FRONTIER_URL", behind.frontier.clone()),
        ("KEYS", keys.display().to_string()),
        ("ORIGIN", ORIGIN.to_owned()),
        ("RATE", rate.unwrap_or("1r/s").to_owned()),
    ] {
        site = site.replace(&format!("${{CERTQUOTE_{variable}}}"), &value);
    }
    if rate.is_none() {
        let limits = |line: &&str| line.trim_start().starts_with("limit_req ");
        site = site.lines().filter(|line| !limits(line)).flat_map(|line| [line, "\n"]).collect();
    }
    std::fs::write(directory.join("site.conf"), site)?;
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
        .collect();
    let types = nginx.types.display();
    let frame = format!(
        "daemon off;\n{workers}\npid {at}/pid;\nerror_log {at}/error.log;\nevents {{}}\n\
         http {{\ninclude {types};\nsendfile on;\n{temporary}{upstream}\ninclude {at}/site.conf;\n}}\n"
    );
    let file = directory.join("nginx.conf");
    std::fs::write(&file, frame)?;
    let mut command = run::command(&nginx.program);
    command.arg("-e").arg(directory.join("error.log")).arg("-p").arg(&directory).arg("-c").arg(&file);
    Running::start(command, port, &directory.join("log"))
}

/// nginx without a master, which is quicker to start and to end.
const ONE_PROCESS: &str = "master_process off;";

/// Caddy with our Caddyfile.
fn caddy(behind: &Behind, name: &str) -> Result<Running> {
    let directory = place(name)?;
    let port = free_port(0)?;
    let ((digicert, digicert_path), (frontier, frontier_path)) =
        (apart(&behind.digicert)?, apart(&behind.frontier)?);
    let mut caddy = run::command(install::caddy()?);
    caddy
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(paths::root().join("deploy/Caddyfile"))
        .env("XDG_CONFIG_HOME", &directory)
        .env("XDG_DATA_HOME", &directory)
        .env("CERTQUOTE_BIND", "127.0.0.1")
        .env("CERTQUOTE_PORT", port.to_string())
        .env("CERTQUOTE_DIST", paths::dist())
        .env("CERTQUOTE_DIGICERT", digicert)
        .env("CERTQUOTE_DIGICERT_PATH", digicert_path)
        .env("CERTQUOTE_FRONTIER", frontier)
        .env("CERTQUOTE_FRONTIER_PATH", frontier_path)
        .env("CERTQUOTE_ORIGIN", ORIGIN)
        .env("DIGICERT_API_KEY", KEY)
        .env("FRONTIER_BASIC", "Y29uZm9ybWFuY2U6eA==");
    Running::start(caddy, port, &directory.join("log"))
}

/// Scheme, host and port of a URL, and its path.
fn apart(url: &str) -> Result<(&str, &str)> {
    let host = url.find("://").context("a URL has a scheme")? + 3;
    let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |path| host + path);
    url.split_at_checked(path).context("a URL is ASCII")
}

/// Holds one proxy to the contract: in front of the sandbox, and in front of the suite's upstream. Gives how many failed.
fn both(profile: Profile, start: impl Fn(&Behind, &str) -> Result<Running>) -> Result<usize> {
    let sandbox = Sandbox::bare()?;
    let name = profile.name();
    let mut failed = 0;
    for upstream in [None, Some(free_port(0)?)] {
        let behind = upstream.map_or_else(|| Behind::sandbox(&sandbox), Behind::suite);
        let proxy = start(&behind, &format!("{name}{}", if upstream.is_some() { "-seen" } else { "" }))?;
        failed += hold(&Options {
            url: proxy.url(),
            origin: Some(ORIGIN.to_owned()),
            upstream_listen: upstream.map(|port| format!("127.0.0.1:{port}")),
            profile,
            headers: Vec::new(),
        })?;
    }
    Ok(failed)
}

/// All three, and what could not be tested here.
pub(crate) fn all() -> Result<Option<String>> {
    let off = switches_off()?;
    let mut failed = both(Profile::Server, |behind, name| server(behind, name, &off))?;
    let mut missing = Vec::new();
    match install::nginx() {
        Ok(_) => {
            failed += both(Profile::Nginx, |behind, name| nginx(behind, name, Some("1000r/s"), ONE_PROCESS))?
        }
        Err(error) => missing.push(format!("nginx not tested: {error:#}")),
    }
    match install::caddy() {
        Ok(_) => failed += both(Profile::Caddy, caddy)?,
        Err(error) => missing.push(format!("Caddy not tested: {error:#}")),
    }
    if failed > 0 {
        bail!("{failed} checks failed");
    }
    Ok((!missing.is_empty()).then(|| missing.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn a_url_is_host_and_path() -> anyhow::Result<()> {
        assert_eq!(apart("https://a.example/services/v2")?, ("https://a.example", "/services/v2"));
        assert_eq!(apart("http://127.0.0.1:7400")?, ("http://127.0.0.1:7400", ""));
        Ok(())
    }
}
