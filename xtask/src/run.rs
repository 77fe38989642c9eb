//! Running other programs: said before, and an error in words when they fail.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A command with the repository root as its working directory.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::paths::root());
    command
}

/// Cargo, with `arguments` split at spaces.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = command("cargo");
    command.args(arguments.split_whitespace());
    command
}

/// Puts `directories` before everything else on the `PATH` of `command`.
pub(crate) fn prepend_path(command: &mut Command, directories: &[PathBuf]) -> Result<()> {
    let present = std::env::var_os("PATH").unwrap_or_default();
    let all = directories.iter().cloned().chain(std::env::split_paths(&present));
    command.env("PATH", std::env::join_paths(all).context("PATH")?);
    Ok(())
}

/// The command as it would be typed, without its environment.
fn typed(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    let arguments = command.get_args().map(|argument| format!(" {}", argument.to_string_lossy()));
    std::iter::once(name).chain(arguments).collect()
}

/// Runs `command` with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let typed = typed(command);
    eprintln!("$ {typed}");
    let status = command.status().with_context(|| format!("`{typed}` could not be started"))?;
    ended_well(status, &typed)
}

/// Runs `command` and gives what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let typed = typed(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{typed}` could not be started"))?;
    ended_well(output.status, &typed)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `command` quietly; `false` when it failed or had not ended after `limit`.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    let start = Instant::now();
    while start.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    // It may have ended in between; either way it is gone afterwards.
    let _ = child.kill();
    let _ = child.wait();
    false
}

fn ended_well(status: ExitStatus, typed: &str) -> Result<()> {
    if !status.success() {
        bail!("`{typed}` failed ({status})");
    }
    Ok(())
}
