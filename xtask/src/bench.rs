//! `cargo xtask bench NAME`: runs `bench/NAME.mjs` against a fresh build on the sandbox.

use crate::sandbox::{Sandbox, free_port};
use crate::{build, dist, install, load, paths, run};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::process::ExitCode;

pub(crate) fn bench(arguments: &[String]) -> Result<ExitCode> {
    let known = names()?;
    let Some((name, flags)) = arguments.split_first() else {
        println!("benchmarks: {}, server", known.join(", "));
        return Ok(ExitCode::FAILURE);
    };
    if name == "server" {
        return load::bench(flags.strip_prefix(&["--".to_owned()]).unwrap_or(flags));
    }
    if !known.contains(name) {
        bail!("there is no benchmark `{name}`, but {}", known.join(", "));
    }
    let flags = flags.strip_prefix(&["--".to_owned()]).unwrap_or(flags);
    build::build()?;
    let chromium = install::chromium()?;
    let sandbox = Sandbox::start(free_port(0)?, None)?;
    let mut node = run::command("node");
    node.arg(paths::root().join("bench").join(format!("{name}.mjs"))).args(flags);
    node.env("CERTQUOTE_URL", sandbox.url()).env("CERTQUOTE_SERVER", paths::server()).env("CHROME", chromium);
    // A benchmark may build a part of the widget.
    build::as_the_widget(&mut node);
    run::run(&mut node)?;
    Ok(ExitCode::SUCCESS)
}

/// The scripts directly in `bench/`; what they share is below it.
fn names() -> Result<Vec<String>> {
    let directory = paths::root().join("bench");
    let scripts = dist::files(&directory)?.into_iter().filter(|file| file.parent() == Some(&directory));
    let scripts = scripts.filter(|file| file.extension() == Some(OsStr::new("mjs")));
    scripts
        .map(|file| Ok(file.file_stem().context("a script has a name")?.to_string_lossy().into_owned()))
        .collect()
}
