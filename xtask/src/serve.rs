//! `cargo xtask serve`: builds everything and becomes the server.

use crate::{build, paths, run};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, ExitCode};

/// Serves the page. The server itself prints its address once it is bound and answers.
pub(crate) fn serve(arguments: &[String]) -> Result<ExitCode> {
    let options = Options::parse(arguments)?;
    build::build()?;
    start(&options, &paths::dist())
}

/// Becomes the server, on the files in `assets`.
pub(crate) fn start(options: &Options, assets: &Path) -> Result<ExitCode> {
    let mut server = run::command(paths::server());
    if !options.names("--listen") {
        server.args(["--listen", &format!("127.0.0.1:{}", options.port)]);
    }
    if !options.names("--assets") {
        server.arg("--assets").arg(assets);
    }
    become_program(server.args(&options.server))
}

/// Replaces this process: signals, exit status and standard output are then the server's own.
#[cfg(unix)]
fn become_program(server: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(server.exec()).context("starting certquote-server")
}

#[cfg(not(unix))]
fn become_program(server: &mut Command) -> Result<ExitCode> {
    let status = server.status().context("starting certquote-server")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where the server listens, and what else it is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    port: u16,
    /// Handed on as they are.
    server: Vec<String>,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { port: 8080, server: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let port = match argument.as_str() {
                "--" => {
                    options.server = rest.cloned().collect();
                    break;
                }
                "--port" => rest.next().context("--port needs a number")?,
                other => other.strip_prefix("--port=").with_context(|| {
                    format!("`{other}` is not a flag here; flags of the server go after `--`")
                })?,
            };
            let Ok(number) = port.parse() else { bail!("`{port}` is not a port") };
            options.port = number;
        }
        Ok(options)
    }

    /// Whether the server's own flags set `flag`.
    fn names(&self, flag: &str) -> bool {
        self.server
            .iter()
            .any(|own| own == flag || own.strip_prefix(flag).is_some_and(|rest| rest.starts_with('=')))
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(line: &str) -> Option<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn port_is_ours_and_what_follows_the_dashes_is_the_servers() {
        assert_eq!(parse(""), Some(Options { port: 8080, server: vec![] }));
        let both = Options { port: 9, server: vec!["--digicert-url".into(), "--port".into()] };
        assert_eq!(parse("--port 9 -- --digicert-url --port"), Some(both));
        assert_eq!(parse("--port=70000"), None);
        assert_eq!(parse("--listen x"), None);
    }

    #[test]
    fn the_servers_own_address_is_not_set_twice() {
        let own = parse("-- --listen=0.0.0.0:1 --assetsdir x");
        assert!(own.is_some_and(|own| own.names("--listen") && !own.names("--assets")));
    }
}
